/* A sweep: the same conversation is repeated, each time with one disturbance at another
 * place. The modem numbers the places from 1; its options say which one is used.
 *
 *   urc   an unsolicited line, in a gap in which a modem might send one: before a
 *         command line, between echo and answer, between information lines, before and
 *         after the final result, before the prompt, in the silence
 *   cut   the output pauses before one byte, wherever that is */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/names.h"
#include "base/usec.h"

#define SWEEP_TEXT    100        /* the longest line */
#define SWEEP_DEFAULT "+CREG: 1" /* the state anyway; a host can always ignore it */

enum sweep_kind {
	SWEEP_NONE,
	SWEEP_URC,
	SWEEP_CUT,
};
extern const struct name sweep_names[]; /* SWEEP_URC, SWEEP_CUT */

struct modem_sweep {
	enum sweep_kind kind;
	unsigned at;      /* which gap; 0: none, gaps are only counted */
	const char *text; /* the line, at most SWEEP_TEXT; must outlive the modem */
	usec_t pause;     /* of a cut; in real time */
};
