/* Between the files of `fauxtrack ctl`. */
#pragma once

#include <jansson.h>

#include "conf/schema.h"
#include "host/ctl_client.h"
#include "host/exits.h"

enum { /* exit status */
	CTL_DONE = EXITS_DONE,
	CTL_REFUSED = EXITS_FAILED,
	CTL_USAGE = EXITS_USAGE,
	CTL_NO_EMULATOR = EXITS_NO_EMULATOR,
	CTL_TIMED_OUT = EXITS_TIMED_OUT,
};

struct ctl {
	struct ctl_server server;
	const char *modem; /* NULL: the only one */
	char only[16];     /* its id */
	bool json;
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

/* Finds the only modem where none is chosen. */
int ctl_find_modem(struct ctl *c);

/* A text of an object, "" if there is none. */
const char *ctl_text(const json_t *j, const char *key);

void ctl_print_json(const json_t *j);

/* KEY=VALUE ..., or one VALUE where the schema has a scalar, typed as the schema has it:
 * a shell has no types. NULL: said what is wrong. Cuts the words. */
json_t *ctl_arguments(const struct schema *s, int argc, char **argv);

/* The words that are no actions. */
struct ctl_word {
	const char *name, *args, *help;
	int (*run)(struct ctl *c, int argc, char **argv);
	int most; /* words behind it */
	/* Of one that is an action too: whether it is meant by what stands behind it. */
	bool (*meant)(int argc, char **argv);
};
extern const struct ctl_word ctl_words[]; /* ends with a NULL name */
