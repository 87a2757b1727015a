/* Supplementary services, USSD, advice of charge (services.md). */
#include "at/chapter.h"

#include <stddef.h>

#include "at/at.h"
#include "chapters/services/services.h"
#include "state/modem_state.h"

extern const struct at_cmd at_cmds_ussd[], at_cmds_supplementary[], at_cmds_charge[];

static const struct at_cmd *const rows[] = { at_cmds_ussd, at_cmds_supplementary,
	at_cmds_charge, NULL };

static void init(struct modem *m, int64_t epoch)
{
	const struct profile *p = m->profile;

	(void)epoch;
	charge_init(&m->charge, &p->network.services, &m->sched, at_charge_event, m);
	ss_init(&m->ss, &p->network.services);
	ussd_init(&m->ussd, &p->network, &m->sched, &m->log, at_ussd_event, m);
}

static void stop(struct modem *m)
{
	charge_stop(&m->charge);
	ussd_stop(&m->ussd, false);
}

static void network(struct modem *m, bool cell_only)
{
	if (!cell_only && !net_registered(&m->net))
		ussd_stop(&m->ussd, true);
}

const struct chapter chapter_services = {
	.name = "services",
	.rows = rows,
	.class = true,
	.init = init,
	.stop = stop,
	.network = network,
};
