/* What calls need from the phonebooks: the number of ATD>, the fixed dialling list, the
 * call lists, the name of a number. */
#pragma once

#include "at/at.h"
#include "gsm/phonebook.h"

/* ATD>SM6, >10, >"BILL": spec is the text between > and ;. Writes the number, with + if
 * it is international, into out of at least CONTACT_NUMBER + 2 bytes. Returns AT_OK, or
 * the error of call.md D>. */
int at_book_number(struct modem *m, const char *spec, size_t len, char *out);

/* False when the FD lock is on and the list has no such number. */
bool at_book_may_dial(const struct modem *m, const char *number, size_t len);

/* Whether the SIM's own list has this emergency number; works without a PIN. */
bool at_book_emergency(const struct modem *m, const char *number);

/* Adds a call to LD, MC or RC and stores the list. number: digits with or without +. */
void at_book_log(struct modem *m, enum book_id id, const char *number);

/* Whether calls from this number are refused: its contact is in a group that
 * AT+WPGS=1,<group>,0 refuses. ctx is struct modem. */
bool at_book_refuses(void *ctx, const char *number);

/* The name of a number in SM, else ME, in the TE's character set; false (out empty) when
 * there is none, or the phonebooks are not loaded. */
bool at_book_name(const struct modem *m, const char *number, struct buf *out);
