/* Plays a scenario against a modem of its own, in virtual time: types, lets time pass
 * until what must come has come, and looks that nothing else did. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "base/names.h"
#include "base/usec.h"
#include "faults/sweep.h"
#include "host/play/scenario.h"

/* How the bytes reach the modem, and what is done between the steps. */
enum play_mode {
	PLAY_COALESCED,   /* a line in one call */
	PLAY_ONE_BYTE,    /* a call for each byte */
	PLAY_NARROW,      /* the port takes a few bytes of the answer at a time */
	PLAY_POWER_CYCLE, /* behind each step the memory is loaded into a second modem */
	PLAY_MODES,
};
extern const struct name play_mode_names[];

struct play_options {
	enum play_mode mode;
	uint64_t seed; /* 0: the scenario's */
	FILE *trace;   /* everything that happens, a line each; NULL: nowhere */
	bool accept;   /* what comes is right: see play_edit */
	/* The line of a sweep is taken where it comes, and all else must be the same. Not
	 * with PLAY_POWER_CYCLE. */
	struct modem_sweep sweep;
};

/* With `accept`: the lines from..to of the file (0: put them behind `from - 1`) have to
 * become these. */
struct play_edit {
	int from, to;
	char *text; /* whole lines */
};

struct play_result {
	bool ok;
	char *message; /* why not: "file:line:col: ...", and what came before; else NULL
			*/
	usec_t time;   /* virtual time at the end */
	unsigned gaps; /* of the sweep */
	char gap[128]; /* which was meant, "": it was not reached */
	struct play_edit *edits;
	size_t n_edits;
};

/* Plays it, which has steps, on a profile that has its command tables (tables_build). The
 * caller clears the result. */
void play(const struct scenario *s, const struct profile *p,
	const struct play_options *options, struct play_result *result);
void play_result_clear(struct play_result *r);
