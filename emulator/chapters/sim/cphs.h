/* What a CPHS card tells unasked. */
#pragma once

#include <stdbool.h>

struct modem;

/* The network has told that a message waits for a line from 1, or that its calls are
 * diverted: the card keeps it, and AT+CPHS=1,1 or 1,4 has it told. False: no such card is
 * in use. */
bool cphs_voice_mail(struct modem *m, int line, bool waits);
bool cphs_diverted(struct modem *m, int line, bool on);
