/* One call:
 *
 *   FREE --dial--> DIALING --alert_after--> ALERTING --answer_after--> ACTIVE
 *     |                                         \ (data) -> TRAINING ----^  ^
 *     +--incoming--> INCOMING, WAITING ----------answer--------------------/
 *                                                ACTIVE <--+CHLD--> HELD
 *
 * Every state except FREE can return to FREE. One timer per call plays the far end: what
 * it does next depends on the state. */
#include "gsm/call_int.h"

#include <string.h>

#define EMERGENCY_TIME SEC(2) /* inferred: from dialling to the answer */

void call_tell(struct call *c, enum call_event e)
{
	c->home->event(c->home->ctx, e, c);
}

void call_hint(struct call *c, enum call_hint h)
{
	c->hint = h;
	call_tell(c, CALL_EVENT_HINT);
}

static void note_live(struct call *c)
{
	unsigned bit = 1u << (c->id - 1);

	if (call_state(c) == CALL_FREE)
		c->home->live &= ~bit;
	else
		c->home->live |= bit;
}

void call_become(struct call *c, enum call_state to)
{
	enum call_state was = call_state(c);

	fsm_go(&c->fsm, c->home->log, to);
	note_live(c);
	call_neighbour_moved(c, was);
}

struct call *call_in(struct calls *a, enum call_state state)
{
	size_t i;

	for (i = 0; i < a->made; i++)
		if (call_state(&a->call[i]) == state)
			return &a->call[i];
	return NULL;
}

/* The same number, or one subscriber with and without country code: the last eight digits
 * are equal. */
static bool same_number(const char *a, const char *b)
{
	size_t la = strlen(a), lb = strlen(b);

	if (la >= 9 && lb >= 9)
		return !strcmp(a + la - 8, b + lb - 8);
	return !strcmp(a, b);
}

/* The subscriber with that number: a row of the profile, else the profile's default for
 * all others. */
static const struct subscriber *subscriber(const struct calls *a, const char *number)
{
	size_t i;

	for (i = 0; i < a->world->n_numbers; i++)
		if (same_number(a->world->numbers[i].number, number))
			return &a->world->numbers[i];
	for (i = 0; i < a->world->n_subscribers; i++)
		if (same_number(a->world->subscribers[i].number, number))
			return &a->world->subscribers[i];
	return &a->world->others;
}

/* Asks for a far end outside, where its row says so. */
static void reach(struct call *c)
{
	const struct calls *a = c->home;

	if (c->bearer == BEARER_DATA && c->far == CALL_FAR_HERE &&
		c->who->far.kind >= FAR_FILE && a->reach && a->reach(a->ctx, c))
		c->far = CALL_FAR_AWAITED;
}

/* Lets go of it. */
static void let_go(struct call *c)
{
	const struct calls *a = c->home;

	if (c->far != CALL_FAR_HERE && a->leave)
		a->leave(a->ctx, c);
	c->far = CALL_FAR_HERE;
}

/* ---- ends --------------------------------------------------------------------------
 */

void calls_ungroup(struct calls *a)
{
	struct call *last = NULL;
	size_t i, n = 0;

	for (i = 0; i < a->made; i++)
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
	for (i = 0; i < a->made; i++)
		if (call_state(&a->call[i]) != CALL_FREE && &a->call[i] != waiting)
			return;
	/* it is the only call now, and rings */
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
	call_neighbour_left(c, cause);
	let_go(c);
	c->multiparty = false;
	calls_ungroup(a);
	if (c->who->calls_back) {
		a->caller = c->who;
		timer_arm(a->sched, &a->back, c->who->calls_back);
	}
	call_tell(c, CALL_EVENT_ENDED);
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

	/* otherwise waiting calls would start to ring when the others have ended */
	for (i = 0; i < a->made; i++)
		if (call_state(&a->call[i]) == CALL_WAITING)
			call_release(&a->call[i], cause);
	for (i = 0; i < a->made; i++)
		call_release(&a->call[i], cause);
}

static void lose(struct calls *a, int cause, bool emergencies)
{
	size_t i;

	for (i = 0; i < a->made; i++)
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

void call_later(struct call *c, enum timer_kind kind, usec_t time)
{
	c->step.kind = kind;
	timer_arm(c->home->sched, &c->step, time);
}

static void connected(struct call *c)
{
	call_become(c, CALL_ACTIVE);
	c->answered = true;
	if (c->who->hang_up_after)
		call_later(c, TIMER_WAIT, c->who->hang_up_after);
	if (c->who->holds_after && c->bearer == BEARER_VOICE)
		timer_arm(c->home->sched, &c->hold, c->who->holds_after);
	call_neighbour_connected(c);
	call_tell(c, CALL_EVENT_CONNECTED);
}

/* data.md +CBST: speeds from 65 are V.110, which has no carriers to agree on. */
static usec_t training(const struct call *c)
{
	static const int v110 = 65;
	const struct calls *a = c->home;

	return c->speed >= v110 ? a->world->training_v110 : a->world->training;
}

/* Its own present setting, which may be a later one; the neighbours of a call have one. */
static void take_speed(struct call *c)
{
	const struct calls *a = c->home;

	if (c->neighbour)
		return;
	c->speed = a->speed ? *a->speed : 0;
	c->element = a->element ? *a->element : 0;
}

void call_answered(struct call *c)
{
	call_neighbour_answers(c);
	if (c->bearer == BEARER_VOICE) {
		connected(c);
		return;
	}
	call_become(c, CALL_TRAINING);
	c->overdue = false;
	reach(c);
	take_speed(c);
	call_later(c, TIMER_OWN, training(c));
}

/* The outside has not brought the far end yet: it has as long as a call may ring. */
static bool awaits_far(struct call *c)
{
	if (c->far != CALL_FAR_AWAITED)
		return false;
	if (c->overdue) {
		end(c, CAUSE_NO_ANSWER, false);
	} else {
		c->overdue = true;
		call_later(c, TIMER_WAIT, c->home->world->no_answer);
	}
	return true;
}

static void trained(struct call *c)
{
	if (c->bearer == BEARER_FAX || (c->who->no_modem && c->far == CALL_FAR_HERE))
		end(c, CAUSE_NORMAL, false);
	else if (!c->who->data && c->far == CALL_FAR_HERE)
		end(c, CAUSE_BEARER, false);
	else if (!awaits_far(c))
		connected(c);
}

/* A call that may leave its group is then an ordinary one (22.085 clause 1.3). */
static bool in_group(struct call *c)
{
	const struct subscriber *s = c->who;

	if (s->group != GROUP_NONE &&
		(s->group == c->group || c->group == GROUP_PREFERRED)) {
		call_hint(c, HINT_GROUP);
		return true;
	}
	c->group = GROUP_NONE;
	return !c->group_only;
}

/* Follows forwarding at the far end one step. False: a neighbour has it now. */
static bool follow(struct call *c)
{
	const struct subscriber *s = c->who;

	if (!s->forwards_to[0])
		return true;
	c->reached = s->forwards_to;
	c->detour = s->deflects ? DETOUR_DEFLECTED : DETOUR_FORWARDED;
	c->who = subscriber(c->home, s->forwards_to);
	call_hint(c, s->deflects ? HINT_DEFLECTED : HINT_FORWARDED);
	if (!calls_to_neighbour(c->home, c->reached))
		return true;
	c->forwards++;
	call_neighbour_set_up(c);
	return false;
}

/* DIALING is over: the far end rings, or not. */
static void reached(struct call *c)
{
	bool rings = call_state(c) == CALL_ALERTING; /* where it was forwarded from */

	if (c->bearer != BEARER_VOICE && c->home->world->no_data) {
		end(c, CAUSE_NOT_SUBSCRIBED, false);
		return;
	}
	if (c->neighbour) {
		call_neighbour_set_up(c);
		return;
	}
	if (c->group != GROUP_NONE && !in_group(c)) {
		end(c, CAUSE_NOT_IN_GROUP, false);
		return;
	}
	if (!follow(c))
		return;
	switch (c->who->behaviour) {
	case SUBSCRIBER_BARRED:
		call_hint(c, HINT_BARS);
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
		reach(c);
		call_later(c, TIMER_OWN, c->who->answer_after);
		break;
	case SUBSCRIBER_REJECTS:
		call_later(c, TIMER_OWN, c->who->answer_after);
		break;
	case SUBSCRIBER_NO_ANSWER:
		/* time for an action to answer or reject it */
		call_later(c, TIMER_WAIT, c->home->world->no_answer);
		break;
	}
	call_become(c, CALL_ALERTING);
	if (c->who->in_call)
		call_hint(c, HINT_WAITS);
	if (!rings)
		call_tell(c, CALL_EVENT_ALERTING);
}

void call_to_subscriber(struct call *c)
{
	c->neighbour = false;
	c->who = subscriber(c->home, c->reached);
	if (call_state(c) == CALL_DIALING)
		call_later(c, TIMER_OWN, c->who->alert_after);
	else
		reached(c);
}

static void alerted(struct call *c)
{
	if (c->who->behaviour == SUBSCRIBER_NO_ANSWER || c->neighbour)
		end(c, CAUSE_NO_ANSWER, false);
	else if (c->who->behaviour == SUBSCRIBER_REJECTS)
		end(c, CAUSE_REJECTED, false);
	else if (!awaits_far(c))
		call_answered(c);
}

void call_step(struct call *c)
{
	switch (call_state(c)) {
	case CALL_DIALING:
		if (c->emergency)
			call_answered(c);
		else if (c->linked)
			end(c, CAUSE_NO_RESPONSE, false); /* the other network */
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
		if (c->neighbour)
			call_neighbour_gives_up(c);
		else
			end(c, CAUSE_NORMAL, false); /* the caller gives up */
		break;
	case CALL_ACTIVE:
	case CALL_HELD:
		if (c->neighbour)
			call_neighbour_enquires(c);
		else
			end(c, CAUSE_NORMAL, false); /* the far end hangs up */
		break;
	case CALL_FREE:
		break;
	}
}

static void next_step(void *ctx, usec_t now)
{
	(void)now;
	call_step(ctx);
}

/* The far end puts the call on hold, and resumes it. */
static void hold_there(void *ctx, usec_t now)
{
	struct call *c = ctx;

	(void)now;
	c->held_there = !c->held_there;
	if (c->held_there) {
		call_hint(c, HINT_HELD);
		if (c->who->holds_for)
			timer_arm(c->home->sched, &c->hold, c->who->holds_for);
		return;
	}
	call_hint(c, HINT_RETRIEVED);
	if (c->who->conference)
		call_hint(c, HINT_CONFERENCE);
}

/* ---- beginnings --------------------------------------------------------------------
 */

static void call_init(struct calls *a, struct call *c)
{
	*c = (struct call){ .fsm = { "call", call_states, LOG_CALL, CALL_FREE },
		.id = (int)(c - a->call) + 1,
		.home = a };
	note_live(c);
	timer_init(&c->step, "far end of a call", TIMER_OWN, next_step, c);
	timer_init(&c->hold, "hold at the far end", TIMER_WAIT, hold_there, c);
}

void calls_init(struct calls *a, struct call *call, const struct calls_conf *world,
	const struct ss *services, const int *unsaid, struct sched *s,
	const struct log *l,
	void (*event)(void *ctx, enum call_event e, const struct call *c), void *ctx)
{
	*a = (struct calls){
		.call = call,
		.world = world,
		.services = services,
		.unsaid = unsaid,
		.log = l,
		.sched = s,
		.event = event,
		.ctx = ctx,
	};
	timer_init(&a->ring, "ring", TIMER_WAIT, call_ring, a);
	timer_init(&a->back, "a subscriber calls back", TIMER_WAIT, call_back, a);
}

void calls_stop(struct calls *a)
{
	struct call *c;

	timer_stop(a->sched, &a->ring);
	timer_stop(a->sched, &a->back);
	a->caller = NULL;
	for (c = a->call; c < a->call + a->made; c++) {
		timer_stop(a->sched, &c->step);
		timer_stop(a->sched, &c->hold);
		let_go(c);
		call_become(c, CALL_FREE);
		call_neighbour_left(c, CAUSE_OUT_OF_ORDER);
		memset(c, 0, sizeof(*c));
	}
	a->made = 0;
	a->cause = CAUSE_NONE;
}

void calls_network(struct calls *a, bool registered, bool roaming)
{
	a->registered = registered;
	a->roaming = roaming;
}

struct call *call_begin(
	struct calls *a, const char *number, const struct call_terms *terms)
{
	struct call *c = call_in(a, CALL_FREE);

	if (!c) {
		if (a->made == CALLS)
			return NULL;
		c = &a->call[a->made++];
		call_init(a, c);
	}
	c->answered = c->local_end = c->multiparty = c->held_there = false;
	c->withheld = c->incoming = c->emergency = c->overdue = false;
	c->neighbour = c->linked = c->doubted = false;
	c->hides = terms->hidden;
	c->forwards = 0;
	c->far = terms->far;
	c->group = terms->group;
	c->group_only = terms->group_only;
	c->detour = terms->detour;
	c->bearer = terms->bearer;
	c->rings = 0;
	c->cause = CAUSE_NONE;
	c->number[0] = '\0';
	strncat(c->number, number, sizeof(c->number) - 1);
	c->who = subscriber(a, number);
	c->reached = c->number;
	take_speed(c);
	if (terms->from)
		call_neighbour_begins(c, terms->from);
	return c;
}

void calls_hold_active(struct calls *a)
{
	size_t i;

	for (i = 0; i < a->made; i++)
		if (call_state(&a->call[i]) == CALL_ACTIVE)
			call_become(&a->call[i], CALL_HELD);
}

struct call *call_dial(
	struct calls *a, const char *number, const struct call_terms *terms)
{
	struct call *c;
	usec_t alerts;

	if (call_in(a, CALL_DIALING) || call_in(a, CALL_ALERTING) ||
		call_in(a, CALL_TRAINING) ||
		(call_in(a, CALL_ACTIVE) && call_in(a, CALL_HELD)))
		return NULL;
	c = call_begin(a, number, terms);
	if (!c)
		return NULL;
	calls_hold_active(a);
	c->emergency = terms->emergency && c->who == &a->world->others;
	c->neighbour = !terms->emergency && calls_to_neighbour(a, number);
	alerts = c->who->alert_after;
	if (c->neighbour) {
		c->who = &call_neighbour;
		alerts = a->world->others.alert_after;
	}
	call_become(c, CALL_DIALING);
	call_later(c, TIMER_OWN, c->emergency ? EMERGENCY_TIME : alerts);
	call_tell(c, CALL_EVENT_CREATED);
	return c;
}
