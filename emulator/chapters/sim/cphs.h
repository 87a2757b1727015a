/* The unsolicited results of a SIM with CPHS. */
#pragma once

#include <stdbool.h>

struct modem;

/* The network reports that a voice message waits for a line (from 1), or that its calls
 * are diverted. The SIM stores it; the host sees it if AT+CPHS=1,1 or 1,4 was sent.
 * False: no SIM with CPHS is in use. */
bool cphs_voice_mail(struct modem *m, int line, bool waits);
bool cphs_diverted(struct modem *m, int line, bool on);
