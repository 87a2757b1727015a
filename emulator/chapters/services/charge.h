/* Advice of charge between gsm/charge.h and the language. */
#pragma once

#include "at/at.h"
#include "gsm/charge.h"

/* Units become +CCCM, the limit ends calls; ctx is struct modem. */
void at_charge_event(void *ctx, enum charge_event e);
