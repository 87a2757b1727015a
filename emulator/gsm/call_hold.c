/* Several calls at once: hold, multiparty, transfer (22.030 clause 6.5.5.1). */
#include "gsm/call_int.h"

static bool release_state(struct calls *a, enum call_state state, int cause)
{
	bool any = false;
	size_t i;

	for (i = 0; i < a->made; i++)
		if (call_state(&a->call[i]) == state) {
			call_release(&a->call[i], cause);
			any = true;
		}
	return any;
}

/* The waiting call becomes active, else those on hold do. */
static bool take_other(struct calls *a, const bool was_held[CALLS])
{
	struct call *w = call_in(a, CALL_WAITING);
	bool any = false;
	size_t i;

	if (!w)
		w = call_in(a, CALL_INCOMING);
	if (w) {
		timer_stop(a->sched, &w->step);
		timer_stop(a->sched, &a->ring);
		call_answered(w);
		return true;
	}
	for (i = 0; i < a->made; i++)
		if (was_held[i] && call_state(&a->call[i]) == CALL_HELD) {
			call_become(&a->call[i], CALL_ACTIVE);
			any = true;
		}
	return any;
}

static bool swap(struct calls *a)
{
	bool held[CALLS];
	bool any = call_in(a, CALL_ACTIVE) || call_in(a, CALL_HELD) ||
		   call_in(a, CALL_WAITING);
	size_t i;

	/* a third call waits until one of the two is over */
	if (call_in(a, CALL_WAITING) && call_in(a, CALL_ACTIVE) && call_in(a, CALL_HELD))
		return false;
	for (i = 0; i < a->made; i++)
		held[i] = call_state(&a->call[i]) == CALL_HELD;
	calls_hold_active(a);
	take_other(a, held);
	return any;
}

static bool replace_active(struct calls *a)
{
	bool held[CALLS], other = call_in(a, CALL_WAITING) || call_in(a, CALL_HELD);
	bool any;
	size_t i;

	for (i = 0; i < a->made; i++)
		held[i] = call_state(&a->call[i]) == CALL_HELD;
	any = release_state(a, CALL_ACTIVE, CAUSE_NORMAL);
	return (take_other(a, held) && other) || any;
}

static bool hold_but(struct calls *a, struct call *x)
{
	size_t i;

	if (call_state(x) != CALL_ACTIVE || call_in(a, CALL_HELD))
		return false;
	for (i = 0; i < a->made; i++)
		if (call_state(&a->call[i]) == CALL_ACTIVE && &a->call[i] != x)
			call_become(&a->call[i], CALL_HELD);
	x->multiparty = false;
	calls_ungroup(a);
	return true;
}

static bool join(struct calls *a)
{
	size_t i;

	if (!call_in(a, CALL_ACTIVE) || !call_in(a, CALL_HELD))
		return false;
	for (i = 0; i < a->made; i++) {
		struct call *c = &a->call[i];

		if (call_state(c) != CALL_ACTIVE && call_state(c) != CALL_HELD)
			continue;
		call_become(c, CALL_ACTIVE);
		if (!c->multiparty)
			call_neighbour_joined(c);
		c->multiparty = true;
	}
	return true;
}

bool calls_hold(struct calls *a, int action, int x)
{
	struct call *c = x ? &a->call[x - 1] : NULL;

	if (c && call_state(c) == CALL_FREE)
		return false;
	switch (action) {
	case 0:
		/* a waiting call is released first; those on hold stay */
		return release_state(a, CALL_WAITING, CAUSE_BUSY) ||
		       release_state(a, CALL_INCOMING, CAUSE_BUSY) ||
		       release_state(a, CALL_HELD, CAUSE_NORMAL);
	case 1:
		if (!c)
			return replace_active(a);
		call_release(c, CAUSE_NORMAL);
		return true;
	case 2:
		return c ? hold_but(a, c) : swap(a);
	case 3:
		return join(a);
	case 4:
		/* explicit transfer: both others are connected, and this side leaves */
		if (!call_in(a, CALL_ACTIVE) || !call_in(a, CALL_HELD))
			return false;
		if (!call_in(a, CALL_ACTIVE)->multiparty &&
			!call_in(a, CALL_HELD)->multiparty)
			call_neighbours_connect(
				call_in(a, CALL_ACTIVE), call_in(a, CALL_HELD));
		release_state(a, CALL_ACTIVE, CAUSE_NORMAL);
		release_state(a, CALL_HELD, CAUSE_NORMAL);
		return true;
	default:
		return false;
	}
}
