/* Nothing comes between the OK of +WIPCREATE and +WIPREADY (wip.md +WIPCREATE). */
#include "at/reply.h"
#include "at/run.h"
#include "chapters/wip/wip.h"
#include "state/modem_state.h"

#define HOLD SEC(2) /* inferred: how long other lines wait at most */

static void hold_over(void *ctx, usec_t now)
{
	(void)now;
	wip_hold_over(ctx);
}

void wip_hold(struct channel *ch)
{
	struct modem *m = ch->modem;
	struct timer *t = &wip_of(m)->hold;

	if (!t->fire)
		timer_init(t, "+WIPREADY", TIMER_WAIT, hold_over, m);
	at_urc_hold(ch, true);
	timer_arm(&m->sched, t, HOLD);
}

void wip_hold_over(struct modem *m)
{
	struct channel *ch;

	timer_stop(&m->sched, &wip_of(m)->hold);
	for (ch = channel_next(m, NULL); ch; ch = channel_next(m, ch))
		if (ch->at->urc_held)
			at_urc_hold(ch, false);
}
