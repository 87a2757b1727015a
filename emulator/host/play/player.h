/* Plays a scenario against fresh modems in virtual time: types, lets time pass until the
 * expected answer has come, and checks that nothing else did. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "base/names.h"
#include "base/usec.h"
#include "faults/sweep.h"
#include "host/play/scenario.h"

/* How bytes reach the modem, and what happens between the steps. */
enum play_mode {
	PLAY_COALESCED,   /* a whole line in one call */
	PLAY_ONE_BYTE,    /* a call for each byte */
	PLAY_NARROW,      /* the port takes a few bytes of the answer at a time */
	PLAY_POWER_CYCLE, /* after each step the memory is loaded into a second modem */
	PLAY_MODES,
};
extern const struct name play_mode_names[];

struct play_options {
	enum play_mode mode;
	uint64_t seed; /* 0: that of the scenario */
	FILE *trace;   /* gets a line for everything that happens; NULL: no trace */
	bool accept;   /* what comes replaces what was expected: see play_edit */
	/* The line of a sweep is accepted wherever it comes, and all else must be the
	 * same. Not with PLAY_POWER_CYCLE. */
	struct modem_sweep sweep;
	size_t sweep_modem; /* the modem that it is for */
	/* Is called before each gap that play_sweep() plays; NULL: nobody is told. */
	void (*gap)(void *ctx, unsigned at, unsigned gaps);
	void *gap_ctx;
};

/* With `accept`: text replaces the lines from..to of the file (to < from: it is inserted
 * after line from - 1). */
struct play_edit {
	int from, to;
	char *text; /* whole lines */
};

struct play_result {
	bool ok;
	char *message; /* why it failed: "file:line:col: ...", and the trace; NULL: ok */
	usec_t time;   /* virtual time at the end */
	unsigned gaps; /* of the sweep, at its modem */
	char gap[128]; /* describes gap sweep.at; "": it was not reached */
	struct play_edit *edits;
	size_t n_edits;
};

/* Plays a scenario, which must have steps, on a profile for each of its modems, with
 * command tables (tables_build) and different numbers (scenario_numbers_differ). The caller
 * clears the result. */
void play(const struct scenario *s, const struct profile *const *profiles,
	const struct play_options *options, struct play_result *result);
void play_result_clear(struct play_result *r);
