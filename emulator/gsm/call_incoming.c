/* Incoming calls: which get through, and how long they ring. */
#include "gsm/call_int.h"

#define RING_PERIOD SEC(5) /* call.md +CRC */

enum call_bearer calls_bearer(
	const struct calls *a, enum caller_bearer as, bool has_modem)
{
	switch (as) {
	case CALLER_VOICE:
		return BEARER_VOICE;
	case CALLER_DATA:
		return BEARER_DATA;
	case CALLER_FAX:
		return BEARER_FAX;
	case CALLER_UNSAID:
		return *a->unsaid == 4   ? BEARER_DATA
		       : *a->unsaid == 2 ? BEARER_FAX
					 : BEARER_VOICE;
	case CALLER_USUAL:
		break;
	}
	return has_modem ? BEARER_DATA : BEARER_VOICE;
}

void call_ring(void *ctx, usec_t now)
{
	struct calls *a = ctx;
	struct call *c = call_in(a, CALL_INCOMING);

	(void)now;
	if (!c)
		return;
	c->rings++;
	timer_arm(a->sched, &a->ring, RING_PERIOD);
	call_tell(c, CALL_EVENT_RING);
}

void call_back(void *ctx, usec_t now)
{
	struct calls *a = ctx;
	const struct subscriber *s = a->caller;
	struct call_terms terms = {
		.bearer = calls_bearer(a, s->calls_as, s->data),
		.hidden = s->withheld,
		.group = s->group,
		.detour = s->calls_by,
		.gives_up = s->rings_for,
	};

	(void)now;
	call_incoming(a, s->number, &terms);
}

enum ss_class call_class(enum call_bearer bearer)
{
	return bearer == BEARER_VOICE  ? SS_VOICE
	       : bearer == BEARER_DATA ? SS_DATA
				       : SS_FAX;
}

/* Reports, to the user in a call, that another call was forwarded. */
static void sent_on(struct calls *a)
{
	size_t i;

	for (i = 0; i < a->made; i++)
		if (call_state(&a->call[i]) != CALL_FREE) {
			call_hint(&a->call[i], HINT_SENT_ON);
			return;
		}
}

/* A call may wait during another (22.083 clause 1.2), but not during a set-up. */
static bool may_wait(const struct calls *a, enum ss_class class)
{
	return ss_waits(a->services, class) && !calls_find(a, CALL_WAITING) &&
	       !calls_find(a, CALL_INCOMING) && !calls_find(a, CALL_DIALING) &&
	       !calls_find(a, CALL_ALERTING) && !calls_find(a, CALL_TRAINING);
}

/* Whether it is barred (22.088), forwarded (22.082), or has no free place here. */
static bool kept_away(
	const struct calls *a, enum ss_class class, bool busy, struct call_away *why)
{
	*why = (struct call_away){ .cause = CAUSE_INCOMING_BARRED };
	if (ss_bars_incoming(a->services, class, a->roaming))
		return true;
	why->to = ss_forward(a->services, SS_UNCONDITIONAL, class);
	if (why->to)
		return true;
	why->cause = CAUSE_NO_RESPONSE;
	why->to = ss_forward(a->services, SS_NOT_REACHABLE, class);
	if (!a->registered)
		return true;
	why->cause = CAUSE_BUSY;
	why->to = ss_forward(a->services, SS_BUSY, class);
	return busy && !may_wait(a, class);
}

/* The caller's patience; or the network's where it forwards unanswered calls. */
static usec_t rings_for(
	const struct calls *a, const struct call_terms *terms, enum ss_class class)
{
	const struct ss_forward *f = ss_forward(a->services, SS_NO_REPLY, class);
	usec_t forwards = f ? SEC((usec_t)f->time) : 0;

	return forwards && (!terms->gives_up || forwards < terms->gives_up)
		       ? forwards
		       : terms->gives_up;
}

/* A call that may come in rings, or waits. */
static void rings(struct call *c, bool waits, usec_t patience)
{
	struct calls *a = c->home;

	call_become(c, waits ? CALL_WAITING : CALL_INCOMING);
	if (patience)
		call_later(c, TIMER_WAIT, patience);
	call_neighbour_alerts(c);
	call_tell(c, CALL_EVENT_CREATED);
	if (waits)
		call_tell(c, CALL_EVENT_WAITING);
	else
		call_ring(a, 0);
}

struct call *call_enter(struct calls *a, const char *number,
	const struct call_terms *terms, struct call_away *why)
{
	enum ss_class class = call_class(terms->bearer);
	bool others = calls_any(a);
	struct call *c;

	if (kept_away(a, class, others, why)) {
		if (a->registered && why->to)
			sent_on(a);
		return NULL;
	}
	*why = (struct call_away){ .cause = CAUSE_REJECTED };
	if (a->refuses && !terms->hidden && a->refuses(a->ctx, number))
		return NULL;
	why->cause = CAUSE_BUSY;
	c = call_begin(a, number, terms);
	if (!c)
		return NULL;
	c->incoming = true;
	c->withheld = terms->hidden;
	if (c->withheld)
		c->number[0] = '\0';
	rings(c, others, rings_for(a, terms, class));
	return c;
}

struct call *call_incoming(
	struct calls *a, const char *number, const struct call_terms *terms)
{
	struct call_away why;

	return call_enter(a, number, terms, &why);
}

bool call_answer(struct calls *a)
{
	struct call *c = call_in(a, CALL_INCOMING);

	if (!c) {
		c = call_in(a, CALL_WAITING);
		if (!c || call_in(a, CALL_HELD))
			return false;
		calls_hold_active(a);
	}
	timer_stop(a->sched, &c->step);
	timer_stop(a->sched, &a->ring);
	call_answered(c);
	return true;
}
