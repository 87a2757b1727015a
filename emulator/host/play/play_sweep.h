/* Plays a scenario with a sweep: once unchanged, to count the gaps, then once for each
 * gap. Everything that the scenario expects must still come. */
#pragma once

#include "host/play/player.h"

struct play_swept {
	bool ok;
	unsigned gaps;   /* number tried; 0 with ok: nothing was tested */
	unsigned broken; /* number of these that failed */
	char *message;   /* what failed, and where; NULL if nothing did */
};

/* Plays gap options->sweep.at only, or with 0 all; those of further modems come after those
 * of the modems before them. The caller frees the message. */
void play_sweep(const struct scenario *s, const struct profile *const *profiles,
	const struct play_options *options, struct play_swept *out);
