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

/* Loads these records over what the profile gave; absent ones change nothing. False when
 * one cannot be read or belongs to another device (logged). */
bool nv_load(struct modem *m);

/* All of them as text. */
void nv_dump(const struct modem *m, struct buf *out);
