/* The Open AT application, for boot and interrupts. */
#pragma once

#include <stdbool.h>

#include "base/usec.h"

struct modem;

/* True if the application has been started and will crash the modem. */
bool open_at_crashes(const struct modem *m);

/* From +WIND: 3 until a crashing application takes all command lines. open_at_crash() is
 * a timer callback, due then and again for the reset. ctx is struct modem. */
#define OPEN_AT_WINDOW MS(300)
void open_at_crash(void *ctx, usec_t now);

/* An interrupt resumes a suspended application. */
void open_at_interrupt(struct modem *m);
