#include "gsm/smsc.h"

#include <string.h>

#include "codec/hex.h"
#include "gsm/smsc_int.h"
#include "gsm/smsc_outbox.h"

#define CAUSE_TEMPORARY  41 /* 24.011 annex E */
#define CAUSE_CONGESTION 42
#define CAUSE_TIMEOUT    332  /* 27.005 clause 3.2.5: network timeout */
#define CAUSE_DUPLICATE  0xC5 /* TP-FCS, 23.040 clause 9.2.3.22 */

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

static void stamp_at(const struct smsc *s, usec_t at, uint8_t octets[TIMESTAMP_OCTETS])
{
	struct timestamp t;

	timestamp_from_unix(s->epoch + (int64_t)(at / SEC(1)), s->zone, &t);
	timestamp_put(&t, octets);
}

static void stamp(const struct smsc *s, uint8_t octets[TIMESTAMP_OCTETS])
{
	stamp_at(s, s->sched->now, octets);
}

static int64_t unix_now(const struct smsc *s)
{
	return s->epoch + (int64_t)(s->sched->now / SEC(1));
}

/* ---- subscribers ----------------------------------------------------------------- */

static bool is_own(const struct smsc *s, const struct address *a)
{
	return s->own.len && !address_alphanumeric(a) &&
	       address_same_subscriber(s->own.text, a->text);
}

static const struct sms_behaviour *subscriber(
	const struct smsc *s, const struct address *a, size_t *place)
{
	size_t i;

	for (i = 0; i < s->world->n_subscribers; i++) {
		const char *number = s->world->subscribers[i].number;

		*place = i;
		if (!address_alphanumeric(a) &&
			address_same_subscriber(number + (*number == '+'), a->text))
			return &s->world->subscribers[i].behaviour;
	}
	*place = SMS_SUBSCRIBERS;
	return &s->world->others;
}

/* ---- reports --------------------------------------------------------------------- */

void smsc_settle(struct smsc *s, const struct smsc_item *it, uint8_t status)
{
	struct smsc_sent *sent = smsc_outbox_find(s, it->sent);
	struct smsc_item *report;

	if (it->sender)
		smsc_came_to_end(s, it, status);
	if (sent) {
		sent->settled++;
		sent->status = status > sent->status ? status : sent->status;
		sent->reported = sent->reported || it->report;
		s->told(s->ctx, sent);
	}
	if (!it->report)
		return;
	report = smsc_add(s, 0);
	if (!report)
		return;
	report->to_modem = true;
	report->ref = it->ref;
	tpdu_init(&report->t, TPDU_STATUS_REPORT);
	/* no more messages waiting, as in the predefined PDUs */
	report->t.fo |= TPDU_MMS;
	report->t.mr = it->mr;
	report->t.address = it->peer;
	report->t.st = status;
	memcpy(report->t.scts, it->t.scts, TIMESTAMP_OCTETS);
	stamp(s, report->t.dt);
}

static bool queue(
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

/* forward() has made it->t for this. */
static void send_back(struct smsc *s, const struct smsc_item *it)
{
	const struct sms_behaviour *b = it->behaviour;
	struct tpdu t = it->t;
	int copies = b->twice ? 2 : 1;

	stamp(s, t.scts);
	while (copies--)
		queue(s, NULL, &t, b->reply_after);
}

static void reply(struct smsc *s, const struct smsc_item *it)
{
	const struct sms_behaviour *b = it->behaviour;
	struct smsc_message m = {
		.text = b->reply,
		.class = DCS_NO_CLASS,
		.delay = b->reply_after,
		.copies = b->twice ? 2 : 1,
	};
	char from[ADDRESS_DIGITS + 2];
	enum pdu_error why;
	struct buf name;

	if (b->echo)
		send_back(s, it);
	if (!b->reply[0])
		return;
	buf_init(&name, from, sizeof(from) - 1);
	address_print(&it->peer, &name);
	from[name.len] = '\0';
	m.from = from;
	if (!smsc_send(s, &m, &why))
		log_warn(s->log, LOG_SMS, "the reply of %s cannot be sent: %s", from,
			name_of(pdu_error_names, (int)why));
}

/* ---- delivery -------------------------------------------------------------------- */

static void delivered(struct smsc *s, struct smsc_item *it, enum smsc_answer answer)
{
	struct smsc_item done = *it;

	switch (answer) {
	case SMSC_PENDING:
		s->active = it;
		return;
	case SMSC_AWAY:
	case SMSC_FULL:
		it->waits = true;
		return;
	case SMSC_TAKEN:
	case SMSC_REFUSED:
		break;
	}
	it->used = false;
	if (done.ref && !done.sender)
		smsc_keep(s, SMSC_OUT, true);
	/* 0: received by the SME; 0x41: incompatible destination */
	if (done.t.kind == TPDU_DELIVER)
		smsc_settle(s, &done, answer == SMSC_TAKEN ? 0 : 0x41);
}

static void attempt(struct smsc *s, struct smsc_item *it)
{
	struct smsc_item done = *it;
	enum smsc_answer answer;

	if (!smsc_may_deliver(s, it)) {
		it->waits = true;
	} else if (s->sched->now >= it->expires && !it->handed) {
		smsc_finish(s, it, ST_EXPIRED);
	} else if (it->outbound) {
		smsc_hand_over(s, it);
	} else if (it->to_modem) {
		it->waits = false;
		s->offered = it;
		answer = s->deliver(s->ctx, it->as_given ? &it->sc : &s->number, &it->t);
		s->offered = NULL;
		delivered(s, it, answer);
	} else {
		it->used = false;
		smsc_settle(s, &done, done.status);
		if (done.status < 0x20)
			reply(s, &done);
	}
}

/* The oldest due item. */
static struct smsc_item *next_due(struct smsc *s)
{
	struct smsc_item *next = NULL;
	size_t i;

	for (i = 0; i < s->items; i++) {
		struct smsc_item *it = &s->item[i];

		if (it->used && !it->waits && !it->under_way &&
			it->due <= s->sched->now &&
			(!next || it->due < next->due ||
				(it->due == next->due && it->order < next->order)))
			next = it;
	}
	return next;
}

static void work(void *ctx, usec_t now)
{
	struct smsc *s = ctx;
	struct smsc_item *it;

	(void)now;
	while (!s->active && (it = next_due(s)))
		attempt(s, it);
	smsc_schedule(s);
}

static void wake(struct smsc *s)
{
	size_t i;

	for (i = 0; i < s->items; i++) {
		if (!s->item[i].used || !s->item[i].waits)
			continue;
		s->item[i].waits = false;
		s->item[i].due = s->sched->now + s->world->wake;
	}
	smsc_schedule(s);
}

static void retry(void *ctx, usec_t now)
{
	(void)now;
	smsc_repeat(ctx);
	wake(ctx);
}

void smsc_reachable(struct smsc *s)
{
	wake(s);
}

void smsc_memory_available(struct smsc *s)
{
	wake(s);
}

void smsc_answer(struct smsc *s, enum smsc_answer answer)
{
	struct smsc_item *it = s->active;

	if (!it)
		return;
	s->active = NULL;
	delivered(s, it, answer);
	smsc_schedule(s);
}

int smsc_waiting(const struct smsc *s)
{
	int n = 0;
	size_t i;

	for (i = 0; i < s->items; i++)
		n += s->item[i].used && s->item[i].to_modem;
	return n;
}

/* ---- what the modem submits ------------------------------------------------------ */

static usec_t life(const struct smsc *s, const struct tpdu *t)
{
	int64_t seconds = validity_seconds(tpdu_validity(t), &t->vp, unix_now(s));

	return seconds < 0 ? USEC_NEVER : SEC(seconds);
}

/* The message that the recipient gets (23.040 clause 9.2.2.1). */
static void forward(
	struct smsc_item *it, const struct address *from, const struct tpdu *t)
{
	tpdu_init(&it->t, TPDU_DELIVER);
	it->t.fo = (uint8_t)(TPDU_MMS | (t->fo & (TPDU_UDHI | TPDU_RP | TPDU_SRR)));
	it->t.pid = t->pid;
	it->t.dcs = t->dcs;
	it->t.address = *from;
	it->t.udl = t->udl;
	it->t.ud_octets = t->ud_octets;
	memcpy(it->t.ud, t->ud, sizeof(it->t.ud));
}

/* False: it could not be stored. */
static bool store_and_forward(
	struct smsc *s, const struct tpdu *t, const struct sms_behaviour *b)
{
	struct smsc_sent *sent;
	bool own = is_own(s, &t->address);
	bool neighbour = !own && smsc_is_neighbour(s, &t->address);
	usec_t left = life(s, t);
	int copies = own && b->twice ? 2 : 1;
	struct smsc_item *it = NULL;

	while (copies--) {
		it = smsc_add(s, b->deliver < left ? b->deliver : left);
		if (!it)
			break;
		it->report = b->reports && t->fo & TPDU_SRR && !copies;
		it->mr = t->mr;
		it->peer = t->address;
		it->behaviour = b;
		it->status = b->deliver < left ? (uint8_t)b->status : ST_EXPIRED;
		if (left != USEC_NEVER)
			it->expires = own || neighbour ? s->sched->now + left
						       : USEC_NEVER;
		it->to_modem = own;
		if (neighbour)
			smsc_address(s, it);
		forward(it, own || neighbour ? &s->own : &t->address, t);
		stamp(s, it->t.scts);
	}
	if (neighbour && it && !smsc_keep(s, SMSC_OUT, true)) {
		it->used = false;
		return false;
	}
	sent = smsc_outbox_add(s, t);
	s->told(s->ctx, sent);
	if (it)
		it->sent = sent->id;
	smsc_schedule(s);
	return true;
}

/* TP-RD (23.040 clause 9.2.3.25): a message with the same reference for the same number
 * is still here. */
static bool unwanted_duplicate(const struct smsc *s, const struct tpdu *t)
{
	size_t i;

	for (i = 0; i < s->items && t->fo & TPDU_RD; i++) {
		const struct smsc_item *it = &s->item[i];

		if (it->used && (it->sent || it->outbound) && it->mr == t->mr &&
			address_equal(&it->peer, &t->address))
			return true;
	}
	return false;
}

static void submit_over(void *ctx, usec_t now)
{
	struct smsc *s = ctx;
	size_t place;
	const struct sms_behaviour *b = subscriber(s, &s->submitting.address, &place);
	int cause = s->cause;

	(void)now;
	if (!cause && b->cause && s->accepted[place] >= b->accept)
		cause = b->cause;
	if (!cause && unwanted_duplicate(s, &s->submitting))
		cause = CAUSE_DUPLICATE;
	if (!cause && smsc_is_cut_off(s, &s->submitting.address, place < SMS_SUBSCRIBERS))
		cause = CAUSE_TIMEOUT;
	if (!cause && (smsc_waiting(s) >= SMSC_ITEMS / 2 ||
			      !smsc_has_room(s, &s->submitting.address)))
		cause = CAUSE_CONGESTION;
	if (!cause) {
		s->accepted[place]++;
		if (!store_and_forward(s, &s->submitting, b))
			cause = CAUSE_TEMPORARY;
	}
	s->submitted(s->ctx, cause);
}

void smsc_submit(struct smsc *s, const struct tpdu *t, int failure)
{
	size_t place;

	s->submitting = *t;
	s->cause = failure;
	timer_arm(s->sched, &s->submit, subscriber(s, &t->address, &place)->submit);
}

bool smsc_withdraw(struct smsc *s)
{
	bool under_way = timer_armed(&s->submit);

	timer_stop(s->sched, &s->submit);
	return under_way;
}

void smsc_abort(struct smsc *s)
{
	timer_stop(s->sched, &s->submit);
	if (s->active)
		smsc_answer(s, SMSC_AWAY);
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
	if (e == PDU_OK && !queue(s, NULL, t, m->delay))
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
		if (!queue(s, NULL, t, m->delay))
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
	t.fo |= TPDU_MMS;
	t.pid = m->pid;
	*why = address_parse_utf8(&t.address, m->from);
	if (*why != PDU_OK)
		return 0;
	stamp(s, t.scts);
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
		if (!queue(s, &sc, &t, delay))
			e = PDU_ROOM;
	return e;
}

bool smsc_report(struct smsc *s, uint32_t id, uint8_t status, usec_t delay)
{
	struct smsc_sent *sent = smsc_outbox_find(s, id ? id : s->last_id);
	struct smsc_item *it = sent ? smsc_add(s, delay) : NULL;

	if (!it)
		return false;
	it->to_modem = true;
	tpdu_init(&it->t, TPDU_STATUS_REPORT);
	it->t.fo |= TPDU_MMS;
	it->t.mr = sent->mr;
	it->t.address = sent->to;
	it->t.st = status;
	stamp_at(s, sent->at, it->t.scts);
	stamp(s, it->t.dt);
	sent->status = status;
	sent->reported = true;
	s->told(s->ctx, sent);
	smsc_schedule(s);
	return true;
}

void smsc_init(struct smsc *s, struct smsc_memory *memory, const struct network *world,
	const char *number, const char *own, int64_t epoch, struct sched *sched,
	const struct log *log)
{
	memset(s, 0, sizeof(*s));
	s->item = memory->item;
	s->known = &memory->known;
	s->outbox = memory->outbox;
	s->pdus = memory->pdus;
	s->octets = memory->octets;
	s->texts = memory->texts;
	s->world = &world->sms;
	s->sched = sched;
	s->log = log;
	s->epoch = epoch;
	s->zone = world->nitz.zone;
	address_parse(&s->number, number, strlen(number), 0);
	if (address_parse(&s->own, own, strlen(own), 0) != PDU_OK)
		s->own.len = 0;
	timer_init(&s->work, "service centre", TIMER_OWN, work, s);
	timer_init(&s->retry, "service centre's next try", TIMER_WAIT, retry, s);
	timer_init(&s->submit, "message being sent", TIMER_OWN, submit_over, s);
	concat_init(&s->concat, memory->parts, SMSC_PARTS);
}
