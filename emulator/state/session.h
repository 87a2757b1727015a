/* What power-on and reset clear: struct session, with its values first and its timers
 * after them. */
#pragma once

#include <stdbool.h>

struct modem;

void session_stop_timers(struct modem *m);

/* Zeroes all values and stops the timers. */
void session_clear(struct modem *m);

/* A reset started by the modem, as soon as the present entry is over. */
void session_restart(struct modem *m);

/* The modem crashes as soon as the present entry is over, and stays down until
 * power-on. */
void session_halt(struct modem *m);

/* A reset is pending: until then input is ignored. */
bool session_restarting(const struct modem *m);
