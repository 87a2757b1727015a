/* USSD between gsm/ussd.h and the language. */
#pragma once

#include "at/at.h"
#include "gsm/ussd.h"

/* What the network says becomes +CUSD; ctx is struct modem. */
void at_ussd_event(void *ctx, enum ussd_event e, const char *text, int dcs);

/* ATD*100#; - the string without its ; as typed. AT_OK, and the answer comes as +CUSD
 * where AT+CUSD=1 asks for it. */
int at_ussd_dial(struct modem *m, const char *text, size_t len);
