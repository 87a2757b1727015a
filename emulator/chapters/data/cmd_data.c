/* Data calls (data.md +CBST): bearer, compression and the reports before CONNECT. */
#include "at/reply.h"
#include "at/run.h"
#include "at/store.h"
#include "at/tables.h"
#include "chapters/call/call.h"
#include "state/modem_state.h"

/* data.md +CBST: an unknown speed is CME 4, not CME 3. GDW-11 p. 134, GD-01 p. 93: older
 * programs use 100 and 101 for the connection elements 2 and 3. */
static int run_cbst(struct channel *ch, struct at_call *c)
{
	static const char speeds[] = "(0-8,12,14,65,66,68,70,71,75)";
	static const int old_elements = 100, new_elements = 2;

	if (c->form == AT_READ) {
		at_info_settings(ch, c->entry);
		return AT_OK;
	}
	if (at_given(c, 0) && !at_values_allow(speeds, c->arg[0].num))
		return AT_CME(CME_NOT_SUPPORTED);
	if (at_given(c, 2) && c->arg[2].num >= old_elements)
		c->arg[2].num -= old_elements - new_elements;
	return at_store_values(ch, c);
}

int at_run_unprefixed(struct channel *ch, struct at_call *c)
{
	char text[120];
	struct buf b;
	size_t i;

	if (c->form != AT_READ && c->form != AT_TEST)
		return at_store_values(ch, c);
	buf_init(&b, text, sizeof(text));
	for (i = 0; i < AT_PARAMS && c->entry->cmd->param[i].name; i++)
		if (c->form == AT_TEST)
			buf_printf(&b, "%s%s", i ? "," : "", c->entry->values[i]);
		else
			buf_printf(&b, "%s%d", i ? "," : "",
				live_get(ch, c->entry->field[i]));
	at_info(ch, "%.*s", (int)b.len, text);
	return AT_OK;
}

#define REPORT(n, field)                                              \
	.name = n, .see = "data.md +CR, +DR, +ILRR", .forms = AT_SRT, \
	.param = { { "mode", AT_INT, "(0,1)", 0, SETTING(field), AT_WF } }

const struct at_cmd at_cmds_data[] = {
	{ .name = "%C",
		.see = "data.md %C; GDW-11 p. 142; GD-01 p. 100",
		.forms = AT_EXEC | AT_READ,
		.flags = AT_F_CME,
		.run = at_run_unprefixed,
		.param = { { "compression", AT_INT, "(0,2)", 0, SETTING(compression),
			AT_WF } } },
	{ .name = "\\N",
		.see = "data.md \\N; GDW-11 p. 145; GD-01 p. 103",
		.forms = AT_EXEC | AT_READ,
		.flags = AT_F_KEPT | AT_F_CME,
		.run = at_run_unprefixed,
		.param = { { "correction", AT_INT, "(0,5)", 0, AT_SLOT, AT_WF } } },
	{ .name = "+CBST",
		.see = "data.md +CBST; GDW-11 p. 134",
		.forms = AT_SRT,
		.run = run_cbst,
		.test = "(0-8,12,14,65,66,68,70,71,75),(0),(0-3)",
		.param = { { "speed", AT_INT, "(0-255)", 0, SETTING(cbst_speed), AT_WF,
				   true },
			{ "name", AT_INT, "(0)", 0, AT_SLOT, AT_WF, true },
			{ "ce", AT_INT, "(0-3,100,101)", 1, SETTING(cbst_element), AT_WF,
				true } } },
	{ REPORT("+CR", service_report) },
	{ REPORT("+DR", compression_report) },
	{ REPORT("+ILRR", rate_report), .needs = AT_NEED_OPEN, .open = AT_TEST },
	{ .name = "+CRLP",
		.see = "data.md +CRLP; GDW-11 p. 140",
		.forms = AT_SRT,
		.flags = AT_F_KEPT,
		/* the comma in the fourth range is as in the guides */
		.test = "(0-61),(0-61),(40-255),(1,255),(0,1)",
		.param = { { "iws", AT_INT, "(0-61)", 61, AT_SLOT, AT_WF, true },
			{ "mws", AT_INT, "(0-61)", 61, AT_SLOT, AT_WF, true },
			{ "t1", AT_INT, "(40-255)", 48, AT_SLOT, AT_WF, true },
			{ "n2", AT_INT, "(1-255)", 6, AT_SLOT, AT_WF, true },
			{ "version", AT_INT, "(0,1)", 1, AT_SLOT, AT_WF, true } } },
	{ .name = "+DOPT",
		.see = "data.md +DOPT; GDW-11 p. 141",
		.forms = AT_SRT,
		.flags = AT_F_KEPT,
		.run = at_run_unprefixed,
		.test_by_run = true,
		.param = { { "reset", AT_INT, "(0,1)", 1, AT_SLOT, AT_WF },
			{ "dtx", AT_INT, "(0,1)", 1, AT_SLOT, AT_WF, true } } },
	{ .name = "+DS",
		.see = "data.md +DS; GDW-11 p. 143",
		.forms = AT_SRT,
		.param = { { "direction", AT_INT, "(0-3)", 3, SETTING(ds_direction),
				   AT_WF },
			{ "negotiation", AT_INT, "(0,1)", 0, AT_SLOT, AT_WF, true },
			{ "dictionary", AT_INT, "(512-4096)", 4096, AT_SLOT, AT_WF,
				true },
			{ "string", AT_INT, "(6-250)", 20, AT_SLOT, AT_WF, true } } },
	{ 0 },
};
