/* What only a person at a terminal sees: colours, and progress of what takes long. */
#pragma once

#include <stdbool.h>
#include <stdio.h>

enum console_colour {
	CONSOLE_PLAIN,
	CONSOLE_GOOD, /* green */
	CONSOLE_BAD,  /* red */
	CONSOLE_NOTE, /* yellow */
	CONSOLE_NAME, /* bold */
};

/* Whether a stream shows colours: a terminal that can, without $NO_COLOR; or any stream
 * with $CLICOLOR_FORCE (not empty and not 0). */
bool console_has_colours(FILE *out);

/* Prints a text in a colour where there are colours. */
void console_put(FILE *out, enum console_colour colour, const char *text);

/* Prints messages ("FILE:LINE:COLUMN: what"), a line each, with their places in red. */
void console_messages(FILE *out, const char *text);

/* Progress: one line on standard error, rewritten as work goes on. It appears if the work
 * takes more than two seconds, and only if standard error is a terminal. total 0: not
 * known. */
struct console_progress {
	const char *what; /* "scenarios" */
	unsigned long long total;
	double began, shown; /* seconds; shown 0: nothing is on the screen */
	bool off;
};
void console_begin(
	struct console_progress *p, const char *what, unsigned long long total);
void console_step(struct console_progress *p, unsigned long long done);
/* Removes the line, so that something else can be printed; console_step() shows it again. */
void console_clear(struct console_progress *p);
