/* The recent history of a modem: its notices, and the bytes at its port, numbered in one
 * sequence. Each kind has a memory of fixed size, which keeps its newest entries and is
 * taken with the first. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "state/notice.h"

#define JOURNAL_EVENTS 16384 /* bytes of memory for notices ... */
#define JOURNAL_BYTES  32768 /* ... and for traffic, including heads of 16 bytes */

enum journal_kind {
	JOURNAL_EVENT,
	JOURNAL_FROM_HOST,
	JOURNAL_FROM_MODEM,
};

struct journal_entry {
	uint64_t id; /* from 1, without gaps across both kinds */
	usec_t at;
	unsigned port; /* enum modem_port */
	enum journal_kind kind;
	enum notice_kind notice;
	bool has_text; /* of a notice: data is its text, with a terminating zero */
	bool has_file; /* of a notice, like the next two members */
	struct notice_file file;
	long value;
	const char *data;
	size_t len;
};

struct journal;

/* Ends the program if out of memory. */
struct journal *journal_new(void);
void journal_free(struct journal *j); /* NULL is allowed */

/* Both return the id. A text or a burst that is too long for the memory is cut. */
uint64_t journal_event(struct journal *j, const struct notice *n);
uint64_t journal_bytes(struct journal *j, unsigned port, usec_t at,
	enum journal_kind kind, const void *buf, size_t len);

uint64_t journal_last(const struct journal *j); /* id of the newest; 0: no entry yet */

/* The position of a reader: { .after = ID } begins after that id. */
struct journal_cursor {
	uint64_t after;
	uint64_t events, bytes; /* offsets to continue at */
};

/* The next entry, of notices only or of both kinds; false if there is none. Valid until
 * an entry is added. */
bool journal_next(const struct journal *j, bool events_only, struct journal_cursor *c,
	struct journal_entry *out);

/* The newest id that is no longer kept; 0 while all are kept. */
uint64_t journal_lost(const struct journal *j, bool events_only);
