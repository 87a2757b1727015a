/* The indicators of +CIND, and the reports of +CMER: changed indicators, and keys. */
#pragma once

#include <stdint.h>

#include "at/at.h"

#define INDICATORS 7

/* Sends +CIEV for each indicator that has changed since the last call, if AT+CMER asks
 * for it; cheap if it does not. Called whenever something may have changed. ctx is struct
 * modem. */
void at_indicate(void *ctx);

/* keys: the set of keys that are held down from now on. Sends +CKEV for each key that has
 * changed, if AT+CMER asks for it. */
void at_press_keys(struct modem *m, uint32_t keys);
