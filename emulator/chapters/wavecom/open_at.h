/* The Open AT application, seen from boot and interrupts (at-3 3). */
#pragma once

#include <stdbool.h>

struct modem;

/* The application has been started and brings the modem down. */
bool open_at_crashes(const struct modem *m);

/* An interrupt resumes a suspended application. */
void open_at_interrupt(struct modem *m);
