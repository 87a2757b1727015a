/* Settings: stored, reported, saved, restored. When each parameter is saved is in its
 * row. */
#pragma once

#include "at/at.h"

/* Stores the given arguments of a setting; those that are kept at once are written before
 * this returns. AT_OK, or AT_CME(23) when the memory fails. */
int at_store_values(struct channel *ch, const struct at_call *c);

/* Sets one field as its row says. */
int at_store_field(struct channel *ch, int field, int value);

/* "+NAME: v1,v2": the stored parameters of a row as information text. */
void at_info_settings(struct channel *ch, const struct at_entry *e);

/* The same values, "v1,v2", from any settings. */
void at_put_values(struct buf *b, const struct modem *m, const struct at_entry *e,
	const struct settings *s);

/* The factory's settings of the commands that exist now. */
void at_store_factory_values(const struct modem *m, struct settings *s);

/* The application that runs has begun while the modem is on: its kept values take effect.
 * A boot does it by itself. */
void at_store_application(struct modem *m);

/* &W, Z, &F. */
int at_store_save(struct channel *ch);
void at_store_restore(struct channel *ch);
int at_store_factory(struct channel *ch);

/* +CSAS, +CRES. */
int at_store_save_csas(struct channel *ch);
void at_store_restore_csas(struct channel *ch, const char *name); /* NULL: all rows */

/* What a boot starts with: the saved settings, and the factory values for the others. */
void at_store_boot(struct modem *m);

/* What an install does to the saved settings (install_item set). */
void at_store_install(struct modem *m, unsigned items);

/* Loads the record "settings", by the tables of the firmware that wrote it. False: it
 * could not be read (logged). */
bool at_settings_load(struct modem *m);
bool at_settings_save(struct modem *m);

/* Prints the stored settings, a line each. */
void at_settings_dump(const struct modem *m, struct buf *out);
