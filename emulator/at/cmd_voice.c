/* Chapter audio (at-1 6): the settings that &V tells. */
#include "at/at.h"

const struct at_cmd at_cmds_voice[] = {
	{ .name = "+SPEAKER",
		.see = "at-1 6.3",
		.forms = AT_SRT,
		.flags = AT_F_KEPT,
		.param = { { "speaker", AT_INT, "(0-1)", 0, AT_SLOT, AT_W } } },
	{ .name = "+ECHO",
		.see = "at-1 6.4, 10.5",
		.forms = AT_SRT,
		.flags = AT_F_KEPT,
		.param = { { "mode", AT_INT, "(0,1)", 0, AT_SLOT, AT_W },
			{ "algorithm", AT_INT, "(1,3)", 1, AT_SLOT, AT_W, true },
			{ "p1", AT_INT, "(0-3)", 0, AT_SLOT, AT_W, true },
			{ "p2", AT_INT, "(0-3)", 3, AT_SLOT, AT_W, true },
			{ "p3", AT_INT, "(0-31)", 10, AT_SLOT, AT_W, true },
			{ "p4", AT_INT, "(0-31)", 7, AT_SLOT, AT_W, true } } },
	{ 0 },
};
