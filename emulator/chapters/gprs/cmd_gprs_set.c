/* GPRS: registration reports and settings (gprs.md Modes). */
#include "at/reply.h"
#include "at/store.h"
#include "chapters/gprs/gprs.h"
#include "state/modem_state.h"

static int run_cgreg(struct channel *ch, struct at_call *c)
{
	struct modem *m = ch->modem;
	int stat = gprs_stat(&m->gprs);

	if (c->form == AT_SET)
		return at_store_values(ch, c);
	if (m->live.cgreg == 2 && (stat == 1 || stat == 5) && m->net.cell)
		at_info(ch, "+CGREG: 2,%d,\"%04X\",\"%04X\"", stat,
			(unsigned)m->net.cell->lac, (unsigned)m->net.cell->ci);
	else
		at_info(ch, "+CGREG: %d,%d", m->live.cgreg, stat);
	return AT_OK;
}

static int run_cgclass(struct channel *ch, struct at_call *c)
{
	struct modem *m = ch->modem;

	if (c->form == AT_READ) {
		at_info_settings(ch, c->entry);
		return AT_OK;
	}
	if (c->arg[0].num == CGCLASS_A)
		return AT_CME(CME_CLASS);
	if (c->arg[0].num == CGCLASS_CC && gprs_attached(&m->gprs) &&
		!gprs_busy(&m->gprs))
		gprs_detach(&m->gprs);
	return at_store_values(ch, c);
}

/* There is never a network request to answer, so ERROR (gprs.md +CGANS). */
static int run_cgans(struct channel *ch, struct at_call *c)
{
	(void)ch;
	(void)c;
	return AT_ERROR;
}

const struct at_cmd at_cmds_gprs_set[] = {
	{ .name = "+CGREG",
		.see = "gprs.md +CGREG; GDW-11 pp. 369-377",
		.forms = AT_SRT,
		.needs = AT_NEED_LOADED,
		.open = AT_TEST,
		.run = run_cgreg,
		.param = { { "mode", AT_INT, "(0-2)", 0, SETTING(cgreg), AT_WF } } },
	{ .name = "+CGCLASS",
		.see = "gprs.md +CGCLASS; GDW-11 p. 226-227",
		.forms = AT_SRT,
		.test = "(\"B\",\"CG\",\"CC\")",
		.run = run_cgclass,
		.param = { { "class", AT_CHOICE, "(\"B\",\"CG\",\"CC\",\"A\")", 0,
			SETTING(cgclass), AT_EE } } },
	{ .name = "+CGSMS",
		.see = "gprs.md +CGSMS; GDW-11 pp. 369-377",
		.forms = AT_SRT,
		.needs = AT_NEED_LOADED,
		.open = AT_TEST,
		.flags = AT_F_KEPT,
		.param = { { "service", AT_INT, "(0-3)", 1, AT_SLOT, AT_EE } } },
	{ .name = "+CGEREP",
		.see = "gprs.md +CGEREP; GDW-11 pp. 369-377, p. 229",
		.forms = AT_SRT,
		.needs = AT_NEED_LOADED,
		.open = AT_TEST,
		.param = { { "mode", AT_INT, "(0,2)", 0, SETTING(cgerep), AT_WF },
			{ "buffer", AT_INT, "(0)", 0, AT_SLOT, AT_WF, true } } },
	{ .name = "+CGAUTO",
		.see = "gprs.md +CGAUTO; GDW-11 p. 235, pp. 369-377",
		.forms = AT_SRT,
		.needs = AT_NEED_LOADED,
		.open = AT_TEST,
		.param = { { "mode", AT_INT, "(0-3)", 3, SETTING(cgauto), AT_WF } } },
	{ .name = "+CGANS",
		.see = "gprs.md +CGANS; GDW-11 p. 238",
		.forms = AT_EXEC | AT_SET | AT_TEST,
		.test = "(0-1)",
		.needs = AT_NEED_FILES,
		.open = AT_TEST,
		.run = run_cgans,
		.param = { { "answer", AT_INT, "(0-1)", 0, .optional = true },
			{ "cid", AT_INT, "(1-4)", 1, .optional = true } } },
	{ 0 },
};
