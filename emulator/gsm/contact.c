/* GSM 11.11 clause 10.5.1 and annex B: number and alpha field of a phonebook entry. */
#include "gsm/contact.h"

#include <ctype.h>
#include <string.h>

#include "codec/gsm7.h"
#include "codec/hex.h"

#define UCS2             0x80 /* first octet of an alpha field in UCS2 */
#define COUNTRY_CODE_MAX 3    /* digits (E.164) */

/* Digits of BCD numbers (GSM 11.11 table 12): 10 and 11, pause, wild card. */
static const char bcd[] = "0123456789*#p?";

static char dialled(char c)
{
	c = (char)tolower((unsigned char)c);
	return c == 'w' || c == ',' ? 'p' : c;
}

enum contact_result contact_set_number(
	struct contact *c, const char *number, size_t len, int type, int max)
{
	bool plus = len && number[0] == '+';
	size_t i;

	number += plus;
	len -= plus;
	if (!len)
		return CONTACT_NUMBER_EMPTY;
	if (len > (size_t)max || len > CONTACT_NUMBER)
		return CONTACT_NUMBER_LONG;
	for (i = 0; i < len; i++) {
		c->number[i] = dialled(number[i]);
		if (!c->number[i] || !strchr(bcd, c->number[i]))
			return CONTACT_NUMBER_BAD;
	}
	c->number[len] = '\0';
	if (plus)
		c->type = CONTACT_INTERNATIONAL;
	else
		c->type = type ? (uint8_t)(type | 0x80) : CONTACT_NATIONAL;
	return CONTACT_OK;
}

/* UCS2 in one of its three forms (80, 81, 82). */
static bool is_coded(const struct contact *c)
{
	return c->text_len && c->text[0] & 0x80;
}

/* "8000410042": the field in hexadecimal. */
static bool is_raw(const char *te, size_t len)
{
	size_t i;

	if (len < 6 || (len - 2) % 4 || te[0] != '8' || te[1] != '0')
		return false;
	for (i = 0; i < len; i++)
		if (hex_digit(te[i]) < 0)
			return false;
	return true;
}

/* What was read is Unicode, of which the GSM alphabet may lack a character. */
static enum contact_result set_unicode(struct contact *c, const struct text *t, int max)
{
	uint8_t mem[2 * CONTACT_TEXT];
	struct buf b;

	buf_init(&b, mem, sizeof(mem));
	if (!gsm7_encode(t->cp, t->n, &b)) {
		buf_clear(&b);
		buf_putc(&b, (char)UCS2);
		utf16_encode(t->cp, t->n, &b);
	}
	if (b.full || b.len > (size_t)max || b.len > CONTACT_TEXT)
		return CONTACT_TEXT_LONG;
	memcpy(c->text, mem, b.len);
	c->text_len = (uint8_t)b.len;
	return CONTACT_OK;
}

enum contact_result contact_set_text(
	struct contact *c, const struct charset *cs, const char *te, size_t len, int max)
{
	uint32_t cp[4 * CONTACT_TEXT];
	struct text text;
	size_t n;

	if (is_raw(te, len)) {
		/* FF pads a field */
		while (len > 6 && !memcmp(te + len - 4, "FFFF", 4))
			len -= 4;
		if (len / 2 > (size_t)max ||
			!hex_decode(te, len, c->text, CONTACT_TEXT, &n))
			return CONTACT_TEXT_LONG;
		c->text_len = (uint8_t)n;
		return CONTACT_OK;
	}
	text_init(&text, cp, sizeof(cp) / sizeof(cp[0]));
	switch (charset_to_unicode(cs, te, len, &text)) {
	case CHARSET_OK:
		return set_unicode(c, &text, max);
	case CHARSET_FULL:
		return CONTACT_TEXT_LONG;
	case CHARSET_UNKNOWN:
	case CHARSET_DIGITS:
	case CHARSET_VALUE:
		break;
	}
	return CONTACT_TEXT_BAD;
}

void contact_set_utf8(struct contact *c, const char *utf8)
{
	uint32_t cp[CONTACT_TEXT];
	struct text text;

	text_init(&text, cp, CONTACT_TEXT);
	utf8_decode(utf8, strlen(utf8), &text);
	/* longer than the field: takes as much as fits */
	while (set_unicode(c, &text, CONTACT_TEXT) != CONTACT_OK)
		text.n--;
}

bool contact_is_extended(const struct contact *c)
{
	int i;

	for (i = 0; i < CONTACT_MORE; i++)
		if (c->more[i].type)
			return true;
	return c->mail[0] || c->address[0];
}

const char *contact_number(const struct contact *c, char *out)
{
	out[0] = '+';
	strcpy(out + (c->type == CONTACT_INTERNATIONAL), c->number);
	return out;
}

void contact_put_text(const struct contact *c, const struct charset *cs, struct buf *out)
{
	uint32_t cp[CONTACT_TEXT];
	uint8_t septets[CONTACT_TEXT];
	struct text text;
	size_t i;

	if (!is_coded(c)) {
		/* +CRSM may have written anything */
		for (i = 0; i < c->text_len; i++)
			septets[i] = c->text[i] & 0x7f;
		charset_from_septets(cs, septets, c->text_len, out);
		return;
	}
	if (cs->id != CHARSET_UCS2 || c->text[0] != UCS2) {
		hex_put(out, c->text, c->text_len);
		if (c->text[0] == UCS2)
			buf_puts(out, "FFFF");
		return;
	}
	text_init(&text, cp, CONTACT_TEXT);
	utf16_decode(c->text + 1, c->text_len - 1u, &text);
	charset_from_unicode(cs, text.cp, text.n, out);
}

static int fold(uint8_t octet)
{
	return octet < 0x80 ? tolower(octet) : octet;
}

int contact_compare(const struct contact *a, const struct contact *b)
{
	int i;

	for (i = 0; i < a->text_len && i < b->text_len; i++) {
		int d = fold(a->text[i]) - fold(b->text[i]);

		if (d)
			return d;
	}
	return a->text_len - b->text_len;
}

bool contact_begins(const struct contact *c, const struct contact *prefix)
{
	struct contact head = *c;

	if (head.text_len < prefix->text_len)
		return false;
	head.text_len = prefix->text_len;
	return !contact_compare(&head, prefix);
}

static const char *significant(const struct contact *c, bool *international)
{
	bool zeros = !strncmp(c->number, "00", 2);

	*international = c->type == CONTACT_INTERNATIONAL || zeros;
	return c->number + (zeros ? 2 : 0);
}

bool contact_same_number(const struct contact *a, const struct contact *b)
{
	bool ai, bi;
	const char *an = significant(a, &ai);
	const char *bn = significant(b, &bi);

	return ai == bi && !strcmp(an, bn);
}

bool contact_same_subscriber(const struct contact *a, const struct contact *b)
{
	bool ai, bi;
	const char *an = significant(a, &ai);
	const char *bn = significant(b, &bi);
	const char *national = ai ? bn : an, *international = ai ? an : bn;
	size_t rest, whole = strlen(international);

	if (ai == bi)
		return !strcmp(an, bn);
	if (national[0] != '0' || !national[1])
		return false;
	rest = strlen(national + 1);
	return whole > rest && whole - rest <= COUNTRY_CODE_MAX &&
	       !strcmp(international + whole - rest, national + 1);
}

/* ---- as octets ------------------------------------------------------------------- */

void contact_encode(const struct contact *c, int alpha_len, uint8_t *out)
{
	uint8_t *tail = out + alpha_len;
	size_t digits, i;

	memset(out, 0xff, (size_t)alpha_len + CONTACT_TAIL);
	if (!c)
		return;
	memcpy(out, c->text, c->text_len < alpha_len ? c->text_len : (size_t)alpha_len);
	digits = strlen(c->number);
	if (digits > 20)
		digits = 20;
	tail[0] = (uint8_t)(1 + (digits + 1) / 2);
	tail[1] = c->type;
	for (i = 0; i < digits; i++) {
		unsigned digit = (unsigned)(strchr(bcd, c->number[i]) - bcd);
		uint8_t *octet = &tail[2 + i / 2];

		*octet = (uint8_t)(i % 2 ? (*octet & 0x0f) | digit << 4 : 0xf0 | digit);
	}
}

bool contact_decode(struct contact *c, int alpha_len, const uint8_t *record)
{
	const uint8_t *tail = record + alpha_len;
	size_t octets = tail[0], i, n = 0;

	*c = (struct contact){ 0 };
	if (octets == 0xff || octets < 2)
		return octets == 0xff;
	if (octets > 11 || alpha_len > CONTACT_TEXT)
		return false;
	for (i = 0; i < 2 * (octets - 1); i++) {
		unsigned digit = tail[2 + i / 2] >> (i % 2 ? 4 : 0) & 0x0f;

		if (digit == 0x0f)
			break;
		if (digit >= sizeof(bcd) - 1)
			return false;
		c->number[n++] = bcd[digit];
	}
	c->type = tail[1] | 0x80;
	while (c->text_len < alpha_len && record[c->text_len] != 0xff)
		c->text_len++;
	memcpy(c->text, record, c->text_len);
	return n > 0;
}
