/* Text as Unicode code points, and its UTF-8 and UTF-16 forms. "UCS2" in the GSM world is
 * UTF-16 whose surrogates some handsets use and some do not, so a surrogate without its
 * partner is kept as a code point of its own (D800-DFFF) and comes out as it went in. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"

#define UNICODE_UNKNOWN 0xfffdu /* stands for what could not be read */

/* Code points in the caller's memory; what does not fit is left out and remembered. */
struct text {
	uint32_t *cp;
	size_t n, cap;
	bool full; /* something was left out */
};

void text_init(struct text *t, uint32_t *mem, size_t cap);
bool text_put(struct text *t, uint32_t cp);
bool text_add(struct text *t, const uint32_t *cp, size_t n); /* all or nothing */

/* The code point at s, which has at least one byte, and how many bytes it took.
 * UNICODE_UNKNOWN, and one byte, for what is not UTF-8 (overlong forms and surrogates
 * included). */
uint32_t utf8_next(const char *s, size_t len, size_t *used);

/* Appends what utf8_next() finds in all of s; false when not all of it fitted. */
bool utf8_decode(const char *s, size_t len, struct text *out);

/* Appends the code points as UTF-8, none cut in the middle; what has no UTF-8 form as
 * U+FFFD. False when one did not fit: the rest is left out. */
bool utf8_encode(const uint32_t *cp, size_t n, struct buf *out);

/* Appends the code points of `octets` bytes of big-endian UTF-16; a lone last byte is
 * left out. False when not all fitted. */
bool utf16_decode(const uint8_t *data, size_t octets, struct text *out);

/* The 16-bit units of a code point, 1 or 2; units may be NULL. */
size_t utf16_units(uint32_t cp, uint16_t units[2]);

/* Appends big-endian UTF-16, a pair of surrogates whole or not at all. False when one did
 * not fit: the rest is left out. */
bool utf16_encode(const uint32_t *cp, size_t n, struct buf *out);

/* What a reader takes for cp where it is missing (an accent less, another quote, the
 * Latin letter of the same shape), 0 if there is nothing. It need not be ASCII. */
uint32_t unicode_plain(uint32_t cp);
