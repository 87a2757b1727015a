/* PINs, PUKs and keys in commands and MMI strings (sim.md; services.md GSM sequences). */
#pragma once

#include "at/at.h"

/* Copies an argument of min to max digits (max up to 16) into a string. False: it is
 * anything else. */
bool at_take_digits(const struct at_arg *arg, size_t min, size_t max, char out[17]);

/* Stores PINs and counters, which change with any verdict, and returns the result. If the
 * memory fails, a successful change is undone (the SIM is as it `was`), but a failed try
 * still counts. */
int at_sim_verdict(struct modem *m, const struct sim *was, enum sim_verdict v);

/* The same for the modem's own locks. */
int at_lock_verdict(struct modem *m, const struct sim *was, enum sim_lock_verdict v);

/* Asks for PIN2: CME 17, or CME 18 when it is blocked. */
int at_want_pin2(struct modem *m);

/* Change or unblock PIN1 or PIN2 (`second`) by MMI: **04*old*new*new#, **042*,
 * **05*puk*new*new#, **052*. The arguments are digits; their lengths are checked here. */
int at_mmi_change_pin(
	struct modem *m, bool second, const struct at_arg *old, const struct at_arg *pin);
int at_mmi_unblock_pin(
	struct modem *m, bool second, const struct at_arg *puk, const struct at_arg *pin);
