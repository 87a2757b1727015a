/* Shared by the queue and the list of numbers. */
#pragma once

#include "host/exchange/neighbours.h"

#define NEIGHBOUR_NUMBER 48

/* A message under way: in the queue, or with its receiver. */
struct post {
	struct post *next;
	struct neighbour *from, *to; /* from NULL: the sender has forgotten it */
	struct sms_post p;           /* its ref is the sender's */
	uint64_t ref;                /* for the receiver */
	bool back;                   /* it goes back to the sender, with its status */
	int status;
};

struct neighbour {
	struct neighbours *home;
	unsigned index;
	char number[NEIGHBOUR_NUMBER];
	struct neighbour_modem modem;
	struct post *there; /* messages that its service centre has */
};

struct neighbours {
	unsigned count;
	struct neighbour *one;
	struct neighbour **sorted; /* those with a number, by the digits at its end */
	unsigned n_sorted;
	struct post *first, **last; /* the queue */
	size_t under_way;
	uint64_t ref;
	bool woken;
	void (*wake)(void *ctx);
	void *ctx;
};

/* The modem with that number, NULL if there is none. */
struct neighbour *neighbours_find(const struct neighbours *n, const struct address *a);
