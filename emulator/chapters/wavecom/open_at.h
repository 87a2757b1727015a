/* The Open AT application, seen from boot and interrupts (download.md +WOPEN). */
#pragma once

#include <stdbool.h>

#include "base/usec.h"

struct modem;

/* The application has been started and brings the modem down. */
bool open_at_crashes(const struct modem *m);

/* From +WIND: 3 until a crashing application has all lines; then open_at_crash() is due,
 * twice: ctx is struct modem. */
#define OPEN_AT_WINDOW MS(300)
void open_at_crash(void *ctx, usec_t now);

/* An interrupt resumes a suspended application. */
void open_at_interrupt(struct modem *m);
