/* Messages as 27.005 clauses 3.4.1 to 4.2 describe them, in the format of +CMGF, +CSDH
 * and +CSCS. A message is one line, or a header line and a line of text or PDU. */
#pragma once

#include "at/at.h"
#include "codec/tpdu.h"
#include "gsm/sms.h"

#define SMS_HEAD 360
#define SMS_DATA 660 /* 160 characters in UCS2 digits */

struct sms_lines {
	char head_mem[SMS_HEAD], data_mem[SMS_DATA];
	struct buf head, data;
	bool two; /* there is a second line */
};

/* Begins a message, with this text in its first line. */
void sms_lines_init(struct sms_lines *l, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

/* The part after "+CMGR: " and "+CMGL: <index>,". */
void sms_show_read(
	struct modem *m, const struct sms_slot *slot, bool page, struct sms_lines *l);
void sms_show_listed(
	struct modem *m, const struct sms_slot *slot, bool page, struct sms_lines *l);

/* The part after "+CMT: ", "+CDS: " and "+CBM: ". */
void sms_show_deliver(struct modem *m, const struct address *sc, const struct tpdu *t,
	struct sms_lines *l);
void sms_show_report(struct modem *m, const struct address *sc, const struct tpdu *t,
	struct sms_lines *l);
void sms_show_page(struct modem *m, const uint8_t *page, struct sms_lines *l);

/* Sends the lines as information text, or as a URC. */
void sms_lines_info(struct channel *ch, const struct sms_lines *l);
void sms_lines_urc(struct modem *m, const struct sms_lines *l);

/* "REC UNREAD" and so on, in the order of enum sms_status, "ALL" last. */
extern const struct name sms_stat_names[];
