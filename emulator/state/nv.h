/* Non-volatile records: which exist, and how they are written. Every record is text: a
 * first line with its name and version, then `key value` lines. It is stored whole before
 * the OK of the command that changed it. Settings are in at/store.c, the flash in
 * state/flash.c. */
#pragma once

#include <stdbool.h>

#include "gsm/sms.h"
#include "gsm/smsc.h"

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
bool nv_save_messages(struct modem *m, enum sms_store_id id); /* except BM */
bool nv_save_sms(struct modem *m);                            /* +CSCA, +CSCB, +WCBM */
/* Of the service centre: it does not matter that the modem's memory fails (a fault rule),
 * and what could not be stored stays as it is in memory. */
bool nv_save_smsc(struct modem *m, enum smsc_record which);

/* Writes the clock's record when it is older than a minute of clock time (exact: than a
 * second); no fault prevents this. Called after each other record, before the time is
 * reported, and at the end, so that the clock never runs backwards, however the program
 * ended. */
void nv_renew_clock(struct modem *m, bool exact);

/* Loads the record that says which unit this memory belongs to, before anything else:
 * false (logged with the remedy) when it is another device's or the record is damaged. */
bool nv_load_device(struct modem *m);

/* Loads the other records over what the profile gave; absent ones change nothing, and
 * nothing is written. All of them are read: false when any one cannot be read or is
 * damaged (each one reported). */
bool nv_load(struct modem *m);

/* After everything was read, writes the records that were absent, or all of them if some
 * are of an earlier version. False when the memory fails (logged). */
bool nv_complete(struct modem *m);

/* All records as text. */
void nv_dump(const struct modem *m, struct buf *out);
