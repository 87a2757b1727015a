/* Actions (action.h) from document trees: YAML steps, JSON bodies, words of a command
 * line. */
#pragma once

#include <stdio.h>

#include "actions/action.h"
#include "conf/doc.h"

/* Binds the arguments of a row. d may be a mapping by row->args, a single value where the
 * row has one, or NULL for none at all. True and an action whose memory action_clear()
 * frees; false with errors. */
bool action_bind(const struct action_row *row, const struct doc *d, struct doc_place at,
	struct action *out, struct doc_errors *e);
void action_clear(struct action *a); /* one that is all zeros too */

/* The row of that name; NULL with an error that suggests one. */
const struct action_row *action_named(
	const char *name, struct doc_place at, struct doc_errors *e);

/* One row with its arguments, for people; all rows as a table of
 * tests/scenario/README.md.
 */
void action_print(const struct action_row *row, FILE *out);
void actions_print_markdown(FILE *out);
