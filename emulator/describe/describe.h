/* The whole state of a modem as a tree of names and values: the state of the control
 * interface, and what `wait` and scenarios check. Each value is one row in device.c or
 * network.c; its path ("sim.pin_tries") is its name everywhere. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "base/names.h"
#include "base/usec.h"
#include "state/ports.h"

struct fsm_state;
struct modem;
struct profile;

/* Receives the tree. key is NULL for the entries of a list. Texts are valid during the
 * call only; a NULL text is "unknown", whatever the type of its row. */
struct teller {
	void *ctx;
	void (*open)(void *ctx, const char *key, bool list);
	void (*close)(void *ctx);
	void (*text)(void *ctx, const char *key, const char *value);
	void (*number)(void *ctx, const char *key, long long value);
	void (*flag)(void *ctx, const char *key, bool value);
};

/* Describes the whole state at `now`, between an open() and a close() made by the caller.
 * Read-only: no time passes. */
void modem_describe(const struct modem *m, usec_t now, const struct teller *t);

enum state_type {
	STATE_TEXT,
	STATE_NUMBER,
	STATE_FLAG,
};

/* The values that exist, for lists and schemas. */
struct state_field {
	const char *part; /* "sim"; NULL: at the top of the tree */
	const char *key;  /* "pin_tries" */
	const char *help;
	enum state_type type;
	/* For a text: the possible values, see state_field_value(). */
	const struct name *values;
	const struct fsm_state *states;
	const char *(*choice)(const struct profile *p, size_t i);
	long long most; /* for a number: its range is 0 to this */
	const struct name
		*each; /* the part has one mapping for each name: messages.SM.used */
	bool list;     /* the part is a list: calls.0.state */
};

/* Row i; false after the last. Rows of one part follow each other. */
bool modem_state_field(size_t i, struct state_field *out);

/* Its path in mem, which is returned: part.key, part.NAME.key, part.N.key. */
#define STATE_PATH 80 /* bytes */
const char *state_field_path(const struct state_field *f, char mem[STATE_PATH]);

/* Possible value i of a text or a flag: NULL after the last. A number, and a free text
 * such as an access point name, has none. Without a profile (NULL) the values that a
 * profile decides are not listed. */
const char *state_field_value(
	const struct state_field *f, const struct profile *p, size_t i);

/* One value by its path; a part alone stands for its first row: "sim" is "sim.state".
 * Flags are "true" or "false". NULL when there is no such value (now: entries of lists
 * come and go) or when it is unknown. The text is in mem. */
const char *modem_state(
	const struct modem *m, const char *path, char mem[MODEM_STATE_TEXT]);

/* Whether a path can name a value at some time; then out, which may be NULL, is its
 * row. */
bool modem_state_known(const char *path, struct state_field *out);
