/* The table of all exit statuses. --help of a subcommand prints its rows, `fauxtrack list
 * exits` prints all rows. */
#pragma once

#include "host/manual/page.h"

enum {
	EXITS_DONE = 0,
	EXITS_FAILED = 1,
	EXITS_USAGE = 2,
	EXITS_NO_EMULATOR = 3, /* ctl */
	EXITS_TIMED_OUT = 4,   /* ctl */
	EXITS_NOTHING = 5,     /* play, check: nothing was tested */
	/* of exec, with the numbers that env(1), timeout(1) and shells use */
	EXITS_LATE = 124,
	EXITS_OWN = 125,
	EXITS_NOT_RUN = 126,
	EXITS_NOT_FOUND = 127,
	EXITS_SIGNAL = 128,
};

/* Groups of subcommands with the same statuses; bits of struct exit_row.of. */
enum exits {
	EXITS_PLAIN = 1,
	EXITS_CHECK = 2,
	EXITS_CTL = 4,
	EXITS_EXEC = 8,
	EXITS_PLAY = 16,
};

struct exit_row {
	const char *status; /* "0", "128+N"; NULL ends the table */
	unsigned of;        /* bits of enum exits */
	const char *help;
};
extern const struct exit_row exit_rows[];

/* The groups, with the subcommands of each, separated by blanks; NULL ends the table. */
struct exits_group {
	enum exits of;
	const char *commands;
};
extern const struct exits_group exits_groups[];

/* Adds the section "Exit status" with the rows of `of`. */
void exits_print(enum exits of, struct page *p);

/* What a subcommand of that group returns for wrong usage (2, but 125 for exec, whose
 * COMMAND may exit with 2) and for its own failure (1, but 125 for exec). */
int exits_usage(enum exits of);
int exits_failed(enum exits of);
