/* Shared by the queue and the list of numbers. */
#pragma once

#include "host/exchange/neighbours.h"

#define NEIGHBOUR_NUMBER 48

/* In the queue: a message for `to`, or what became of one that it has sent. Modems repeat
 * what is not settled, so nothing has to be kept here. */
struct post {
	struct post *next;
	struct neighbour *to;
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
};

struct neighbours {
	unsigned count;
	struct neighbour *one;
	struct neighbour **sorted; /* those with a number, by the digits at its end */
	unsigned n_sorted;
	struct neighbour **senders; /* those that have sent, by their names as senders */
	unsigned n_senders;
	uint64_t life;              /* of the newest sender */
	struct post *first, **last; /* the queue */
	size_t queued;
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

/* As text, with + if it is international. */
const char *neighbours_number(const struct address *a, char mem[NEIGHBOUR_NUMBER]);
