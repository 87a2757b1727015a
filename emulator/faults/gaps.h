/* Gaps of a sweep: where the modem might say what nobody has asked for (sweep.h). */
#pragma once

#include "at/at.h"

void gaps_init(struct modem *m, const struct modem_sweep *sweep);

/* Here is one that no place of the fault engine tells: before `what`, NULL stands for the
 * answer of the running line. Costs nothing without a sweep. */
void gap_before(struct modem *m, const char *what);

/* A client has come or gone: what has been said before the first does not count. */
void gap_dtr(struct modem *m, bool on);

/* How many of len bytes may leave now, where a sweep cuts. */
size_t gap_up_to_cut(struct modem *m, size_t len);
