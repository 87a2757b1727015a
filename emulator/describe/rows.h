/* The rows of the state, shared by describe.c and the files that define them. */
#pragma once

#include <stdint.h>
#include <stdio.h>

#include "describe/describe.h"
#include "state/modem_state.h"

#define UNKNOWN INT64_MIN /* a number that is not known */

/* What is read: a modem at a time, and an entry of a list or of names. */
struct view {
	const struct modem *m;
	usec_t now;
	int i;
};

struct row {
	const char *key, *help;
	/* One of these, or the offset of an int or bool in struct modem. A text may be
	 * written into mem, which has MODEM_STATE_TEXT bytes. */
	const char *(*text)(const struct view *v, char *mem);
	long long (*number)(const struct view *v);
	bool (*flag)(const struct view *v);
	size_t int_at, bool_at;
	/* For a text: its possible values from a table, a state machine, or the profile;
	 * NULL after the last. A text with none of these is free. */
	const struct name *values;
	const struct fsm_state *states;
	const char *(*choice)(const struct profile *p, size_t i);
	long long most; /* for a number; 0: no limit */
};

#define INT_AT(m)  .int_at = offsetof(struct modem, m)
#define BOOL_AT(m) .bool_at = offsetof(struct modem, m)

/* A mapping of the tree. The path of the part alone stands for its first row. */
struct part {
	const char *key; /* NULL: its rows are at the top; NULL also ends the table */
	const struct row *rows;
	const struct name *each; /* one mapping for each name: view.i is its value */
	int most;                /* a list of at most this many: view.i counts from 0 */
	bool (*there)(const struct view *v); /* whether the entry exists */
};

/* Each ends with a part without rows. */
extern const struct part describe_device[], describe_network[], describe_packets[],
	describe_wip[];
