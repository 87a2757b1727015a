/* Network service: signal quality, registration, operator selection and names
 * (network.md). The preferred list is in cmd_cpol.c, cell measurements in cmd_cell.c. */
#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "at/reply.h"
#include "at/run.h"
#include "at/store.h"
#include "chapters/network/operators.h"
#include "state/modem_state.h"
#include "state/nv.h"

static int run_csq(struct channel *ch, struct at_call *c)
{
	struct modem *m = ch->modem;
	int rssi, ber;

	(void)c;
	net_quality(&m->net, &rssi, &ber);
	at_info(ch, "+CSQ: %d,%d", rssi, ber);
	return AT_OK;
}

/* registration */

static int run_creg(struct channel *ch, struct at_call *c)
{
	struct modem *m = ch->modem;
	int result;

	if (c->form == AT_SET) {
		result = at_store_values(ch, c);
		timer_stop(&m->sched, &m->s.announce);
		if (result == AT_OK && m->live.creg)
			timer_arm(&m->sched, &m->s.announce, MS(100));
		return result;
	}
	if (m->live.creg == 2 && net_registered(&m->net))
		at_info(ch, "+CREG: 2,%d,\"%04X\",\"%04X\"", net_stat(&m->net),
			(unsigned)m->net.cell->lac, (unsigned)m->net.cell->ci);
	else
		at_info(ch, "+CREG: %d,%d", m->live.creg, net_stat(&m->net));
	return AT_OK;
}

/* +COPS */

enum cops_mode {
	COPS_AUTOMATIC,
	COPS_MANUAL,
	COPS_DEREGISTER,
	COPS_FORMAT,
	COPS_MANUAL_AUTOMATIC,
};

static int read_cops(struct channel *ch)
{
	struct modem *m = ch->modem;
	const struct cell *cell = m->net.cell;
	char name[40];

	if (!net_registered(&m->net)) {
		at_info(ch, "+COPS: %d", (int)m->net.mode);
		return AT_OK;
	}
	operator_print(m, cell->plmn, m->live.cops_format, name, sizeof(name));
	at_info(ch, "+COPS: %d,%d,%s", (int)m->net.mode, m->live.cops_format, name);
	return AT_OK;
}

/* 1 available, 2 current, 3 forbidden (27.007 clause 7.3) */
static int operator_stat(const struct modem *m, const struct network_operator *o)
{
	if (net_registered(&m->net) && !strcmp(m->net.cell->plmn, o->plmn))
		return 2;
	return net_forbids(&m->net, o->plmn) ? 3 : 1;
}

static int list_operators(struct channel *ch)
{
	struct modem *m = ch->modem;
	const struct air *air = &m->air;
	char text[AT_URC_MAX - 16];
	struct buf b;
	size_t i;

	buf_init(&b, text, sizeof(text));
	for (i = 0; i < air->n_operators; i++) {
		const struct network_operator *o = &air->operators[i];
		const char *name = operator_called(m, o->plmn, 0);
		const char *brief = operator_called(m, o->plmn, 1);

		if (net_best_cell(&m->net, o->plmn))
			buf_printf(&b, "%s(%d,\"%s\",\"%s\",\"%s\")", b.len ? "," : "",
				operator_stat(m, o), name ? name : "", brief ? brief : "",
				o->plmn);
	}
	if (!b.len)
		return AT_CME(CME_NO_SERVICE);
	at_info(ch, "+COPS: %.*s", (int)b.len, text);
	return AT_OK;
}

/* The result of the selection (network.md +COPS; a forbidden network: GDW-11 p. 36). */
static int cops_result(struct modem *m)
{
	bool manual = m->net.mode == NET_MANUAL;

	if (m->net.mode == NET_DEREGISTERED || net_registered(&m->net))
		return AT_OK;
	if (!net_service(&m->net))
		return AT_CME(CME_NO_SERVICE);
	if (m->net.fsm.state == NET_DENIED)
		return AT_CME(net_forbids(&m->net, m->net.cell->plmn)
				      ? CME_EMERGENCY_ONLY
				      : CME_LOCATION_FAILED);
	return AT_CME(manual ? CME_PLMN_FAILED : CME_EMERGENCY_ONLY);
}

static int more_cops(struct channel *ch, struct at_call *c, enum at_why why)
{
	struct modem *m = ch->modem;

	(void)c;
	if (why == AT_WHY_NET && !net_settled(&m->net))
		return AT_PENDING;
	return cops_result(m);
}

/* After mode 4 the selection is automatic, whatever the outcome (GDW-11 p. 34). */
static int select_operator(struct modem *m, enum net_mode mode, const char *plmn)
{
	bool once = mode == NET_MANUAL_THEN_AUTOMATIC;
	enum net_mode lasting = once ? NET_AUTOMATIC : mode;
	const char *kept = once ? "" : plmn;

	if (lasting != m->selection.mode || strcmp(kept, m->selection.plmn) != 0) {
		m->selection.mode = lasting;
		strcpy(m->selection.plmn, kept);
		if (!nv_save_selection(m))
			return AT_CME(CME_MEMORY);
	}
	net_select(&m->net, mode, plmn);
	return net_settled(&m->net) ? cops_result(m) : AT_PENDING;
}

static int set_cops(struct channel *ch, struct at_call *c)
{
	struct modem *m = ch->modem;
	char plmn[8] = "";
	int mode = c->arg[0].num;
	bool named = mode == COPS_MANUAL || mode == COPS_MANUAL_AUTOMATIC;

	/* only the scan works without a SIM (GDW-11 p. 34) */
	if (at_check_needs(m, AT_NEED_PIN) != AT_OK)
		return at_check_needs(m, AT_NEED_PIN);
	/* an invalid value is CME 4 here (GD-01 p. 27) */
	if (mode > COPS_MANUAL_AUTOMATIC || (at_given(c, 1) && c->arg[1].num > 2))
		return AT_CME(CME_NOT_SUPPORTED);
	if (named && (!at_given(c, 1) || !at_given(c, 2)))
		return AT_CME(CME_NOT_ALLOWED);
	if (named && !operator_find(m, c->arg[1].num, &c->arg[2], plmn))
		return AT_CME(CME_PLMN_FAILED);
	if (mode == COPS_FORMAT && !at_given(c, 1))
		return AT_CME(CME_NOT_ALLOWED);
	if (at_given(c, 1) &&
		at_store_field(ch, SETTING(cops_format), c->arg[1].num) != AT_OK)
		return AT_CME(CME_MEMORY);
	if (mode == COPS_FORMAT)
		return AT_OK;
	return select_operator(m, (enum net_mode)mode, plmn);
}

/* GD-01 p. 4: automatic selection; a registered modem stays where it is. */
static bool factory_cops(struct modem *m)
{
	if (m->selection.mode == NET_AUTOMATIC)
		return true;
	m->selection.mode = NET_AUTOMATIC;
	m->selection.plmn[0] = '\0';
	net_automatic(&m->net);
	return nv_save_selection(m);
}

static int run_cops(struct channel *ch, struct at_call *c)
{
	switch (c->form) {
	case AT_READ:
		return read_cops(ch);
	case AT_TEST:
		return list_operators(ch);
	case AT_SET:
	case AT_EXEC:
		break;
	}
	return set_cops(ch, c);
}

/* names */

enum wopn {
	WOPN_FORGETS = 3,
	WOPN_SOURCES = 4,
};

/* 3,0 deletes the names from NITZ; the emulator stores none of them. 4 reads or sets
 * where names come from (GDW-11 p. 41-43). */
static int run_wopn_more(struct channel *ch, struct at_call *c)
{
	struct modem *m = ch->modem;
	long n = 0;
	size_t i;

	if (c->arg[0].num == WOPN_SOURCES && !at_given(c, 1)) {
		at_info(ch, "+WOPN: %d", m->live.name_sources);
		return AT_OK;
	}
	for (i = 0; i < c->arg[1].len && n < 1000; i++) {
		if (!isdigit((unsigned char)c->arg[1].text[i]))
			return AT_CME(CME_NOT_ALLOWED);
		n = n * 10 + (c->arg[1].text[i] - '0');
	}
	if (!at_given(c, 1) || n > (c->arg[0].num == WOPN_FORGETS ? 0 : OPERATOR_SOURCES))
		return AT_CME(CME_NOT_ALLOWED);
	return c->arg[0].num == WOPN_FORGETS
		       ? AT_OK
		       : at_store_field(ch, SETTING(name_sources), (int)n);
}

static int run_wopn(struct channel *ch, struct at_call *c)
{
	struct modem *m = ch->modem;
	const struct operator_name *o;

	if (c->arg[0].num >= WOPN_FORGETS)
		return run_wopn_more(ch, c);
	if (!at_given(c, 1))
		return AT_CME(CME_NOT_ALLOWED);
	o = operator_name(m, c->arg[1].text, c->arg[1].len);
	if (!o)
		return AT_CME(CME_NOT_FOUND);
	if (c->arg[0].num == 2)
		at_info(ch, "+WOPN: 2,%s", o->plmn);
	else
		at_info(ch, "+WOPN: %d,\"%s\"", c->arg[0].num,
			c->arg[0].num ? o->short_name : o->long_name);
	return AT_OK;
}

/* Hundreds of lines, so each call sends a part. */
static int more_copn(struct channel *ch, struct at_call *c, enum at_why why)
{
	struct modem *m = ch->modem;
	const struct operator_table *t = m->fw->names;
	int end = c->step + 30;

	(void)why;
	for (; c->step < end && c->step < (int)t->rows; c->step++)
		at_info(ch, "+COPN: %s,\"%s\"", t->row[c->step].plmn,
			t->row[c->step].long_name);
	return c->step < (int)t->rows ? AT_MORE : AT_OK;
}

static int run_copn(struct channel *ch, struct at_call *c)
{
	return more_copn(ch, c, AT_WHY_ROOM);
}

/* wavecom.md +WSTR: 1 initialisation, 2 network */
static int run_wstr(struct channel *ch, struct at_call *c)
{
	struct modem *m = ch->modem;
	int value = net_service(&m->net);

	if (c->arg[0].num == 1)
		value = m->s.initialised ? 2 : 1;
	at_info(ch, "+WSTR: %d,%d", c->arg[0].num, value);
	return AT_OK;
}

const struct at_cmd at_cmds_net[] = {
	{ .name = "+CSQ",
		.see = "network.md +CSQ",
		.forms = AT_EXEC | AT_TEST,
		.test = "(0-31,99),(0-7,99)",
		.run = run_csq },
	{ .name = "+CREG",
		.see = "network.md +CREG",
		.forms = AT_SRT,
		.run = run_creg,
		.param = { { "mode", AT_INT, "(0-2)", 0, SETTING(creg), AT_WF } } },
	{ .name = "+COPS",
		.own = AT_EEF, /* the mode */
		.own_value = "0",
		.factory = factory_cops,
		.see = "network.md +COPS; GDW-11 p. 34-36; GD-01 p. 27",
		.forms = AT_SRT,
		.needs = AT_NEED_OPEN | AT_NEED_NO_CALL,
		.open = AT_READ,
		.flags = AT_F_OWN_RANGE,
		.run = run_cops,
		.more = more_cops,
		.works = at_works_always,
		.aborted = AT_CME(CME_LIST_ABORTED),
		.test_by_run = true,
		.param = { { "mode", AT_INT, "(0-4)", 0 },
			{ "format", AT_INT, "(0-2)", 2, SETTING(cops_format), AT_WF,
				true },
			{ "oper", AT_TEXT, NULL, 0, .optional = true } } },
	{ .name = "+WOPN",
		.see = "network.md +WOPN; GDW-11 p. 41-43",
		.forms = AT_SET | AT_TEST,
		.test = "",
		.run = run_wopn,
		.param = { { "format", AT_INT, "(0-2)", 0 },
			{ "oper", AT_TEXT, NULL, 0, .optional = true },
			{ "lac", AT_TEXT, NULL, 0, .optional = true },
			{ "sources", AT_INT, "(0-31)", OPERATOR_SOURCES,
				SETTING(name_sources), AT_EE, .inner = true } } },
	{ .name = "+COPN",
		.see = "network.md +COPN; GDW-11 p. 317-334, pp. 369-377",
		.forms = AT_EXEC | AT_TEST,
		.needs = AT_NEED_OPEN,
		.open = AT_TEST,
		.test = "",
		.run = run_copn,
		.more = more_copn },
	{ .name = "+WSTR",
		.see = "wavecom.md +WSTR",
		.forms = AT_SET | AT_TEST,
		.run = run_wstr,
		.param = { { "what", AT_INT, "(1-2)", 1 } } },
	{ 0 },
};
