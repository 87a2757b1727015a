#include "gsm/smsc_outbox.h"

#include <string.h>

#include "codec/hex.h"

struct smsc_sent *smsc_outbox_find(struct smsc *s, uint32_t id)
{
	struct smsc_sent *sent = &s->outbox[id % SMSC_OUTBOX];

	return id && sent->id == id ? sent : NULL;
}

const struct smsc_sent *smsc_outbox_next(const struct smsc *s, uint32_t after)
{
	uint32_t lost = s->last_id > SMSC_OUTBOX ? s->last_id - SMSC_OUTBOX : 0;

	if (after < lost)
		after = lost;
	return after < s->last_id ? &s->outbox[(after + 1) % SMSC_OUTBOX] : NULL;
}

const struct smsc_pdu *smsc_outbox_pdu(const struct smsc *s, uint32_t id, int part)
{
	size_t i;

	for (i = 0; i < SMSC_PDUS; i++)
		if (id && s->pdus[i].sent == id && s->pdus[i].part == part)
			return &s->pdus[i];
	return NULL;
}

/* Removes the oldest PDU: its octets are the first. */
static void drop_pdu(struct smsc *s, struct smsc_pdu *oldest)
{
	size_t i, len = oldest->len;

	*oldest = (struct smsc_pdu){ .sent = 0 };
	s->n_octets -= len;
	memmove(s->octets, s->octets + len, s->n_octets);
	for (i = 0; i < SMSC_PDUS; i++)
		if (s->pdus[i].sent)
			s->pdus[i].octets -= len;
}

static void keep_pdu(struct smsc *s, uint32_t id, int part, const struct tpdu *t)
{
	struct smsc_pdu *pdu = &s->pdus[s->next_pdu++ % SMSC_PDUS];
	struct buf b;

	if (pdu->sent)
		drop_pdu(s, pdu);
	buf_init(&b, s->octets + s->n_octets, TPDU_MAX);
	tpdu_encode(t, &b);
	*pdu = (struct smsc_pdu){ id, (uint8_t)part, (uint8_t)b.len, (uint8_t *)b.data };
	s->n_octets += b.len;
}

static bool same_message(const struct smsc_sent *sent, const struct tpdu *t,
	const struct userdata_concat *c)
{
	return sent->id && sent->concat.ref == c->ref && sent->concat.wide == c->wide &&
	       sent->concat.total == c->total && sent->parts < sent->concat.total &&
	       address_equal(&sent->to, &t->address);
}

static struct smsc_sent *find_message(
	struct smsc *s, const struct tpdu *t, const struct userdata_concat *c)
{
	size_t i;

	for (i = 0; i < SMSC_OUTBOX; i++)
		if (same_message(&s->outbox[i], t, c))
			return &s->outbox[i];
	return NULL;
}

/* Replaces `was` bytes of the texts, from `at`, by others; later texts move. */
static void splice(struct smsc *s, size_t at, size_t was, const char *by, size_t len)
{
	size_t i;

	memmove(s->texts + at + len, s->texts + at + was, s->texts_len - at - was);
	if (len)
		memcpy(s->texts + at, by, len);
	s->texts_len += len - was;
	for (i = 0; i < SMSC_OUTBOX; i++)
		if (s->outbox[i].id && s->outbox[i].text > at)
			s->outbox[i].text += len - was;
}

const char *smsc_outbox_text(const struct smsc *s, const struct smsc_sent *sent)
{
	return s->texts + sent->text;
}

/* b has memory for one byte more. */
static void set_text(struct smsc *s, struct smsc_sent *sent, struct buf *b)
{
	b->data[b->len] = '\0';
	splice(s, sent->text, sent->text_size, b->data, b->len + 1);
	sent->text_size = b->len + 1;
}

static struct smsc_sent *begin(struct smsc *s, const struct tpdu *t)
{
	uint32_t id = ++s->last_id;
	struct smsc_sent *sent = &s->outbox[id % SMSC_OUTBOX];

	splice(s, sent->text, sent->text_size, NULL, 0);
	*sent = (struct smsc_sent){
		.id = id,
		.at = s->sched->now,
		.to = t->address,
		.concat = { .total = 1, .at = 1 },
		.status = -1,
		.text = s->texts_len,
		.text_size = 1,
	};
	splice(s, sent->text, 0, "", 1);
	return sent;
}

static void put_text(struct smsc *s, struct smsc_sent *sent, const struct text *t)
{
	char mem[SMSC_TEXT];
	struct buf b;

	buf_init(&b, mem, sizeof(mem) - 1);
	utf8_encode(t->cp, t->n, &b);
	set_text(s, sent, &b);
}

/* Data is not text: shows its octets. */
static void put_octets(struct smsc *s, struct smsc_sent *sent, const struct tpdu *t)
{
	char mem[SMSC_TEXT];
	size_t n;
	const uint8_t *octets = userdata_octets(t, &n);
	struct buf b;

	buf_init(&b, mem, sizeof(mem) - 1);
	buf_puts(&b, smsc_outbox_text(s, sent));
	hex_put(&b, octets, n);
	set_text(s, sent, &b);
}

static void put_single(struct smsc *s, struct smsc_sent *sent, const struct tpdu *t)
{
	uint32_t cp[TPDU_SEPTETS];
	struct text text;

	text_init(&text, cp, TPDU_SEPTETS);
	if (userdata_text(t, &text))
		put_text(s, sent, &text);
	else
		put_octets(s, sent, t);
}

static void put_part(struct smsc *s, struct smsc_sent *sent, const struct tpdu *t)
{
	uint32_t cp[SMSC_TEXT];
	struct text text;

	while (concat_add(&s->concat, t) == CONCAT_FULL)
		concat_drop(&s->concat, concat_oldest(&s->concat));
	sent->parts = (int)concat_count(&s->concat, t);
	text_init(&text, cp, SMSC_TEXT);
	if (dcs_sms(t->dcs).alphabet == DCS_8BIT)
		put_octets(s, sent, t);
	else if (concat_text(&s->concat, t, &text) || text.full)
		put_text(s, sent, &text);
	if (sent->parts == sent->concat.total)
		concat_drop(&s->concat, t);
}

struct smsc_sent *smsc_outbox_add(struct smsc *s, const struct tpdu *t)
{
	struct userdata_concat c;
	bool part = userdata_get_concat(t, &c) && c.total > 1;
	struct smsc_sent *sent = part ? find_message(s, t, &c) : NULL;

	if (!sent)
		sent = begin(s, t);
	sent->fo = t->fo;
	sent->pid = t->pid;
	sent->dcs = t->dcs;
	sent->mr = t->mr;
	sent->parts = 1;
	sent->asked = sent->asked || t->fo & TPDU_SRR;
	keep_pdu(s, sent->id, part ? c.at : 1, t);
	if (!part) {
		put_single(s, sent, t);
		return sent;
	}
	sent->concat = c;
	put_part(s, sent, t);
	return sent;
}
