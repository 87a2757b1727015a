/* Secrets as commands and MMI strings give them (sim.md; services.md GSM sequences). */
#pragma once

#include "at/at.h"

/* Digits between min and max (at most 16) characters, as a string. False: anything else.
 */
bool at_take_digits(const struct at_arg *arg, size_t min, size_t max, char out[17]);

/* Stores PINs and counters, which have changed whatever the verdict, and gives the
 * result. What cannot be stored is taken back: the card is what it `was`; but a try that
 * is gone is gone. */
int at_sim_verdict(struct modem *m, const struct sim *was, enum sim_verdict v);

/* The same for the modem's own locks. */
int at_lock_verdict(struct modem *m, const struct sim *was, enum sim_lock_verdict v);

/* Why PIN2 is missing: asks for it, CME 17 or 18. */
int at_want_pin2(struct modem *m);

/* Both PINs by MMI: **04*old*new*new#, **042*, **05*puk*new*new#, **052* (`second`:
 * PIN2). Texts are digits; their lengths are checked here. */
int at_mmi_change_pin(
	struct modem *m, bool second, const struct at_arg *old, const struct at_arg *pin);
int at_mmi_unblock_pin(
	struct modem *m, bool second, const struct at_arg *puk, const struct at_arg *pin);
