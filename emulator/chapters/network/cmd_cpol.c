/* +CPOL: the preferred operators on the SIM (network.md +CPOL; 27.007 clause 7.19). */
#include <stdio.h>
#include <string.h>

#include "at/reply.h"
#include "at/run.h"
#include "at/store.h"
#include "chapters/network/operators.h"
#include "state/modem_state.h"
#include "state/nv.h"

static int list(struct channel *ch)
{
	struct modem *m = ch->modem;
	char name[40];
	int i;

	for (i = 0; i < m->sim.preferred_max; i++) {
		if (!m->sim.preferred[i][0])
			continue;
		operator_print(
			m, m->sim.preferred[i], m->live.cpol_format, name, sizeof(name));
		at_info(ch, "+CPOL: %d,%d,%s", i + 1,
			name[0] == '"' ? m->live.cpol_format : 2, name);
	}
	return AT_OK;
}

/* Writes an entry; "" deletes it. If it cannot be stored, the old entry stays. */
static int put(struct modem *m, int index, const char *plmn)
{
	char *place = m->sim.preferred[index - 1];
	char was[sizeof(m->sim.preferred[0])];

	strcpy(was, place);
	strcpy(place, plmn);
	if (nv_save_sim(m))
		return AT_OK;
	strcpy(place, was);
	return AT_CME(CME_MEMORY);
}

static int write_entry(struct channel *ch, const struct at_call *c, int index)
{
	struct modem *m = ch->modem;
	char plmn[8];

	for (; !at_given(c, 0) && index <= m->sim.preferred_max; index++)
		if (!m->sim.preferred[index - 1][0])
			break;
	if (index > m->sim.preferred_max)
		return AT_CME(CME_FULL);
	if (!operator_find(m, c->arg[1].num, &c->arg[2], plmn))
		return AT_CME(CME_NOT_ALLOWED);
	return put(m, index, plmn);
}

static int run_cpol(struct channel *ch, struct at_call *c)
{
	struct modem *m = ch->modem;
	int index = at_given(c, 0) ? c->arg[0].num : 1;

	if (c->form == AT_TEST) {
		/* short names are accepted too, as syntax and note say (GDW-11 p. 45) */
		at_info(ch, "+CPOL: (1-%d),(0,2)", m->sim.preferred_max);
		return AT_OK;
	}
	if (c->form == AT_READ)
		return list(ch);
	if (index < 1 || index > m->sim.preferred_max)
		return AT_CME(CME_BAD_INDEX);
	if (at_given(c, 2))
		return at_given(c, 1) ? write_entry(ch, c, index)
				      : AT_CME(CME_NOT_ALLOWED);
	if (at_given(c, 1))
		return at_store_field(ch, SETTING(cpol_format), c->arg[1].num);
	if (!at_given(c, 0))
		return AT_CME(CME_NOT_ALLOWED);
	return put(m, index, "");
}

const struct at_cmd at_cmds_cpol[] = {
	{ .name = "+CPOL",
		.see = "network.md +CPOL: factory value and storage inferred; GDW-11 p. "
		       "45-47; GD-01 p. 32-33",
		.forms = AT_SRT,
		.needs = AT_NEED_PIN,
		.run = run_cpol,
		.test_by_run = true,
		.param = { { "index", AT_INT, NULL, 0, .optional = true },
			{ "format", AT_INT, "(0-2)", 2, SETTING(cpol_format), AT_RAM,
				true },
			{ "oper", AT_TEXT, NULL, 0, .optional = true } } },
	{ 0 },
};
