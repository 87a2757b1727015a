/* Between the files of `fauxtrack ctl`. */
#pragma once

#include <jansson.h>

#include "conf/schema.h"
#include "host/ctl/ctl_client.h"
#include "host/exits.h"

enum { /* exit status */
	CTL_DONE = EXITS_DONE,
	CTL_REFUSED = EXITS_FAILED,
	CTL_USAGE = EXITS_USAGE,
	CTL_NO_EMULATOR = EXITS_NO_EMULATOR,
	CTL_TIMED_OUT = EXITS_TIMED_OUT,
};

struct action_row;

struct ctl {
	struct ctl_server server;
	const char *modem; /* NULL: the only one */
	char id[16];       /* of the one that is meant, once it is found */
	char run[40];      /* which start of the emulator it is */
	bool json;
	const struct schema *asked; /* of the words that were given, for messages */
};

/* Says what is wrong ("what; remedy"); gives the status. */
int ctl_complain(int status, const char *what);

/* Asks about the modem, with a body (taken over; NULL: none). *reply, which may be NULL,
 * is set when the answer is JSON and not a refusal. Gives the exit status; what is
 * refused has been said. */
int ctl_modem(struct ctl *c, const char *method, const char *what, json_t *body,
	json_t **reply, bool (*line)(void *ctx, const char *text));

/* The same for what is only done: tells more than the status with --json only. */
int ctl_do(struct ctl *c, const char *what, json_t *body);

/* Finds the only modem where none is chosen, and asks which start of the emulator it is.
 */
int ctl_find_modem(struct ctl *c);

/* ctl_last.c: the last action of this socket, in a small file beside it (beside the
 * sockets for a TCP port), so that a wait begins there. Stored with its modem and its
 * start of the emulator; -1: none. */
void ctl_last_store(const struct ctl *c, long long events_from);
long long ctl_last_action(const struct ctl *c);

/* ctl_help.c: of one word or action, or of all. Return the exit status. */
int ctl_help(const char *word);
int ctl_list_actions(void);

/* How a value is written on a command line: "rssi=0..31". */
void ctl_hint(const struct schema_field *f, const char *key, char *out, size_t size);

/* An example of an action, made from its row: "ring from=+33612345678". */
void ctl_example(const struct action_row *row, char *out, size_t size);

/* ctl_list.c: the emulators that run here. */
int ctl_list(const struct ctl *c);

/* The field at a path with dots, NULL if there is none. */
const struct schema_field *ctl_field(const struct schema *s, const char *path);

/* A text of an object, "" if there is none. */
const char *ctl_text(const json_t *j, const char *key);

void ctl_print_json(const json_t *j);

/* KEY=VALUE ..., or one VALUE where the schema has a scalar, typed as the schema has it:
 * a shell has no types. NULL: said what is wrong. Cuts the words. */
json_t *ctl_arguments(const struct schema *s, int argc, char **argv);

/* The words that are no actions. */
struct ctl_word {
	const char *name, *args, *help, *example;
	int (*run)(struct ctl *c, int argc, char **argv);
	int least, most; /* words after it */
	bool alone;      /* it needs no emulator */
	/* Of one that is an action too: whether it is meant by what stands behind it. */
	bool (*meant)(int argc, char **argv);
};
extern const struct ctl_word ctl_words[]; /* ends with a NULL name */
