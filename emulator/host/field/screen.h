/* Lines as a terminal or a forum shows them, without what is not of the conversation:
 * control sequences, marks of a quotation, time stamps. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "host/field/log_int.h"
#include "host/field/stamp.h"

struct screen_line {
	char *text; /* "" if it is blank */
	unsigned long number;
	const char *doubt; /* what was changed, NULL: nothing */
	bool stamped;
	struct stamp stamp;
};

struct screen {
	struct screen_line *line;
	size_t n;
};

/* A CR within a line ends it; the parts have the same number. */
void screen_read(struct screen *s, const struct field_source *source);
void screen_clear(struct screen *s);

/* The command line that a line shows, after marks such as "> " or "# "; NULL: none. */
const char *screen_command(const char *text);

/* What minicom, picocom, cu and screen say themselves. */
bool screen_is_banner(const char *text);
