#include "codec/address.h"

#include <string.h>

#include "codec/gsm7.h"

static const char digits[] = "0123456789*#abc"; /* by semi-octet; 15 is the filler */

bool address_alphanumeric(const struct address *a)
{
	return (a->type & 0x70) == 0x50;
}

static bool address_international(const struct address *a)
{
	return (a->type & 0x70) == 0x10;
}

bool address_equal(const struct address *a, const struct address *b)
{
	return a->type == b->type && a->len == b->len &&
	       !memcmp(a->text, b->text, a->len);
}

/* n semi-octets, the low one of each octet first. */
static enum pdu_error get_digits(const uint8_t *bcd, size_t n, struct address *a)
{
	size_t i;
	unsigned digit;

	for (i = 0; i < n; i++) {
		digit = i % 2 ? bcd[i / 2] >> 4 : bcd[i / 2] & 15;
		if (digit == 15)
			return PDU_ADDRESS_DIGIT;
		a->text[i] = digits[digit];
	}
	a->text[n] = 0;
	a->len = (uint8_t)n;
	return n % 2 && bcd[n / 2] >> 4 != 15 ? PDU_ADDRESS_FILLER : PDU_OK;
}

static enum pdu_error get_type(struct pdu_in *in, struct address *a)
{
	enum pdu_error error = pdu_octet(in, &a->type);

	if (error == PDU_OK && !(a->type & 0x80))
		error = PDU_ADDRESS_TYPE;
	return error;
}

enum pdu_error address_get(struct pdu_in *in, struct address *a)
{
	uint8_t n, field[ADDRESS_OCTETS - 2];
	enum pdu_error error;

	memset(a, 0, sizeof(*a));
	error = pdu_octet(in, &n);
	if (error == PDU_OK && n > ADDRESS_DIGITS)
		error = PDU_ADDRESS_LENGTH;
	if (error == PDU_OK)
		error = get_type(in, a);
	if (error == PDU_OK)
		error = pdu_octets(in, field, (n + 1u) / 2);
	if (error != PDU_OK)
		return error;
	if (!address_alphanumeric(a))
		return get_digits(field, n, a);
	/* the length counts semi-octets of packed septets */
	a->len = (uint8_t)(n * 4 / 7);
	gsm7_unpack(field, a->len, 0, (uint8_t *)a->text);
	return PDU_OK;
}

/* Swapped semi-octets; returns the number of octets. */
static size_t put_digits(const struct address *a, uint8_t *bcd)
{
	size_t i;
	unsigned digit;

	memset(bcd, 0xff, (a->len + 1u) / 2);
	for (i = 0; i < a->len; i++) {
		digit = (unsigned)(strchr(digits, a->text[i]) - digits);
		if (i % 2)
			bcd[i / 2] = (uint8_t)(digit << 4 | (bcd[i / 2] & 15));
		else
			bcd[i / 2] = (uint8_t)(0xf0 | digit);
	}
	return (a->len + 1u) / 2;
}

bool address_put(struct buf *out, const struct address *a)
{
	uint8_t field[ADDRESS_OCTETS];
	size_t octets;

	field[0] = a->len;
	field[1] = a->type ? a->type : ADDRESS_UNKNOWN;
	if (address_alphanumeric(a)) {
		field[0] = (uint8_t)((a->len * 7 + 3) / 4);
		octets = gsm7_pack((const uint8_t *)a->text, a->len, 0, field + 2);
	} else {
		octets = put_digits(a, field + 2);
	}
	return buf_put(out, field, octets + 2);
}

enum pdu_error address_get_smsc(struct pdu_in *in, struct address *a)
{
	uint8_t n, field[ADDRESS_OCTETS - 2];
	enum pdu_error error;
	size_t count;

	memset(a, 0, sizeof(*a));
	error = pdu_octet(in, &n);
	if (error != PDU_OK || !n)
		return error;
	if (n == 1 || n > ADDRESS_OCTETS - 1)
		return PDU_SMSC_LENGTH;
	error = get_type(in, a);
	if (error == PDU_OK && address_alphanumeric(a))
		error = PDU_ADDRESS_TYPE;
	if (error == PDU_OK)
		error = pdu_octets(in, field, n - 1u);
	if (error != PDU_OK)
		return error;
	count = 2 * (n - 1u);
	if (field[n - 2] >> 4 == 15)
		count--;
	return get_digits(field, count, a);
}

bool address_put_smsc(struct buf *out, const struct address *a)
{
	uint8_t field[ADDRESS_OCTETS];

	if (!a->len)
		return buf_putc(out, 0);
	field[1] = a->type;
	field[0] = (uint8_t)(1 + put_digits(a, field + 2));
	return buf_put(out, field, field[0] + 1u);
}

enum pdu_error address_parse(
	struct address *a, const char *text, size_t len, uint8_t type)
{
	bool plus = len && *text == '+';
	size_t i;
	char c;

	memset(a, 0, sizeof(*a));
	a->type = type ? type : plus ? ADDRESS_INTERNATIONAL : ADDRESS_UNKNOWN;
	if (address_alphanumeric(a)) {
		if (len > ADDRESS_SEPTETS)
			return PDU_ADDRESS_LENGTH;
		a->len = (uint8_t)len;
		for (i = 0; i < len; i++)
			a->text[i] = text[i] & 0x7f;
		return PDU_OK;
	}
	text += plus;
	len -= plus;
	if (!len)
		return PDU_NUMBER;
	if (len > ADDRESS_DIGITS)
		return PDU_ADDRESS_LENGTH;
	for (i = 0; i < len; i++) {
		c = text[i] >= 'A' && text[i] <= 'C' ? (char)(text[i] + 32) : text[i];
		if (!c || !strchr(digits, c))
			return PDU_NUMBER;
		a->text[i] = c;
	}
	a->len = (uint8_t)len;
	return PDU_OK;
}

enum pdu_error address_parse_utf8(struct address *a, const char *text)
{
	uint32_t cp[4 * ADDRESS_SEPTETS];
	char septets[ADDRESS_SEPTETS];
	struct text t;
	struct buf b;

	if (address_parse(a, text, strlen(text), 0) == PDU_OK)
		return PDU_OK;
	text_init(&t, cp, sizeof(cp) / sizeof(cp[0]));
	buf_init(&b, septets, sizeof(septets));
	if (!utf8_decode(text, strlen(text), &t) || !t.n || !gsm7_encode(cp, t.n, &b))
		return PDU_NUMBER;
	return address_parse(a, septets, b.len, ADDRESS_ALPHANUMERIC);
}

bool address_print(const struct address *a, struct buf *out)
{
	bool plus = address_international(a) && a->len;

	if (buf_room(out) < a->len + (size_t)plus) {
		out->full = true;
		return false;
	}
	return (!plus || buf_putc(out, '+')) && buf_put(out, a->text, a->len);
}

const char *address_number(const struct address *a, char mem[ADDRESS_NUMBER])
{
	struct buf b;

	buf_init(&b, mem, ADDRESS_NUMBER - 1);
	address_print(a, &b);
	mem[b.len] = '\0';
	return mem;
}

bool address_text(const struct address *a, struct text *out)
{
	size_t i;

	if (address_alphanumeric(a))
		return gsm7_decode((const uint8_t *)a->text, a->len, out);
	if (address_international(a) && a->len && !text_put(out, '+'))
		return false;
	for (i = 0; i < a->len; i++)
		if (!text_put(out, (uint8_t)a->text[i]))
			return false;
	return true;
}

bool address_same_subscriber(const char *a, const char *b)
{
	size_t m = strlen(a), n = strlen(b);

	if (m < ADDRESS_SUBSCRIBER || n < ADDRESS_SUBSCRIBER)
		return !strcmp(a, b);
	return !strcmp(a + m - ADDRESS_SUBSCRIBER, b + n - ADDRESS_SUBSCRIBER);
}
