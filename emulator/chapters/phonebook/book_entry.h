/* An entry of a phonebook as the host writes and reads it: short, or with what extended
 * contacts have beside where AT+WCOS asks for it (GDW-11 p. 58 to 70). */
#pragma once

#include "at/at.h"

#define BOOK_EXTENSION 256 /* octets that follow the name at most */

/* "+CPBR: 1,"0123456",129,"test"", for an entry that exists; a place of MT is told by its
 * book. */
void at_book_tell(struct modem *m, const char *command, enum book_id id, int index);

/* The name as the host reads it, by +WPCS; what that set does not have is told by what is
 * nearest. */
void at_book_put_text(const struct modem *m, const struct contact *c, struct buf *out);

/* What the arguments of AT+CPBW say, index, number, type, name and so on, as an entry of
 * the selected book. */
int at_book_read(struct modem *m, const struct at_call *c, struct contact *out);

/* As a result. */
int at_contact_error(enum contact_result r);

/* The name that TE text is; another result is its error. */
int at_book_read_text(
	struct modem *m, const struct at_arg *arg, int max, struct contact *out);
