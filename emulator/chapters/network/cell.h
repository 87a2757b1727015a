/* The automatic report of AT+CCED=1, every five seconds; ctx is struct modem. */
#pragma once

#include "base/usec.h"

void at_cced_report(void *ctx, usec_t now);
