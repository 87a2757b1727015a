/* Lines to commands: V.250 clauses 5.3 and 5.4. */
#pragma once

#include "at/at.h"
#include "at/known.h"

enum at_parsed {
	AT_PARSED_END,     /* nothing more on the line */
	AT_PARSED_COMMAND, /* *c names a command; its arguments are not checked yet */
	AT_PARSED_BAD,     /* unknown name, form that does not exist, bad syntax */
};

/* Finds the next command at *pos of line[0..len) and steps over it. The values of a SET
 * are in c->rest until at_parse_args(). */
enum at_parsed at_parse_next(const struct at_known *known, const char *line, size_t len,
	size_t *pos, struct at_call *c);

/* For a command that at_parse_next() calls bad, from its *pos: finds its name in
 * capitals, its form and what follows it, as far as possible, and steps over it. False:
 * no name, or one longer than `size`. */
bool at_parse_unknown(const char *line, size_t len, size_t *pos, char *name, size_t size,
	struct at_call *c);

/* Reads the arguments in c->rest as the row says: AT_OK, AT_ERROR for bad syntax, or
 * AT_CME(3) for an illegal value. */
int at_parse_args(struct at_call *c);
