/* What happens to messages, reports and pages that arrive (27.005 clause 3.4.1; sms.md
 * Receiving). */
#pragma once

#include "gsm/smsc.h"

struct modem;

/* Broadcasts a message in as many pages as its text needs, whether or not the host
 * listens. Returns NULL, or what is wrong with it. */
struct sms_page {
	int serial, id, dcs;
	const char *text; /* UTF-8 */
};
const char *at_page_send(struct modem *m, const struct sms_page *p);

/* Power-on and reset. */
void at_sms_init(struct modem *m);
void at_sms_start(struct modem *m);

/* The network or the SIM is back. */
void at_sms_reachable(struct modem *m);

/* +CMMS: a message has been sent, the link stays open for a while; and its end. */
void at_cmms_sent(struct modem *m);
void at_cmms_over(void *ctx, usec_t now);

/* +CNMA; false when no message waits for it. */
bool at_sms_acknowledge(struct modem *m, bool good);
