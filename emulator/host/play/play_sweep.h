/* A scenario with a sweep: once without anything, which counts the gaps, then once for
 * each of them. What the scenario expects must come all the same. */
#pragma once

#include "host/play/player.h"

struct play_swept {
	bool ok;
	unsigned gaps;   /* that were tried; 0 with ok: nothing was tested */
	unsigned broken; /* of them */
	char *message;   /* what broke, and where; else NULL */
};

/* options->sweep.at: only this gap; 0: all. The caller frees the message. */
void play_sweep(const struct scenario *s, const struct profile *p,
	const struct play_options *options, struct play_swept *out);
