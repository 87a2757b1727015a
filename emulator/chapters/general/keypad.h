/* The key sequences of AT+CKPD (02.30, services.md GSM sequences). */
#pragma once

#include "at/at.h"

/* Carries out a key sequence for the running command. Returns AT_CME(3) if the sequence
 * is unknown, else a result like any handler. */
int keypad_sequence(struct modem *m, struct at_call *c, const char *keys, size_t len);
