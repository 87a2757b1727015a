/* A sweep: the same conversation again and again, each time with one thing more that a
 * host has to bear. The modem numbers the places from 1; which of them is meant is in its
 * options.
 *
 *   urc   a line that nobody has asked for, said in a gap in which a modem might speak:
 *         before a command line, between echo and answer, between information lines,
 *         before and behind the final result, before the prompt, in the silence
 *   cut   what is said pauses in front of one byte, wherever that is */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/names.h"
#include "base/usec.h"

#define SWEEP_TEXT    100        /* the longest line */
#define SWEEP_DEFAULT "+CREG: 1" /* what is so already; a host may always ignore it */

enum sweep_kind {
	SWEEP_NONE,
	SWEEP_URC,
	SWEEP_CUT,
};
extern const struct name sweep_names[]; /* SWEEP_URC, SWEEP_CUT */

struct modem_sweep {
	enum sweep_kind kind;
	unsigned at;      /* which gap; 0: none, they are only counted */
	const char *text; /* the line, at most SWEEP_TEXT; must outlive the modem */
	usec_t pause;     /* of a cut; in real time */
};
