/* V.24 and V.250: the line, its settings, profiles (line.md, settings.md). */
#include "at/chapter.h"

#include <stddef.h>

#include "at/at.h"

extern const struct at_cmd at_cmds_v24[], at_cmds_dead[];

static const struct at_cmd *const rows[] = { at_cmds_v24, at_cmds_dead, NULL };

const struct chapter chapter_v24 = {
	.name = "v24",
	.rows = rows,
};
