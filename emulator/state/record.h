/* Text records: how everything non-volatile is written.
 *
 *	fauxtrack settings 1
 *	+CMEE 1
 *	+WMBS 4
 *
 * The first line names the record and its version; then a key and a value a line. Values
 * are numbers or text without line ends. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"

/* Begins a record in b. Overflow shows in b->full. */
void record_begin(struct buf *b, const char *name, int version);
void record_put(struct buf *b, const char *key, int64_t value);
void record_put_text(struct buf *b, const char *key, const char *value);
void record_put_hex(struct buf *b, const char *key, const void *data, size_t len);

struct record {
	const char *p, *end;
	char key[48];
	const char *value; /* of the present line; not zero-ended */
	size_t len;
};

/* Looks at a stored record: false when it is another one or of another version. */
bool record_open(
	struct record *r, const void *data, size_t len, const char *name, int version);

/* Steps to the next line: false at the end. A malformed line ends the record. */
bool record_next(struct record *r);

/* The present value; false when it is no number, does not fit, or is not hexadecimal. */
bool record_int(const struct record *r, int64_t *out);
bool record_text(const struct record *r, char *out, size_t size);
bool record_hex(const struct record *r, void *out, size_t len);
