/* What a sweep (state/sweep.h) has come to. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "state/sweep.h"

struct modem;

/* How many gaps there have been. Each is told by NOTICE_GAP; of a cut only the one. */
unsigned modem_sweep_gaps(const struct modem *m);

/* True when the line has been said: it is *len bytes at *from of all that has been given
 * to the port since the modem was made. */
bool modem_sweep_said(const struct modem *m, uint64_t *from, size_t *len);
