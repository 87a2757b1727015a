/* Shared by the files of `fauxtrack ctl`. */
#pragma once

#include <jansson.h>

#include "conf/schema.h"
#include "host/cli.h"
#include "host/ctl/ctl_client.h"

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
	char id[48];       /* of the chosen modem or group, once it is found */
	bool several;      /* a group or all: each answer has { modems: [...] } */
	char run[40];      /* identifies this start of the emulator */
	bool json;
	bool print;                 /* panel: does not open the browser */
	const struct schema *asked; /* of the arguments, for messages */
};

/* Prints what is wrong ("what is wrong; remedy"); returns the status. */
int ctl_complain(int status, const char *what);

/* Sends a request for the modem, with a body (taken over; NULL: no body). *reply, which
 * may be NULL, is set when the answer is JSON and not a refusal. Returns the exit status,
 * after reporting a refusal. */
int ctl_modem(struct ctl *c, const char *method, const char *what, json_t *body,
	json_t **reply, bool (*line)(void *ctx, const char *text));

/* The same for a path that belongs to no modem. */
int ctl_request(struct ctl *c, const char *method, const char *path, json_t *body,
	json_t **reply);

/* Goes through a reply: the answer of the one modem, or of each of several that has given
 * one. *at begins at 0; `who` gets "", or the id of the modem and ": ". NULL at the end.
 */
const json_t *ctl_next(
	const struct ctl *c, const json_t *reply, size_t *at, char who[16]);

/* The same for a request that changes something: prints the answer with --json only. */
int ctl_do(struct ctl *c, const char *what, json_t *body);

/* Finds the modem: the chosen or the only one. Also sets c->run. */
int ctl_find_modem(struct ctl *c);

/* ctl_last.c: the event id of the last action, so that a wait starts there. It is kept in
 * a small file next to the socket (for a TCP port: next to the other sockets), for each
 * modem and start of the emulator. -1: no action. */
void ctl_last_store(const struct ctl *c, long long events_from);
long long ctl_last_action(const struct ctl *c);

/* ctl_help.c: help for one word or action, and the list of the actions. Both return the
 * exit status. */
int ctl_help(const char *word);
int ctl_list_actions(const struct ctl *c);

/* The rest of ctl --help: words, actions, conditions. */
void ctl_more(struct page *p);

/* How to write a value on the command line: "rssi=0..31". */
void ctl_hint(const struct schema_field *f, const char *key, char *out, size_t size);

/* ctl_list.c: lists the running emulators; what is printed of each as JSON. */
int ctl_list(const struct ctl *c);
extern const struct cli_member ctl_list_members[];

/* ctl_state.c: the word state. */
int ctl_state(struct ctl *c, int argc, char **argv);

/* Asks for a path of the modem and prints the answer, or that of each of several: as JSON
 * with --json, else by print(). Returns the exit status. */
int ctl_each(struct ctl *c, const char *path,
	void (*print)(const char *who, const json_t *answer));

/* ctl_panel.c: the words panel, type and bug. */
int ctl_panel(struct ctl *c, int argc, char **argv);
int ctl_type(struct ctl *c, int argc, char **argv);
int ctl_bug(struct ctl *c, int argc, char **argv);

/* ctl_net.c: the word net. */
int ctl_net(struct ctl *c, int argc, char **argv);

/* A text of an object, "" if it is missing. */
const char *ctl_text(const json_t *j, const char *key);

void ctl_print_json(const json_t *j);

/* Makes JSON of KEY=VALUE ..., or of one VALUE where the schema has a scalar, with the
 * types of the schema. NULL after reporting what is wrong. Modifies the words. */
json_t *ctl_arguments(const struct schema *s, int argc, char **argv);

/* The words that are not actions. */
struct ctl_word {
	const char *name, *args, *help, *example;
	int (*run)(struct ctl *c, int argc, char **argv);
	int least, most; /* number of words after it */
	bool alone;      /* needs no emulator */
	/* For a word that is also an action: whether its arguments mean this word. */
	bool (*meant)(int argc, char **argv);
	bool whole; /* concerns the emulator, not a modem */
	/* What --json prints, for its --help: a path of api_help_members(), or a table. */
	const char *answer;
	const struct cli_member *members;
};
extern const struct ctl_word ctl_words[]; /* ends with a NULL name */
