/* A phonebook entry as the host writes and reads it: short, or with the further fields of
 * extended contacts if AT+WCOS asks for them (GDW-11 p. 58 to 70). */
#pragma once

#include "at/at.h"
#include "gsm/phonebook.h"

#define BOOK_EXTENSION 256 /* maximum number of octets after the name */

/* Shows an entry that exists: +CPBR: 1,"0123456",129,"test". An MT entry has the fields
 * of SM or ME, whichever holds it. */
void at_book_tell(struct channel *ch, const char *command, enum book_id id, int index);

/* Appends the name in the character set of +WPCS; a character it does not have becomes
 * the nearest one. */
void at_book_put_text(const struct modem *m, const struct contact *c, struct buf *out);

/* Reads the arguments of AT+CPBW (index, number, type, name and so on) as an entry of the
 * selected phonebook. Returns AT_OK or the error. */
int at_book_read(struct channel *ch, const struct at_call *c, struct contact *out);

/* The final result for r. */
int at_contact_error(enum contact_result r);

/* Reads a name in the TE's character set. Returns AT_OK or the error. */
int at_book_read_text(
	struct modem *m, const struct at_arg *arg, int max, struct contact *out);
