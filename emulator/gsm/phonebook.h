/* Phonebooks (phonebook.md): those of the SIM and those of the modem, the place of each
 * entry, write access, and what the boot reports of them (+WIND: 10 and 11, boot.md
 * Phonebook events). */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "gsm/contact.h"
#include "state/profile.h"

#define BOOK_DIGEST    16
#define BOOK_GROUPS    10  /* caller groups (GDW-11 p. 78) */
#define BOOK_GROUP_MAX 100 /* contacts in each (p. 80) */

struct book {
	bool present;
	int capacity, number_max, text_max;
	struct contact *entry; /* `capacity` entries; index 1 is entry[0] */
	int top;               /* the last one that is in use, 0: none is */
};

struct book_group {
	struct contact name; /* only its text is used; type 0: no such group */
	bool refused;        /* calls from its contacts are rejected */
};

struct books {
	struct book book[BOOKS_STORED];
	struct book_group *group;                /* BOOK_GROUPS */
	uint8_t cached[BOOKS_WIND][BOOK_DIGEST]; /* fingerprints of the last boot */
	bool known[BOOKS_WIND];                  /* there is a fingerprint */
	/* since power-on */
	bool loaded; /* read from the SIM, and AT+WAIP was 0 */
	enum book_id selected;
	int cursor;    /* of +CPBN, 0: none yet; in the selected book */
	int last_read; /* by any command; indices, 0: none */
	int last_written, last_number, last_text;
};

/* In the order of AT+CPBS=?. */
extern const struct name book_all_names[];

/* The number of bytes that the entries and groups need. */
size_t books_size(const struct profile *p);

/* The books as in the profile; own: another number for the first entry of ON, or NULL.
 * mem has books_size() bytes, all zero. */
void books_init(struct books *b, const struct profile *p, const char *own, void *mem);

/* Clears selection and search results: at power-on, and when the SIM is removed. */
void books_reset(struct books *b);

void books_select(struct books *b, enum book_id id);

/* Whether there is such a book; MT (SM, then ME) if there is either. */
bool book_present(const struct books *b, enum book_id id);
int book_capacity(const struct books *b, enum book_id id);
int book_used(const struct books *b, enum book_id id);
int book_number_max(const struct books *b, enum book_id id);
int book_text_max(const struct books *b, enum book_id id);

/* Whether AT+CPBW may write to it (FD: with PIN2), or at least erase an entry (S000293I
 * p. 49). */
bool book_writable(enum book_id id);
bool book_erasable(enum book_id id);

/* The actual book and place of an MT entry; unchanged for other books. */
void book_resolve(const struct books *b, enum book_id *id, int *index);

/* The entry, NULL if the place is free or outside the book. */
const struct contact *book_at(const struct books *b, enum book_id id, int index);

/* Stores an entry at an existing place; NULL clears it. */
void book_put(struct books *b, enum book_id id, int index, const struct contact *c);

/* The first free place, 0 if there is none. */
int book_free_place(const struct books *b, enum book_id id);

/* Adds a call as the first entry; removes the entry with the same number, else the
 * oldest. */
void book_push(struct books *b, enum book_id id, const struct contact *c);

/* The neighbour of `from` in alphabetical order, 0 if there is none; from 0: the first,
 * or with `backwards` the last. */
int book_next(const struct books *b, enum book_id id, int from, bool backwards);

/* The same among entries whose text starts so; in MT by index (GDW-11 p. 354). */
int book_next_like(
	const struct books *b, enum book_id id, int from, const struct contact *prefix);

/* The first entry with this number, 0 if there is none. */
int book_find_number(const struct books *b, enum book_id id, const struct contact *c);

/* The same; if there is none, the first entry of the same subscriber. */
int book_find_subscriber(const struct books *b, enum book_id id, const struct contact *c);

/* ---- caller groups, from 1 -----------------------------------------------------------
 */

/* Whether there is such a group. */
bool book_group_exists(const struct books *b, int group);

/* The number of contacts of SM and ME in it. */
int book_group_used(const struct books *b, int group);

/* Whether the number belongs to a contact whose group is rejected. */
bool books_refuse(const struct books *b, const char *number);

/* With the FD lock on, only numbers that start with an FD entry may be dialled (call.md
 * D); ? in an entry matches any digit. number: digits with or without +. */
bool books_fixed_allows(const struct books *b, const char *number, size_t len);

/* ---- fingerprints ----------------------------------------------------------------
 */

/* MD5 over the book's records, in the order of their index. */
void book_digest(const struct books *b, enum book_id id, uint8_t out[BOOK_DIGEST]);

/* True if the book differs from the cached fingerprint, which is then updated. */
bool book_reload(struct books *b, enum book_id id);

/* Forgets the cached fingerprints of an install_item set. */
void books_forget(struct books *b, unsigned install_items);
