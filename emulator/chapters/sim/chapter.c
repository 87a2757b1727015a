/* The SIM: PINs, locks, its files, its drawer (sim.md). */
#include "at/chapter.h"

#include <stddef.h>

#include "at/at.h"
#include "chapters/sim/card.h"
#include "state/modem_state.h"

extern const struct at_cmd at_cmds_security[], at_cmds_lock[], at_cmds_sim[],
	at_cmds_cphs[];

static const struct at_cmd *const rows[] = { at_cmds_security, at_cmds_lock, at_cmds_sim,
	at_cmds_cphs, NULL };

static void init(struct modem *m, int64_t epoch)
{
	(void)epoch;
	card_init(m);
	sim_init(&m->sim, &m->profile->sim, m->cold->mailboxes, &m->log);
	m->sim.imsi = m->numbers.imsi;
	m->sim.iccid = m->numbers.iccid;
	sim_locks_init(&m->sim.locks, m->profile->device.lock_key);
}

static void stop(struct modem *m)
{
	sim_power(&m->sim, false);
	sim_reset(&m->sim);
}

const struct chapter chapter_sim = {
	.name = "sim",
	.rows = rows,
	.class = true,
	.init = init,
	.stop = stop,
};
