/* Chapter data (at-2 6): bearer and compression settings. */
#include "at/at.h"

const struct at_cmd at_cmds_data[] = {
	{ .name = "%C", .see = "at-2 6", .forms = AT_EXEC, .flags = AT_F_KEPT,
		.param = { { "compression", AT_INT, "(0-3)", 0, AT_SLOT, AT_W } } },
	{ .name = "+CBST", .see = "at-2 6", .forms = AT_SRT, .flags = AT_F_KEPT,
		.param = { { "speed", AT_INT, "(0-8,12,14,65,66,68,70,71,75)", 0, AT_SLOT, AT_W },
			{ "name", AT_INT, "(0)", 0, AT_SLOT, AT_W, true },
			{ "ce", AT_INT, "(0-3)", 1, AT_SLOT, AT_W, true } } },
	{ .name = "+CR", .see = "at-2 6", .forms = AT_SRT, .flags = AT_F_KEPT,
		.param = { { "mode", AT_INT, "(0,1)", 0, AT_SLOT, AT_W } } },
	{ .name = "+CRC", .see = "at-2 6", .forms = AT_SRT, .flags = AT_F_KEPT,
		.param = { { "mode", AT_INT, "(0,1)", 0, AT_SLOT, AT_W } } },
	{ .name = "+DR", .see = "at-2 6", .forms = AT_SRT, .flags = AT_F_KEPT,
		.param = { { "mode", AT_INT, "(0-1)", 0, AT_SLOT, AT_W } } },
	{ .name = "+DS", .see = "at-2 6", .forms = AT_SRT, .flags = AT_F_KEPT,
		.param = { { "direction", AT_INT, "(0-3)", 3, AT_SLOT, AT_W },
			{ "negotiation", AT_INT, "(0,1)", 0, AT_SLOT, AT_W, true },
			{ "dictionary", AT_INT, "(512-4096)", 4096, AT_SLOT, AT_W, true },
			{ "string", AT_INT, "(6-250)", 20, AT_SLOT, AT_W, true } } },
	{ .name = "+ILRR", .see = "at-2 6", .forms = AT_SRT, .flags = AT_F_KEPT,
		.param = { { "mode", AT_INT, "(0,1)", 0, AT_SLOT, AT_W } } },
	{ 0 },
};
