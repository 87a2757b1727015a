/* The multiplexer (mux.md). The protocol is in link/. */
#include "at/chapter.h"

#include <stddef.h>

#include "at/at.h"
#include "link/mux.h"

extern const struct at_cmd at_cmds_mux[];

static const struct at_cmd *const rows[] = { at_cmds_mux, NULL };

const struct chapter chapter_mux = {
	.name = "mux",
	.rows = rows,
	.stop = mux_stop,
	.start = mux_restart,
	.ready = mux_ready,
};
