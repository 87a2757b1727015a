/* Modems of one process that send each other messages and call each other: who has which
 * number, and what is between them. All are queued, so that one modem never calls into another:
 * neighbours_run() passes them on, in the order in which they came. It knows modems only
 * by the callbacks of its caller. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "gsm/neighbours.h"
#include "host/exchange/beyond.h"
#include "modem.h"

struct neighbours;

/* A modem, as this part reaches it. */
struct neighbour_modem {
	void *ctx;
	/* Around each entry; now: the virtual time for it. */
	struct modem *(*enter)(void *ctx, usec_t *now);
	void (*leave)(void *ctx);
	/* Between them, a message has come, not again; false: there was no room. NULL: not wanted. */
	void (*arrived)(void *ctx, usec_t now, const struct sms_post *p, bool taken);
	/* The modem, to look at it only. */
	const struct modem *(*peek)(void *ctx);
	/* Between enter() and leave(), before the modem has them: a signal of a call, and
	 * octets of a data call. NULL: not wanted. */
	void (*called)(void *ctx, usec_t now, const struct call_signal *s);
	void (*octets)(void *ctx, usec_t now, const void *buf, size_t len);
};

/* So many modems, numbered from 0, still without numbers. wake(): neighbours_run() is to
 * be called soon, once; not from there. */
struct neighbours *neighbours_new(unsigned count, void (*wake)(void *ctx), void *ctx);
void neighbours_free(struct neighbours *n); /* NULL is allowed */

/* Before neighbours_run(): modems are named as senders (neighbour_ports.life()) by the
 * numbers after this one; 0 if this is not called. Where records keep names, it must be
 * random, so that no name of an earlier process comes again. */
void neighbours_begin_lives(struct neighbours *n, uint64_t first);

/* The number of a modem's SIM, with + if international; copied. "": it has none, and gets
 * no messages. */
void neighbours_set_number(struct neighbours *n, unsigned modem, const char *number);

/* Once, when all numbers are set. False: two modems have one number, *a < *b. That is the
 * same digits, or the same subscriber with and without country code. */
bool neighbours_settle(struct neighbours *n, unsigned *a, unsigned *b);

/* After that: which modem has the number, with + if international. False: none has. */
bool neighbours_who(const struct neighbours *n, const char *number, unsigned *modem);

/* For the modem's struct ports; and then the modem itself, before neighbours_run(). */
struct neighbour_ports neighbours_ports(struct neighbours *n, unsigned modem);
void neighbours_attach(
	struct neighbours *n, unsigned modem, const struct neighbour_modem *m);

/* The modem is about to be made anew: its calls end at their other ends. */
void neighbours_renewed(struct neighbours *n, unsigned modem);

/* After each entry into a modem: its port may have room for octets. */
void neighbours_settled(struct neighbours *n, unsigned modem);

/* Where numbers that no modem here has may be; copied. NULL: nowhere. */
void neighbours_set_beyond(struct neighbours *n, const struct beyond *b);

/* From there: a message for that modem (copied; beyond.done() follows as
 * neighbour_ports.done() does), and what became of one that it has sent. They are put into
 * the queue. */
void neighbours_bring(struct neighbours *n, unsigned modem, const struct sms_post *p);
void neighbours_tell(
	struct neighbours *n, unsigned modem, uint64_t sender, uint64_t ref, int status);

/* Calls with modems elsewhere. Units have names there that no other process has, with the
 * highest bit set: unit() has that of a modem, until it is made anew. Signals and octets
 * have all units with these names; line.peer: who says it. Octets may be at most
 * BEYOND_OCTETS in one direction of a call that beyond.taken() has not told. ready():
 * beyond.room() has more now. */
uint64_t neighbours_unit(const struct neighbours *n, unsigned modem);
void neighbours_bring_signal(
	struct neighbours *n, unsigned modem, const struct call_signal *s);
void neighbours_bring_octets(struct neighbours *n, unsigned modem,
	const struct call_line *from, const void *buf, size_t len);
void neighbours_bring_ready(struct neighbours *n, unsigned modem);

/* Passes on what is in the queue, at most `most` of it, and octets. True: there is more. */
bool neighbours_run(struct neighbours *n, unsigned most);

/* The number of messages, of outcomes and of signals that it has to pass on. */
size_t neighbours_queued(const struct neighbours *n);
