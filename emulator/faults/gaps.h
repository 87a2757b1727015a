/* Gaps of a sweep: where the modem might say what nobody has asked for (sweep.h). */
#pragma once

#include "at/at.h"

void at_gaps_init(struct modem *m, const struct modem_sweep *sweep);

/* Here is one that no place of the fault engine tells: before `what`, NULL stands for the
 * answer of the running line. Costs nothing without a sweep. */
void at_gap_before(struct modem *m, const char *what);
