/* Registration, operators, cells (network.md). */
#include "at/chapter.h"

#include <stddef.h>

#include "at/at.h"
#include "chapters/network/network.h"
#include "state/modem_state.h"

extern const struct at_cmd at_cmds_net[], at_cmds_cpol[], at_cmds_cell[];

static const struct at_cmd *const rows[] = { at_cmds_net, at_cmds_cpol, at_cmds_cell,
	NULL };

static void init(struct modem *m, int64_t epoch)
{
	(void)epoch;
	timer_init(&m->s.announce, "+CREG announcement", TIMER_OWN, at_creg_announce, m);
	timer_init(&m->s.cced, "+CCED report", TIMER_WAIT, at_cced_report, m);
	air_reset(&m->air, &m->profile->network);
	net_init(&m->net, &m->air, &m->sched, &m->log, at_net_event, m);
}

static void stop(struct modem *m)
{
	net_stop(&m->net);
}

const struct chapter chapter_network = {
	.name = "network",
	.rows = rows,
	.class = true,
	.init = init,
	.stop = stop,
};
