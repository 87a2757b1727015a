/* What the modem sends for events of the network and of its pins: +WIND, +CREG. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "gsm/net.h"

struct modem;

/* ctx is struct modem. */
void at_net_event(void *ctx, enum net_event e);

/* At power-on and reset: outputs take their initial level. */
void at_pins_boot(struct modem *m);

/* Drives an input from outside, high or low; number as in AT+WIOR. Returns false if there
 * is no pin with that number. */
bool at_drive_pin(struct modem *m, int number, bool high);

/* An edge on interrupt line 0 or 1. */
void at_interrupt(struct modem *m, int line, bool high);

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
