/* Sleep (27.010 clause 5.4.7; mux.md Multiplexer sleep):
 *
 *           PSC, every DTR low           a flag
 *   AWAKE ---------------------> ASLEEP --------> CALLED: a flag each T1, for T3
 *     ^                           |  ^              |
 *     +-- MSC with DTR -----------|--|--------------+
 *     +-- a flag or such an MSC --+  +-- T3 is over
 *           CALLING: as CALLED, because the modem has something to send
 */
#include "link/mux_int.h"
#include "state/modem_state.h"

#define T3_TICK SEC(2)

const struct fsm_state mux_sleeps[] = {
	[MUX_AWAKE] = { "awake", FSM_TO(MUX_ASLEEP) },
	[MUX_ASLEEP] = { "asleep",
		FSM_TO(MUX_AWAKE) | FSM_TO(MUX_CALLED) | FSM_TO(MUX_CALLING) },
	[MUX_CALLED] = { "called", FSM_TO(MUX_AWAKE) | FSM_TO(MUX_ASLEEP) },
	[MUX_CALLING] = { "calling", FSM_TO(MUX_AWAKE) | FSM_TO(MUX_ASLEEP) },
	{ NULL, 0 },
};

static void change(struct mux *x, enum mux_sleep to)
{
	fsm_go(&x->sleep, &x->modem->log, (int)to);
}

static void send_flags(struct mux *x)
{
	static const uint8_t flags[] = { MUX_FLAG, MUX_FLAG, MUX_FLAG, MUX_FLAG };

	if (link_room(x->carrier) >= MUX_ROOM)
		link_send(x->carrier, flags,
			x->sleep.state == MUX_CALLING ? sizeof(flags) : 1);
	timer_arm(&x->modem->sched, &x->wake, x->p.t1 * MUX_TICK);
}

static void begin_flags(struct mux *x, enum mux_sleep state)
{
	change(x, state);
	/* T3 is real time, as all timers here */
	x->until = x->modem->sched.now +
		   x->p.t3 * T3_TICK * (usec_t)x->modem->sched.speed;
	send_flags(x);
}

void mux_may_sleep(struct mux *x)
{
	int i;

	if (!x->may_sleep || x->sleep.state != MUX_AWAKE)
		return;
	for (i = 1; i <= MUX_DLCS; i++)
		if (x->dlc[i].state == DLC_OPEN && x->dlc[i].ch->link->dtr)
			return;
	change(x, MUX_ASLEEP);
}

void mux_awake(struct mux *x)
{
	int i;

	x->may_sleep = false;
	if (x->sleep.state == MUX_AWAKE)
		return;
	timer_stop(&x->modem->sched, &x->wake);
	change(x, MUX_AWAKE);
	for (i = 1; i <= MUX_DLCS; i++) {
		x->dlc[i].unheard = 0;
		mux_tell_lines(x, &x->dlc[i]);
	}
}

void mux_flag_seen(struct mux *x)
{
	if (x->sleep.state == MUX_ASLEEP)
		begin_flags(x, MUX_CALLED);
	else if (x->sleep.state == MUX_CALLING)
		mux_awake(x);
}

void mux_call_host(struct mux *x)
{
	if (x->sleep.state == MUX_ASLEEP)
		begin_flags(x, MUX_CALLING);
}

/* When T3 is over flags are sent again only for new output (27.010: an alarm is sent to
 * the upper layer). */
void mux_next_flag(void *ctx, usec_t now)
{
	struct mux *x = ctx;
	int i;

	if (now < x->until) {
		send_flags(x);
		return;
	}
	for (i = 1; x->sleep.state == MUX_CALLING && i <= MUX_DLCS; i++)
		if (x->dlc[i].state == DLC_OPEN)
			x->dlc[i].unheard = x->dlc[i].ch->link->tx.len;
	change(x, MUX_ASLEEP);
}
