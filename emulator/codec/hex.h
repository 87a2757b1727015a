/* Hexadecimal digits, as PDU mode and the HEX and UCS2 character sets use them. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"

/* 0-15, or -1 if c is not a hexadecimal digit, in either case. */
int hex_digit(char c);

/* Decodes `len` digits into out; *n is the number of bytes. False, leaving *n alone, when
 * a character is not a digit, the number of digits is odd or there are more than max
 * bytes. */
bool hex_decode(const char *text, size_t len, void *out, size_t max, size_t *n);

/* Appends two upper-case digits per byte: all of them or none. */
bool hex_put(struct buf *out, const void *data, size_t len);
