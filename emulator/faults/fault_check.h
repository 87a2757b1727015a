/* Finds rules that could never act, or would not do what they say, before they are used.
 * What the tables can check key by key is in fault_rows.h. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "state/fault.h"

struct firmware;

/* A defect of a rule. */
struct fault_flaw {
	const char *key; /* the key whose value is wrong; NULL: the whole rule */
	char text[300];  /* "what; remedy" */
};

/* Whether the rule on its own can act. False: *flaw says why not. */
bool fault_sound(const struct fault_rule *r, struct fault_flaw *flaw);

/* The same for an action_row, whose rule stands alone. */
bool fault_sound_args(const void *rule, char *why, size_t size);

/* Whether rule `a`, which comes before `b`, always answers where `b` could act. */
bool fault_hides(const struct fault_rule *a, const struct fault_rule *b);

/* Whether its answer changes nothing: an exception from the rules after it. */
bool fault_excepts(const struct fault_rule *r);

/* A command that a rule names. */
struct fault_command {
	const char *name, *key; /* where: "when", "until", "answer" */
	unsigned forms;         /* at_form set, 0: any */
	bool unknown;           /* marked as one that the firmware does not have */
	bool prompt;            /* a place that only commands with a prompt have */
};

/* Command i of a rule; false after the last. */
bool fault_command(const struct fault_rule *r, size_t i, struct fault_command *out);

/* Whether one of the firmwares, whose tables are built, has a command as the rule
 * describes it. False: *flaw says why not, without a remedy if the name is unknown
 * (`*misspelt`). */
bool fault_fits(const struct fault_command *c, const struct firmware *const *fw, size_t n,
	bool *misspelt, struct fault_flaw *flaw);

/* Whether an application brings a command as the rule describes it; own is its tables,
 * NULL: it brings none. */
struct at_set;
bool fault_fits_own(const struct fault_command *c, const struct at_set *own);
