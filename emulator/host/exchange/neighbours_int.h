/* Shared by the queue, the list of numbers and calls. */
#pragma once

#include "host/exchange/neighbours.h"

#define NEIGHBOUR_NUMBER 48

struct octets;

/* In the queue: a message for `to`, or what became of one that it has sent. Modems repeat
 * what is not settled, so nothing has to be kept here. Or a signal of a call; without
 * `to`: a unit is gone. */
struct post {
	struct post *next;
	struct neighbour *to;
	struct neighbour *from;   /* calls only */
	struct call_signal *call; /* NULL: another thing. As said, with all units named */
	uint64_t unit; /* calls: which `to` was then, 0: any; or the one that is gone */
	bool ready;    /* calls: `to` has room for octets again */
	struct sms_post *message; /* NULL: of (sender, ref), what became of it */
	uint64_t sender, ref;
	int status;
};

struct neighbour {
	struct neighbours *home;
	unsigned index;
	char number[NEIGHBOUR_NUMBER];
	struct neighbour_modem modem;
	uint64_t sender; /* what it calls itself in its messages; 0: it has sent none */
	uint32_t lives;  /* how often it was made anew */
	bool calls;      /* since then, signals of calls have gone from or to it */
};

struct neighbours {
	unsigned count;
	struct neighbour *one;
	struct neighbour **sorted; /* those with a number, by the digits at its end */
	unsigned n_sorted;
	struct neighbour **senders; /* those that have sent, by their names as senders */
	unsigned n_senders;
	uint64_t life;              /* of the newest sender */
	uint64_t far;               /* random, in the names of units in other processes */
	struct post *first, **last; /* the queue */
	size_t queued;
	struct octets *octets; /* of data calls */
	bool woken;
	void (*wake)(void *ctx);
	void *ctx;
	struct beyond beyond; /* callbacks NULL: there is none */
};

/* The modem with that number, NULL if there is none. */
struct neighbour *neighbours_find(const struct neighbours *n, const struct address *a);

/* The modem that calls itself so as a sender, NULL if none does; and gives it that name.
 */
struct neighbour *neighbours_sender(const struct neighbours *n, uint64_t sender);
void neighbours_set_sender(struct neighbour *me, uint64_t sender);

void neighbours_enqueue(struct neighbours *n, struct post *p);
void neighbours_wake(struct neighbours *n);
void neighbours_free_post(struct post *p);

/* Callbacks of struct neighbour_ports. */
void neighbour_on_call(void *ctx, const struct call_signal *s);
size_t neighbour_on_room(void *ctx, const struct call_line *l);
void neighbour_on_tx(void *ctx, const struct call_line *l, const void *buf, size_t len);

/* Passes on what was in the queue: a signal, false if it is kept until octets before it
 * have gone; and that a unit is gone. */
bool neighbour_call_pass(struct post *p);
void neighbour_gone_pass(const struct post *p);
void neighbour_ready_pass(const struct neighbour *to);

/* The modem and how often it was made anew; NULL: that unit is no more. */
uint64_t neighbours_unit_of(const struct neighbour *me);
struct neighbour *neighbours_by_unit(const struct neighbours *n, uint64_t unit);

/* A name of a call as `me` says it, with its unit. */
void neighbours_say_key(const struct neighbour *me, struct call_key *k);

/* neighbour_far.c: units of other processes. in: a unit of ours as this process names it; others stay.
 * call: false, it is nothing for there. */
bool neighbours_is_far(uint64_t unit);
void neighbours_far_in(const struct neighbours *n, uint64_t *unit);
bool neighbour_far_call(struct neighbour *me, const struct call_signal *s);
size_t neighbour_far_room(const struct neighbour *me, const struct call_line *to);
void neighbour_far_tx(const struct neighbour *me, const struct call_line *to,
	const void *buf, size_t len);
void neighbour_far_taken(const struct neighbour *me, uint64_t from,
	const struct call_key *key, size_t len);
void neighbour_far_gone(const struct neighbour *me);

/* Passes on octets as far as ports take them. True: there is more to pass on now. */
bool neighbours_pump(struct neighbours *n);

void neighbour_calls_free(struct neighbours *n);
