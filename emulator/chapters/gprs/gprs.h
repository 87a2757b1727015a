/* GPRS between gsm/gprs.h and the language. */
#pragma once

#include "at/at.h"
#include "gsm/gprs.h"
#include "link/ppp.h"

enum at_cgclass { /* places among the choices of +CGCLASS */
	CGCLASS_B,
	CGCLASS_CG,
	CGCLASS_CC,
	CGCLASS_A, /* known to 27.007, not to this hardware */
};
enum { /* +CGAUTO: S0 and ATA answer GPRS calls alone */
	CGAUTO_GPRS = 2,
};
#define CME_CLASS 150 /* not in this mobile class (GDW-11 p. 296) */

/* What happens becomes +CGREG, +CGEV and the end of commands; ctx is struct modem. */
void at_gprs_event(void *ctx, enum gprs_event e, int cid);

/* What was asked for has come to nothing, with this error: +CEER tells the cause. */
void at_gprs_failed(struct modem *m, int error);

/* The files of the card are read: tells +CGREG: 0, or attaches. */
void at_gprs_boot(struct modem *m);

/* The circuit registration has changed; or only the cell. */
void at_gprs_network(struct modem *m);
void at_gprs_cell(struct modem *m);

/* True for a GPRS dial string such as *99***1#, as it stands behind ATD (T or P and
 * blanks may lead it). */
bool at_is_gprs_dial(const char *text, size_t len);

/* ATD*99...#: goes online, and gives the result of the command: AT_SILENT when CONNECT is
 * out, an error otherwise. Nothing may follow it on its line. */
int at_gprs_dial(struct modem *m, const char *text, size_t len);

/* Ends an online session, if there is one, without a word: ATH, DTR. */
void at_gprs_hang_up(struct modem *m);

/* For link/ppp.h: says OK or NO CARRIER. */
void at_ppp_ended(struct modem *m, enum ppp_end why);
