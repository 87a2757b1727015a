/* Actions (action.h) from document trees: YAML steps, JSON bodies, command-line
 * arguments. */
#pragma once

#include <stdio.h>

#include "actions/action.h"
#include "conf/doc.h"

/* Binds the arguments of a row. d may be a mapping by row->args, a single value where the
 * row has one, or NULL for no arguments. Returns true and an action that the caller
 * releases with action_clear(); false with errors. */
bool action_bind(const struct action_row *row, const struct doc *d, struct doc_place at,
	struct action *out, struct doc_errors *e);
void action_clear(struct action *a); /* also accepts one that is all zeros */

/* The row with that name; NULL, with an error that suggests one, if there is none. */
const struct action_row *action_named(
	const char *name, struct doc_place at, struct doc_errors *e);

/* Print one row with its arguments for readers, and all rows as the table of
 * tests/scenario/README.md. */
void action_print(const struct action_row *row, FILE *out);
void actions_print_markdown(FILE *out);
