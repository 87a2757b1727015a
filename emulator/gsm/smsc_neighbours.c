/* Messages between the service centres of neighbours. The sender's keeps a message until
 * it knows what became of it, so that a neighbour that is away costs its own centre
 * little. */
#include "gsm/smsc_int.h"

/* How many messages wait for the modem before neighbours have to try again: fewer than
 * those at which the modem's own submissions fail. */
#define INBOUND (SMSC_ITEMS * 3 / 8)
/* How many messages may be with neighbours at once. A report takes the place of its
 * message, so it always has room. */
#define OUTBOUND SMS_POST_OPEN

/* ---- the sender ------------------------------------------------------------------ */

bool smsc_is_neighbour(const struct smsc *s, const struct address *a)
{
	const struct neighbour_ports *n = s->neighbours;

	return n && n->has && !address_alphanumeric(a) && n->has(n->ctx, a);
}

bool smsc_is_cut_off(const struct smsc *s, const struct address *a, bool listed)
{
	const struct neighbour_ports *n = s->neighbours;

	return n && n->away && !address_alphanumeric(a) &&
	       (!listed || smsc_is_neighbour(s, a)) && n->away(n->ctx, a);
}

bool smsc_has_room(const struct smsc *s, const struct address *to)
{
	size_t i, out = 0, used = 0;

	for (i = 0; i < s->items; i++) {
		used += s->item[i].used;
		out += s->item[i].used && s->item[i].outbound;
	}
	return !(smsc_outside(s) || smsc_is_neighbour(s, to)) ||
	       (out < OUTBOUND && used < SMSC_ITEMS);
}

void smsc_address(struct smsc *s, struct smsc_item *it)
{
	const struct neighbour_ports *n = s->neighbours;

	if (!s->life)
		s->life = n->life ? n->life(n->ctx) : 1; /* seen by no neighbour */
	it->outbound = true;
	it->ref = ++s->last_ref;
}

/* Lists the messages for neighbours, by their refs; there are never more than that. */
static void list_open(const struct smsc *s, struct sms_post *p)
{
	const struct smsc_item *it = s->item;
	size_t at;

	for (; it < s->item + s->items && p->n_open < SMS_POST_OPEN; it++) {
		if (!it->used || !it->outbound)
			continue;
		for (at = p->n_open++; at && p->open[at - 1] > it->ref; at--)
			p->open[at] = p->open[at - 1];
		p->open[at] = it->ref;
	}
}

void smsc_hand_over(struct smsc *s, struct smsc_item *it)
{
	struct sms_post p = {
		.sender = s->life,
		.ref = it->ref,
		.to = it->peer,
		.centre = s->number,
		.t = it->t,
		.left = USEC_NEVER,
	};

	if (it->expires != USEC_NEVER)
		p.left = it->expires > s->sched->now ? it->expires - s->sched->now : 0;
	list_open(s, &p);
	it->waits = false;
	it->under_way = it->handed = true;
	if (s->neighbours->send) /* a record may be from a modem that had neighbours */
		s->neighbours->send(s->neighbours->ctx, &p);
}

/* The receiver tells that validity is over; if it does not, its sender knows later. */
static bool given_up(const struct smsc *s, const struct smsc_item *it)
{
	return it->expires != USEC_NEVER &&
	       s->sched->now >= it->expires + s->world->retry;
}

void smsc_finish(struct smsc *s, struct smsc_item *it, uint8_t status)
{
	struct smsc_item done = *it;

	it->used = false;
	smsc_settle(s, &done, status);
	if (done.outbound)
		smsc_keep(s, SMSC_OUT, true);
}

void smsc_repeat(struct smsc *s)
{
	size_t i;

	smsc_keep(s, SMSC_OUT, false);
	smsc_keep(s, SMSC_IN, false);
	for (i = 0; i < s->items; i++) {
		struct smsc_item *it = &s->item[i];

		if (!it->used || !it->under_way)
			continue;
		if (given_up(s, it))
			smsc_finish(s, it, ST_EXPIRED);
		else
			smsc_hand_over(s, it);
	}
}

void smsc_handed_over(struct smsc *s, uint64_t sender, uint64_t ref, int status)
{
	struct smsc_item *it = s->item;

	while (it < s->item + s->items && !(it->used && it->outbound && it->ref == ref))
		it++;
	if (sender != s->life || it == s->item + s->items)
		return;
	if (status == SMS_POST_NO_ROOM) {
		it->waits = true;
		it->under_way = it->handed = false;
	} else {
		smsc_finish(s, it, (uint8_t)status);
	}
	smsc_schedule(s);
}

/* ---- the receiver ---------------------------------------------------------------- */

/* ref 0: any. */
static struct smsc_item *find_inbound(struct smsc *s, uint64_t sender, uint64_t ref)
{
	size_t i;

	for (i = 0; i < s->items; i++)
		if (s->item[i].used && s->item[i].sender == sender &&
			(!ref || s->item[i].ref == ref))
			return &s->item[i];
	return NULL;
}

static bool has_messages(void *ctx, uint64_t sender)
{
	return find_inbound(ctx, sender, 0);
}

static bool take(struct smsc *s, const struct sms_post *p)
{
	struct smsc_item *it = smsc_waiting(s) < INBOUND ? smsc_add(s, 0) : NULL;

	if (!it)
		return false;
	it->to_modem = true;
	it->sender = p->sender;
	it->ref = p->ref;
	it->as_given = true;
	it->sc = p->centre;
	it->t = p->t;
	if (p->left != USEC_NEVER)
		it->expires = s->sched->now + p->left;
	if (smsc_keep(s, SMSC_IN, true))
		return true;
	it->used = false;
	return false;
}

enum sms_taken smsc_take_over(struct smsc *s, const struct sms_post *p)
{
	enum smsc_heard heard;
	int status;
	bool taken;

	if (!p->sender || !p->ref)
		return SMS_NO_ROOM;
	heard = smsc_known_hear(s->known, &s->known_used, p, has_messages, s, &status);
	if (heard == SMSC_LATE || find_inbound(s, p->sender, p->ref))
		return SMS_REPEATED;
	if (heard == SMSC_NEW) {
		taken = take(s, p);
		smsc_schedule(s);
		return taken ? SMS_TAKEN : SMS_NO_ROOM;
	}
	if (!smsc_keep(s, SMSC_IN, false))
		return SMS_NO_ROOM;
	s->neighbours->done(s->neighbours->ctx, p->sender, p->ref, status);
	return SMS_REPEATED;
}

/* The receiver tells the end only when it is in the record; else it tells it when the
 * message comes again. */
void smsc_came_to_end(struct smsc *s, const struct smsc_item *it, uint8_t status)
{
	smsc_known_settle(s->known, &s->known_used, it->sender, it->ref, status);
	if (smsc_keep(s, SMSC_IN, true) && s->neighbours->done)
		s->neighbours->done(s->neighbours->ctx, it->sender, it->ref, status);
}

/* ---- records --------------------------------------------------------------------- */

bool smsc_keep(struct smsc *s, enum smsc_record which, bool changed)
{
	if (changed || s->unkept[which])
		s->unkept[which] = !s->keep(s->ctx, which);
	return !s->unkept[which];
}

/* The modem stores a message and its name in one record, and only the newest name: so the
 * end of the one before must be in the centre's record. */
bool smsc_may_deliver(struct smsc *s, const struct smsc_item *it)
{
	return !it->ref || smsc_keep(s, it->sender ? SMSC_IN : SMSC_OUT, false);
}

static struct sms_name name_of_item(const struct smsc *s, const struct smsc_item *it)
{
	return (struct sms_name){ it->sender ? it->sender : s->life, it->ref };
}

bool smsc_name(const struct smsc *s, struct sms_name *out)
{
	if (!s->offered || !s->offered->ref)
		return false;
	*out = name_of_item(s, s->offered);
	return true;
}

struct smsc_item *smsc_restore(struct smsc *s)
{
	size_t i = 0;

	while (i < s->items && s->item[i].used)
		i++;
	return i < SMSC_ITEMS ? smsc_add(s, 0) : NULL;
}

static bool has_name(
	const struct smsc *s, const struct smsc_item *it, const struct sms_name *name)
{
	const struct sms_name its = name_of_item(s, it);

	return it->used && it->to_modem && it->ref && its.ref == name->ref &&
	       its.sender == name->sender;
}

/* The modem's record has it, and is newer than the centre's. */
static void drop_stored(struct smsc *s, struct smsc_item *it)
{
	it->used = false;
	if (it->sender)
		smsc_known_settle(s->known, &s->known_used, it->sender, it->ref, 0);
	s->unkept[it->sender ? SMSC_IN : SMSC_OUT] = true;
}

void smsc_resume(struct smsc *s, const struct sms_name *stored, size_t n)
{
	struct smsc_item *it;
	int64_t left;
	size_t i;

	for (it = s->item; it < s->item + s->items; it++) {
		for (i = 0; i < n; i++)
			if (has_name(s, it, &stored[i]))
				drop_stored(s, it);
		it->handed = it->outbound && !smsc_outside(s);
		it->due = s->sched->now;
		if (it->expires == USEC_NEVER)
			continue;
		left = (int64_t)it->expires - s->epoch;
		it->expires = left > 0 ? SEC(left) : 0;
	}
	if (s->items)
		smsc_schedule(s);
}
