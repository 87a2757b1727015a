/* USSD: connects gsm/ussd.h to the AT commands. */
#pragma once

#include "at/at.h"
#include "gsm/ussd.h"

/* Reports what the network sends as +CUSD. ctx is struct modem. */
void at_ussd_event(void *ctx, enum ussd_event e, const char *text, int dcs);

/* ATD*100#; where text is the string as typed, without the semicolon. Returns AT_OK or an
 * error; the network's answer comes as +CUSD if AT+CUSD=1 is set. */
int at_ussd_dial(struct modem *m, const char *text, size_t len);
