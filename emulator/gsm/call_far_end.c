/* What the far end does on an action, or outside, not by its row in the profile. */
#include "gsm/call_int.h"

void calls_far_there(struct calls *a, int id)
{
	struct call *c = &a->call[id - 1];

	if (c->far != CALL_FAR_AWAITED)
		return;
	c->far = CALL_FAR_THERE;
	if (!c->overdue)
		return;
	timer_stop(a->sched, &c->step);
	call_step(c);
}

bool calls_far_answer(struct calls *a)
{
	struct call *c = call_in(a, CALL_ALERTING);

	if (!c)
		c = call_in(a, CALL_DIALING);
	if (!c || c->neighbour)
		return false;
	if (call_state(c) == CALL_DIALING) {
		call_become(c, CALL_ALERTING);
		a->event(a->ctx, CALL_EVENT_ALERTING, c);
	}
	timer_stop(a->sched, &c->step);
	call_answered(c);
	return true;
}

bool calls_far_hang_up(struct calls *a, int id, int cause)
{
	if (!calls_any(a) || (id && call_state(&a->call[id - 1]) == CALL_FREE))
		return false;
	if (id)
		call_lost(&a->call[id - 1], cause);
	else
		calls_lost(a, cause);
	return true;
}
