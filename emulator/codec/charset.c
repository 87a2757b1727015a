#include "codec/charset.h"

#include <string.h>

#include "codec/gsm7.h"
#include "codec/hex.h"

const struct name charset_names[] = {
	{ CHARSET_GSM, "GSM", "GSM 7 bit default alphabet" },
	{ CHARSET_PCCP437, "PCCP437", "PC code page 437" },
	{ CHARSET_CUSTOM, "CUSTOM", "the tables of +WCCS" },
	{ CHARSET_HEX, "HEX", "two hexadecimal digits per character" },
	{ CHARSET_IRA, "IRA", "ASCII" },
	{ CHARSET_UCS2, "UCS2", "four hexadecimal digits per character" },
	{ 0, NULL, NULL },
};

/* Reading from the TE: GSM, HEX and CUSTOM give septets, the others characters. */

static bool by_septets(const struct charset *cs)
{
	return cs->id == CHARSET_GSM || cs->id == CHARSET_HEX || cs->id == CHARSET_CUSTOM;
}

/* A reader of TE text; `value` is a septet, 0x80 | code of an extension character, or a
 * code point. */
struct reader {
	const struct charset *cs;
	const char *te;
	size_t left;
	uint32_t value;
};

static enum charset_result read_hex(struct reader *r, unsigned digits)
{
	unsigned i;
	int digit;

	if (r->left < digits)
		return CHARSET_DIGITS;
	r->value = 0;
	for (i = 0; i < digits; i++) {
		digit = hex_digit(r->te[i]);
		if (digit < 0)
			return CHARSET_DIGITS;
		r->value = r->value << 4 | (unsigned)digit;
	}
	r->te += digits;
	r->left -= digits;
	return CHARSET_OK;
}

/* Reads one unit of TE text. A unit without a meaning is skipped with CHARSET_UNKNOWN. */
static enum charset_result read_unit(struct reader *r)
{
	enum charset_result result;

	if (r->cs->id == CHARSET_HEX) {
		result = read_hex(r, 2);
		return result == CHARSET_OK && r->value > 0x7f ? CHARSET_VALUE : result;
	}
	if (r->cs->id == CHARSET_UCS2)
		return read_hex(r, 4);
	r->value = (uint8_t)*r->te++;
	r->left--;
	if (r->cs->id == CHARSET_CUSTOM)
		r->value = r->cs->custom->to_gsm[r->value];
	else if (r->cs->id == CHARSET_PCCP437)
		r->value = cp437_unicode((uint8_t)r->value);
	else if (r->value > 0x7f)
		return CHARSET_UNKNOWN;
	return CHARSET_OK;
}

/* Joins two UCS2 units that are a pair of surrogates into one character. */
static void join_surrogates(struct reader *r)
{
	struct reader ahead = *r;

	if (r->cs->id != CHARSET_UCS2 || r->value < 0xd800 || r->value > 0xdbff ||
		read_unit(&ahead) != CHARSET_OK)
		return;
	if (ahead.value < 0xdc00 || ahead.value > 0xdfff)
		return;
	ahead.value = 0x10000 + ((r->value & 0x3ff) << 10) + (ahead.value & 0x3ff);
	*r = ahead;
}

/* Reads one character: an escape together with what follows it. */
static enum charset_result read_character(
	struct reader *r, uint8_t code[2], size_t *septets)
{
	enum charset_result result = read_unit(r);
	struct reader ahead;

	*septets = 0;
	if (result != CHARSET_OK)
		return result;
	if (!by_septets(r->cs)) {
		join_surrogates(r);
		*septets = gsm7_septets(r->value, code);
		return CHARSET_OK;
	}
	code[0] = r->value & 0x80 ? GSM7_ESC : (uint8_t)r->value;
	code[1] = r->value & 0x7f;
	*septets = r->value & 0x80 ? 2 : 1;
	if (r->value != GSM7_ESC || !r->left)
		return CHARSET_OK;
	ahead = *r;
	result = read_unit(&ahead);
	if (result != CHARSET_OK || ahead.value & 0x80)
		return CHARSET_OK; /* the next read reports what is wrong with it */
	*r = ahead;
	code[1] = (uint8_t)r->value;
	*septets = 2;
	return CHARSET_OK;
}

/* The policy's replacement for a character that the GSM alphabet (gsm) or else the TE's
 * set does not have: 0 for nothing. */
static uint32_t stand_in(const struct charset *cs, uint32_t cp, bool gsm)
{
	uint32_t nearest;

	switch (cs->policy) {
	case CHARSET_REFUSE:
	case CHARSET_DROP:
		break;
	case CHARSET_SPACE:
		return ' ';
	case CHARSET_QUESTION:
		return '?';
	case CHARSET_NEAREST:
		nearest = gsm ? gsm7_nearest(cp) : unicode_plain(cp);
		return nearest ? nearest : '?';
	}
	return 0;
}

/* The same in septets; false when the policy refuses. */
static bool substitute(
	const struct charset *cs, uint32_t cp, uint8_t code[2], size_t *septets)
{
	uint32_t other = stand_in(cs, cp, true);

	*septets = other ? gsm7_septets(other, code) : 0;
	if (*septets == 2 && cs->no_extension) {
		code[0] = '?';
		*septets = 1;
	}
	return cs->policy != CHARSET_REFUSE;
}

enum charset_result charset_to_septets(
	const struct charset *cs, const char *te, size_t len, struct buf *out)
{
	struct reader r = { cs, te, len, 0 };
	enum charset_result result;
	uint8_t code[2] = { 0, 0 };
	size_t septets;
	bool known;

	while (r.left) {
		result = read_character(&r, code, &septets);
		if (result != CHARSET_OK && result != CHARSET_UNKNOWN)
			return result;
		known = septets == 1 || (septets == 2 && !cs->no_extension);
		/* an unknown unit that is not a character has no similar character either
		 */
		if (!known &&
			!substitute(cs,
				result == CHARSET_OK && !by_septets(cs) ? r.value : 0,
				code, &septets))
			return CHARSET_UNKNOWN;
		if (!buf_put(out, code, septets))
			return CHARSET_FULL;
	}
	return CHARSET_OK;
}

enum charset_result charset_to_unicode(
	const struct charset *cs, const char *te, size_t len, struct text *out)
{
	struct reader r = { cs, te, len, 0 };
	enum charset_result result;
	uint8_t code[2] = { 0, 0 };
	size_t septets;
	uint32_t cp;

	while (r.left) {
		result = read_character(&r, code, &septets);
		if (result != CHARSET_OK && result != CHARSET_UNKNOWN)
			return result;
		cp = r.value;
		if (result == CHARSET_UNKNOWN) {
			if (cs->policy == CHARSET_REFUSE)
				return CHARSET_UNKNOWN;
			cp = stand_in(cs, UNICODE_UNKNOWN, false);
			if (!cp)
				continue;
		} else if (by_septets(cs)) {
			cp = gsm7_next(code, septets, &septets);
		}
		if (!text_put(out, cp))
			return CHARSET_FULL;
	}
	return CHARSET_OK;
}

/* Writing to the TE. */

static bool put_septets(
	const struct charset *cs, const uint8_t *code, size_t n, struct buf *out)
{
	if (cs->id == CHARSET_HEX)
		return hex_put(out, code, n);
	if (cs->id == CHARSET_GSM)
		return buf_put(out, code, n);
	return buf_putc(out, (char)(n == 2 ? cs->custom->extension[code[1] & 0x7f]
					   : cs->custom->alphabet[code[0] & 0x7f]));
}

/* Whether the set has the character; then whether it fitted. */
static bool put_character(
	const struct charset *cs, uint32_t cp, struct buf *out, bool *known)
{
	struct buf wide;
	uint8_t code[4];
	size_t n;
	int byte;

	if (cs->id == CHARSET_UCS2) {
		*known = true;
		buf_init(&wide, code, sizeof(code));
		utf16_encode(&cp, 1, &wide);
		return hex_put(out, code, wide.len);
	}
	if (by_septets(cs)) {
		n = gsm7_septets(cp, code);
		*known = n == 1 || (n == 2 && !cs->no_extension);
		return *known && put_septets(cs, code, n, out);
	}
	byte = cs->id == CHARSET_PCCP437 ? cp437_byte(cp) : cp < 0x80 ? (int)cp : -1;
	*known = byte >= 0;
	return *known && buf_putc(out, (char)byte);
}

enum charset_result charset_from_unicode(
	const struct charset *cs, const uint32_t *cp, size_t n, struct buf *out)
{
	uint32_t other;
	bool known;
	size_t i;

	for (i = 0; i < n; i++) {
		if (put_character(cs, cp[i], out, &known))
			continue;
		if (known)
			return CHARSET_FULL;
		if (cs->policy == CHARSET_REFUSE)
			return CHARSET_UNKNOWN;
		other = stand_in(cs, cp[i], by_septets(cs));
		/* the similar character may be missing too; a question mark never is */
		if (other && !put_character(cs, other, out, &known) &&
			(known || !put_character(cs, '?', out, &known)))
			return CHARSET_FULL;
	}
	return CHARSET_OK;
}

enum charset_result charset_from_septets(
	const struct charset *cs, const uint8_t *septets, size_t n, struct buf *out)
{
	enum charset_result result;
	size_t at = 0, used;
	uint32_t cp;

	while (at < n) {
		cp = gsm7_next(septets + at, n - at, &used);
		if (!by_septets(cs))
			result = charset_from_unicode(cs, &cp, 1, out);
		else
			result = put_septets(cs, septets + at, used, out) ? CHARSET_OK
									  : CHARSET_FULL;
		if (result != CHARSET_OK)
			return result;
		at += used;
	}
	return CHARSET_OK;
}

void charset_custom_init(struct charset_custom *custom)
{
	uint32_t cp;
	unsigned i;
	int byte;

	memset(custom->to_gsm, ' ', sizeof(custom->to_gsm));
	for (i = 128; i--;) {
		byte = i == GSM7_ESC ? -1 : cp437_byte(gsm7_unicode((uint8_t)i));
		custom->alphabet[i] = (uint8_t)(byte < 0 ? ' ' : byte);
		if (byte >= 0)
			custom->to_gsm[byte] = (uint8_t)i;
		cp = gsm7_extension((uint8_t)i);
		byte = cp ? cp437_byte(cp) : -1;
		custom->extension[i] = (uint8_t)(byte < 0 ? ' ' : byte);
	}
}
