/* What power-on and reset clear: struct session, values first, timers after them. */
#pragma once

#include <stdbool.h>

struct modem;

void session_stop_timers(struct modem *m);

/* Zeroes the values whole and stops the timers. */
void session_clear(struct modem *m);

/* A reset by itself, as soon as the present entry is over. */
void session_restart(struct modem *m);

/* The modem breaks down as soon as the present entry is over, and lies still until power
 * comes again. */
void session_halt(struct modem *m);

/* A reset is on its way: what comes until then is not heard. */
bool session_restarting(const struct modem *m);
