/* What the phonebooks of the card hold, as far as the boot tells of them: which were
 * changed since the last boot, and their fingerprints (+WIND: 10 and 11, at-3 1.1). */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "state/profile.h"

#define BOOK_DIGEST 16

struct books {
	const struct sim_conf *card;
	uint8_t cached[BOOKS_WIND][BOOK_DIGEST]; /* of the last boot */
	bool known[BOOKS_WIND];                  /* there is a cached one */
};

/* The cache as it is after a boot with this card. */
void books_init(struct books *b, const struct sim_conf *card);

bool book_present(const struct books *b, enum book_id id);

/* MD5 over the book's records, in the order of their index. */
void book_digest(const struct books *b, enum book_id id, uint8_t out[BOOK_DIGEST]);

/* True if the book differs from the cache, which takes it over. */
bool book_reload(struct books *b, enum book_id id);

/* Forgets the cached fingerprints of an install_item set. */
void books_forget(struct books *b, unsigned install_items);
