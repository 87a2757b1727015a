/* Exit statuses: the only table of them. --help of each subcommand prints its part of it,
 * `fauxtrack list exits` all of it. */
#pragma once

#include <stdio.h>

enum {
	EXITS_DONE = 0,
	EXITS_FAILED = 1,
	EXITS_USAGE = 2,
	EXITS_NO_EMULATOR = 3, /* ctl */
	EXITS_TIMED_OUT = 4,   /* ctl */
	EXITS_NOTHING = 5,     /* play, check: nothing was tested */
	/* of exec, as env(1), timeout(1) and shells have them */
	EXITS_LATE = 124,
	EXITS_OWN = 125,
	EXITS_NOT_RUN = 126,
	EXITS_NOT_FOUND = 127,
	EXITS_SIGNAL = 128,
};

/* Subcommands with the same statuses; bits of struct exit_row.of. */
enum exits {
	EXITS_PLAIN = 1,
	EXITS_CHECK = 2,
	EXITS_CTL = 4,
	EXITS_EXEC = 8,
	EXITS_PLAY = 16,
};

struct exit_row {
	const char *status; /* "0", "128+N"; NULL ends the table */
	unsigned of;        /* enum exits, several */
	const char *help;
};
extern const struct exit_row exit_rows[];

/* "Exit status:" and the rows of `of`, a line each. */
void exits_print(enum exits of, FILE *out);

/* What a subcommand of that kind returns when it was used wrongly (2; 125 of exec, whose
 * command may end with 2), and when it failed by itself (1, 125). */
int exits_usage(enum exits of);
int exits_failed(enum exits of);
