/* What can be done to a modem from outside: one row each. The row is the step of a
 * scenario, the call of the control interface, the word of `fauxtrack ctl`, its
 * validation and its documentation. Rows stand at the end of action_*.c, by subject; a
 * new action is one row there, with its struct of arguments and its apply(). */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#define ACTION_ARGS_MAX 8192 /* bytes of the largest struct of arguments */

struct modem;
struct schema;

struct action_row {
	const char *name; /* "sms" */
	/* The arguments, as YAML and JSON write them; its help documents the row. Where a
	 * single value suffices it has a `scalar`. */
	const struct schema *args;
	size_t size; /* of the struct that args binds */
	/* Within an entry of the facade: NULL, or what is wrong ("what; remedy"), and
	 * then nothing has changed. */
	const char *(*apply)(struct modem *m, const void *args);
	/* What no single field can tell of bound arguments, in the same words; may be
	 * NULL. */
	const char *(*check)(const void *args);
	/* The same where the text is made: false, and `why` holds it; may be NULL. */
	bool (*sound)(const void *args, char *why, size_t size);
	/* The number that the answer to a caller has, of what the action has made; NULL:
	 * it makes nothing that has a number. */
	size_t (*number)(const struct modem *m);
	/* As `fauxtrack ctl` takes it; NULL: one is made from the fields. */
	const char *example;
};

/* A row with its arguments bound; see conf/action_conf.h, which makes them. */
struct action {
	const struct action_row *row;
	const void *args;
	const char
		*told; /* the arguments as they were written, for the notice; or NULL */
};

/* The row of that name, NULL if there is none. */
const struct action_row *action_find(const char *name);

/* All rows, in the order of their subjects; NULL behind the last. */
const struct action_row *action_at(size_t i);

/* Whether it is the one that brings the mains: a player in power-cycle mode then makes
 * the modem anew. */
bool action_switches_on(const struct action *a);
