/* Text records: how everything non-volatile is written.
 *
 *	fauxtrack clock 2 00000049 8c3f01d2
 *	+CMEE 1
 *	+WMBS 4
 *
 * The first line has the record's name, its version, the number of bytes after that line
 * in decimal, and the CRC-32 of everything but these eight hexadecimal digits; then a key
 * and a value a line. Values are numbers or text without line ends. Records of the first
 * versions have neither length nor checksum; they are still read. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/log.h"

struct nv_ops;

/* What is known of a record besides its contents. */
struct record_kind {
	const char *name;  /* also of its file */
	int version;       /* that is written; every one from `plain` on is read */
	int plain;         /* the last version without length and checksum */
	const char *holds; /* what is lost with it, for people: "PIN, PIN tries" */
};

/* Begins a record in b and returns where, for record_end(). Overflow shows in b->full. */
size_t record_begin(struct buf *b, const struct record_kind *kind);
void record_put(struct buf *b, const char *key, int64_t value);
void record_put_text(struct buf *b, const char *key, const char *value);
void record_put_hex(struct buf *b, const char *key, const void *data, size_t len);

/* Fills in length and checksum of the record that began at `begun`. */
void record_end(struct buf *b, size_t begun);

struct record {
	const char *p, *end;
	int version; /* that it was written in */
	bool plain;  /* ... which has no checksum: to be written anew */
	char key[48];
	const char *value; /* of the present line; not zero-ended */
	size_t len;
};

/* Looks at a stored record: NULL when it is whole, else what is wrong with it, in words
 * that follow the record's name ("is cut short"). */
const char *record_open(
	struct record *r, const void *data, size_t len, const struct record_kind *kind);

/* Steps to the next line: false at the end, or at a line that is none. */
bool record_next(struct record *r);

/* After record_next() returned false: true when nothing is left. */
bool record_read(const struct record *r);

/* The present value; false when it is no number, does not fit, or is not hexadecimal. */
bool record_int(const struct record *r, int64_t *out);
bool record_int_in(const struct record *r, int min, int max, int *out); /* and within */
bool record_text(const struct record *r, char *out, size_t size);
bool record_hex(const struct record *r, void *out, size_t len);

enum record_found {
	RECORD_ABSENT,
	RECORD_FOUND,
	RECORD_BAD, /* it is there, and cannot be read or is damaged (reported) */
};

/* Reads a record of that kind through the memory's load() into mem and opens it. */
enum record_found record_load(const struct nv_ops *memory, const struct log *log,
	const struct record_kind *kind, void *mem, size_t size, struct record *r);

/* Reports a record that has something wrong in it: to the memory's damaged(), which
 * knows where it lies, else to the log. `what` follows the record's name. */
void record_report(const struct nv_ops *memory, const struct log *log,
	const struct record_kind *kind, const char *what);

/* The same for the line that was read last: its value, or the line itself, is wrong.
 * Returns false, for callers that return whether all is well. */
bool record_report_line(const struct nv_ops *memory, const struct log *log,
	const struct record_kind *kind, const struct record *r);
