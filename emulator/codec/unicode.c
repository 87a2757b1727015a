#include "codec/unicode.h"

#include <string.h>

struct pair {
	uint16_t from, to;
};

/* U+00C0 to U+00FF in ASCII; 0 where no character is similar. */
static const char latin[64] = "AAAAAAACEEEEIIIIDNOOOOOxOUUUUY\0s"
			      "aaaaaaaceeeeiiiidnooooo/ouuuuy\0y";

static const struct pair alike[] = {
	{ 0x00a0, ' ' },
	{ 0x00ab, '"' },
	{ 0x00b4, '\'' },
	{ 0x00b7, '.' },
	{ 0x00bb, '"' },
	{ 0x0391, 'A' },
	{ 0x0392, 'B' },
	{ 0x0395, 'E' },
	{ 0x0396, 'Z' },
	{ 0x0397, 'H' },
	{ 0x0399, 'I' },
	{ 0x039a, 'K' },
	{ 0x039c, 'M' },
	{ 0x039d, 'N' },
	{ 0x039f, 'O' },
	{ 0x03a1, 'P' },
	{ 0x03a4, 'T' },
	{ 0x03a5, 'Y' },
	{ 0x03a7, 'X' },
	{ 0x03b4, 0x0394 },
	{ 0x03c0, 0x03a0 },
	{ 0x03c3, 0x03a3 },
	{ 0x03c6, 0x03a6 },
	{ 0x2010, '-' },
	{ 0x2011, '-' },
	{ 0x2013, '-' },
	{ 0x2014, '-' },
	{ 0x2018, '\'' },
	{ 0x2019, '\'' },
	{ 0x201c, '"' },
	{ 0x201d, '"' },
	{ 0x2022, '*' },
	{ 0x2026, '.' },
	{ 0x2126, 0x03a9 },
	{ '`', '\'' },
};

static bool surrogate(uint32_t cp)
{
	return cp >= 0xd800 && cp <= 0xdfff;
}

void text_init(struct text *t, uint32_t *mem, size_t cap)
{
	*t = (struct text){ .cp = mem, .cap = cap };
}

/* All or nothing. */
static bool text_add(struct text *t, const uint32_t *cp, size_t n)
{
	if (n > t->cap - t->n) {
		t->full = true;
		return false;
	}
	if (n)
		memcpy(t->cp + t->n, cp, n * sizeof(*cp));
	t->n += n;
	return true;
}

bool text_put(struct text *t, uint32_t cp)
{
	return text_add(t, &cp, 1);
}

uint32_t utf8_next(const char *s, size_t len, size_t *used)
{
	static const uint32_t least[] = { 0, 0, 0x80, 0x800, 0x10000 };
	uint8_t c = (uint8_t)s[0];
	size_t i, n;
	uint32_t cp;

	*used = 1;
	if (c < 0x80)
		return c;
	n = c < 0xc0 ? 0 : c < 0xe0 ? 2 : c < 0xf0 ? 3 : c < 0xf8 ? 4 : 0;
	if (!n || n > len)
		return UNICODE_UNKNOWN;
	cp = c & (0x7fu >> n);
	for (i = 1; i < n; i++) {
		if (((uint8_t)s[i] & 0xc0) != 0x80)
			return UNICODE_UNKNOWN;
		cp = cp << 6 | ((uint8_t)s[i] & 0x3f);
	}
	if (cp < least[n] || cp > 0x10ffff || surrogate(cp))
		return UNICODE_UNKNOWN;
	*used = n;
	return cp;
}

bool utf8_decode(const char *s, size_t len, struct text *out)
{
	size_t at = 0, used;

	while (at < len) {
		if (!text_put(out, utf8_next(s + at, len - at, &used)))
			return false;
		at += used;
	}
	return true;
}

static size_t utf8_bytes(uint32_t cp, uint8_t out[4])
{
	if (cp > 0x10ffff || surrogate(cp))
		cp = UNICODE_UNKNOWN;
	if (cp < 0x80) {
		out[0] = (uint8_t)cp;
		return 1;
	}
	if (cp < 0x800) {
		out[0] = (uint8_t)(0xc0 | cp >> 6);
		out[1] = (uint8_t)(0x80 | (cp & 0x3f));
		return 2;
	}
	if (cp < 0x10000) {
		out[0] = (uint8_t)(0xe0 | cp >> 12);
		out[1] = (uint8_t)(0x80 | (cp >> 6 & 0x3f));
		out[2] = (uint8_t)(0x80 | (cp & 0x3f));
		return 3;
	}
	out[0] = (uint8_t)(0xf0 | cp >> 18);
	out[1] = (uint8_t)(0x80 | (cp >> 12 & 0x3f));
	out[2] = (uint8_t)(0x80 | (cp >> 6 & 0x3f));
	out[3] = (uint8_t)(0x80 | (cp & 0x3f));
	return 4;
}

bool utf8_encode(const uint32_t *cp, size_t n, struct buf *out)
{
	uint8_t bytes[4];
	size_t i;

	for (i = 0; i < n; i++)
		if (!buf_put(out, bytes, utf8_bytes(cp[i], bytes)))
			return false;
	return true;
}

bool utf16_decode(const uint8_t *data, size_t octets, struct text *out)
{
	uint32_t unit, next;
	size_t i;

	for (i = 0; i + 1 < octets; i += 2) {
		unit = (uint32_t)data[i] << 8 | data[i + 1];
		if (unit >= 0xd800 && unit <= 0xdbff && i + 3 < octets) {
			next = (uint32_t)data[i + 2] << 8 | data[i + 3];
			if (next >= 0xdc00 && next <= 0xdfff) {
				unit = 0x10000 + ((unit & 0x3ff) << 10) + (next & 0x3ff);
				i += 2;
			}
		}
		if (!text_put(out, unit))
			return false;
	}
	return true;
}

size_t utf16_units(uint32_t cp, uint16_t units[2])
{
	uint16_t spare[2];

	if (!units)
		units = spare;
	if (cp > 0x10ffff)
		cp = UNICODE_UNKNOWN;
	if (cp < 0x10000) {
		units[0] = (uint16_t)cp;
		return 1;
	}
	units[0] = (uint16_t)(0xd800 | (cp - 0x10000) >> 10);
	units[1] = (uint16_t)(0xdc00 | (cp & 0x3ff));
	return 2;
}

bool utf16_encode(const uint32_t *cp, size_t n, struct buf *out)
{
	uint16_t unit[2];
	size_t i, j, units;
	uint8_t bytes[4];

	for (i = 0; i < n; i++) {
		units = utf16_units(cp[i], unit);
		for (j = 0; j < units; j++) {
			bytes[2 * j] = (uint8_t)(unit[j] >> 8);
			bytes[2 * j + 1] = (uint8_t)unit[j];
		}
		if (!buf_put(out, bytes, 2 * units))
			return false;
	}
	return true;
}

uint32_t unicode_plain(uint32_t cp)
{
	size_t i;

	for (i = 0; i < sizeof(alike) / sizeof(alike[0]); i++)
		if (alike[i].from == cp)
			return alike[i].to;
	return cp >= 0xc0 && cp <= 0xff ? (uint32_t)latin[cp - 0xc0] : 0;
}
