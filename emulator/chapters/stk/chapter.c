/* SIM toolkit (stk.md): the settings; no SIM here starts a session. */
#include "at/chapter.h"

#include <stddef.h>

#include "at/at.h"

extern const struct at_cmd at_cmds_toolkit[];

static const struct at_cmd *const rows[] = { at_cmds_toolkit, NULL };

const struct chapter chapter_stk = {
	.name = "stk",
	.rows = rows,
	.class = true,
};
