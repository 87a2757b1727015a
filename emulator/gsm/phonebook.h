/* Phonebooks (phonebook.md): those of the card and those of the modem, where each entry
 * is, who may change it, and what the boot tells of them (+WIND: 10 and 11, boot.md
 * Phonebook events). */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "gsm/contact.h"
#include "state/profile.h"

#define BOOK_DIGEST    16
#define BOOK_GROUPS    10  /* of callers (GDW-11 p. 78) */
#define BOOK_GROUP_MAX 100 /* contacts in each (p. 80) */

struct book {
	bool present;
	int capacity, number_max, text_max;
	struct contact *entry; /* capacity of them; index 1 is entry[0] */
};

struct book_group {
	struct contact name; /* its text alone; type 0: there is no such group */
	bool refused;        /* calls from its contacts are turned away */
};

struct books {
	struct book book[BOOKS_STORED];
	struct book_group group[BOOK_GROUPS];
	uint8_t cached[BOOKS_WIND][BOOK_DIGEST]; /* fingerprints of the last boot */
	bool known[BOOKS_WIND];                  /* there is a cached one */
	/* since power-on */
	bool loaded; /* read from the card, and AT+WAIP was 0 */
	enum book_id selected;
	int cursor;    /* of +CPBN, 0: none yet; it speaks of the selected book */
	int last_read; /* by any command; indices, 0: none */
	int last_written, last_number, last_text;
};

/* In the order of AT+CPBS=?. */
extern const struct name book_all_names[];

/* Bytes that the entries want. */
size_t books_size(const struct profile *p);

/* The books as the profile fills them; mem has books_size() bytes. */
void books_init(struct books *b, const struct profile *p, void *mem);

/* What was selected and found is forgotten: power-on, and a card that has gone. */
void books_reset(struct books *b);

void books_select(struct books *b, enum book_id id);

/* There is such a book; MT (SM and ME behind it) if there is either. */
bool book_present(const struct books *b, enum book_id id);
int book_capacity(const struct books *b, enum book_id id);
int book_used(const struct books *b, enum book_id id);
int book_number_max(const struct books *b, enum book_id id);
int book_text_max(const struct books *b, enum book_id id);

/* AT+CPBW may write to it (FD: with PIN2), or at least erase an entry (S000293I p. 49).
 */
bool book_writable(enum book_id id);
bool book_erasable(enum book_id id);

/* The book and place where an entry of MT really is; for others they stay. */
void book_resolve(const struct books *b, enum book_id *id, int *index);

/* The entry, NULL where the place is free or outside the book. */
const struct contact *book_at(const struct books *b, enum book_id id, int index);

/* Puts an entry on a place that exists; NULL clears it. */
void book_put(struct books *b, enum book_id id, int index, const struct contact *c);

/* The first free place, 0 if there is none. */
int book_free_place(const struct books *b, enum book_id id);

/* A call: it comes first, a place with the same number goes, else the oldest. */
void book_push(struct books *b, enum book_id id, const struct contact *c);

/* The neighbour of `from` in alphabetical order, 0 if there is none; from 0: the first,
 * or the last backwards. */
int book_next(const struct books *b, enum book_id id, int from, bool backwards);

/* The same among entries whose text begins so; in MT by the index (GDW-11 p. 354). */
int book_next_like(
	const struct books *b, enum book_id id, int from, const struct contact *prefix);

/* The first entry with this number, 0 if there is none. */
int book_find_number(const struct books *b, enum book_id id, const struct contact *c);

/* The same; without one, that of this subscriber. */
int book_find_subscriber(const struct books *b, enum book_id id, const struct contact *c);

/* ---- groups of callers, from 1 ------------------------------------------------------
 */

/* There is such a group. */
bool book_group_exists(const struct books *b, int group);

/* How many contacts of SM and ME it has. */
int book_group_used(const struct books *b, int group);

/* The number is that of a contact whose group is turned away. */
bool books_refuse(const struct books *b, const char *number);

/* With the FD lock on only numbers that begin with an entry of FD may be dialled (call.md
 * D); ? in an entry stands for any digit. number: digits with or without +. */
bool books_fixed_allows(const struct books *b, const char *number, size_t len);

/* ---- fingerprints ----------------------------------------------------------------
 */

/* MD5 over the book's records, in the order of their index. */
void book_digest(const struct books *b, enum book_id id, uint8_t out[BOOK_DIGEST]);

/* True if the book differs from the cache, which takes it over. */
bool book_reload(struct books *b, enum book_id id);

/* Forgets the cached fingerprints of an install_item set. */
void books_forget(struct books *b, unsigned install_items);
