/* A card that comes or goes while the modem runs, and the drawer it lies in (at-1 2.1,
 * at-3 1.2). */
#pragma once

#include "at/at.h"

void card_init(struct modem *m);

/* A card is put into the drawer, or taken out of it. */
void card_insert(struct modem *m, bool in);

/* The drawer is pushed in, or pulled out: a card in it comes or goes with it. */
void card_rack(struct modem *m, bool closed);
