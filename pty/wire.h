/* A modem at its port: bytes, DTR, speed and time in; bytes, notices and records out; and
 * all of it into the trace. */
#pragma once

#include <stdbool.h>

#include "modem.h"
#include "port.h"

struct action;
struct loop;
struct profile;
struct trace;
struct wire;

struct wire_options {
	struct modem_options modem;
	bool settle;         /* --speed max: the modem's own work takes no time */
	bool cold;           /* power comes with the first client */
	struct trace *trace; /* NULL for none; outlives the wire */
	struct nv_ops nv;    /* where records are; without a load nothing is kept */
	int (*nv_clear)(void *nv);
	/* How many damaged records nv.damaged() has set aside; NULL: it does not. */
	unsigned (*nv_aside)(const void *nv);
};

/* What a wire tells one who looks on; any may be NULL. They may call back into the wire
 * from settled() only. */
#define WIRE_WATCHES 2
struct wire_watch {
	void *ctx;
	void (*notice)(void *ctx, const struct notice *n);
	/* Bytes of one moment: '>' from the host, '<' from the modem. */
	void (*bytes)(void *ctx, usec_t at, char direction, const void *buf, size_t len);
	void (*settled)(void *ctx); /* behind each entry: the state may be another */
};

/* Makes the modem and, unless cold, boots it: virtual time runs until no work of its own
 * is left, at most 120 s, and nobody hears. NULL (logged) when its records are another
 * device's, or the system refuses. The profile must outlive it. */
struct wire *wire_new(struct loop *l, const struct profile *profile,
	const struct wire_options *options);
void wire_free(struct wire *w); /* its port is closed by then; NULL is allowed */

/* What its port has to be opened with, and the port once it is open. NULL: closed. */
struct port_events wire_events(struct wire *w);
void wire_attach(struct wire *w, struct port *p);

/* The path of its port; `without` where it has none, NULL while it is unplugged. */
const char *wire_path(const struct wire *w, const char *without);

/* Virtual time. */
usec_t wire_now(struct wire *w);

/* --- from outside ------------------------------------------------------------------- */

/* One more who looks on, of WIRE_WATCHES at most; copied. */
void wire_watch(struct wire *w, const struct wire_watch *watch);
void wire_unwatch(struct wire *w, void *ctx); /* the one with this ctx */

const struct modem *wire_modem(const struct wire *w); /* to look at */

/* As modem_act(), now. */
const char *wire_act(struct wire *w, const struct action *a);

/* The modem as it was delivered: its records are erased, and it boots as at the start,
 * unheard. Time goes on. False (logged) when a record could not be erased. */
bool wire_factory(struct wire *w);

/* Virtual time a real one from now on: 0 stands still, 1 and more hasten; what waits for
 * the host keeps to real time. It is the end of --speed max. */
void wire_scale(struct wire *w, unsigned speed);
unsigned wire_speed(const struct wire *w); /* as it is */

/* Time passes at once. */
void wire_step(struct wire *w, usec_t time);
