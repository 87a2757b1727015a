/* Call settings: how calls ring, which numbers are shown, the default type of incoming
 * calls (call.md +CSNS, +CICB; services.md +CLIP). +CCWA is in cmd_supplementary.c. */
#include <string.h>

#include "at/reply.h"
#include "at/run.h"
#include "at/store.h"
#include "chapters/call/call.h"
#include "state/modem_state.h"

/* services.md +CLIR, +CLIP: without a network it is unknown (2) whether the service is
 * provided. */
static int provision(const struct modem *m, int known)
{
	return net_registered(&m->net) ? known : 2;
}

static int run_clip(struct channel *ch, struct at_call *c)
{
	struct modem *m = ch->modem;

	if (c->form == AT_SET)
		return at_store_values(ch, c);
	at_info(ch, "+CLIP: %d,%d", m->live.clip, provision(m, 1));
	return AT_OK;
}

static int run_colp(struct channel *ch, struct at_call *c)
{
	struct modem *m = ch->modem;

	if (c->form == AT_SET)
		return at_store_values(ch, c);
	at_info(ch, "+COLP: %d,%d", m->live.colp, provision(m, 1));
	return AT_OK;
}

static int run_clir(struct channel *ch, struct at_call *c)
{
	struct modem *m = ch->modem;

	if (c->form == AT_SET)
		return at_store_values(ch, c);
	at_info(ch, "+CLIR: %d,%d", m->live.clir,
		provision(m, (int)m->profile->network.services.clir));
	return AT_OK;
}

/* The type of an incoming call that does not name one. +CICB and +CSNS are two commands
 * for this one setting (inferred: no source says which counts if they differ). */
static int run_cicb(struct channel *ch, struct at_call *c)
{
	struct modem *m = ch->modem;
	static const int csns[] = { 4, 2, 0 }; /* by <mode>: data, fax, speech */
	int mode = 0;

	if (c->form == AT_SET)
		return at_store_field(ch, SETTING(csns), csns[c->arg[0].num]);
	while (csns[mode] != m->live.csns)
		mode++;
	at_info(ch, "+CICB: %d", mode);
	return AT_OK;
}

const struct at_cmd at_cmds_call_set[] = {
	{ .name = "+CRC",
		.see = "call.md +CRC",
		.forms = AT_SRT,
		.param = { { "mode", AT_INT, "(0,1)", 0, SETTING(cring), AT_WF } } },
	{ .name = "+CLIP",
		.see = "services.md +CLIP; GDW-11 pp. 369-377, p. 121; UGD_049 p. 516",
		.forms = AT_SRT,
		.needs = AT_NEED_OPEN,
		.open = AT_TEST,
		.run = run_clip,
		.param = { { "mode", AT_INT, "(0,1)", 0, SETTING(clip), AT_WF } } },
	{ .name = "+CLIR",
		.see = "services.md +CLIR; GD-01 p. 5; GDW-11 pp. 369-377",
		.forms = AT_SRT,
		.needs = AT_NEED_OPEN,
		.open = AT_TEST,
		.run = run_clir,
		.param = { { "mode", AT_INT, "(0-2)", 0, SETTING(clir), AT_RAM } } },
	{ .name = "+COLP",
		.see = "services.md +COLP; GDW-11 pp. 369-377, p. 122",
		.forms = AT_SRT,
		.needs = AT_NEED_OPEN,
		.open = AT_TEST,
		.run = run_colp,
		.param = { { "mode", AT_INT, "(0,1)", 0, SETTING(colp), AT_WF } } },
	{ .name = "+CSNS",
		.see = "call.md +CSNS; GDW-11 p. 31-32, 310",
		.forms = AT_SRT,
		.param = { { "mode", AT_INT, "(0,2,4)", 0, SETTING(csns), AT_WF } } },
	{ .name = "+CICB",
		.own = AT_WF, /* the value is that of +CSNS */
		.own_value = "2",
		.see = "call.md +CICB",
		.forms = AT_SRT,
		.run = run_cicb,
		.param = { { "mode", AT_INT, "(0-2)", 2 } } },
	{ 0 },
};
