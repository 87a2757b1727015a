/* Lines to commands: V.250 clauses 5.3 and 5.4. */
#pragma once

#include "at/at.h"

enum at_parsed {
	AT_PARSED_END,     /* nothing more on the line */
	AT_PARSED_COMMAND, /* *c names a command, its arguments are not looked at yet */
	AT_PARSED_BAD,     /* unknown name, form that does not exist, bad syntax */
};

/* Finds the next command at *pos of line[0..len) and steps over it. The values of a SET
 * stand in c->rest until at_parse_args(). */
enum at_parsed at_parse_next(const struct at_set *set, const char *line, size_t len,
	size_t *pos, struct at_call *c);

/* For what at_parse_next() calls bad, from its *pos: the name of the command in capitals,
 * its form and what follows it, as far as they can be made out; steps over it.
 * False: no name, or one that is longer than `size` takes. */
bool at_parse_unknown(const char *line, size_t len, size_t *pos, char *name, size_t size,
	struct at_call *c);

/* Reads the arguments of c->rest by the row: AT_OK, AT_ERROR for bad syntax, or
 * AT_CME(3) for a value that is not legal. */
int at_parse_args(struct at_call *c);
