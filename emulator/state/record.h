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

/* Description of a record, apart from its contents. */
struct record_kind {
	const char *name; /* also the name of its file */
	int version;      /* the version written; every one from `plain` on can be read */
	int plain;        /* the last version without length and checksum */
	const char *holds; /* what is lost with it, in plain words: "PIN, PIN tries" */
};

/* Begins a record in b and returns its start, for record_end(). Overflow sets b->full. */
size_t record_begin(struct buf *b, const struct record_kind *kind);
void record_put(struct buf *b, const char *key, int64_t value);
void record_put_text(struct buf *b, const char *key, const char *value);
void record_put_hex(struct buf *b, const char *key, const void *data, size_t len);

/* Fills in length and checksum of the record that starts at `begun`. */
void record_end(struct buf *b, size_t begun);

struct record {
	const char *p, *end;
	int version; /* the version of the stored record */
	bool plain;  /* ... has no checksum: rewrite it */
	char key[48];
	const char *value; /* of the current line; not zero-terminated */
	size_t len;
};

/* Steps to the next line: false at the end, or at an invalid line. */
bool record_next(struct record *r);

/* After record_next() has returned false: true if the end was reached. */
bool record_read(const struct record *r);

/* The current value; false when it is not a number, does not fit, or is not
 * hexadecimal. */
bool record_int(const struct record *r, int64_t *out);
bool record_int_in(const struct record *r, int min, int max, int *out); /* and within */
bool record_text(const struct record *r, char *out, size_t size);
bool record_hex(const struct record *r, void *out, size_t len);

enum record_found {
	RECORD_ABSENT,
	RECORD_FOUND,
	RECORD_BAD, /* it exists, but cannot be read or is damaged (reported) */
};

/* Reads a record of that kind with the memory's load() into mem and opens it. */
enum record_found record_load(const struct nv_ops *memory, const struct log *log,
	const struct record_kind *kind, void *mem, size_t size, struct record *r);

/* Reports a damaged record: to the memory's damaged(), which knows where it is stored,
 * else to the log. `what` follows the record's name. */
void record_report(const struct nv_ops *memory, const struct log *log,
	const struct record_kind *kind, const char *what);

/* The same for the last line read: its value, or the line itself, is wrong. Always
 * returns false, so that callers can return it. */
bool record_report_line(const struct nv_ops *memory, const struct log *log,
	const struct record_kind *kind, const struct record *r);
