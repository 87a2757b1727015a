/* Shared by the files of the wire. */
#pragma once

#include "wire.h"

struct loop_clock;
struct wire_net;
struct wire_sockets;

/* A port of the modem, and what its client has set. */
struct end {
	struct wire *wire;
	unsigned number;
	struct port *port; /* NULL: closed, or not asked for */
	struct uart uart;
	unsigned v24;
	bool dtr;
	bool rts, carries_rts;
	bool unplugged;
	bool console; /* wire_type() stands for a client, because there is none */
};

struct wire {
	struct wire_options o;
	struct loop_clock *clock;
	struct trace *trace;
	struct wire_net *net; /* NULL: none */
	struct wire_sockets *sockets;
	const struct profile *profile;
	void *mem; /* of the modem */
	size_t mem_size;
	struct modem *modem;
	struct wire_watch watch[WIRE_WATCHES];
	size_t watches;
	usec_t now; /* of the present entry */
	unsigned speed;
	bool powered;
	bool unheard; /* the modem's output is lost: it boots */
	unsigned ends;
	struct end end[]; /* as many */
};

/* wire.c: bytes have gone over a port: '>' from the host, '<' from the modem. */
void wire_passed(
	const struct end *e, char direction, usec_t at, const void *buf, size_t len);

/* A new modem in w->mem, from w->profile and w->o.modem. NULL: the records do not fit. */
struct modem *wire_make(struct wire *w);
void wire_power_on(struct wire *w, usec_t now);
/* Switches it on, and lets virtual time run until it has nothing more to do. */
void wire_boot(struct wire *w, usec_t now);

/* Memory for a modem, all zero. */
void *wire_memory(size_t size);

/* Bytes for the modem from that port, as if its client had sent them; within an entry.
 * Returns how many it has taken. */
size_t wire_take(const struct end *e, const void *buf, size_t len);
