/* Shared by far_ends.c, which has the calls, and far_kinds.c, which has the files and
 * sockets. */
#pragma once

#include <sys/types.h>

#include "conf/far_conf.h"
#include "host/net/far_ends.h"

#define FAR_OUT 16384 /* bytes for the far end that wait */

struct far_kind_row;

struct far {
	struct far_ends *home;
	struct far *next;
	const struct far_kind_row *kind;
	unsigned id;  /* of its call, 0: the call is over */
	bool asked;   /* the modem waits for it to be connected */
	bool starved; /* the modem has bytes, and there was no room */
	bool connected;
	bool hung;        /* it has ended: no more than what can be read comes */
	bool silent;      /* it sends no more, and stays */
	bool broken;      /* it takes no more: what is for it is dropped */
	bool shut;        /* the call is over, and it has been told so */
	bool done;        /* to be forgotten */
	bool busy;        /* on_ready() runs */
	int fd;           /* watched: a socket, or always ready */
	int hangs;        /* readable when the connection has ended, -1: never */
	int file, keep;   /* -1: none */
	int error;        /* errno: it cannot be reached */
	size_t swallowed; /* after the call */
	struct loop_fd *watch, *hang_watch;
	char *out;
	size_t out_at, out_len;
	char name[PROFILE_FAR]; /* for the log */
};

/* How one kind is opened, and how it reads and writes: as the system calls. */
struct far_kind_row {
	/* Sets fd and what else it needs; an error that the caller is told later. */
	void (*open)(struct far *f, const struct far_end_conf *c);
	/* 0 or an errno, once fd is writable: whether it is connected. */
	int (*opened)(struct far *f);
	ssize_t (*read)(struct far *f, void *buf, size_t len);
	ssize_t (*write)(struct far *f, const void *buf, size_t len);
	bool speaks_last; /* the end of what it sends is not the end of the call */
};

extern const struct far_kind_row far_file_kind, far_tcp_kind;

/* A socket that is connected: sets fd and hangs of f. */
void far_tcp_take(struct far *f, int fd);

/* A descriptor that is always readable; -1 if the system refuses. */
int far_always_ready(void);
