/* The indicators of +CIND, and what +CMER makes of their changes and of keys. */
#pragma once

#include <stdint.h>

#include "at/at.h"

#define INDICATORS 7

/* Sends +CIEV for each indicator that has changed since the last call, where AT+CMER asks
 * for it. Cheap where it does not; called whenever something may have changed. ctx is
 * struct modem. */
void at_indicate(void *ctx);

/* The set of keys that are held down from now on: +CKEV for each that has changed, where
 * AT+CMER asks for it. */
void at_press_keys(struct modem *m, uint32_t keys);
