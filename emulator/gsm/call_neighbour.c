/* Calls whose other end is a neighbour (gsm/neighbours.h): what both networks tell each
 * other, in both directions. A call is `linked` while the other side knows of it. */
#include "gsm/call_int.h"

#include <stdio.h>
#include <string.h>

#define SET_UP_TIME SEC(30) /* 24.008 table 11.3, T303: until the other side replies */
#define RING_GUARD  SEC(30) /* beyond the caller's patience, if it is gone */
#define FORWARDS    5       /* 23.082 clause 1.2.1.1: a network may limit them */

const struct name call_signal_names[] = {
	{ CALL_SIGNAL_SETUP, "setup", NULL },
	{ CALL_SIGNAL_ALERTING, "alerting", NULL },
	{ CALL_SIGNAL_ANSWERED, "answered", NULL },
	{ CALL_SIGNAL_RELEASED, "released", NULL },
	{ CALL_SIGNAL_FORWARDED, "forwarded", NULL },
	{ CALL_SIGNAL_HELD, "held", NULL },
	{ CALL_SIGNAL_RETRIEVED, "retrieved", NULL },
	{ CALL_SIGNAL_CONFERENCE, "conference", NULL },
	{ CALL_SIGNAL_TONE, "tone", NULL },
	{ CALL_SIGNAL_TRANSFERRED, "transferred", NULL },
	{ CALL_SIGNAL_ENQUIRY, "enquiry", NULL },
	{ CALL_SIGNAL_THERE, "there", NULL },
	{ 0, NULL, NULL },
};

/* It takes every kind of call, and hangs up by itself. */
const struct subscriber call_neighbour = { .data = true, .group = GROUP_NONE };

/* ---- saying ------------------------------------------------------------------------ */

static void say(const struct calls *a, const struct call_signal *s)
{
	a->neighbours->call(a->neighbours->ctx, s);
}

/* The signal of that kind for the other side of a call. */
static struct call_signal signal_of(const struct call *c, enum call_signal_kind kind)
{
	struct call_signal s = { .kind = kind, .line = c->line };

	if (!c->line.peer)
		snprintf(s.called, sizeof(s.called), "%s", c->reached);
	return s;
}

static void say_kind(const struct call *c, enum call_signal_kind kind)
{
	struct call_signal s;

	if (!c->linked)
		return;
	s = signal_of(c, kind);
	say(c->home, &s);
}

/* A reply to the unit that has sent s, about a call that this side does not have. */
static struct call_signal reply(const struct call_signal *s, enum call_signal_kind kind)
{
	return (struct call_signal){ .kind = kind, .line = s->line };
}

static void refuse(const struct calls *a, const struct call_signal *s, int cause)
{
	struct call_signal r = reply(s, CALL_SIGNAL_RELEASED);

	r.cause = cause;
	say(a, &r);
}

/* A cause that only this side's own network knows is a destination out of order there. */
static int cause_there(int cause)
{
	return cause > 0 && cause < 128 ? cause : CAUSE_OUT_OF_ORDER;
}

void call_neighbour_left(struct call *c, int cause)
{
	struct call_signal s;

	if (!c->linked)
		return;
	s = signal_of(c, CALL_SIGNAL_RELEASED);
	s.cause = cause_there(cause);
	say(c->home, &s);
	c->linked = false;
}

void call_neighbour_moved(const struct call *c, enum call_state was)
{
	if (was == CALL_ACTIVE && call_state(c) == CALL_HELD)
		say_kind(c, CALL_SIGNAL_HELD);
	else if (was == CALL_HELD && call_state(c) == CALL_ACTIVE)
		say_kind(c, CALL_SIGNAL_RETRIEVED);
}

void call_neighbour_joined(const struct call *c)
{
	say_kind(c, CALL_SIGNAL_CONFERENCE);
}

void call_neighbour_alerts(const struct call *c)
{
	struct call_signal s;

	if (!c->linked)
		return;
	s = signal_of(c, CALL_SIGNAL_ALERTING);
	s.waits = call_state(c) == CALL_WAITING;
	say(c->home, &s);
}

void call_neighbour_answers(const struct call *c)
{
	struct call_signal s;

	if (!c->linked || !c->incoming)
		return;
	s = signal_of(c, CALL_SIGNAL_ANSWERED);
	snprintf(s.number, sizeof(s.number), "%s", c->home->own);
	say(c->home, &s);
}

void calls_tone(const struct calls *a, char tone)
{
	size_t i;

	for (i = 0; i < a->made; i++) {
		const struct call *c = &a->call[i];
		struct call_signal s;

		if (!c->linked || call_state(c) != CALL_ACTIVE ||
			c->bearer != BEARER_VOICE)
			continue;
		s = signal_of(c, CALL_SIGNAL_TONE);
		s.tone = tone;
		say(a, &s);
	}
}

/* Where calls for this side go instead. */
static void say_forwarded(
	const struct calls *a, struct call_signal *s, const struct ss_forward *to)
{
	bool plus = to->type == 145 && to->number[0] != '+';

	s->detour = DETOUR_FORWARDED;
	snprintf(s->number, sizeof(s->number), "%s%s", plus ? "+" : "", to->number);
	say(a, s);
}

void call_neighbour_gives_up(struct call *c)
{
	const struct ss_forward *to = ss_forward(
		c->home->services, SS_NO_REPLY, call_class(c->bearer));
	struct call_signal s = signal_of(c, CALL_SIGNAL_FORWARDED);

	if (!c->linked || !to) {
		call_lost(c, CAUSE_NO_ANSWER);
		return;
	}
	say_forwarded(c->home, &s, to);
	c->linked = false;
	call_lost(c, CAUSE_NORMAL);
}

/* ---- calling ----------------------------------------------------------------------- */

static bool is_own(const struct calls *a, const char *number)
{
	return a->own[0] && address_same_subscriber(
				    a->own + (*a->own == '+'), number + (*number == '+'));
}

bool calls_to_neighbour(const struct calls *a, const char *number)
{
	const struct neighbour_ports *n = a->neighbours;
	struct address to;

	return n && n->has && n->call &&
	       address_parse(&to, number, strlen(number), 0) == PDU_OK &&
	       n->has(n->ctx, &to);
}

void call_neighbour_set_up(struct call *c)
{
	struct calls *a = c->home;
	struct call_signal s;

	c->neighbour = c->linked = true;
	c->doubted = false;
	c->who = &call_neighbour;
	c->key = (struct call_key){ 0, ++a->refs };
	c->line = (struct call_line){ c->key, 0 };
	s = signal_of(c, CALL_SIGNAL_SETUP);
	snprintf(s.caller, sizeof(s.caller), "%s", a->own);
	s.hidden = c->hides;
	s.bearer = c->bearer;
	s.speed = c->speed;
	s.element = c->element;
	s.group = c->group;
	s.group_only = c->group_only;
	s.forwards = c->forwards;
	s.detour = c->detour;
	call_later(c, TIMER_WAIT, SET_UP_TIME);
	if (c->group != GROUP_NONE && !c->forwards)
		call_hint(c, HINT_GROUP); /* inferred: neighbours are in every group */
	say(a, &s);
}

/* The call goes on to another number: of a neighbour, or of the profile. */
static void dial_on(struct call *c, const char *number, enum call_detour detour)
{
	c->linked = false;
	snprintf(c->other, sizeof(c->other), "%s", number);
	c->reached = c->other;
	c->detour = detour;
	call_hint(c, detour == DETOUR_DEFLECTED ? HINT_DEFLECTED : HINT_FORWARDED);
	if (++c->forwards > FORWARDS)
		call_lost(c, CAUSE_OUT_OF_ORDER);
	else if (is_own(c->home, c->other))
		call_lost(c, CAUSE_BUSY); /* it is calling */
	else if (calls_to_neighbour(c->home, c->other))
		call_neighbour_set_up(c);
	else
		call_to_subscriber(c);
}

/* ---- hearing ----------------------------------------------------------------------- */

int calls_id(const struct calls *a, const struct call_key *key)
{
	size_t i;

	for (i = 0; i < a->made; i++)
		if (a->call[i].linked && call_key_equal(&a->call[i].key, key))
			return a->call[i].id;
	return 0;
}

void call_neighbour_begins(struct call *c, const struct call_signal *s)
{
	c->neighbour = c->linked = true;
	c->who = &call_neighbour;
	c->key = s->line.key;
	c->line = s->line;
	c->speed = s->speed;
	c->element = s->element;
}

static void set_up(struct calls *a, const struct call_signal *s)
{
	const struct call_terms terms = {
		.bearer = s->bearer,
		.hidden = s->hidden || !s->caller[0],
		.group = s->group == GROUP_PREFERRED ? 0 : s->group,
		.detour = s->detour,
		.gives_up = a->world->no_answer + RING_GUARD,
		.far = s->bearer == BEARER_DATA ? CALL_FAR_THERE : CALL_FAR_HERE,
		.from = s,
	};
	struct call_signal r = reply(s, CALL_SIGNAL_FORWARDED);
	struct call_away why;

	if (s->bearer != BEARER_VOICE && a->world->no_data)
		refuse(a, s, CAUSE_NOT_SUBSCRIBED);
	else if (s->bearer != BEARER_VOICE && a->engaged && a->engaged(a->ctx))
		refuse(a, s, CAUSE_BUSY);
	else if (call_enter(a, s->caller, &terms, &why))
		return;
	else if (why.to)
		say_forwarded(a, &r, why.to);
	else
		refuse(a, s, why.cause);
}

/* The call has no other end here: neither has it there. */
static void unknown(const struct calls *a, const struct call_signal *s)
{
	struct call_signal r = reply(s, CALL_SIGNAL_RELEASED);

	r.cause = CAUSE_NORMAL;
	switch (s->kind) {
	case CALL_SIGNAL_RELEASED:
		return;
	case CALL_SIGNAL_TRANSFERRED:
		r.line = s->other;
		break;
	case CALL_SIGNAL_SETUP:
	case CALL_SIGNAL_ALERTING:
	case CALL_SIGNAL_ANSWERED:
	case CALL_SIGNAL_FORWARDED:
	case CALL_SIGNAL_HELD:
	case CALL_SIGNAL_RETRIEVED:
	case CALL_SIGNAL_CONFERENCE:
	case CALL_SIGNAL_TONE:
	case CALL_SIGNAL_ENQUIRY:
	case CALL_SIGNAL_THERE:
		break;
	}
	say(a, &r);
}

/* This side has dialled, and is not answered yet. */
static bool calling(const struct call *c)
{
	return !c->incoming &&
	       (call_state(c) == CALL_DIALING || call_state(c) == CALL_ALERTING);
}

static bool talking(const struct call *c)
{
	return call_state(c) == CALL_ACTIVE || call_state(c) == CALL_HELD;
}

static void alerting(struct call *c, bool waits)
{
	bool first = call_state(c) == CALL_DIALING;

	if (!calling(c))
		return;
	call_later(c, TIMER_WAIT, c->home->world->no_answer);
	call_become(c, CALL_ALERTING);
	if (waits)
		call_hint(c, HINT_WAITS);
	if (first)
		call_tell(c, CALL_EVENT_ALERTING);
}

static void answered(struct call *c, const char *number)
{
	if (!calling(c))
		return;
	timer_stop(c->home->sched, &c->step);
	if (number[0]) {
		snprintf(c->other, sizeof(c->other), "%s", number);
		c->reached = c->other;
	}
	if (c->bearer == BEARER_DATA)
		c->far = CALL_FAR_THERE;
	call_answered(c);
}

static void released(struct call *c, int cause)
{
	c->linked = false;
	if (cause == CAUSE_INCOMING_BARRED)
		call_hint(c, HINT_BARS);
	call_lost(c, cause);
}

static void held(struct call *c, bool on)
{
	if (!talking(c) || c->held_there == on)
		return;
	c->held_there = on;
	call_hint(c, on ? HINT_HELD : HINT_RETRIEVED);
}

static void tone(struct call *c, char t)
{
	if (!talking(c))
		return;
	c->tone = t;
	call_tell(c, CALL_EVENT_TONE);
}

static void transferred(struct call *c, const struct call_line *to)
{
	/* it still hears its own name; the other end hears its */
	c->line = *to;
	held(c, false);
	if (call_state(c) == CALL_HELD)
		say_kind(c, CALL_SIGNAL_HELD);
}

static void hear(struct call *c, const struct call_signal *s)
{
	c->doubted = false;
	if (!c->line.peer)
		c->line.peer = s->line.peer;
	switch (s->kind) {
	case CALL_SIGNAL_SETUP:
	case CALL_SIGNAL_THERE:
		break;
	case CALL_SIGNAL_ALERTING:
		alerting(c, s->waits);
		break;
	case CALL_SIGNAL_ANSWERED:
		answered(c, s->number);
		break;
	case CALL_SIGNAL_RELEASED:
		released(c, s->cause);
		break;
	case CALL_SIGNAL_FORWARDED:
		if (calling(c))
			dial_on(c, s->number, s->detour);
		break;
	case CALL_SIGNAL_HELD:
		held(c, true);
		break;
	case CALL_SIGNAL_RETRIEVED:
		held(c, false);
		break;
	case CALL_SIGNAL_CONFERENCE:
		if (talking(c))
			call_hint(c, HINT_CONFERENCE);
		break;
	case CALL_SIGNAL_TONE:
		tone(c, s->tone);
		break;
	case CALL_SIGNAL_TRANSFERRED:
		transferred(c, &s->other);
		break;
	case CALL_SIGNAL_ENQUIRY:
		say_kind(c, CALL_SIGNAL_THERE);
		break;
	}
}

void calls_signal(struct calls *a, const struct call_signal *s)
{
	int id = calls_id(a, &s->line.key);

	if (id)
		hear(&a->call[id - 1], s);
	else if (s->kind == CALL_SIGNAL_SETUP)
		set_up(a, s);
	else
		unknown(a, s);
}

void calls_neighbour_gone(struct calls *a, uint64_t unit)
{
	size_t i;

	for (i = 0; i < a->made; i++) {
		struct call *c = &a->call[i];

		if (!c->linked || c->line.peer != unit)
			continue;
		c->linked = false;
		call_lost(c, CAUSE_OUT_OF_ORDER);
	}
}

void call_neighbour_enquires(struct call *c)
{
	usec_t every = c->home->neighbours->enquires;

	if (!c->linked || !every)
		return;
	if (c->doubted) {
		call_lost(c, CAUSE_OUT_OF_ORDER);
		return;
	}
	c->doubted = true;
	say_kind(c, CALL_SIGNAL_ENQUIRY);
	call_later(c, TIMER_WAIT, every);
}

void call_neighbour_connected(struct call *c)
{
	if (c->linked && c->home->neighbours->enquires)
		call_later(c, TIMER_WAIT, c->home->neighbours->enquires);
}

/* Explicit transfer (22.091): the two others talk to each other. Only those of one kind
 * can, and only neighbours have another end to talk to. */
static bool can_transfer(const struct call *c)
{
	return c->linked && c->bearer == BEARER_VOICE;
}

void call_neighbours_connect(struct call *x, struct call *y)
{
	struct call_signal to_x = signal_of(x, CALL_SIGNAL_TRANSFERRED);
	struct call_signal to_y = signal_of(y, CALL_SIGNAL_TRANSFERRED);

	/* nobody talks to themselves */
	if (!can_transfer(x) || !can_transfer(y) || x->line.peer == y->line.peer)
		return;
	to_x.other = y->line;
	to_y.other = x->line;
	x->linked = y->linked = false;
	say(x->home, &to_x);
	say(y->home, &to_y);
}
