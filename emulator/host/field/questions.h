/* What a real modem may be asked: nothing that costs money, changes something for good, or
 * locks a SIM. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "base/usec.h"
#include "state/profile.h"

#define QUESTION_MAX 64

enum question_kind {
	QUESTION_SHOWS,
	QUESTION_SETS,   /* sets a value: only with more */
	QUESTION_RETURN, /* puts the value back; its answer is not compared */
};

struct question {
	char ask[QUESTION_MAX]; /* "AT+CSQ=?" */
	char name[16];          /* "+CSQ" */
	enum command_form form;
	enum question_kind kind;
	const char *why; /* it is safe */
	bool more;       /* only if more is allowed */
	usec_t most;     /* how long its answer may take */
};

struct questions {
	struct question *item;
	size_t n, cap;
};

/* The list for a profile, whose tables are built: the commands that any firmware may
 * have, those of its own, and a few that only show. */
void questions_make(struct questions *q, const struct profile *p, bool more);
void questions_free(struct questions *q);

/* Appends a copy. */
void questions_add(struct questions *q, const struct question *item);

/* Appends the test form of a command that the modem itself has named (AT+CLAC), unless
 * the list has it; the name is checked. */
void questions_add_named(struct questions *q, const char *name);

/* A line for each: the command, and why it is safe; those of --more last. */
void questions_print(const struct questions *q, FILE *out);

/* The same as JSON: an array of { ask, more, why }. */
void questions_print_json(const struct questions *q, FILE *out);

/* Whether the values of that setting may be tried with --more. kept: as a row of
 * commands_setting() has it. */
bool questions_may_set(const char *name, const char *kept);
