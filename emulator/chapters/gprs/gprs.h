/* GPRS: connects gsm/gprs.h to the AT commands. */
#pragma once

#include "at/at.h"
#include "gsm/gprs.h"
#include "link/ppp.h"

enum at_cgclass { /* indexes into the choices of +CGCLASS */
	CGCLASS_B,
	CGCLASS_CG,
	CGCLASS_CC,
	CGCLASS_A, /* in 27.007, but not supported by this hardware */
};
enum { /* +CGAUTO: S0 and ATA answer only GPRS calls */
	CGAUTO_GPRS = 2,
};
#define CME_CLASS 150 /* not in this mobile class (GDW-11 p. 296) */

/* Reports GPRS events to the host: +CGREG, +CGEV; wakes commands that wait. ctx is struct
 * modem. */
void at_gprs_event(void *ctx, enum gprs_event e, int cid);

/* A request has failed with this error: sets the cause that +CEER reports. */
void at_gprs_failed(struct modem *m, int error);

/* The SIM files have been read: attaches, or reports +CGREG: 0. */
void at_gprs_boot(struct modem *m);

/* The circuit-switched registration has changed; for at_gprs_cell() only the cell. */
void at_gprs_network(struct modem *m);
void at_gprs_cell(struct modem *m);

/* True for a GPRS dial string such as *99***1#, as it follows ATD (T, P and spaces may
 * precede it). */
bool at_is_gprs_dial(const char *text, size_t len);

/* ATD*99...#: goes online. Returns AT_SILENT if CONNECT has been sent, else an error.
 * Nothing may follow the string on its line. */
int at_gprs_dial(struct channel *ch, const char *text, size_t len);

/* Ends a PPP session, if there is one, without a result: for ATH and DTR. */
void at_gprs_hang_up(struct modem *m);

/* What link/ppp.h wants of its owner: the context, and OK or NO CARRIER at the end. */
extern const struct ppp_owner at_ppp_owner;

/* A request of GPRS has ended, or a context may be gone: the PPP session goes on with it,
 * or ends. */
void at_ppp_settled(struct modem *m);
void at_ppp_follow(struct modem *m);
