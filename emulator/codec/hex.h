/* Hexadecimal digits, as PDU mode and the HEX and UCS2 character sets use them. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"

/* 0-15, or -1 if c is no hexadecimal digit. Both cases count. */
int hex_digit(char c);

/* Decodes `len` digits into out and gives the number of bytes in *n. False, and nothing
 * in *n, when a character is no digit, their number is odd or the bytes are more than
 * max. */
bool hex_decode(const char *text, size_t len, void *out, size_t max, size_t *n);

/* Appends two upper-case digits a byte: all of them or none. */
bool hex_put(struct buf *out, const void *data, size_t len);
