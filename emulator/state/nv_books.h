/* Phonebooks as records: a few entries per record, so that a write costs little and a
 * power cut leaves each entry old or new. A record that was never stored leaves the
 * profile's entries. */
#pragma once

#include <stdbool.h>

#include "state/profile.h"

struct buf;
struct modem;

struct contact;

/* Stores the record with this position, which held `was` before (NULL: nothing), or the
 * whole book. False when the memory fails (logged); the entry is then as before. */
bool nv_save_contact(
	struct modem *m, enum book_id id, int index, const struct contact *was);
bool nv_save_book(struct modem *m, enum book_id id);

/* Empties a book, record by record; entries whose record could not be stored stay. False
 * when there are any. */
bool nv_clear_book(struct modem *m, enum book_id id);

bool nv_load_books(struct modem *m);
void nv_dump_books(const struct modem *m, struct buf *out);
