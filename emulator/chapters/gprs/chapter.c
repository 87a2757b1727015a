/* GPRS contexts and PPP (gprs.md). */
#include "at/chapter.h"

#include <stddef.h>

#include "at/at.h"
#include "chapters/gprs/gprs.h"
#include "link/link.h"
#include "state/modem_state.h"

extern const struct at_cmd at_cmds_gprs[], at_cmds_gprs_set[], at_cmds_gprs_data[];

static const struct at_cmd *const rows[] = { at_cmds_gprs, at_cmds_gprs_set,
	at_cmds_gprs_data, NULL };

static void init(struct modem *m, int64_t epoch)
{
	(void)epoch;
	gprs_init(&m->gprs, m->cold->contexts, &m->profile->network.gprs, &m->sched,
		&m->log, at_gprs_event, m);
}

static void open(struct channel *ch)
{
	ppp_init(ch, &at_ppp_owner);
}

static void close(struct channel *ch)
{
	if (ch->link->ppp.on)
		at_gprs_hang_up(ch->modem);
	ppp_reset(ch);
}

static void stop(struct modem *m)
{
	struct channel *ch;

	for (ch = channel_next(m, NULL); ch; ch = channel_next(m, ch))
		ppp_reset(ch);
	gprs_stop(&m->gprs);
}

static void network(struct modem *m, bool cell_only)
{
	if (cell_only)
		at_gprs_cell(m);
	else
		at_gprs_network(m);
}

const struct chapter chapter_gprs = {
	.name = "gprs",
	.rows = rows,
	.class = true,
	.init = init,
	.open = open,
	.close = close,
	.stop = stop,
	.files = at_gprs_boot,
	.network = network,
};
