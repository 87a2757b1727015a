/* Text as Unicode code points, and its UTF-8 and UTF-16 forms. "UCS2" in GSM is UTF-16,
 * with surrogates from some handsets and without them from others. So a surrogate without
 * its partner is kept as a separate code point (D800-DFFF) and written unchanged. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"

#define UNICODE_UNKNOWN 0xfffdu /* replaces what could not be read */

/* Code points in the caller's memory; what does not fit is left out and remembered in
 * `full`. */
struct text {
	uint32_t *cp;
	size_t n, cap;
	bool full; /* something was left out */
};

void text_init(struct text *t, uint32_t *mem, size_t cap);
bool text_put(struct text *t, uint32_t cp);

/* The code point at s, which has at least one byte, and the number of bytes used.
 * UNICODE_UNKNOWN, and one byte, for invalid UTF-8 (overlong forms and surrogates
 * included). */
uint32_t utf8_next(const char *s, size_t len, size_t *used);

/* Appends all code points of s; false when not all of them fitted. */
bool utf8_decode(const char *s, size_t len, struct text *out);

/* Appends the code points as UTF-8, none cut in the middle; one without a UTF-8 form
 * becomes U+FFFD. False when one did not fit: the rest is left out. */
bool utf8_encode(const uint32_t *cp, size_t n, struct buf *out);

/* Appends the code points of `octets` bytes of big-endian UTF-16; an odd last byte is
 * left out. False when not all of them fitted. */
bool utf16_decode(const uint8_t *data, size_t octets, struct text *out);

/* The 16-bit units of a code point, 1 or 2; units may be NULL. */
size_t utf16_units(uint32_t cp, uint16_t units[2]);

/* Appends big-endian UTF-16, a pair of surrogates as a whole or not at all. False when
 * one did not fit: the rest is left out. */
bool utf16_encode(const uint32_t *cp, size_t n, struct buf *out);

/* A similar character for a reader where cp is missing (without the accent, another
 * quote, the Latin letter of the same shape), 0 if there is none. It may be non-ASCII. */
uint32_t unicode_plain(uint32_t cp);
