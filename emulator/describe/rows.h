/* The rows of the state, between describe.c and the files that write them. */
#pragma once

#include <stdint.h>
#include <stdio.h>

#include "describe/describe.h"
#include "state/modem_state.h"

#define UNKNOWN INT64_MIN /* a number that is not known */

/* What is looked at: a modem at a time, and which entry of a list or of names. */
struct view {
	const struct modem *m;
	usec_t now;
	int i;
};

struct row {
	const char *key, *help;
	/* One of them, or the place of an int or bool in struct modem. A text may be
	 * written into mem, which has MODEM_STATE_TEXT bytes. */
	const char *(*text)(const struct view *v, char *mem);
	long long (*number)(const struct view *v);
	bool (*flag)(const struct view *v);
	size_t int_at, bool_at;
	/* Of a text: all that are possible, by a table, a machine, or the profile; NULL
	 * after the last. A text without any of them may be anything. */
	const struct name *values;
	const struct fsm_state *states;
	const char *(*choice)(const struct profile *p, size_t i);
	long long most; /* of a number; 0: no limit */
};

#define INT_AT(m)  .int_at = offsetof(struct modem, m)
#define BOOL_AT(m) .bool_at = offsetof(struct modem, m)

/* A mapping of the tree. Its first row is what the path of the part alone stands for. */
struct part {
	const char *key; /* NULL: its rows stand at the top; and NULL ends the table */
	const struct row *rows;
	const struct name *each;             /* a mapping a name: view.i is its value */
	int most;                            /* a list of so many: view.i counts from 0 */
	bool (*there)(const struct view *v); /* whether there is such an entry */
};

/* Each ends with a part without rows. */
extern const struct part describe_device[], describe_network[];
