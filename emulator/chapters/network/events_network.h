/* What the world's happenings become in AT: +WIND, +CREG, +CALA. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "gsm/net.h"

struct modem;

/* ctx is struct modem. */
void at_net_event(void *ctx, enum net_event e);

/* Power-on and reset: outputs take their first level. */
void at_pins_boot(struct modem *m);

/* The world pulls an input, by its number in AT+WIOR, up or down. False: there is none of
 * that number. */
bool at_drive_pin(struct modem *m, int number, bool high);

/* An edge on interrupt line 0 or 1. */
void at_interrupt(struct modem *m, int line, bool high);

/* What a network tells of itself: names, universal time in seconds since 1970, quarter
 * hours east of Greenwich, hours of summer time in them. */
struct nitz {
	const char *long_name, *short_name;
	int64_t time;
	int zone, saving;
	unsigned omits; /* nitz_item set of what it does not tell */
};

/* +WIND: 15 (boot.md NITZ event), and the clock where it follows the network. The modem
 * runs. */
void at_nitz(struct modem *m, const struct nitz *n);

/* The same as the network would tell it now. */
struct nitz at_nitz_now(const struct modem *m);

/* Tells the registration 100 ms after AT+CREG=1 or 2. */
void at_creg_announce(void *ctx, usec_t now);
