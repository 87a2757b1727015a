/* What all kinds of port share: the bounded queue to the client, what the owner has not
 * taken yet, and the calls to the owner. A kind of port embeds struct port as its first
 * member and brings a table of operations. */
#pragma once

#include <event2/event.h>
#include <sys/types.h>

#include "base/log.h"
#include "port.h"

/* What a kind of port does in its own way. */
struct port_ops {
	/* The port that has the client of this one, which only stands for others; it
	 * returns NULL while there is no client. NULL: the port is its own. */
	struct port *(*carrier)(struct port *p);
	const char *(*path)(const struct port *p);
	unsigned (*clients)(const struct port *p);
	/* The V.24 outputs of the modem have changed; NULL: clients cannot see them. */
	void (*lines)(struct port *p, unsigned v24);
	/* Writes as write() does, in the kind's own encoding; NULL: as the bytes are.
	 * Returns -1 with EAGAIN while that or what is its own (p->own) still waits; with
	 * len 0 only its own is written. */
	ssize_t (*write)(struct port *p, const void *buf, size_t len);
	/* All that was held is taken; reading goes on. May be NULL. */
	void (*taken)(struct port *p);
	void (*plug)(struct port *p, bool in);
	void (*move)(struct port *p); /* NULL: the path stays */
	void (*close)(struct port *p);
};

struct port {
	const struct port_ops *ops;
	const struct log *log;
	struct port_events ev;
	int fd; /* to and from the client; -1: there is none */
	struct event *readable, *writable;
	bool busy; /* inside a callback of the owner */
	bool dtr;  /* as last reported to the owner, like the next two */
	bool rts;
	struct uart uart;
	unsigned v24; /* outputs of the modem, as last told */

	char *held; /* read, but not taken by the owner */
	size_t held_len, held_off;
	size_t held_max; /* reading stops when more is held; 0: when any is */

	char *tx;
	size_t tx_len, tx_off;
	bool own;          /* the kind has bytes of its own to write */
	bool stopped;      /* the client wants nothing written now */
	bool tx_waits;     /* for the descriptor to become writable */
	bool tx_asked;     /* the owner has found too little room */
	unsigned tx_bytes; /* sent to clients so far */
};

void port_init(struct port *p, const struct port_ops *ops, const struct log *log,
	const struct port_events *ev);

/* Makes and adds the events of a descriptor: on_readable(p), and writable when the queue
 * waits for it. Returns 0 or -ENOMEM; then port_unwatch() cleans up. */
int port_watch(struct port *p, struct event_base *base, int fd,
	void (*on_readable)(evutil_socket_t fd, short what, void *port));

/* Frees the events and drops what is queued and held. The descriptor stays the caller's. */
void port_unwatch(struct port *p);

/* The bytes from one client that the owner gets from one read, and then once more of what
 * that has left, before the other clients' turn: together a block of XMODEM-1K and a
 * little. */
#define PORT_TURN 576

/* Offers bytes to the owner; returns how many it has taken. */
size_t port_offer(struct port *p, const void *buf, size_t len);

/* Passes bytes on to the owner; what it does not take is held, and reading stops when
 * more than held_max is. */
void port_feed(struct port *p, const void *buf, size_t len);

/* Drops what is held. */
void port_held_drop(struct port *p);

/* Tell the owner what has changed. */
void port_tell_dtr(struct port *p, bool on);
void port_tell_rts(struct port *p, bool on);
void port_tell_uart(struct port *p, const struct uart *u);
void port_tell_break(struct port *p);

/* The last client has gone: DTR falls. */
void port_tell_gone(struct port *p);

/* Drops the queue. */
void port_tx_drop(struct port *p);

/* The client wants nothing written until it says so; port_resume() goes on. */
void port_stop(struct port *p, bool stop);

/* Raises the soft limit of descriptors: each port needs two. */
void port_raise_limit(void);
