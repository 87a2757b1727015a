/* How often each rule of a field bug has acted, over several modems and runs: a rule that
 * never acted has tested nothing. */
#pragma once

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "host/play/scenario.h"

struct modem;

struct fault_tally {
	const struct scenario_modem *bug; /* the modem that has them; NULL: no bug */
	unsigned acted[FAULT_RULES];
	/* rules added at run time, as the last modem had them at its end */
	struct {
		size_t number;
		unsigned acted;
		char title[64];
	} added[FAULT_ADDED];
	size_t n_added;
};

/* Adds how often the rules of a modem have acted since it was made. */
void fault_tally_add(struct fault_tally *t, const struct modem *m);

/* Rule i, from 0, of those that have never acted: where it is written (at.file NULL: it
 * was added at run time) and its title. False after the last. */
struct fault_idle {
	struct doc_place at;
	char title[120];
};
bool fault_tally_idle(const struct fault_tally *t, size_t i, struct fault_idle *out);

/* Prints one line for each rule that has never acted; false if there is none. */
bool fault_tally_print(const struct fault_tally *t, const char *program, FILE *out);

/* All rules as a list of objects; the caller owns the reference. */
json_t *fault_tally_json(const struct fault_tally *t);
