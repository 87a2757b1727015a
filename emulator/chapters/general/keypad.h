/* Sequences of keys: what the keypad of AT+CKPD carries out (02.30, services.md GSM
 * sequences). */
#pragma once

#include "at/at.h"

/* Carries out a sequence of the running command. AT_CME(3) when it is none that is known;
 * else what a handler returns. */
int keypad_sequence(struct modem *m, struct at_call *c, const char *keys, size_t len);
