/* Voice and data calls (call.md, data.md). */
#include "at/chapter.h"

#include <stddef.h>

#include "at/at.h"
#include "chapters/call/call.h"
#include "chapters/phonebook/book_dial.h"
#include "link/far_end.h"
#include "link/link.h"
#include "state/modem_state.h"

extern const struct at_cmd at_cmds_call[], at_cmds_call_set[], at_cmds_dial[];

static const struct at_cmd *const rows[] = { at_cmds_call, at_cmds_call_set, at_cmds_dial,
	NULL };

static void init(struct modem *m, int64_t epoch)
{
	(void)epoch;
	timer_init(&m->s.ring_pulse, "ring indicator", TIMER_WAIT, at_ring_off, m);
	calls_init(&m->calls, m->cold->calls, &m->profile->network.calls, &m->ss,
		&m->live.csns, &m->sched, &m->log, at_call_event, m);
	m->calls.refuses = at_book_refuses;
	m->calls.reach = far_end_reach;
	m->calls.leave = far_end_leave;
	m->calls.speed = &m->live.cbst_speed;
	m->calls.element = &m->live.cbst_element;
	m->calls.neighbours = &m->ports.neighbours;
	m->calls.own = m->numbers.own;
	m->calls.engaged = far_end_engaged;
}

static void open(struct channel *ch)
{
	data_init(ch, at_data_escaped);
}

/* Drops all calls without telling the host. */
static void stop(struct modem *m)
{
	struct channel *ch;

	m->s.ri = false;
	for (ch = channel_next(m, NULL); ch; ch = channel_next(m, ch)) {
		ch->awaited = ch->answers = 0;
		data_reset(ch);
	}
	calls_stop(&m->calls);
}

static void close(struct channel *ch)
{
	at_call_close(ch);
	data_reset(ch);
}

static void dtr(struct channel *ch, bool on)
{
	if (on)
		at_call_dtr_on(ch);
	else
		at_call_dtr_off(ch);
}

const struct chapter chapter_call = {
	.name = "call",
	.rows = rows,
	.init = init,
	.open = open,
	.close = close,
	.stop = stop,
	.dtr = dtr,
};
