#include "codec/gsm7.h"

/* clang-format off */
static const uint16_t alphabet[128] = {
	0x0040, 0x00a3, 0x0024, 0x00a5, 0x00e8, 0x00e9, 0x00f9, 0x00ec, /* @£$¥èéùì */
	0x00f2, 0x00c7, 0x000a, 0x00d8, 0x00f8, 0x000d, 0x00c5, 0x00e5, /* òÇ Øø Åå */
	0x0394, 0x005f, 0x03a6, 0x0393, 0x039b, 0x03a9, 0x03a0, 0x03a8, /* Δ_ΦΓΛΩΠΨ */
	0x03a3, 0x0398, 0x039e, 0x00a0, 0x00c6, 0x00e6, 0x00df, 0x00c9, /* ΣΘΞ ÆæßÉ */
	0x0020, 0x0021, 0x0022, 0x0023, 0x00a4, 0x0025, 0x0026, 0x0027,
	0x0028, 0x0029, 0x002a, 0x002b, 0x002c, 0x002d, 0x002e, 0x002f,
	0x0030, 0x0031, 0x0032, 0x0033, 0x0034, 0x0035, 0x0036, 0x0037,
	0x0038, 0x0039, 0x003a, 0x003b, 0x003c, 0x003d, 0x003e, 0x003f,
	0x00a1, 0x0041, 0x0042, 0x0043, 0x0044, 0x0045, 0x0046, 0x0047,
	0x0048, 0x0049, 0x004a, 0x004b, 0x004c, 0x004d, 0x004e, 0x004f,
	0x0050, 0x0051, 0x0052, 0x0053, 0x0054, 0x0055, 0x0056, 0x0057,
	0x0058, 0x0059, 0x005a, 0x00c4, 0x00d6, 0x00d1, 0x00dc, 0x00a7, /* ÄÖÑÜ§ */
	0x00bf, 0x0061, 0x0062, 0x0063, 0x0064, 0x0065, 0x0066, 0x0067,
	0x0068, 0x0069, 0x006a, 0x006b, 0x006c, 0x006d, 0x006e, 0x006f,
	0x0070, 0x0071, 0x0072, 0x0073, 0x0074, 0x0075, 0x0076, 0x0077,
	0x0078, 0x0079, 0x007a, 0x00e4, 0x00f6, 0x00f1, 0x00fc, 0x00e0, /* äöñüà */
};
/* clang-format on */

struct pair {
	uint16_t from, to;
};

/* Codes that follow the escape. */
static const struct pair extension[] = {
	{ 0x0a, 0x000c }, /* page break */
	{ 0x14, '^' }, { 0x28, '{' }, { 0x29, '}' }, { 0x2f, '\\' }, { 0x3c, '[' },
	{ 0x3d, '~' }, { 0x3e, ']' }, { 0x40, '|' }, { 0x65, 0x20ac }, /* euro */
};

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

uint32_t gsm7_unicode(uint8_t septet)
{
	return alphabet[septet & 0x7f];
}

uint32_t gsm7_extension(uint8_t septet)
{
	size_t i;

	for (i = 0; i < COUNT(extension); i++)
		if (extension[i].from == septet)
			return extension[i].to;
	return 0;
}

uint32_t gsm7_next(const uint8_t *s, size_t n, size_t *used)
{
	uint32_t cp;

	*used = 1;
	if (s[0] != GSM7_ESC || n < 2)
		return gsm7_unicode(s[0]);
	*used = 2;
	if (s[1] == GSM7_ESC)
		return ' ';
	cp = gsm7_extension(s[1]);
	return cp ? cp : gsm7_unicode(s[1]);
}

bool gsm7_decode(const uint8_t *s, size_t n, struct text *out)
{
	size_t at = 0, used;

	while (at < n) {
		if (!text_put(out, gsm7_next(s + at, n - at, &used)))
			return false;
		at += used;
	}
	return true;
}

size_t gsm7_septets(uint32_t cp, uint8_t out[2])
{
	uint8_t i;

	/* most characters of most texts have the code of ASCII */
	if (cp < 128 && alphabet[cp] == cp && cp != GSM7_ESC) {
		out[0] = (uint8_t)cp;
		return 1;
	}
	for (i = 0; i < 128; i++) {
		if (alphabet[i] == cp && i != GSM7_ESC) {
			out[0] = i;
			return 1;
		}
	}
	for (i = 0; i < COUNT(extension); i++) {
		if (extension[i].to == cp) {
			out[0] = GSM7_ESC;
			out[1] = (uint8_t)extension[i].from;
			return 2;
		}
	}
	return 0;
}

bool gsm7_count(const uint32_t *cp, size_t n, size_t *septets)
{
	uint8_t spare[2];
	size_t i, some;
	bool all = true;

	*septets = 0;
	for (i = 0; i < n; i++) {
		some = gsm7_septets(cp[i], spare);
		*septets += some;
		all = all && some;
	}
	return all;
}

bool gsm7_encode(const uint32_t *cp, size_t n, struct buf *septets)
{
	uint8_t code[2];
	size_t i, some;

	for (i = 0; i < n; i++) {
		some = gsm7_septets(cp[i], code);
		if (!some || !buf_put(septets, code, some))
			return false;
	}
	return true;
}

uint32_t gsm7_nearest(uint32_t cp)
{
	uint8_t spare[2];

	if (gsm7_septets(cp, spare))
		return cp;
	if (cp == 0xe7) /* the alphabet has the cedilla only on the capital */
		return 0xc7;
	cp = unicode_plain(cp);
	return gsm7_septets(cp, spare) ? cp : 0;
}

size_t gsm7_octets(size_t n, unsigned fill)
{
	return (7 * n + fill + 7) / 8;
}

unsigned gsm7_fill(size_t header)
{
	return (unsigned)((7 - header * 8 % 7) % 7);
}

size_t gsm7_pack(const uint8_t *septets, size_t n, unsigned fill, uint8_t *octets)
{
	unsigned bits = fill, window = 0; /* bits not yet written, the oldest lowest */
	size_t i, len = 0;

	for (i = 0; i < n; i++) {
		window |= (unsigned)(septets[i] & 0x7f) << bits;
		bits += 7;
		if (bits >= 8) {
			octets[len++] = (uint8_t)window;
			window >>= 8;
			bits -= 8;
		}
	}
	if (bits)
		octets[len++] = (uint8_t)window;
	return len;
}

void gsm7_unpack(const uint8_t *octets, size_t n, unsigned fill, uint8_t *septets)
{
	size_t i, bit = fill;
	unsigned window;

	for (i = 0; i < n; i++, bit += 7) {
		window = octets[bit / 8];
		if (bit % 8 > 1) /* the septet continues in the next octet */
			window |= (unsigned)octets[bit / 8 + 1] << 8;
		septets[i] = window >> bit % 8 & 0x7f;
	}
}
