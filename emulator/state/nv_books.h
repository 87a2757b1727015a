/* Phonebooks as records: a few entries a record, so that a write costs little and a cut
 * leaves each entry old or new. A record that was never stored leaves what the profile
 * gave. */
#pragma once

#include <stdbool.h>

#include "state/profile.h"

struct buf;
struct modem;

/* Stores the record with this place, or the whole book: false when the memory fails
 * (logged). */
bool nv_save_contact(struct modem *m, enum book_id id, int index);
bool nv_save_book(struct modem *m, enum book_id id);

bool nv_load_books(struct modem *m);
void nv_dump_books(const struct modem *m, struct buf *out);
