/* What the world's happenings become in AT: +WIND, +CREG, +CALA. */
#pragma once

#include <stdint.h>

#include "gsm/net.h"

/* ctx is struct modem. */
void at_net_event(void *ctx, enum net_event e);
void at_alarm(void *ctx, int index, int64_t time);

/* Tells the registration 100 ms after AT+CREG=1 or 2. */
void at_creg_announce(void *ctx, usec_t now);
