/* What rules do to lines, answers, URCs and prompts: the implementation of the taps. */
#pragma once

#include "state/taps.h"

extern const struct taps fault_taps;

/* Carries out the single action of a rule; see struct faults. */
bool fault_perform(struct modem *m, struct channel *on, const struct fault_rule *r);
