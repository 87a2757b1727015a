/* What the world's happenings become in AT: +WIND, +CREG, +CALA. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "gsm/net.h"

struct modem;

/* ctx is struct modem. */
void at_net_event(void *ctx, enum net_event e);
void at_alarm(void *ctx, int index, int64_t time);

/* Power-on and reset: outputs take their first level. */
void at_pins_boot(struct modem *m);

/* The world pulls an input, by its number in AT+WIOR, up or down. False: there is none of
 * that number. */
bool at_drive_pin(struct modem *m, int number, bool high);

/* An edge on interrupt line 0 or 1. */
void at_interrupt(struct modem *m, int line, bool high);

/* Tells the registration 100 ms after AT+CREG=1 or 2. */
void at_creg_announce(void *ctx, usec_t now);
