/* 3GPP 23.038 clause 6: the GSM 7 bit default alphabet, its extension table, and the two
 * ways to pack septets into octets. A septet array has one septet (0-127) per byte; an
 * extension character is two of them, GSM7_ESC and its code. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "codec/unicode.h"

#define GSM7_ESC 0x1b
#define GSM7_CR  0x0d

/* The character of a septet of the default table (clause 6.2.1). GSM7_ESC alone is shown
 * as a space, here U+00A0. */
uint32_t gsm7_unicode(uint8_t septet);

/* The character of a code of the extension table (clause 6.2.1.1), 0 if there is none. */
uint32_t gsm7_extension(uint8_t septet);

/* The character at s, which has at least one septet, and the number of septets used.
 * After an escape, a code that is not in the extension table means that of the default
 * table; a second escape means a space; an escape at the end means U+00A0. */
uint32_t gsm7_next(const uint8_t *s, size_t n, size_t *used);

/* Appends all characters of s; false when not all of them fitted. */
bool gsm7_decode(const uint8_t *s, size_t n, struct text *out);

/* The septets of a character: 1, 2, or 0 if it is not in the alphabet. */
size_t gsm7_septets(uint32_t cp, uint8_t out[2]);

/* Counts the septets of a text in *septets. False when the alphabet lacks a character; it
 * counts as 0 septets. */
bool gsm7_count(const uint32_t *cp, size_t n, size_t *septets);

/* Appends the septets of a text. Stops and returns false at the first character that is
 * not in the alphabet or does not fit. */
bool gsm7_encode(const uint32_t *cp, size_t n, struct buf *septets);

/* A similar character of the alphabet (without the accent, another quote), 0 if there is
 * none; cp itself if it is in the alphabet. */
uint32_t gsm7_nearest(uint32_t cp);

/* SMS packing (clause 6.1.2.1): septet i has bits 7i to 7i+6, the lowest bit first.
 * `fill` zero bits, 0-6, come before the first septet, so that text after a user data
 * header starts at a septet boundary. */

/* The number of octets that n septets need after `fill` bits. */
size_t gsm7_octets(size_t n, unsigned fill);

/* Fill bits after a user data header of that many octets, its length octet included
 * (23.040 figure 9.2.3.24 (a)). */
unsigned gsm7_fill(size_t header);

/* Writes gsm7_octets(n, fill) octets; unused bits are zero. Returns their number. */
size_t gsm7_pack(const uint8_t *septets, size_t n, unsigned fill, uint8_t *octets);

/* Reads n septets from gsm7_octets(n, fill) octets. */
void gsm7_unpack(const uint8_t *octets, size_t n, unsigned fill, uint8_t *septets);
