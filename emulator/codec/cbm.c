#include "codec/cbm.h"

#include <string.h>

#include "codec/gsm7.h"

enum pdu_error cbm_decode(const uint8_t *data, size_t len, struct cbm *c)
{
	if (len != CBM_OCTETS)
		return len < CBM_OCTETS ? PDU_SHORT : PDU_LONG;
	c->serial = (uint16_t)(data[0] << 8 | data[1]);
	c->id = (uint16_t)(data[2] << 8 | data[3]);
	c->dcs = data[4];
	c->page = data[5] >> 4;
	c->pages = data[5] & 15;
	if (!c->page || !c->pages)
		c->page = c->pages = 1;
	memcpy(c->content, data + 6, CBM_CONTENT);
	return PDU_OK;
}

bool cbm_encode(const struct cbm *c, struct buf *out)
{
	uint8_t data[CBM_OCTETS] = { (uint8_t)(c->serial >> 8), (uint8_t)c->serial,
		(uint8_t)(c->id >> 8), (uint8_t)c->id, c->dcs,
		(uint8_t)(c->page << 4 | (c->pages & 15)) };

	memcpy(data + 6, c->content, CBM_CONTENT);
	return buf_put(out, data, sizeof(data));
}

static bool septets_text(
	const struct cbm *c, size_t skip, size_t language, struct text *out)
{
	uint8_t septets[CBM_SEPTETS];
	unsigned fill = gsm7_fill(skip);
	size_t n = ((CBM_CONTENT - skip) * 8 - fill) / 7;

	gsm7_unpack(c->content + skip, n, fill, septets);
	while (n && septets[n - 1] == GSM7_CR)
		n--;
	return n <= language || gsm7_decode(septets + language, n - language, out);
}

bool cbm_text(const struct cbm *c, struct text *out)
{
	struct dcs d = dcs_broadcast(c->dcs);
	size_t skip = d.header ? c->content[0] + 1u : 0, n = CBM_CONTENT;

	if (d.compressed || d.alphabet == DCS_8BIT || skip > CBM_CONTENT - 1)
		return false;
	if (d.alphabet == DCS_GSM7)
		return septets_text(c, skip, d.language, out);
	skip += d.language;
	n -= (n - skip) % 2;
	while (n > skip && !c->content[n - 2] && c->content[n - 1] == GSM7_CR)
		n -= 2;
	return utf16_decode(c->content + skip, n - skip, out);
}

enum pdu_error cbm_set_text(struct cbm *c, const uint32_t *cp, size_t n, size_t *used)
{
	struct dcs d = dcs_broadcast(c->dcs);
	uint8_t septets[CBM_SEPTETS];
	struct buf coded;
	size_t some;

	*used = 0;
	if (d.compressed || d.header || d.language || d.alphabet == DCS_8BIT)
		return PDU_TEXT_CHARACTER;
	if (d.alphabet == DCS_UCS2) {
		buf_init(&coded, c->content, CBM_CONTENT);
		while (*used < n && utf16_encode(cp + *used, 1, &coded))
			++*used;
		while (utf16_encode(&(uint32_t){ GSM7_CR }, 1, &coded))
			;
		return PDU_OK;
	}
	if (!gsm7_count(cp, n, &some))
		return PDU_TEXT_CHARACTER;
	memset(septets, GSM7_CR, sizeof(septets));
	buf_init(&coded, septets, sizeof(septets));
	while (*used < n && gsm7_encode(cp + *used, 1, &coded))
		++*used;
	gsm7_pack(septets, CBM_SEPTETS, 0, c->content);
	return PDU_OK;
}
