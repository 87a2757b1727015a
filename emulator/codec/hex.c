#include "codec/hex.h"

static const char digits[] = "0123456789ABCDEF";

int hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'A' && c <= 'F')
		return c - 'A' + 10;
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	return -1;
}

bool hex_decode(const char *text, size_t len, void *out, size_t max, size_t *n)
{
	uint8_t *p = out;
	size_t i;
	int high, low;

	if (len % 2 || len / 2 > max)
		return false;
	for (i = 0; i < len; i += 2) {
		high = hex_digit(text[i]);
		low = hex_digit(text[i + 1]);
		if (high < 0 || low < 0)
			return false;
		p[i / 2] = (uint8_t)(high << 4 | low);
	}
	*n = len / 2;
	return true;
}

bool hex_put(struct buf *out, const void *data, size_t len)
{
	const uint8_t *p = data;
	size_t i;

	if (len > buf_room(out) / 2) {
		out->full = true;
		return false;
	}
	for (i = 0; i < len; i++) {
		buf_putc(out, digits[p[i] >> 4]);
		buf_putc(out, digits[p[i] & 15]);
	}
	return true;
}
