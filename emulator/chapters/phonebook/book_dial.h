/* What calls need of the phonebooks: the number behind ATD>, the fixed dialling list,
 * the lists of calls, the name that belongs to a number. */
#pragma once

#include "at/at.h"

/* ATD>SM6, >10, >"BILL": spec is what follows the > up to the ;. Writes the number as it
 * is told, with + where international, into out of at least CONTACT_NUMBER + 2. AT_OK, or
 * the error of call.md D>. */
int at_book_number(struct modem *m, const char *spec, size_t len, char *out);

/* False when the FD lock is on and the list has no such number: CME 3, +CEER 240. */
bool at_book_may_dial(const struct modem *m, const char *number, size_t len);

/* The card's own list has it as a number for emergencies; no PIN is needed to look. */
bool at_book_emergency(const struct modem *m, const char *number);

/* A call goes into LD, MC or RC and is stored. number: digits with or without +. */
void at_book_log(struct modem *m, enum book_id id, const char *number);

/* Calls from this number are turned away: its contact is in such a group. ctx is struct
 * modem. */
bool at_book_refuses(void *ctx, const char *number);

/* The name of a number in SM, else ME, in the TE's character set; false (out empty) when
 * there is none, or the books are not loaded. */
bool at_book_name(const struct modem *m, const char *number, struct buf *out);
