/* What has happened to a modem lately: its notices, and the bytes at its port, numbered
 * in one row. The newest of each that fit into a fixed memory are kept. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "state/notice.h"

#define JOURNAL_EVENTS 65536  /* bytes of memory for notices ... */
#define JOURNAL_BYTES  131072 /* ... and for traffic; heads of 48 bytes included */

enum journal_kind {
	JOURNAL_EVENT,
	JOURNAL_FROM_HOST,
	JOURNAL_FROM_MODEM,
};

struct journal_entry {
	uint64_t id; /* from 1, without gaps over both kinds */
	usec_t at;
	enum journal_kind kind;
	enum notice_kind notice;
	bool has_text; /* of a notice: data is its text, with a zero behind it */
	bool has_file; /* of a notice, as are the next two */
	struct notice_file file;
	long value;
	const char *data;
	size_t len;
};

struct journal;

/* Ends the program when memory runs out. */
struct journal *journal_new(void);
void journal_free(struct journal *j); /* NULL is allowed */

/* Both give the id. A text or a burst that is too long for its memory is cut. */
uint64_t journal_event(struct journal *j, const struct notice *n);
uint64_t journal_bytes(struct journal *j, usec_t at, enum journal_kind kind,
	const void *buf, size_t len);

uint64_t journal_last(const struct journal *j); /* id of the newest, 0: none yet */

/* Where a reader is: { .after = ID } begins behind that id. */
struct journal_cursor {
	uint64_t after;
	uint64_t events, bytes; /* where to look on */
};

/* The next entry, of notices only or of both kinds; false when there is none. Valid until
 * another one is made. */
bool journal_next(const struct journal *j, bool events_only, struct journal_cursor *c,
	struct journal_entry *out);

/* The newest id that has been forgotten, 0 while there is none. */
uint64_t journal_lost(const struct journal *j, bool events_only);
