/* Settings: taken over, told, saved, restored. Which parameter is saved when is in its
 * row. */
#pragma once

#include "at/at.h"

/* Takes over the given arguments of a setting; those stored at once are written before
 * this returns. AT_OK, or AT_CME(23) when the memory fails. */
int at_store_values(struct modem *m, const struct at_call *c);

/* Sets one field by the rules of its row. */
int at_store_field(struct modem *m, int field, int value);

/* "+NAME: v1,v2": the stored parameters of a row as information text. */
void at_info_settings(struct modem *m, const struct at_entry *e);

/* &W, Z, &F. */
int at_store_save(struct modem *m);
void at_store_restore(struct modem *m);
int at_store_factory(struct modem *m);

/* +CSAS, +CRES. */
int at_store_save_csas(struct modem *m);
void at_store_restore_csas(struct modem *m, const char *name); /* NULL: all rows */

/* What a boot starts with: the saved settings, and the factory's for what is not saved.
 */
void at_store_boot(struct modem *m);

/* What an install does to the saved settings (install_item set). */
void at_store_install(struct modem *m, unsigned items);

/* The record "settings", by the tables of the firmware that it was written with. False:
 * it could not be read (logged). */
bool at_settings_load(struct modem *m);
bool at_settings_save(struct modem *m);

/* Prints the stored settings, a line each. */
void at_settings_dump(const struct modem *m, struct buf *out);
