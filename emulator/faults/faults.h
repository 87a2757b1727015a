/* What rules do to lines, answers, URCs and prompts: what stands behind the taps. */
#pragma once

#include "state/taps.h"

extern const struct taps fault_taps;

/* Does what a rule does once; see struct faults. */
bool fault_perform(struct modem *m, const struct fault_rule *r);
