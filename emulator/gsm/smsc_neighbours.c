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

bool smsc_is_neighbour(const struct smsc *s, const struct address *a)
{
	const struct neighbour_ports *n = s->neighbours;

	return n && n->has && !address_alphanumeric(a) && n->has(n->ctx, a);
}

bool smsc_has_room(const struct smsc *s, const struct address *to)
{
	size_t i, out = 0, used = 0;

	for (i = 0; i < s->items; i++) {
		used += s->item[i].used;
		out += s->item[i].used && s->item[i].outbound;
	}
	return !smsc_is_neighbour(s, to) || (out < OUTBOUND && used < SMSC_ITEMS);
}

void smsc_address(struct smsc *s, struct smsc_item *it)
{
	if (!s->life)
		s->life = s->neighbours->life(s->neighbours->ctx);
	it->outbound = true;
	it->ref = ++s->last_ref;
}

/* The lowest ref above `after` of a message for a neighbour, 0: there is none. */
static uint64_t next_open(const struct smsc *s, uint64_t after)
{
	uint64_t next = 0;
	size_t i;

	for (i = 0; i < s->items; i++) {
		const struct smsc_item *it = &s->item[i];

		if (it->used && it->outbound && it->ref > after &&
			(!next || it->ref < next))
			next = it->ref;
	}
	return next;
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
	uint64_t ref = 0;

	if (it->expires != USEC_NEVER)
		p.left = it->expires > s->sched->now ? it->expires - s->sched->now : 0;
	while ((ref = next_open(s, ref)))
		p.open[p.n_open++] = ref;
	it->waits = false;
	it->under_way = true;
	s->neighbours->send(s->neighbours->ctx, &p);
}

void smsc_repeat(struct smsc *s)
{
	size_t i;

	for (i = 0; i < s->items; i++)
		if (s->item[i].used && s->item[i].under_way)
			smsc_hand_over(s, &s->item[i]);
}

void smsc_handed_over(struct smsc *s, uint64_t sender, uint64_t ref, int status)
{
	struct smsc_item *it = s->item, done;

	while (it < s->item + s->items && !(it->used && it->outbound && it->ref == ref))
		it++;
	if (sender != s->life || it == s->item + s->items)
		return;
	it->under_way = false;
	if (status == SMS_POST_NO_ROOM) {
		it->waits = true;
	} else {
		done = *it;
		it->used = false;
		smsc_settle(s, &done, (uint8_t)status);
	}
	smsc_schedule(s);
}

static bool is_here(const struct smsc *s, const struct sms_post *p)
{
	size_t i;

	for (i = 0; i < s->items; i++)
		if (s->item[i].used && s->item[i].sender == p->sender &&
			s->item[i].ref == p->ref)
			return true;
	return false;
}

bool smsc_take_over(struct smsc *s, const struct sms_post *p)
{
	struct smsc_item *it;

	if (is_here(s, p))
		return true;
	it = smsc_waiting(s) < INBOUND ? smsc_add(s, 0) : NULL;
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
	smsc_schedule(s);
	return true;
}
