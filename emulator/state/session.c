/* Clearing the session, and resets that the modem starts. */
#include "state/session.h"

#include <stddef.h>
#include <string.h>

#include "state/modem_state.h"

void session_stop_timers(struct modem *m)
{
	struct timer *t = (struct timer *)((char *)&m->s +
					   offsetof(struct session, rack));
	size_t i;

	for (i = 0; i < SESSION_TIMERS; i++)
		timer_stop(&m->sched, t + i);
}

void session_clear(struct modem *m)
{
	session_stop_timers(m);
	memset(&m->s, 0, offsetof(struct session, rack));
}

void session_restart(struct modem *m)
{
	timer_arm(&m->sched, &m->s.restart, 0);
}

void session_halt(struct modem *m)
{
	m->s.halting = true;
	session_restart(m);
}

bool session_restarting(const struct modem *m)
{
	return timer_armed(&m->s.restart);
}
