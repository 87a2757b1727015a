/* What the program reads from its environment, sets in that of the commands that it
 * starts, and which files it uses: a row each, for --help, `fauxtrack help` and the
 * manual pages. tests/cli/test_manual.py compares the rows with the code. */
#pragma once

#include "host/manual/page.h"

struct surrounding {
	const char *name; /* NULL ends the table */
	const char *of;   /* " run exec ", the subcommands; NULL: all */
	const char *help;
};
extern const struct surrounding environment_rows[];
extern const struct surrounding file_rows[];

/* Adds the rows that belong to a command ("dwl make"; its first word counts) as sections;
 * NULL: all rows. A section without rows is left out. */
void surroundings_print(struct page *p, const char *command);
