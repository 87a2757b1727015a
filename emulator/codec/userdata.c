#include "codec/userdata.h"

#include <string.h>

#include "codec/gsm7.h"

bool userdata_in_septets(const struct tpdu *t)
{
	struct dcs d = dcs_sms(t->dcs);

	return d.alphabet == DCS_GSM7 && !d.compressed && t->kind != TPDU_COMMAND;
}

/* Whether `len` octets are a length octet and whole elements. */
static enum pdu_error check_header(const uint8_t *header, size_t len)
{
	size_t at = 1;

	if (!len || header[0] + 1u > len)
		return PDU_HEADER_LENGTH;
	len = header[0] + 1u;
	while (at < len) {
		if (at + 2 > len || at + 2 + header[at + 1] > len)
			return PDU_HEADER_ELEMENT;
		at += 2u + header[at + 1];
	}
	return PDU_OK;
}

static bool has_header(const struct tpdu *t)
{
	bool has_data = t->kind == TPDU_DELIVER || t->kind == TPDU_SUBMIT ||
			t->kind == TPDU_COMMAND || t->pi & TPDU_PI_UD;

	return has_data && t->fo & TPDU_UDHI;
}

enum pdu_error userdata_check(const struct tpdu *t)
{
	enum pdu_error error;

	if (!has_header(t))
		return PDU_OK;
	error = check_header(t->ud, t->ud_octets);
	/* the header ends within the last septet that TP-UDL counts */
	if (error == PDU_OK && userdata_in_septets(t) &&
		8u * (t->ud[0] + 1u) + gsm7_fill(t->ud[0] + 1u) > 7u * t->udl)
		error = PDU_HEADER_LENGTH;
	return error;
}

size_t userdata_header(const struct tpdu *t)
{
	return has_header(t) ? t->ud[0] + 1u : 0;
}

bool userdata_next(const struct tpdu *t, size_t *at, struct userdata_ie *ie)
{
	size_t end = userdata_header(t);

	if (!*at)
		*at = 1;
	if (*at >= end)
		return false;
	ie->id = t->ud[*at];
	ie->len = t->ud[*at + 1];
	ie->data = t->ud + *at + 2;
	*at += 2u + ie->len;
	return true;
}

static uint16_t word(const uint8_t *p)
{
	return (uint16_t)(p[0] << 8 | p[1]);
}

bool userdata_get_concat(const struct tpdu *t, struct userdata_concat *c)
{
	struct userdata_ie ie;
	const uint8_t *tail;
	size_t at = 0;
	bool found = false;

	while (userdata_next(t, &at, &ie)) {
		if (!(ie.id == USERDATA_CONCAT8 && ie.len == 3) &&
			!(ie.id == USERDATA_CONCAT16 && ie.len == 4))
			continue;
		tail = ie.data + ie.len - 2;
		if (!tail[0] || !tail[1] || tail[1] > tail[0])
			continue;
		c->wide = ie.id == USERDATA_CONCAT16;
		c->ref = c->wide ? word(ie.data) : ie.data[0];
		c->total = tail[0];
		c->at = tail[1];
		found = true;
	}
	return found;
}

size_t userdata_septets(const struct tpdu *t, uint8_t *septets)
{
	size_t header = userdata_header(t), skip;
	unsigned fill = gsm7_fill(header);

	if (!userdata_in_septets(t))
		return 0;
	skip = (8 * header + fill) / 7;
	gsm7_unpack(t->ud + header, t->udl - skip, fill, septets);
	return t->udl - skip;
}

const uint8_t *userdata_octets(const struct tpdu *t, size_t *n)
{
	size_t header = userdata_header(t);

	*n = t->ud_octets - header;
	return t->ud + header;
}

bool userdata_text(const struct tpdu *t, struct text *out)
{
	uint8_t septets[USERDATA_SEPTETS];
	struct dcs d = dcs_sms(t->dcs);
	const uint8_t *octets;
	size_t n;

	if (d.compressed || d.alphabet == DCS_8BIT || t->kind == TPDU_COMMAND)
		return false;
	if (d.alphabet == DCS_GSM7) {
		n = userdata_septets(t, septets);
		return gsm7_decode(septets, n, out);
	}
	octets = userdata_octets(t, &n);
	return utf16_decode(octets, n, out);
}

static void set_header(struct tpdu *t, const uint8_t *header, size_t len)
{
	t->fo = (uint8_t)(len ? t->fo | TPDU_UDHI : t->fo & ~TPDU_UDHI);
	if (t->has_pi)
		t->pi |= t->dcs ? TPDU_PI_DCS | TPDU_PI_UD : TPDU_PI_UD;
	memset(t->ud, 0, sizeof(t->ud));
	if (len)
		memcpy(t->ud, header, len);
}

static enum pdu_error check_new_header(const uint8_t *header, size_t len)
{
	if (!len)
		return PDU_OK;
	return header[0] + 1u != len ? PDU_HEADER_LENGTH : check_header(header, len);
}

enum pdu_error userdata_set_septets(struct tpdu *t, const uint8_t *header,
	size_t header_len, const uint8_t *septets, size_t n)
{
	enum pdu_error error = check_new_header(header, header_len);
	unsigned fill = gsm7_fill(header_len);
	size_t octets = header_len + (n || fill ? gsm7_octets(n, fill) : 0);

	if (error != PDU_OK)
		return error;
	if (n > 255 || octets > tpdu_ud_max(t->kind))
		return PDU_TEXT_LENGTH;
	set_header(t, header, header_len);
	gsm7_pack(septets, n, fill, t->ud + header_len);
	t->udl = (uint8_t)((8 * header_len + fill) / 7 + n);
	t->ud_octets = (uint8_t)gsm7_octets(t->udl, 0);
	return PDU_OK;
}

enum pdu_error userdata_set_octets(struct tpdu *t, const uint8_t *header,
	size_t header_len, const uint8_t *octets, size_t n)
{
	enum pdu_error error = check_new_header(header, header_len);

	if (error != PDU_OK)
		return error;
	if (header_len + n > tpdu_ud_max(t->kind))
		return PDU_TEXT_LENGTH;
	set_header(t, header, header_len);
	if (n)
		memcpy(t->ud + header_len, octets, n);
	t->udl = (uint8_t)(header_len + n);
	t->ud_octets = t->udl;
	return PDU_OK;
}

enum pdu_error userdata_set_text(struct tpdu *t, const uint32_t *cp, size_t n)
{
	struct dcs d = dcs_sms(t->dcs);
	char mem[256];
	struct buf coded;
	size_t septets;

	buf_init(&coded, mem, sizeof(mem));
	if (d.compressed || d.alphabet == DCS_8BIT)
		return PDU_TEXT_CHARACTER;
	if (d.alphabet == DCS_UCS2) {
		if (!utf16_encode(cp, n, &coded))
			return PDU_TEXT_LENGTH;
		return userdata_set_octets(t, NULL, 0, (uint8_t *)mem, coded.len);
	}
	if (!gsm7_count(cp, n, &septets))
		return PDU_TEXT_CHARACTER;
	if (!gsm7_encode(cp, n, &coded))
		return PDU_TEXT_LENGTH;
	return userdata_set_septets(t, NULL, 0, (uint8_t *)mem, coded.len);
}

size_t userdata_concat_header(const struct userdata_concat *c, uint8_t header[7])
{
	size_t n = 0;

	header[n++] = c->wide ? 6 : 5;
	header[n++] = c->wide ? USERDATA_CONCAT16 : USERDATA_CONCAT8;
	header[n++] = c->wide ? 4 : 3;
	if (c->wide)
		header[n++] = (uint8_t)(c->ref >> 8);
	header[n++] = (uint8_t)c->ref;
	header[n++] = c->total;
	header[n++] = c->at;
	return n;
}
