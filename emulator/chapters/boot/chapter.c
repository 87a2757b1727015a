/* Power-on, reset, stop (boot.md). */
#include "at/chapter.h"

#include "at/at.h"
#include "chapters/boot/boot.h"
#include "chapters/boot/lines.h"
#include "state/modem_state.h"

static void init(struct modem *m, int64_t epoch)
{
	(void)epoch;
	boot_init(m);
}

static void network(struct modem *m, bool cell_only)
{
	if (!cell_only && net_registered(&m->net))
		boot_stage(m, STAGE_NETWORK);
}

const struct chapter chapter_boot = {
	.name = "boot",
	.init = init,
	.network = network,
};
