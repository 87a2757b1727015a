/* The forms in which numbers and texts come: UTF-8 or bytes, UCS2 and HEX of +CSCS, PDUs. */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "codec/gsm7.h"
#include "codec/hex.h"
#include "codec/tpdu.h"
#include "codec/unicode.h"
#include "codec/userdata.h"
#include "conf/must.h"
#include "host/field/mask_int.h"

#define LEAST_NUMBER 6
#define LEAST_PDU    16 /* digits */

/* ---- digits ----------------------------------------------------------------------- */

static bool is_imei(const char *digits, size_t n)
{
	return n == 15 && mask_check_digit(digits, 14) == digits[14];
}

/* By its length alone; where its place says more, the caller asks for that. */
static void run(struct mask *m, char *digits, size_t n)
{
	if (n >= 18 && n <= 20 && !memcmp(digits, "89", 2))
		mask_iccid(m, digits, n);
	else if (is_imei(digits, n))
		mask_imei(m, digits, n);
	else
		mask_number(m, digits, n);
}

void mask_runs(struct mask *m, char *text, size_t n, size_t least)
{
	size_t i = 0, end;

	while (i < n) {
		end = i;
		while (end < n && isdigit((unsigned char)text[end]))
			end++;
		if (end - i >= (i && text[i - 1] == '+' ? LEAST_NUMBER : least))
			run(m, text + i, end - i);
		i = end + 1;
	}
}

/* ---- UCS2 and HEX ----------------------------------------------------------------- */

static bool all_hex(const char *text, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++)
		if (hex_digit(text[i]) < 0)
			return false;
	return n > 0;
}

/* Whether it reads as UCS2 of an alphabet with letters. */
static bool looks_ucs2(const char *text, size_t n)
{
	size_t i;

	if (n < 8 || n % 4)
		return false;
	for (i = 0; i < n; i += 4)
		if (text[i] != '0' || hex_digit(text[i + 1]) > 6 ||
			(!memcmp(text + i, "00", 2) && text[i + 2] < '2'))
			return false;
	return true;
}

/* Writes digits, in the case of those that were there. */
static void put_hex(char *text, size_t n, const uint8_t *data)
{
	static const char upper[] = "0123456789ABCDEF", lower[] = "0123456789abcdef";
	const char *set = upper;
	size_t i;

	for (i = 0; i < n; i++)
		if (islower((unsigned char)text[i]))
			set = lower;
	for (i = 0; i < n; i++)
		text[i] = set[i % 2 ? data[i / 2] & 15 : data[i / 2] >> 4];
}

static void plain(struct mask *m, char *text, size_t n, bool name);

/* Text in hexadecimal digits of UCS2, or of bytes; its length does not change. */
static bool coded(struct mask *m, char *text, size_t n, bool name)
{
	bool ucs2 = m->charset == MASK_UCS2 ? n % 4 == 0 : looks_ucs2(text, n);
	uint8_t *data;
	size_t i, len;

	if (!all_hex(text, n) || n % 2 || (!ucs2 && m->charset != MASK_HEX))
		return false;
	data = must(malloc(n / 2 + 1));
	hex_decode(text, n, data, n / 2, &len);
	if (ucs2) {
		uint32_t *cp = must(malloc((len / 2 + 1) * sizeof(*cp)));

		for (i = 0; i < len / 2; i++)
			cp[i] = (uint32_t)(data[2 * i] << 8 | data[2 * i + 1]);
		mask_characters(m, cp, len / 2);
		for (i = 0; i < len / 2; i++) {
			data[2 * i] = (uint8_t)(cp[i] >> 8);
			data[2 * i + 1] = (uint8_t)cp[i];
		}
		free(cp);
	} else {
		plain(m, (char *)data, len, name);
	}
	put_hex(text, n, data);
	free(data);
	return true;
}

/* ---- texts ------------------------------------------------------------------------ */

static bool is_utf8(const char *text, size_t n)
{
	size_t used;

	for (; n; text += used, n -= used)
		if (utf8_next(text, n, &used) == UNICODE_UNKNOWN)
			return false;
	return true;
}

static bool is_number(const char *text, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++)
		if (!isdigit((unsigned char)text[i]) &&
			!strchr("+*#,pPwWabcABC", text[i]))
			return false;
	return n > 0;
}

static void plain(struct mask *m, char *text, size_t n, bool name)
{
	uint32_t *cp;
	size_t i, count = 0, used;
	bool utf8;
	struct buf b;

	if (name && is_number(text, n) && !(n && isalpha((unsigned char)text[0]))) {
		mask_runs(m, text, n, LEAST_NUMBER);
		return;
	}
	utf8 = is_utf8(text, n);
	cp = must(malloc((n + 1) * sizeof(*cp)));
	for (i = 0; i < n; i += used) {
		used = 1;
		cp[count++] = utf8 ? utf8_next(text + i, n - i, &used)
				   : (unsigned char)text[i];
	}
	mask_characters(m, cp, count);
	buf_init(&b, text, n);
	for (i = 0; i < count; i++)
		if (utf8)
			utf8_encode(cp + i, 1, &b);
		else
			buf_putc(&b, (char)cp[i]);
	free(cp);
}

void mask_words(struct mask *m, char *text, size_t n)
{
	if (!m->keep && !coded(m, text, n, false))
		plain(m, text, n, false);
}

void mask_number_or_name(struct mask *m, char *text, size_t n)
{
	if (m->keep || (all_hex(text, n) && n < 8 && is_number(text, n)))
		return;
	if (!coded(m, text, n, true))
		plain(m, text, n, true);
}

/* ---- PDUs ------------------------------------------------------------------------- */

static void mask_address(struct mask *m, struct address *a)
{
	uint32_t cp[ADDRESS_DIGITS + 1];
	uint8_t septets[2];
	size_t i;

	if (!address_alphanumeric(a)) {
		mask_runs(m, a->text, a->len, LEAST_NUMBER);
		return;
	}
	for (i = 0; i < a->len; i++)
		cp[i] = gsm7_unicode((uint8_t)a->text[i]);
	mask_characters(m, cp, a->len);
	for (i = 0; i < a->len; i++)
		if (gsm7_septets(cp[i], septets) == 1)
			a->text[i] = (char)septets[0];
}

/* Septet for septet: extension characters are no letters and stay. */
static void mask_septets(struct mask *m, struct tpdu *t)
{
	uint8_t septets[USERDATA_SEPTETS], header[TPDU_UD_MAX], one[2];
	uint32_t cp[USERDATA_SEPTETS];
	size_t n = userdata_septets(t, septets), head = userdata_header(t), i;

	memcpy(header, t->ud, head);
	for (i = 0; i < n; i++) {
		cp[i] = gsm7_unicode(septets[i]);
		if (septets[i] == GSM7_ESC || (i && septets[i - 1] == GSM7_ESC))
			cp[i] = ' ';
	}
	mask_characters(m, cp, n);
	for (i = 0; i < n; i++)
		if (cp[i] != ' ' && gsm7_septets(cp[i], one) == 1)
			septets[i] = one[0];
	userdata_set_septets(t, header, head, septets, n);
}

/* UCS2; or 8 bit data, of which letters and digits are replaced. */
static void mask_octets_of(struct mask *m, struct tpdu *t)
{
	size_t width = dcs_sms(t->dcs).alphabet == DCS_UCS2 ? 2 : 1, n, i;
	size_t head = userdata_header(t);
	uint32_t cp[TPDU_UD_MAX];
	uint8_t *data = t->ud + head;

	userdata_octets(t, &n);
	for (i = 0; i < n / width; i++)
		cp[i] = width == 2 ? (uint32_t)(data[2 * i] << 8 | data[2 * i + 1])
				   : data[i];
	mask_characters(m, cp, n / width);
	for (i = 0; i < n / width; i++) {
		data[i * width] = (uint8_t)(width == 2 ? cp[i] >> 8 : cp[i]);
		data[i * width + width - 1] = (uint8_t)cp[i];
	}
}

static bool read_pdu(
	const char *text, size_t n, bool from_host, struct address *smsc, struct tpdu *t)
{
	return tpdu_read_any(text, n, !from_host, smsc, t) == PDU_OK &&
	       userdata_check(t) == PDU_OK;
}

static bool pdu(struct mask *m, char *text, size_t n, bool from_host)
{
	char mem[2 * (TPDU_MAX + ADDRESS_OCTETS) + 16];
	struct address smsc;
	uint8_t *data;
	size_t length;
	struct tpdu t;
	struct buf b;

	/* what a SIM holds may be of either direction */
	if (!read_pdu(text, n, from_host, &smsc, &t) &&
		!read_pdu(text, n, !from_host, &smsc, &t))
		return false;
	if (smsc.len)
		mask_address(m, &smsc);
	mask_address(m, &t.address);
	if (userdata_in_septets(&t))
		mask_septets(m, &t);
	else
		mask_octets_of(m, &t);
	buf_init(&b, mem, sizeof(mem));
	if (!tpdu_write(&smsc, &t, &b, &length) || b.len != n)
		return false;
	data = must(malloc(n / 2 + 1));
	hex_decode(b.data, b.len, data, n / 2, &length);
	put_hex(text, n, data);
	free(data);
	return true;
}

/* A PDU that cannot be read: all its octets. */
static void broken_pdu(struct mask *m, char *text, size_t n)
{
	uint8_t *data = must(malloc(n / 2 + 1));
	size_t len;

	if (hex_decode(text, n & ~(size_t)1, data, n / 2, &len)) {
		mask_octets(m, data, len);
		put_hex(text, n & ~(size_t)1, data);
	}
	free(data);
}

void mask_message(struct mask *m, char *text, size_t n, bool from_host)
{
	if (m->keep)
		return;
	if (n < LEAST_PDU || !all_hex(text, n) || looks_ucs2(text, n))
		mask_words(m, text, n);
	else if (!pdu(m, text, n, from_host) && !coded(m, text, n, false))
		broken_pdu(m, text, n);
}
