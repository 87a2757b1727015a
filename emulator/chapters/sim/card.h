/* A SIM that is inserted or removed while the modem runs, and its drawer (sim.md SIM
 * states, boot.md SIM drawer). */
#pragma once

#include "at/at.h"

void card_init(struct modem *m);

/* Puts the SIM into the drawer, or takes it out. */
void card_insert(struct modem *m, bool in);

/* Pushes the drawer in, or pulls it out, with the SIM that may be in it. */
void card_rack(struct modem *m, bool closed);

/* The SIM loses contact for `time` while the modem uses it: an unsolicited +CME ERROR:
 * 13, and no network for that time and one search. False when no SIM is in use. */
bool card_glitch(struct modem *m, usec_t time);
