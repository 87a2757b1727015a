/* Shared by the parts of an import: import.c has the course, import_turns.c what the log
 * says, import_play.c the modem that is played, import_rules.c makes rules of differences,
 * import_write.c writes the file. */
#pragma once

#include "host/field/import.h"
#include "host/field/mask.h"
#include "host/play/play_live.h"
#include "host/play/profile_cache.h"

#define IMPORT_NAME 16 /* of a command */

/* The first command of a line. */
struct import_command {
	char name[IMPORT_NAME]; /* in capitals: "+CSQ", "E", "AT" for none */
	const char *form;       /* exec, set, read, test; NULL: basic command */
	char parameters[64];    /* exactly as typed */
	bool single;            /* nothing else is on the line */
	bool sayable;           /* name and parameters fit into a rule */
	bool unknown;           /* the firmware does not have it, in that form */
	bool prompts;           /* it asks for a text */
};

/* What was done about an exchange. */
enum turn_how {
	TURN_LOGGED, /* as in the log, perhaps by a rule */
	TURN_LOOSE,  /* the demo has what our modem says */
	TURN_CUT,    /* not in the demo */
};

/* An exchange of the log, or (command "") what the modem said unasked. */
struct turn {
	struct exchange *x; /* of the log, masked */
	bool timed;
	usec_t gap; /* since the answer to the one before */
	struct import_command command;
	usec_t took; /* our modem's answer, as played last */
	enum turn_how how;
	int tried; /* rules that were made for it */
	char *why; /* TURN_LOOSE, TURN_CUT: what cannot be said */
};

/* A rule; several about the same command are in the order of the log. */
struct import_rule {
	char *key;   /* what it is about: rules of one key take turns */
	char *when;  /* the lines before `times`, NULL: none */
	char *what;  /* the effect, in one line */
	int times;   /* 0: no limit */
	bool first;  /* it comes before all others */
	bool inject; /* an action, not a fault */
	size_t turn;
	int line; /* in the file, once it is written */
};

/* One thing in the demo. */
struct import_step {
	enum {
		DEMO_TYPE,  /* a line: bytes without their CR */
		DEMO_KEYS,  /* exact bytes */
		DEMO_HEAR,  /* what comes */
		DEMO_WAIT,  /* time passes */
		DEMO_OTHER, /* a step of YAML */
	} kind;
	char *bytes;
	size_t len;
	usec_t time; /* DEMO_WAIT; DEMO_HEAR: how long it took */
	bool echoed; /* DEMO_TYPE */
	size_t turn;
};

struct import {
	struct library *library;
	struct profile_cache *profiles;
	const struct import_options *options;
	const struct field_log *log;
	struct mask *mask;
	struct guess guess;
	struct turn *turn;
	size_t n;
	struct import_rule *rule;
	size_t rules;
	struct import_step *step;
	size_t steps;
	bool memory_echo, memory_cme; /* E0, +CMEE=1 before it */
	bool wipsoft;                 /* the application runs */
	int memory_text;              /* +CMGF; -1: not known */
	char **remark;                /* what cannot be said, beside turns */
	size_t remarks;
	int *step_line; /* of each step in the file */
};

/* ---- import_turns.c ---- */

/* Reads the exchanges of the log. */
void turns_read(struct import *im);
void turns_clear(struct import *im);

/* The first command of a typed line. */
void turns_command(const char *line, struct import_command *c);

/* What a firmware has of it; needs its tables. */
void turns_know(struct import *im, const struct profile *p);

void turn_give_up(struct turn *t, enum turn_how how, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));

/* ---- import_play.c ---- */

/* Plays all turns on the modem with these rules, and notes the steps, until a rule is
 * made or a turn given up: then false, and it must be played again. */
bool import_play(struct import *im, const struct scenario *s, const struct profile *p);

/* ---- import_rules.c ---- */

/* Compares, and makes a rule; true: the rules have changed. What cannot be said is
 * noted with the turn. */
bool rules_compare(struct import *im, size_t turn, const struct exchange *ours);

/* ---- import_list.c ---- */

char *import_print(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

/* Adds a rule; its texts are taken over. */
void rule_add(struct import *im, struct import_rule r);
struct import_rule *rule_last(struct import *im, const char *key); /* NULL: none */

/* No further rule for this turn, which says why. */
bool rules_full(struct import *im, struct turn *t);

/* Rules of one key take turns: each answers as often as the log has its answer, the last
 * one from then on. nth: which time this is. same: the rule that keeps the modem's own
 * answer. Takes over the texts. */
void rules_take_turns(
	struct import *im, char *key, char *what, char *same, int nth, size_t turn);

/* Which time this line is typed. */
int turn_nth_line(const struct import *im, size_t turn);

/* Makes a rule by which our modem says these lines (visible, with their line ends) by
 * itself, so long after the line of that turn; -1: after the port is opened. False: not
 * sayable. */
bool rules_say(struct import *im, long turn, size_t of, const char *bytes, usec_t after);

/* Our modem says a line that is not in the log: true if a rule was made against it. */
bool rules_hush(struct import *im, size_t turn, const char *line);
void rules_drop(struct import *im, size_t rule);
void rules_clear(struct import *im);

/* ---- import_write.c ---- */

/* The whole file, with rules and, if `demo`, its steps and remarks. */
char *import_write(struct import *im, bool demo, size_t *len);

/* A text as YAML has it on one line; the caller frees it. */
char *import_quote(const char *text);
