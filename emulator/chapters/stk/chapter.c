/* SIM toolkit (stk.md). */
#include "at/chapter.h"

#include <stddef.h>

#include "at/at.h"
#include "chapters/stk/stk.h"
#include "state/modem_state.h"

extern const struct at_cmd at_cmds_toolkit[];

static const struct at_cmd *const rows[] = { at_cmds_toolkit, NULL };

static void init(struct modem *m, int64_t epoch)
{
	(void)epoch;
	toolkit_init(&m->toolkit, &m->profile->sim.toolkit, &m->cold->toolkit, &m->sched,
		&m->log, stk_event, stk_begin, m);
}

static void stop(struct modem *m)
{
	toolkit_stop(&m->toolkit);
}

/* stk.md +STSF: on or off counts from the boot on. */
static void start(struct modem *m)
{
	m->s.toolkit_on = m->live.toolkit;
}

static void files(struct modem *m)
{
	if (!m->s.toolkit_on)
		return;
	stk_set_time(m);
	toolkit_start(&m->toolkit);
}

const struct chapter chapter_stk = {
	.name = "stk",
	.rows = rows,
	.class = true,
	.init = init,
	.stop = stop,
	.start = start,
	.files = files,
};
