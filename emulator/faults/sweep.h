/* The results of a sweep (state/sweep.h). */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "state/sweep.h"

struct channel;
struct modem;

/* The number of gaps so far. Each is reported by NOTICE_GAP; with a cut, only the chosen
 * one. */
unsigned modem_sweep_gaps(const struct modem *m);

/* True when the line has been sent: *len bytes at *from, counted in all bytes given to
 * the port since the modem was made. */
bool modem_sweep_said(const struct modem *m, uint64_t *from, size_t *len);
