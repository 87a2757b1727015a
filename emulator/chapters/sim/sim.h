/* Secrets, and what a CPHS SIM reports, for other files and chapters. */
#pragma once

#include <stdbool.h>

#include "at/at.h"
#include "gsm/sim.h"

/* PINs, PUKs and keys in commands and MMI strings (sim.md; services.md GSM sequences). */

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
int at_mmi_unblock_pin(struct channel *ch, bool second, const struct at_arg *puk,
	const struct at_arg *pin);

/* The unsolicited results of a SIM with CPHS. */

/* The network reports that a voice message waits for a line (from 1), or that its calls
 * are diverted. The SIM stores it; the host sees it if AT+CPHS=1,1 or 1,4 was sent.
 * False: no SIM with CPHS is in use. */
bool cphs_voice_mail(struct modem *m, int line, bool waits);
bool cphs_diverted(struct modem *m, int line, bool on);
