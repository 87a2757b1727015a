/* Where the control interface is: a Unix socket, or a port of this machine only. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#include "base/log.h"

enum control_kind {
	CONTROL_DEFAULT, /* PID.sock in the directory of sockets */
	CONTROL_NONE,
	CONTROL_PATH,
	CONTROL_TCP,
};

#define CONTROL_NAME 120 /* bytes of an address as text */

struct control_addr {
	enum control_kind kind;
	char path[108]; /* of a Unix socket */
	unsigned port;  /* 0: any that is free */
	dev_t dev;      /* which file the socket is, once it listens */
	ino_t inode;
};

/* Reads none, PATH, or tcp:PORT. False, with "what; remedy" in why. */
bool control_addr_parse(
	const char *text, struct control_addr *out, char *why, size_t size);

/* The same back: "/run/user/1000/4711.sock", "tcp:8080". */
void control_addr_print(const struct control_addr *a, char out[CONTROL_NAME]);

/* The directory of sockets: $XDG_RUNTIME_DIR/fauxtrack, or /tmp/fauxtrack-UID. False if
 * its name is too long. */
bool control_dir(char *out, size_t size);

/* Listens there; the directory of a default address is made (0700) and swept: sockets of
 * this user in it that nobody serves are removed. One at the path itself is replaced;
 * mode and group (-1: leave it) are a socket's. Fills in path and port as they are. The
 * descriptor, or -1 with "what; remedy" in why. */
int control_addr_listen(
	struct control_addr *a, int mode, gid_t group, char *why, size_t size);

/* The file beside it where `fauxtrack ctl` keeps what it did last. False: the name is too
 * long. */
bool control_addr_last(const struct control_addr *a, char *out, size_t size);

/* Removes the socket of one that has listened, if it is still that one, and that file. */
void control_addr_remove(const struct control_addr *a);

/* A connection, or -1 with errno. */
int control_addr_connect(const struct control_addr *a);
