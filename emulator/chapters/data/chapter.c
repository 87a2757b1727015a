/* Settings of data calls, and fax (data.md). */
#include "at/chapter.h"

#include <stddef.h>

#include "at/at.h"

extern const struct at_cmd at_cmds_data[], at_cmds_fax[];

static const struct at_cmd *const rows[] = { at_cmds_data, at_cmds_fax, NULL };

const struct chapter chapter_data = {
	.name = "data",
	.rows = rows,
};
