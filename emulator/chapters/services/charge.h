/* Advice of charge: connects gsm/charge.h to the AT commands. */
#pragma once

#include "at/at.h"
#include "gsm/charge.h"

/* Reports units as +CCCM; ends the calls at the limit. ctx is struct modem. */
void at_charge_event(void *ctx, enum charge_event e);
