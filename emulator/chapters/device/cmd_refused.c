/* Commands that these units have and refuse: the feature is not enabled, the SIM lacks
 * the files, or a plug-in is missing (mux.md +CMUX; wavecom.md). */
#include "at/reply.h"

static int run_not_allowed(struct channel *ch, struct at_call *c)
{
	(void)ch;
	(void)c;
	return AT_CME(CME_NOT_ALLOWED);
}

/* Reading still returns the defaults. */
static int run_cmux(struct channel *ch, struct at_call *c)
{
	if (c->form != AT_READ)
		return AT_CME(CME_NOT_ALLOWED);
	at_info(ch, "+CMUX: 0,0,5,31,5,3,15,5");
	return AT_OK;
}

const struct at_cmd at_cmds_refused[] = {
	{ .name = "+CMUX",
		.see = "mux.md +CMUX; UGD_049 p. 167",
		.forms = AT_SRT,
		.flags = AT_F_REFUSED,
		.test = "(0),(0),(1-8),(1-255),(1-128),(0-255),(1-128),(1-128)",
		.run = run_cmux,
		.param = { { "mode", AT_INT, "(0)", 0 },
			{ "subset", AT_INT, "(0)", 0, .optional = true },
			{ "speed", AT_INT, "(1-8)", 5, .optional = true },
			{ "N1", AT_INT, "(1-255)", 31, .optional = true },
			{ "T1", AT_INT, "(1-128)", 5, .optional = true },
			{ "N2", AT_INT, "(0-255)", 3, .optional = true },
			{ "T2", AT_INT, "(1-128)", 15, .optional = true },
			{ "T3", AT_INT, "(1-128)", 5, .optional = true } } },
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
	{ .name = "+WCFM",
		.see = "wavecom.md +WCFM",
		.forms = AT_SET | AT_TEST,
		.flags = AT_F_REFUSED,
		.test = "",
		.run = run_not_allowed,
		.param = { { "mode", AT_INT, "(0-4)", 0 }, { "mask", AT_HEX, NULL, 0 },
			{ "password", AT_HEX, NULL, 0, .optional = true } } },
	{ .name = "+WBTI",
		.see = "wavecom.md Unknown names",
		.forms = AT_SET | AT_READ,
		.flags = AT_F_REFUSED,
		.run = run_not_allowed,
		.param = { { "mode", AT_INT, NULL, 0 } } },
	{ 0 },
};
