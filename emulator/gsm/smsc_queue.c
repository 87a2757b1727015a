/* The queue of the service centre: its items, their times, and messages that others send
 * to the modem. */
#include <string.h>

#include "codec/hex.h"
#include "gsm/smsc_int.h"

/* ---- the queue ------------------------------------------------------------------- */

void smsc_schedule(struct smsc *s)
{
	usec_t due = USEC_NEVER;
	bool waits = s->unkept[SMSC_OUT] || s->unkept[SMSC_IN];
	size_t i;

	for (i = 0; i < s->items; i++) {
		const struct smsc_item *it = &s->item[i];

		if (!it->used || it == s->active)
			continue;
		waits = waits || it->waits || it->under_way;
		if (it->under_way)
			continue;
		if (!it->waits && it->due < due)
			due = it->due;
	}
	timer_stop(s->sched, &s->work);
	if (due != USEC_NEVER && !s->active)
		timer_arm(s->sched, &s->work,
			due > s->sched->now ? due - s->sched->now : 0);
	if (!waits)
		timer_stop(s->sched, &s->retry);
	else if (!timer_armed(&s->retry))
		timer_arm(s->sched, &s->retry, s->world->retry);
}

struct smsc_item *smsc_add(struct smsc *s, usec_t delay)
{
	struct smsc_item *it = s->item;

	while (it < s->item + s->items && it->used)
		it++;
	if (it < s->item + SMSC_ITEMS) {
		if (it == s->item + s->items)
			s->items++;
		*it = (struct smsc_item){
			.used = true,
			.due = s->sched->now + delay,
			.expires = USEC_NEVER,
			.order = ++s->order,
		};
		return it;
	}
	log_warn(s->log, LOG_SMS,
		"the service centre is full (%d messages): one message is lost",
		SMSC_ITEMS);
	return NULL;
}

void smsc_stamp_at(const struct smsc *s, usec_t at, uint8_t octets[TIMESTAMP_OCTETS])
{
	struct timestamp t;

	timestamp_from_unix(s->epoch + (int64_t)(at / SEC(1)), s->zone, &t);
	timestamp_put(&t, octets);
}

void smsc_stamp(const struct smsc *s, uint8_t octets[TIMESTAMP_OCTETS])
{
	smsc_stamp_at(s, s->sched->now, octets);
}

bool smsc_queue(
	struct smsc *s, const struct address *sc, const struct tpdu *t, usec_t delay)
{
	struct smsc_item *it = smsc_add(s, delay);

	if (!it)
		return false;
	it->to_modem = true;
	it->t = *t;
	it->as_given = sc != NULL;
	if (sc)
		it->sc = *sc;
	smsc_schedule(s);
	return true;
}

/* ---- what comes from elsewhere --------------------------------------------------- */

static enum pdu_error send_data(
	struct smsc *s, const struct smsc_message *m, struct tpdu *t)
{
	uint8_t data[TPDU_TEXT_UD];
	size_t n;
	enum pdu_error e;

	if (!hex_decode(m->text, strlen(m->text), data, sizeof(data), &n))
		return PDU_DIGITS;
	t->dcs = dcs_sms_octet(DCS_8BIT, m->class);
	e = userdata_set_octets(t, NULL, 0, data, n);
	if (e == PDU_OK && !smsc_queue(s, NULL, t, m->delay))
		e = PDU_ROOM;
	return e;
}

static int send_text(
	struct smsc *s, const struct smsc_message *m, struct tpdu *t, enum pdu_error *why)
{
	uint32_t cp[SMSC_TEXT];
	struct concat_split split;
	struct text text;
	int parts = 0;

	text_init(&text, cp, SMSC_TEXT);
	*why = PDU_TEXT_LENGTH;
	if (!utf8_decode(m->text, strlen(m->text), &text))
		return 0;
	*why = concat_begin(&split, cp, text.n, m->alphabet, m->wide, s->ref);
	if (*why != PDU_OK)
		return 0;
	while (concat_next(&split, t, m->class)) {
		*why = PDU_ROOM;
		if (!smsc_queue(s, NULL, t, m->delay))
			return 0;
		parts++;
	}
	return parts;
}

int smsc_send(struct smsc *s, const struct smsc_message *m, enum pdu_error *why)
{
	struct tpdu t;
	int copy, parts = 0;

	tpdu_init(&t, TPDU_DELIVER);
	t.pid = m->pid;
	*why = address_parse_utf8(&t.address, m->from);
	if (*why != PDU_OK)
		return 0;
	smsc_stamp(s, t.scts);
	s->ref++;
	for (copy = 0; copy < m->copies && *why == PDU_OK; copy++) {
		if (m->data)
			*why = send_data(s, m, &t);
		else
			parts = send_text(s, m, &t, why);
		if (parts)
			*why = PDU_OK;
	}
	return *why == PDU_OK ? (m->data ? 1 : parts) : 0;
}

enum pdu_error smsc_send_pdu(
	struct smsc *s, const char *digits, size_t n, usec_t delay, int copies)
{
	struct address sc;
	struct tpdu t;
	enum pdu_error e = tpdu_read_any(digits, n, true, &sc, &t);

	while (e == PDU_OK && copies--)
		if (!smsc_queue(s, &sc, &t, delay))
			e = PDU_ROOM;
	return e;
}
