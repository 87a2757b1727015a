/* What commands from YAML keep. Their values in effect have places in struct settings, as
 * those of C have; which value has which place depends on the firmware and on the
 * application that runs. So what is stored is kept by name, here, whether its command
 * exists now or not: a value is there again when its firmware or application is.
 *
 * A text is a number in struct settings: 0 is the factory's, others count texts here. */
#pragma once

#include "at/at.h"

/* Whether a place in struct settings belongs to a command from YAML. */
static inline bool at_kept_field(int field)
{
	return field >= SETTING(data) && field < SETTING(data) + SETTINGS_DATA;
}

/* "+NAME", or "+NAME.parameter" for those after the first: its name in the record. */
void at_kept_key(
	const struct at_cmd *cmd, size_t param, const char *name, char *key, size_t size);

/* Takes a line of the record whose key no row of C has; value is its text, "\"..." for a
 * text. False: it is neither a number nor a text. */
bool at_kept_load(struct modem *m, const char *key, const char *value, size_t len);

/* What a profile says the memory of a new unit has. False: the set has no command from
 * YAML that keeps a value of that name, or the value is not legal. */
bool at_kept_default(
	struct modem *m, const struct at_set *set, const char *name, const char *value);

/* The stored values of the commands that exist now: from m->user by name, and back. */
void at_kept_save(struct modem *m);
void at_kept_restore(struct modem *m);

/* Writes all of them, a line each. */
void at_kept_write(const struct modem *m, struct buf *out);

/* The text that the value of a parameter stands for. */
const char *at_kept_text(
	const struct modem *m, const struct at_entry *e, size_t param, int value);

/* Whether the text can be kept; the value that stands for it from now on. */
bool at_kept_fits(const char *text, size_t len);
int at_kept_number(struct modem *m, const char *text, size_t len);
