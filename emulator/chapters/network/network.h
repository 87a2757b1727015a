/* Registration and cells, for other files and chapters. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "base/usec.h"
#include "gsm/net.h"

struct modem;

/* What the modem sends for events of the network and of its pins: +WIND, +CREG. */

/* ctx is struct modem. */
void at_net_event(void *ctx, enum net_event e);

/* What a network sends about itself (NITZ): names, UTC in seconds since 1970, its zone in
 * quarter hours east of Greenwich, the hours of daylight saving in that zone. */
struct nitz {
	const char *long_name, *short_name;
	int64_t time;
	int zone, saving;
	unsigned omits; /* nitz_item set: what it does not send */
};

/* Sends +WIND: 15 (boot.md NITZ event) and sets the clock if it follows the network. The
 * modem must be running. */
void at_nitz(struct modem *m, const struct nitz *n);

/* The NITZ that the network would send now. */
struct nitz at_nitz_now(const struct modem *m);

/* Timer callback: sends +CREG 100 ms after AT+CREG=1 or 2. ctx is struct modem. */
void at_creg_announce(void *ctx, usec_t now);

/* The automatic report of AT+CCED=1, every five seconds; ctx is struct modem. */

void at_cced_report(void *ctx, usec_t now);
