/* A card that comes or goes while the modem runs, and the drawer it lies in (sim.md SIM
 * states, boot.md SIM drawer). */
#pragma once

#include "at/at.h"

void card_init(struct modem *m);

/* A card is put into the drawer, or taken out of it. */
void card_insert(struct modem *m, bool in);

/* The drawer is pushed in, or pulled out: a card in it comes or goes with it. */
/* Its contact is lost for `time` while the modem uses it: +CME ERROR: 13 unasked, and the
 * network is gone for that time and a search. False when no card is in use. */
bool card_glitch(struct modem *m, usec_t time);

void card_rack(struct modem *m, bool closed);
