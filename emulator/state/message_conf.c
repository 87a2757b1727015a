/* Messages that a profile puts into the stores. */
#include <string.h>

#include "codec/concat.h"
#include "codec/timestamp.h"
#include "state/profile.h"

static bool received(const struct message_conf *c)
{
	return c->status == SMS_UNREAD || c->status == SMS_READ;
}

/* In the GSM alphabet if possible, else in UCS2. */
static enum pdu_error set_text(struct tpdu *t, const char *utf8)
{
	uint32_t cp[TPDU_SEPTETS];
	struct concat_split split;
	struct text text;
	enum pdu_error e;

	text_init(&text, cp, TPDU_SEPTETS);
	if (!utf8_decode(utf8, strlen(utf8), &text))
		return PDU_TEXT_LENGTH;
	e = concat_begin(&split, cp, text.n, CONCAT_AUTO, false, 0);
	if (e == PDU_OK && split.part.total > 1)
		e = PDU_TEXT_LENGTH;
	if (e == PDU_OK)
		concat_next(&split, t, DCS_NO_CLASS);
	return e;
}

static enum pdu_error set_time(struct tpdu *t, const char *text)
{
	struct timestamp time;
	enum pdu_error e = timestamp_parse(text, strlen(text), &time);

	if (e == PDU_OK)
		timestamp_put(&time, t->scts);
	return e;
}

static enum pdu_error read_text(const struct message_conf *c, const char *centre,
	struct address *sc, struct tpdu *t)
{
	enum pdu_error e;

	memset(sc, 0, sizeof(*sc));
	tpdu_init(t, received(c) ? TPDU_DELIVER : TPDU_SUBMIT);
	if (received(c)) {
		t->fo |= TPDU_MMS;
		if (*centre)
			address_parse(sc, centre, strlen(centre), 0);
		e = address_parse_utf8(&t->address, c->from);
		if (e == PDU_OK)
			e = set_time(t, c->time);
	} else {
		t->fo |= VALIDITY_RELATIVE << 3;
		t->vp.octets[0] = validity_relative_octet(24 * 3600);
		t->address.type = ADDRESS_UNKNOWN;
		e = c->to[0] ? address_parse(&t->address, c->to, strlen(c->to), 0)
			     : PDU_OK;
	}
	return e == PDU_OK ? set_text(t, c->text) : e;
}

enum pdu_error message_conf_read(const struct message_conf *c, const char *centre,
	struct address *sc, struct tpdu *t)
{
	enum pdu_error e;

	if (!c->pdu[0])
		return read_text(c, centre, sc, t);
	e = tpdu_read_any(c->pdu, strlen(c->pdu), received(c), sc, t);
	if (e == PDU_OK && !received(c) && t->kind != TPDU_SUBMIT)
		e = PDU_TYPE;
	return e;
}

void message_conf_store(const struct message_conf *c, size_t n, const char *centre,
	struct sms *s, enum sms_store_id id)
{
	struct sms_slot *slot;
	struct address sc;
	struct tpdu t;
	bool named;
	size_t i, k;

	/* messages with a given place first */
	for (k = 0; k < 2 * n; k++) {
		i = k % n;
		named = c[i].index != 0;
		if (named != (k < n) ||
			message_conf_read(&c[i], centre, &sc, &t) != PDU_OK)
			continue;
		slot = sms_slot(s, id, named ? c[i].index : sms_free(s, id));
		if (slot)
			sms_write_tpdu(s, slot, c[i].status, &sc, &t);
	}
}
