/* Commands that these units have and refuse: the feature is not enabled, the SIM lacks
 * the files, or a plug-in is missing (wavecom.md). */
#include "at/reply.h"

static int run_not_allowed(struct channel *ch, struct at_call *c)
{
	(void)ch;
	(void)c;
	return AT_CME(CME_NOT_ALLOWED);
}

const struct at_cmd at_cmds_refused[] = {
	{ .name = "+WLOC",
		.see = "wavecom.md +WLOC; GDW-11 p. 207",
		.forms = AT_SRT,
		.needs = AT_NEED_PIN,
		.open = AT_TEST,
		.flags = AT_F_REFUSED,
		.test_by_run = true,
		.run = run_not_allowed,
		.param = { { "mode", AT_INT, NULL, 0 } } },
	{ .name = "+WALS",
		.see = "wavecom.md +WALS",
		.forms = AT_SET | AT_TEST,
		.needs = AT_NEED_FILES,
		.open = AT_TEST,
		.flags = AT_F_REFUSED,
		.test = "(0-1)",
		.run = run_not_allowed,
		.param = { { "mode", AT_INT, "(0-1)", 0 },
			{ "line", AT_INT, "(1-2)", 1, .optional = true } } },
	{ .name = "+WBTI",
		.see = "wavecom.md Unknown names",
		.forms = AT_SET | AT_READ,
		.flags = AT_F_REFUSED,
		.run = run_not_allowed,
		.param = { { "mode", AT_INT, NULL, 0 } } },
	{ 0 },
};
