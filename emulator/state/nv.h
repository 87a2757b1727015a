/* Non-volatile records: which there are, and how they are written. Every record is text,
 * `key value` lines behind a first line with its name and version; it is stored whole
 * before the OK of the command that changed it. Settings are in at/store.c, the flash in
 * state/flash.c. */
#pragma once

#include <stdbool.h>

#include "gsm/sms.h"

struct buf;
struct modem;

/* Each stores one record: false when the memory fails (logged). */
bool nv_save_boots(struct modem *m);
bool nv_save_faults(struct modem *m); /* rules with `once` that have acted */
bool nv_save_sim(struct modem *m);
bool nv_save_locks(struct modem *m);
bool nv_save_numbers(struct modem *m);
bool nv_save_calls(struct modem *m);
bool nv_save_clock(struct modem *m);
bool nv_save_books(struct modem *m);
bool nv_save_selection(struct modem *m);
bool nv_save_open_at(struct modem *m);
bool nv_save_gprs(struct modem *m);
bool nv_save_services(struct modem *m);
bool nv_save_charge(struct modem *m);
bool nv_save_gpio(struct modem *m);
bool nv_save_charset(struct modem *m);
bool nv_save_messages(struct modem *m, enum sms_store_id id); /* not for BM */
bool nv_save_sms(struct modem *m);                            /* +CSCA, +CSCB, +WCBM */

/* The clock's record is written when it is older than a minute of the clock (exact: than
 * a second); no fault keeps it from that. After each other record, before the time is
 * reported, and at the end: the clock never runs backwards, however the program ended. */
void nv_renew_clock(struct modem *m, bool exact);

/* Whose memory this is, before anything else is read: false (logged with the remedy) when
 * it is another device's or that record is damaged. */
bool nv_load_device(struct modem *m);

/* Loads the other records over what the profile gave; absent ones change nothing, and
 * nothing is written. All of them are read: false when any cannot be or is damaged (each
 * reported). */
bool nv_load(struct modem *m);

/* Writes those that were absent, or all where some are of an earlier version, after
 * everything was read. False when the memory fails (logged). */
bool nv_complete(struct modem *m);

/* All of them as text. */
void nv_dump(const struct modem *m, struct buf *out);
