#include "gsm/smsc.h"

#include <string.h>

#include "gsm/smsc_int.h"
#include "gsm/smsc_outbox.h"

#define CAUSE_TEMPORARY  41 /* 24.011 annex E */
#define CAUSE_CONGESTION 42
#define CAUSE_TIMEOUT    332  /* 27.005 clause 3.2.5: network timeout */
#define CAUSE_DUPLICATE  0xC5 /* TP-FCS, 23.040 clause 9.2.3.22 */

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

/* A number that a neighbour has is that neighbour, whatever the network says of it; and
 * what an outside centre does is its own affair. */
static const struct sms_behaviour *subscriber(
	const struct smsc *s, const struct address *a, size_t *place)
{
	size_t i, n = s->world->n_subscribers;

	if (smsc_outside(s) || smsc_is_neighbour(s, a))
		n = 0;

	for (i = 0; i < n; i++) {
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
	report->t.mr = it->mr;
	report->t.address = it->peer;
	report->t.st = status;
	memcpy(report->t.scts, it->t.scts, TIMESTAMP_OCTETS);
	smsc_stamp(s, report->t.dt);
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

/* Whether more messages wait here for the modem (23.040 clause 9.2.3.2). */
static bool more_wait(const struct smsc *s, const struct smsc_item *it)
{
	const struct smsc_item *other;

	for (other = s->item; other < s->item + s->items; other++)
		if (other != it && other->used && other->to_modem &&
			(other->waits || other->due <= s->sched->now))
			return true;
	return false;
}

/* A PDU that the user has written stays as it is; another one gets its TP-MMS. */
static enum smsc_answer offer(struct smsc *s, struct smsc_item *it)
{
	struct tpdu t = it->t;
	enum smsc_answer answer;

	if (!it->as_given || it->sender)
		t.fo = (uint8_t)((t.fo & ~TPDU_MMS) | (more_wait(s, it) ? 0 : TPDU_MMS));
	s->offered = it;
	answer = s->deliver(s->ctx, it->as_given ? &it->sc : &s->number, &t);
	s->offered = NULL;
	return answer;
}

static void attempt(struct smsc *s, struct smsc_item *it)
{
	struct smsc_item done = *it;

	if (!smsc_may_deliver(s, it)) {
		it->waits = true;
	} else if (s->sched->now >= it->expires && !it->handed) {
		smsc_finish(s, it, ST_EXPIRED);
	} else if (smsc_for_outside(s, it)) {
		smsc_ask(s, it);
	} else if (it->outbound) {
		smsc_hand_over(s, it);
	} else if (it->to_modem) {
		it->waits = false;
		delivered(s, it, offer(s, it));
	} else {
		it->used = false;
		smsc_settle(s, &done, done.status);
		if (done.status < 0x20)
			smsc_reply(s, &done);
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

/* outside: those that wait for an outside centre too. */
static void wake(struct smsc *s, bool outside)
{
	struct smsc_item *it = s->item;

	for (; it < s->item + s->items; it++) {
		if (!it->used || !it->waits || (!outside && smsc_for_outside(s, it)))
			continue;
		it->waits = false;
		it->due = s->sched->now + s->world->wake;
	}
	smsc_schedule(s);
}

static void retry(void *ctx, usec_t now)
{
	(void)now;
	smsc_repeat(ctx);
	wake(ctx, true);
}

void smsc_reachable(struct smsc *s)
{
	wake(s, false);
}

void smsc_memory_available(struct smsc *s)
{
	wake(s, false);
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
	bool outside = smsc_outside(s), own = !outside && is_own(s, &t->address);
	bool neighbour = !outside && !own && smsc_is_neighbour(s, &t->address);
	bool real = outside || own || neighbour; /* its recipient gets the PDU */
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
			it->expires = real ? s->sched->now + left : USEC_NEVER;
		it->to_modem = own;
		if (outside || neighbour)
			smsc_address(s, it);
		forward(it, real ? &s->own : &t->address, t);
		smsc_stamp(s, it->t.scts);
	}
	if (it && it->outbound && !smsc_keep(s, SMSC_OUT, true)) {
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

bool smsc_report(struct smsc *s, uint32_t id, uint8_t status, usec_t delay)
{
	struct smsc_sent *sent = smsc_outbox_find(s, id ? id : s->last_id);
	struct smsc_item *it = sent ? smsc_add(s, delay) : NULL;

	if (!it)
		return false;
	it->to_modem = true;
	tpdu_init(&it->t, TPDU_STATUS_REPORT);
	it->t.mr = sent->mr;
	it->t.address = sent->to;
	it->t.st = status;
	smsc_stamp_at(s, sent->at, it->t.scts);
	smsc_stamp(s, it->t.dt);
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
