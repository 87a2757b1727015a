/* Wavecom: indications, download, the Open AT application (boot.md, download.md). */
#include "at/chapter.h"

#include <stddef.h>

#include "at/at.h"
#include "at/store.h"
#include "chapters/boot/lines.h"
#include "chapters/wavecom/wavecom.h"
#include "state/application.h"
#include "state/modem_state.h"

extern const struct at_cmd at_cmds_wavecom[], at_cmds_open_at[];

static const struct at_cmd *const rows[] = { at_cmds_wavecom, at_cmds_open_at, NULL };

static void init(struct modem *m, int64_t epoch)
{
	(void)epoch;
	timer_init(&m->s.app_crash, "application crash", TIMER_WAIT, open_at_crash, m);
}

static void ready(struct modem *m)
{
	m->s.app_started = application_state(m) == APPLICATION_RUNS;
	if (application_running(m)) {
		at_store_application(m);
		boot_lines(m);
	}
	if (open_at_crashes(m))
		timer_arm(&m->sched, &m->s.app_crash, OPEN_AT_WINDOW);
}

const struct chapter chapter_wavecom = {
	.name = "wavecom",
	.rows = rows,
	.init = init,
	.ready = ready,
};
