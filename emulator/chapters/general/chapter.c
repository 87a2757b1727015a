/* General commands: identity, clock, character sets, keypad, indicators (general.md). */
#include "at/chapter.h"

#include <stdio.h>

#include "at/at.h"
#include "at/reply.h"
#include "state/modem_state.h"
#include "state/nv.h"

extern const struct at_cmd at_cmds_general[], at_cmds_charset[], at_cmds_keypad[],
	at_cmds_indicators[];

static const struct at_cmd *const rows[] = { at_cmds_general, at_cmds_charset,
	at_cmds_keypad, at_cmds_indicators, NULL };

static void at_alarm(void *ctx, int index, int64_t time)
{
	struct modem *m = ctx;
	char text[24];

	nv_save_clock(m);
	clock_print(time, text);
	at_urc(m, "+CALA: \"%s\",%d", text, index);
}

static void init(struct modem *m, int64_t epoch)
{
	charset_custom_init(&m->custom);
	clock_init(&m->clock, &m->sched, epoch, at_alarm, m);
}

const struct chapter chapter_general = {
	.name = "general",
	.rows = rows,
	.init = init,
};
