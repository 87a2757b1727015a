/* Power-on, reset, stop (boot.md). */
#include "at/chapter.h"

#include "at/at.h"
#include "chapters/boot/boot.h"

static void init(struct modem *m, int64_t epoch)
{
	(void)epoch;
	boot_init(m);
}

const struct chapter chapter_boot = {
	.name = "boot",
	.init = init,
};
