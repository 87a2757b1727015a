#include "codec/concat.h"

#include <string.h>

#include "codec/gsm7.h"

/* Splitting. A unit is a septet or 16 bits. */

static size_t units_of(const struct concat_split *s, uint32_t cp)
{
	uint8_t code[2];

	return s->alphabet == DCS_UCS2 ? utf16_units(cp, NULL) : gsm7_septets(cp, code);
}

static size_t units_max(const struct concat_split *s)
{
	size_t header = s->part.total == 1 ? 0 : s->part.wide ? 7 : 6;

	if (s->alphabet == DCS_UCS2)
		return (TPDU_TEXT_UD - header) / 2;
	return TPDU_SEPTETS - (8 * header + gsm7_fill(header)) / 7;
}

/* The number of characters that the next part takes, from `at` on. */
static size_t part_length(const struct concat_split *s, size_t at)
{
	size_t begin = at, units = 0, max = units_max(s);

	while (at < s->n && units + units_of(s, s->cp[at]) <= max)
		units += units_of(s, s->cp[at++]);
	return at - begin;
}

enum pdu_error concat_begin(struct concat_split *s, const uint32_t *cp, size_t n,
	enum concat_choice choice, bool wide, uint16_t ref)
{
	size_t at, septets, total = 0;
	bool gsm = gsm7_count(cp, n, &septets);

	if (choice == CONCAT_GSM7 && !gsm)
		return PDU_TEXT_CHARACTER;
	*s = (struct concat_split){ .cp = cp, .n = n, .alphabet = DCS_UCS2 };
	if (choice != CONCAT_UCS2 && gsm)
		s->alphabet = DCS_GSM7;
	s->part = (struct userdata_concat){ wide ? ref : (uint8_t)ref, wide, 1, 0 };
	if (part_length(s, 0) == n)
		return PDU_OK;
	s->part.total = 2; /* more than one, so that parts have a header */
	for (at = 0; at < n; total++)
		at += part_length(s, at);
	if (total > CONCAT_PARTS)
		return PDU_TEXT_LENGTH;
	s->part.total = (uint8_t)total;
	return PDU_OK;
}

bool concat_next(struct concat_split *s, struct tpdu *t, int class)
{
	uint8_t header[7];
	char mem[TPDU_SEPTETS];
	struct buf coded;
	size_t n, header_len = 0;

	if (s->part.at == s->part.total)
		return false;
	s->part.at++;
	if (s->part.total > 1)
		header_len = userdata_concat_header(&s->part, header);
	n = part_length(s, s->done);
	buf_init(&coded, mem, sizeof(mem));
	t->dcs = dcs_sms_octet(s->alphabet, class);
	if (s->alphabet == DCS_UCS2) {
		utf16_encode(s->cp + s->done, n, &coded);
		userdata_set_octets(t, header, header_len, (uint8_t *)mem, coded.len);
	} else {
		gsm7_encode(s->cp + s->done, n, &coded);
		userdata_set_septets(t, header, header_len, (uint8_t *)mem, coded.len);
	}
	s->done += n;
	return true;
}

/* Joining. */

void concat_init(struct concat *c, struct concat_part *parts, size_t cap)
{
	*c = (struct concat){ .parts = parts, .cap = cap };
}

static bool belongs(const struct concat_part *p, const struct tpdu *t,
	const struct userdata_concat *part)
{
	return p->used && p->t.kind == t->kind && p->part.ref == part->ref &&
	       p->part.wide == part->wide && p->part.total == part->total &&
	       address_equal(&p->t.address, &t->address);
}

enum concat_result concat_add(struct concat *c, const struct tpdu *t)
{
	struct userdata_concat part;
	struct concat_part *p, *end = c->parts + c->cap, *room = NULL;

	if (!userdata_get_concat(t, &part) || part.total == 1)
		return CONCAT_SINGLE;
	if (concat_get(c, t, part.at))
		return CONCAT_DUPLICATE;
	for (p = c->parts; p < end && !room; p++)
		room = p->used ? NULL : p;
	if (!room)
		return CONCAT_FULL;
	*room = (struct concat_part){ true, c->order++, part, *t };
	return concat_count(c, t) == part.total ? CONCAT_COMPLETE : CONCAT_WAITING;
}

size_t concat_count(const struct concat *c, const struct tpdu *t)
{
	struct userdata_concat part;
	size_t i, count = 0;

	if (!userdata_get_concat(t, &part))
		return 0;
	for (i = 0; i < c->cap; i++)
		count += belongs(&c->parts[i], t, &part);
	return count;
}

const struct tpdu *concat_get(const struct concat *c, const struct tpdu *t, uint8_t at)
{
	struct userdata_concat part;
	size_t i;

	if (!userdata_get_concat(t, &part))
		return NULL;
	for (i = 0; i < c->cap; i++)
		if (belongs(&c->parts[i], t, &part) && c->parts[i].part.at == at)
			return &c->parts[i].t;
	return NULL;
}

/* Senders may cut an extension character or a pair of surrogates in two. So an escape at
 * the end of a part is carried over, and adjacent surrogates are joined. */
static bool add_septets(const struct tpdu *t, bool *escape, bool last, struct text *out)
{
	uint8_t septets[USERDATA_SEPTETS + 1] = { GSM7_ESC };
	size_t at = 0, n = userdata_septets(t, septets + *escape) + *escape, used;

	*escape = false;
	while (at < n) {
		if (septets[at] == GSM7_ESC && at + 1 == n && !last) {
			*escape = true;
			return true;
		}
		if (!text_put(out, gsm7_next(septets + at, n - at, &used)))
			return false;
		at += used;
	}
	return true;
}

static void join_surrogates(struct text *out, size_t at)
{
	uint32_t *cp = out->cp + at;

	if (!at || at >= out->n || cp[-1] < 0xd800 || cp[-1] > 0xdbff || cp[0] < 0xdc00 ||
		cp[0] > 0xdfff)
		return;
	cp[-1] = 0x10000 + ((cp[-1] & 0x3ff) << 10) + (cp[0] & 0x3ff);
	memmove(cp, cp + 1, (--out->n - at) * sizeof(*cp));
}

bool concat_text(const struct concat *c, const struct tpdu *t, struct text *out)
{
	struct userdata_concat part;
	const struct tpdu *p;
	size_t begin;
	unsigned at;
	bool escape = false;

	if (!userdata_get_concat(t, &part))
		return userdata_text(t, out);
	for (at = 1; at <= part.total; at++) {
		p = concat_get(c, t, (uint8_t)at);
		begin = out->n;
		if (!p)
			continue;
		if (userdata_in_septets(p)) {
			if (!add_septets(p, &escape, at == part.total, out))
				return false;
			continue;
		}
		if (!userdata_text(p, out))
			return false;
		join_surrogates(out, begin);
	}
	return true;
}

void concat_drop(struct concat *c, const struct tpdu *t)
{
	struct tpdu key = *t;
	struct userdata_concat part;
	size_t i;

	if (!userdata_get_concat(&key, &part))
		return;
	for (i = 0; i < c->cap; i++)
		if (belongs(&c->parts[i], &key, &part))
			c->parts[i].used = false;
}

const struct tpdu *concat_oldest(const struct concat *c)
{
	const struct concat_part *oldest = NULL;
	size_t i;

	for (i = 0; i < c->cap; i++)
		if (c->parts[i].used && (!oldest || c->parts[i].order < oldest->order))
			oldest = &c->parts[i];
	return oldest ? &oldest->t : NULL;
}
