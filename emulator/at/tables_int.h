/* Shared by tables.c, which lays rows, and check.c, which checks what YAML says of
 * them. */
#pragma once

#include "at/tables.h"

/* The row of C of that name (any case), NULL if there is none. */
const struct at_cmd *at_row_find(
	const struct chapter *const *chapters, const char *name, size_t len);

/* The position of a parameter by its name, -1 if there is none. */
long at_find_param(const struct at_cmd *cmd, const char *name);

/* "+COPS=?" is one form, "+COPS" all of them; *len is the length of the name. */
unsigned at_forms_named(const char *name, size_t *len);

/* The row with the changes that YAML makes to it, without slots and latencies. */
void at_lay_row(struct at_entry *e, const struct at_cmd *cmd,
	const struct command_conf *commands, size_t n);

/* Reads the text of what `memory` of a profile gives a row with deliver(); false if it is
 * not legal. */
bool at_delivered(const struct at_cmd *cmd, const char *text, int *v);

/* Reads the text of a value of parameter i, named `name` in a profile; false if it is not
 * legal. */
bool at_read_value(
	const struct at_entry *e, long i, const char *name, const char *text, int *out);
