/* Gaps of a sweep: moments at which the modem might send an unsolicited line
 * (sweep.h). */
#pragma once

#include "state/sweep.h"

struct channel;
struct modem;

void gaps_init(struct modem *m, const struct modem_sweep *sweep);

/* A gap that is not a place of the fault engine: before `what`; NULL means the answer of
 * the running line. Costs nothing without a sweep. */
void gap_before(struct channel *ch, const char *what);

/* A client has come or gone: output before the first one does not count. */
void gap_dtr(struct channel *ch, bool on);

/* How many of len bytes may leave now, if a sweep cuts. */
size_t gap_up_to_cut(struct channel *ch, size_t len);
