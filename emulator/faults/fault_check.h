/* Rules that could never act, or would not do what is said: found before they are used.
 * What the tables of single keys can tell is in fault_rows.h. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "state/fault.h"

struct firmware;

/* What is wrong with a rule. */
struct fault_flaw {
	const char *key; /* of the rule, whose value it is about; NULL: the rule */
	char text[300];  /* "what; remedy" */
};

/* Whether the rule by itself can act. False: *flaw says why not. */
bool fault_sound(const struct fault_rule *r, struct fault_flaw *flaw);

/* The same for an action_row, of a rule that stands alone. */
bool fault_sound_args(const void *rule, char *why, size_t size);

/* Whether rule `a`, which stands before `b`, has always answered where `b` could act. */
bool fault_hides(const struct fault_rule *a, const struct fault_rule *b);

/* Whether it is an answer that changes nothing: an exception from rules after it. */
bool fault_excepts(const struct fault_rule *r);

/* A command that a rule names. */
struct fault_command {
	const char *name, *key; /* where: "when", "until", "answer" */
	unsigned forms;         /* at_form set, 0: any */
	bool unknown;           /* said to be one that the firmware does not have */
	bool prompt;            /* a place that only commands with a prompt have */
};

/* Command i of a rule; false after the last. */
bool fault_command(const struct fault_rule *r, size_t i, struct fault_command *out);

/* Whether one of the firmwares, which have their tables, makes a command of a rule what
 * the rule says of it. False: *flaw says why not, without a remedy where the name is not
 * known (`*misspelt`). */
bool fault_fits(const struct fault_command *c, const struct firmware *const *fw, size_t n,
	bool *misspelt, struct fault_flaw *flaw);
