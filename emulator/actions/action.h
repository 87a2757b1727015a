/* Actions on a modem from outside: one row each. The row is the step of a scenario, the
 * call of the control interface, the word of `fauxtrack ctl`, its validation and its
 * documentation. The rows are at the end of the files of this folder, by subject; a new
 * action is one row there, with its struct of arguments and its apply(). */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#define ACTION_ARGS_MAX 8192 /* bytes of the largest struct of arguments */

struct modem;
struct schema;

struct action_row {
	const char *name; /* "sms" */
	/* The arguments, as YAML and JSON write them; its help documents the row. If a
	 * single value is enough it has a `scalar`. */
	const struct schema *args;
	size_t size; /* of the struct that args binds */
	/* Called within an entry of the facade. Returns NULL, or what is wrong ("what;
	 * remedy"); then nothing has changed. */
	const char *(*apply)(struct modem *m, const void *args);
	/* Checks bound arguments beyond single fields, with the same return value; may be
	 * NULL. */
	const char *(*check)(const void *args);
	/* The same if the text is composed: false, and `why` holds it; may be NULL. */
	bool (*sound)(const void *args, char *why, size_t size);
	/* The number in the answer to a caller, of what the action has made; NULL: it
	 * makes nothing that has a number. */
	size_t (*number)(const struct modem *m);
	/* For `fauxtrack ctl`; NULL: one is made from the fields. */
	const char *example;
};

/* A row with its arguments bound; made by conf/action_conf.h. */
struct action {
	const struct action_row *row;
	const void *args;
	const char *told; /* the arguments as written, for the notice; or NULL */
};

/* The row of that name, NULL if there is none. */
const struct action_row *action_find(const char *name);

/* All rows, in the order of their subjects; NULL after the last. */
const struct action_row *action_at(size_t i);

/* Whether it switches the mains on: a player in power-cycle mode then makes a new
 * modem. */
bool action_switches_on(const struct action *a);
