/* One call:
 *
 *   FREE --dial--> DIALING --alert_after--> ALERTING --answer_after--> ACTIVE
 *     |                                         \ (data) -> TRAINING ----^  ^
 *     +--incoming--> INCOMING, WAITING ----------answer--------------------/
 *                                                ACTIVE <--+CHLD--> HELD
 *
 * Every state but FREE leads back to FREE. One timer a call is the far end: what it does
 * next depends on the state. */
#include "gsm/call_int.h"

#include <string.h>

#define RING_PERIOD    SEC(5) /* at-1 5.11 */
#define EMERGENCY_TIME SEC(2) /* inferred: from the dialling to the answer */

#define LIVE (FSM_TO(CALL_FREE) | FSM_TO(CALL_ACTIVE))

static const struct fsm_state states[] = {
	[CALL_FREE] = { "free",
		FSM_TO(CALL_DIALING) | FSM_TO(CALL_INCOMING) | FSM_TO(CALL_WAITING) },
	[CALL_DIALING] = { "dialing",
		LIVE | FSM_TO(CALL_ALERTING) | FSM_TO(CALL_TRAINING) },
	[CALL_ALERTING] = { "alerting", LIVE | FSM_TO(CALL_TRAINING) },
	[CALL_INCOMING] = { "incoming", LIVE | FSM_TO(CALL_TRAINING) },
	[CALL_WAITING] = { "waiting", LIVE | FSM_TO(CALL_INCOMING) },
	[CALL_TRAINING] = { "training", LIVE },
	[CALL_ACTIVE] = { "active", FSM_TO(CALL_FREE) | FSM_TO(CALL_HELD) },
	[CALL_HELD] = { "held", LIVE },
};

static void tell(struct call *c, enum call_event e)
{
	c->home->event(c->home->ctx, e, c);
}

static void hint(struct call *c, enum call_hint h)
{
	c->hint = h;
	tell(c, CALL_EVENT_HINT);
}

void call_become(struct call *c, enum call_state to)
{
	fsm_go(&c->fsm, c->home->log, to);
}

struct call *call_in(struct calls *a, enum call_state state)
{
	size_t i;

	for (i = 0; i < CALLS; i++)
		if (call_state(&a->call[i]) == state)
			return &a->call[i];
	return NULL;
}

/* The same number, or one subscriber with and without country code: eight digits. */
static bool same_number(const char *a, const char *b)
{
	size_t la = strlen(a), lb = strlen(b);

	if (la >= 9 && lb >= 9)
		return !strcmp(a + la - 8, b + lb - 8);
	return !strcmp(a, b);
}

static const struct subscriber *subscriber(const struct calls *a, const char *number)
{
	size_t i;

	for (i = 0; i < a->world->n_subscribers; i++)
		if (same_number(a->world->subscribers[i].number, number))
			return &a->world->subscribers[i];
	return NULL;
}

/* ---- ends --------------------------------------------------------------------------
 */

void calls_ungroup(struct calls *a)
{
	struct call *last = NULL;
	size_t i, n = 0;

	for (i = 0; i < CALLS; i++)
		if (a->call[i].multiparty) {
			last = &a->call[i];
			n++;
		}
	if (n == 1)
		last->multiparty = false;
}

static void ring_or_not(struct calls *a)
{
	struct call *waiting = call_in(a, CALL_WAITING);
	size_t i;

	if (!call_in(a, CALL_INCOMING))
		timer_stop(a->sched, &a->ring);
	if (!waiting)
		return;
	for (i = 0; i < CALLS; i++)
		if (call_state(&a->call[i]) != CALL_FREE && &a->call[i] != waiting)
			return;
	/* it is alone now, and rings */
	call_become(waiting, CALL_INCOMING);
	timer_arm(a->sched, &a->ring, 0);
}

static void end(struct call *c, int cause, bool local)
{
	struct calls *a = c->home;

	timer_stop(a->sched, &c->step);
	timer_stop(a->sched, &c->hold);
	c->cause = a->cause = cause;
	c->was = call_state(c);
	c->local_end = local;
	call_become(c, CALL_FREE);
	c->multiparty = false;
	calls_ungroup(a);
	if (c->who && c->who->calls_back) {
		a->caller = c->who;
		timer_arm(a->sched, &a->back, c->who->calls_back);
	}
	tell(c, CALL_EVENT_ENDED);
	ring_or_not(a);
}

void call_release(struct call *c, int cause)
{
	if (call_state(c) != CALL_FREE)
		end(c, cause, true);
}

void calls_release(struct calls *a, int cause)
{
	size_t i;

	/* those that wait would begin to ring when the others have gone */
	for (i = 0; i < CALLS; i++)
		if (call_state(&a->call[i]) == CALL_WAITING)
			call_release(&a->call[i], cause);
	for (i = 0; i < CALLS; i++)
		call_release(&a->call[i], cause);
}

static void lose(struct calls *a, int cause, bool emergencies)
{
	size_t i;

	for (i = 0; i < CALLS; i++)
		if (call_state(&a->call[i]) != CALL_FREE &&
			(emergencies || !a->call[i].emergency))
			end(&a->call[i], cause, false);
}

void calls_lost(struct calls *a, int cause)
{
	lose(a, cause, true);
}

void call_lost(struct call *c, int cause)
{
	end(c, cause, false);
}

void calls_lost_but_emergencies(struct calls *a, int cause)
{
	lose(a, cause, false);
}

/* ---- the far end -------------------------------------------------------------------
 */

/* Time until the subscriber does something that waits for nobody but himself. */
static void later(struct call *c, enum timer_kind kind, usec_t time)
{
	c->step.kind = kind;
	timer_arm(c->home->sched, &c->step, time);
}

static void connected(struct call *c)
{
	call_become(c, CALL_ACTIVE);
	c->answered = true;
	if (c->who && c->who->hang_up_after)
		later(c, TIMER_WAIT, c->who->hang_up_after);
	if (c->who && c->who->holds_after && c->bearer == BEARER_VOICE)
		timer_arm(c->home->sched, &c->hold, c->who->holds_after);
	tell(c, CALL_EVENT_CONNECTED);
}

void call_answered(struct call *c)
{
	if (c->bearer == BEARER_VOICE) {
		connected(c);
		return;
	}
	call_become(c, CALL_TRAINING);
	later(c, TIMER_OWN, c->home->world->training);
}

static void trained(struct call *c)
{
	if (c->bearer == BEARER_FAX || (c->who && c->who->no_modem))
		end(c, CAUSE_NORMAL, false);
	else if (c->who && !c->who->data)
		end(c, CAUSE_BEARER, false);
	else
		connected(c);
}

/* A call that may leave its group is an ordinary one then (22.085 clause 1.3). */
static bool in_group(struct call *c)
{
	const struct subscriber *s = c->who;

	if (s && s->group != GROUP_NONE &&
		(s->group == c->group || c->group == GROUP_PREFERRED)) {
		hint(c, HINT_GROUP);
		return true;
	}
	c->group = GROUP_NONE;
	return !c->group_only;
}

/* Forwarding there leads one step on; where it ends may be nobody. */
static void follow(struct call *c)
{
	const struct subscriber *s = c->who;

	if (!s || !s->forwards_to[0])
		return;
	c->detour = s->deflects ? DETOUR_DEFLECTED : DETOUR_FORWARDED;
	c->who = subscriber(c->home, s->forwards_to);
	hint(c, s->deflects ? HINT_DEFLECTED : HINT_FORWARDED);
}

/* DIALING is over: it rings there, or not. */
static void reached(struct call *c)
{
	enum subscriber_behaviour b;

	if (c->group != GROUP_NONE && !in_group(c)) {
		end(c, CAUSE_NOT_IN_GROUP, false);
		return;
	}
	follow(c);
	b = c->who ? c->who->behaviour : SUBSCRIBER_UNOBTAINABLE;
	switch (b) {
	case SUBSCRIBER_BARRED:
		hint(c, HINT_BARS);
		end(c, CAUSE_INCOMING_BARRED, false);
		return;
	case SUBSCRIBER_BUSY:
		end(c, CAUSE_BUSY, false);
		return;
	case SUBSCRIBER_UNOBTAINABLE:
		end(c, CAUSE_UNALLOCATED, false);
		return;
	case SUBSCRIBER_SWITCHED_OFF:
		end(c, CAUSE_NO_RESPONSE, false);
		return;
	case SUBSCRIBER_ANSWERS:
	case SUBSCRIBER_REJECTS:
		later(c, TIMER_OWN, c->who->answer_after);
		break;
	case SUBSCRIBER_NO_ANSWER:
		later(c, TIMER_OWN, c->home->world->no_answer);
		break;
	}
	call_become(c, CALL_ALERTING);
	if (c->who->in_call)
		hint(c, HINT_WAITS);
	tell(c, CALL_EVENT_ALERTING);
}

static void alerted(struct call *c)
{
	if (c->who->behaviour == SUBSCRIBER_NO_ANSWER)
		end(c, CAUSE_NO_ANSWER, false);
	else if (c->who->behaviour == SUBSCRIBER_REJECTS)
		end(c, CAUSE_REJECTED, false);
	else
		call_answered(c);
}

static void next_step(void *ctx, usec_t now)
{
	struct call *c = ctx;

	(void)now;
	switch (call_state(c)) {
	case CALL_DIALING:
		if (c->emergency)
			call_answered(c);
		else
			reached(c);
		break;
	case CALL_ALERTING:
		alerted(c);
		break;
	case CALL_TRAINING:
		trained(c);
		break;
	case CALL_INCOMING:
	case CALL_WAITING:
		end(c, CAUSE_NORMAL, false); /* the caller gives up */
		break;
	case CALL_ACTIVE:
	case CALL_HELD:
		end(c, CAUSE_NORMAL, false); /* he hangs up */
		break;
	case CALL_FREE:
		break;
	}
}

/* The far end puts the call on hold, and takes it back. */
static void hold_there(void *ctx, usec_t now)
{
	struct call *c = ctx;

	(void)now;
	c->held_there = !c->held_there;
	if (c->held_there) {
		hint(c, HINT_HELD);
		if (c->who->holds_for)
			timer_arm(c->home->sched, &c->hold, c->who->holds_for);
		return;
	}
	hint(c, HINT_RETRIEVED);
	if (c->who->conference)
		hint(c, HINT_CONFERENCE);
}

static void ring(void *ctx, usec_t now)
{
	struct calls *a = ctx;
	struct call *c = call_in(a, CALL_INCOMING);

	(void)now;
	if (!c)
		return;
	c->rings++;
	timer_arm(a->sched, &a->ring, RING_PERIOD);
	tell(c, CALL_EVENT_RING);
}

static enum call_bearer wanted(const struct calls *a, const struct subscriber *s)
{
	switch (s->calls_as) {
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
	return s->data ? BEARER_DATA : BEARER_VOICE;
}

static void call_back(void *ctx, usec_t now)
{
	struct calls *a = ctx;
	const struct subscriber *s = a->caller;
	struct call_terms terms = {
		.bearer = wanted(a, s),
		.hidden = s->withheld,
		.group = s->group,
		.detour = s->calls_by,
		.gives_up = s->rings_for,
	};

	(void)now;
	call_incoming(a, s->number, &terms);
}

/* ---- beginnings --------------------------------------------------------------------
 */

void calls_init(struct calls *a, const struct calls_conf *world,
	const struct ss *services, const int *unsaid, struct sched *s,
	const struct log *l,
	void (*event)(void *ctx, enum call_event e, const struct call *c), void *ctx)
{
	int i;

	*a = (struct calls){
		.world = world,
		.services = services,
		.unsaid = unsaid,
		.log = l,
		.sched = s,
		.event = event,
		.ctx = ctx,
	};
	timer_init(&a->ring, "ring", TIMER_WAIT, ring, a);
	timer_init(&a->back, "a subscriber calls back", TIMER_WAIT, call_back, a);
	for (i = 0; i < CALLS; i++) {
		struct call *c = &a->call[i];

		c->fsm = (struct fsm){ "call", states, LOG_CALL, CALL_FREE };
		c->id = i + 1;
		c->home = a;
		timer_init(&c->step, "far end of a call", TIMER_OWN, next_step, c);
		timer_init(&c->hold, "hold at the far end", TIMER_WAIT, hold_there, c);
	}
}

void calls_stop(struct calls *a)
{
	size_t i;

	timer_stop(a->sched, &a->ring);
	timer_stop(a->sched, &a->back);
	for (i = 0; i < CALLS; i++) {
		timer_stop(a->sched, &a->call[i].step);
		timer_stop(a->sched, &a->call[i].hold);
		call_become(&a->call[i], CALL_FREE);
		a->call[i].multiparty = false;
	}
	a->cause = CAUSE_NONE;
}

void calls_network(struct calls *a, bool registered, bool roaming)
{
	a->registered = registered;
	a->roaming = roaming;
}

static struct call *begin(
	struct calls *a, const char *number, const struct call_terms *terms)
{
	struct call *c = call_in(a, CALL_FREE);

	if (!c)
		return NULL;
	c->answered = c->local_end = c->multiparty = c->held_there = false;
	c->withheld = c->incoming = c->emergency = false;
	c->group = terms->group;
	c->group_only = terms->group_only;
	c->detour = terms->detour;
	c->bearer = terms->bearer;
	c->rings = 0;
	c->cause = CAUSE_NONE;
	c->number[0] = '\0';
	strncat(c->number, number, sizeof(c->number) - 1);
	c->who = subscriber(a, number);
	return c;
}

void calls_hold_active(struct calls *a)
{
	size_t i;

	for (i = 0; i < CALLS; i++)
		if (call_state(&a->call[i]) == CALL_ACTIVE)
			call_become(&a->call[i], CALL_HELD);
}

struct call *call_dial(
	struct calls *a, const char *number, const struct call_terms *terms)
{
	struct call *c;

	if (call_in(a, CALL_DIALING) || call_in(a, CALL_ALERTING) ||
		call_in(a, CALL_TRAINING) ||
		(call_in(a, CALL_ACTIVE) && call_in(a, CALL_HELD)))
		return NULL;
	c = begin(a, number, terms);
	if (!c)
		return NULL;
	calls_hold_active(a);
	c->emergency = terms->emergency && !c->who;
	call_become(c, CALL_DIALING);
	later(c, TIMER_OWN,
		c->emergency ? EMERGENCY_TIME
		: c->who     ? c->who->alert_after
			     : a->world->unobtainable);
	tell(c, CALL_EVENT_CREATED);
	return c;
}

static enum ss_class class_of(enum call_bearer bearer)
{
	return bearer == BEARER_VOICE  ? SS_VOICE
	       : bearer == BEARER_DATA ? SS_DATA
				       : SS_FAX;
}

/* Tells who is in a call that another one was sent on. */
static void sent_on(struct calls *a)
{
	size_t i;

	for (i = 0; i < CALLS; i++)
		if (call_state(&a->call[i]) != CALL_FREE) {
			hint(&a->call[i], HINT_SENT_ON);
			return;
		}
}

/* One may wait beside what is there (22.083 clause 1.2), but not beside a set-up. */
static bool may_wait(const struct calls *a, enum ss_class class)
{
	return ss_waits(a->services, class) && !calls_find(a, CALL_WAITING) &&
	       !calls_find(a, CALL_INCOMING) && !calls_find(a, CALL_DIALING) &&
	       !calls_find(a, CALL_ALERTING) && !calls_find(a, CALL_TRAINING);
}

/* Barred (22.088), sent on (22.082), or turned away before it rings. */
static bool kept_away(struct calls *a, enum ss_class class, bool busy)
{
	if (!a->registered || ss_bars_incoming(a->services, class, a->roaming))
		return true;
	if (!ss_forward(a->services, SS_UNCONDITIONAL, class)) {
		if (!busy || may_wait(a, class))
			return false;
		if (!ss_forward(a->services, SS_BUSY, class))
			return true;
	}
	sent_on(a);
	return true;
}

/* The caller's patience, or the network's where it forwards what nobody answers. */
static usec_t rings_for(
	const struct calls *a, const struct call_terms *terms, enum ss_class class)
{
	const struct ss_forward *f = ss_forward(a->services, SS_NO_REPLY, class);
	usec_t forwards = f ? SEC((usec_t)f->time) : 0;

	return forwards && (!terms->gives_up || forwards < terms->gives_up)
		       ? forwards
		       : terms->gives_up;
}

struct call *call_incoming(
	struct calls *a, const char *number, const struct call_terms *terms)
{
	enum ss_class class = class_of(terms->bearer);
	bool others = calls_any(a);
	struct call *c;
	usec_t patience;

	if (kept_away(a, class, others))
		return NULL;
	c = begin(a, number, terms);
	if (!c)
		return NULL;
	c->incoming = true;
	c->withheld = terms->hidden;
	if (c->withheld)
		c->number[0] = '\0';
	call_become(c, others ? CALL_WAITING : CALL_INCOMING);
	patience = rings_for(a, terms, class);
	if (patience)
		later(c, TIMER_WAIT, patience);
	tell(c, CALL_EVENT_CREATED);
	if (others)
		tell(c, CALL_EVENT_WAITING);
	else
		ring(a, 0);
	return c;
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
