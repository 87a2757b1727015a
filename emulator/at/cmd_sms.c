/* Chapter short messages: service, stores, format, routing, parameters (at-2 2.2 to 2.8,
 * 2.14, 2.16). Reading and deleting is in cmd_sms_store.c, sending in cmd_sms_send.c,
 * cell broadcast in cmd_sms_cb.c. */
#include <stdio.h>
#include <string.h>

#include "at/reply.h"
#include "at/run.h"
#include "at/sms_make.h"
#include "at/store.h"
#include "codec/dcs.h"
#include "state/nv.h"

static const char *store_name(enum sms_store_id id)
{
	return name_of(sms_store_names, (int)id);
}

/* ---- +CSMS ----------------------------------------------------------------------- */

static int run_csms(struct modem *m, struct at_call *c)
{
	if (c->form == AT_READ) {
		at_info(m, "+CSMS: %d,1,1,1", m->live.csms);
		return AT_OK;
	}
	at_info(m, "+CSMS: 1,1,1");
	return at_store_values(m, c);
}

/* ---- +CPMS ----------------------------------------------------------------------- */

static void info_cpms(struct modem *m, bool named)
{
	char text[80];
	struct buf b;
	int i;

	buf_init(&b, text, sizeof(text));
	for (i = 0; i < 3; i++) {
		enum sms_store_id id = m->sms_now.mem[i];

		buf_puts(&b, i ? "," : "");
		if (named)
			buf_printf(&b, "\"%s\",", store_name(id));
		buf_printf(&b, "%d,%d", sms_used(&m->sms, id), sms_capacity(&m->sms, id));
	}
	at_info(m, "+CPMS: %.*s", (int)b.len, text);
}

/* Which store an argument names, if this firmware has it there; -1 if not. */
static int find_store(const struct at_call *c, size_t i)
{
	const struct at_arg *arg = &c->arg[i];
	const struct name *n;

	for (n = sms_store_names; n->name; n++) {
		if (strlen(n->name) != arg->len || memcmp(n->name, arg->text, arg->len))
			continue;
		if (i && n->value != SMS_SM && n->value != SMS_ME)
			return -1;
		/* the =? answer of a firmware without ME does not name it */
		if (!strstr(c->entry->test, n->name))
			return -1;
		return n->value;
	}
	return -1;
}

static int run_cpms(struct modem *m, struct at_call *c)
{
	enum sms_store_id mem[3];
	size_t i;
	int id;

	if (c->form == AT_READ) {
		info_cpms(m, true);
		return AT_OK;
	}
	memcpy(mem, m->sms_now.mem, sizeof(mem));
	for (i = 0; i < 3; i++) {
		if (!at_given(c, i))
			continue;
		id = find_store(c, i);
		if (id < 0)
			return AT_CMS(302);
		mem[i] = (enum sms_store_id)id;
	}
	if (mem[1] != m->sms_now.mem[1])
		m->sms_now.place = 0;
	memcpy(m->sms_now.mem, mem, sizeof(mem));
	info_cpms(m, false);
	return AT_OK;
}

/* ---- +CSAS, +CRES ---------------------------------------------------------------- */

static int run_csas(struct modem *m, struct at_call *c)
{
	struct sms_params before = m->sms_params;

	(void)c;
	m->sms_now.params.saved = true;
	m->sms_params = m->sms_now.params;
	if (nv_save_sms(m))
		return at_store_save_csas(m);
	m->sms_params = before;
	return AT_CME(CME_MEMORY);
}

static int run_cres(struct modem *m, struct at_call *c)
{
	(void)c;
	m->sms_now.params = m->sms_params;
	at_store_restore_csas(m);
	return AT_OK;
}

/* ---- +CSMP ----------------------------------------------------------------------- */

/* at-2 2.14: no user data header, a relative validity period or none, no compression. */
static bool csmp_possible(const struct at_call *c)
{
	int fo = c->arg[0].num;

	if (at_given(c, 0) &&
		(fo & TPDU_UDHI || (fo & TPDU_VPF) == VALIDITY_ENHANCED << 3 ||
			(fo & TPDU_VPF) == VALIDITY_ABSOLUTE << 3 || (fo & TPDU_MTI) > 1))
		return false;
	return !at_given(c, 3) || !dcs_sms((uint8_t)c->arg[3].num).compressed;
}

static int run_csmp(struct modem *m, struct at_call *c)
{
	if (c->form == AT_READ) {
		at_info(m, "+CSMP: %d,%d,%d,%d", m->live.csmp_fo, m->live.csmp_vp,
			m->live.csmp_pid, m->live.csmp_dcs);
		return AT_OK;
	}
	return csmp_possible(c) ? at_store_values(m, c) : AT_CMS(303);
}

/* ---- +CSCA ----------------------------------------------------------------------- */

static int run_csca(struct modem *m, struct at_call *c)
{
	struct address *centre = &m->sms_now.params.centre, a;
	char text[ADDRESS_DIGITS + 2];
	struct buf b;
	long type = 0;

	if (c->form == AT_READ) {
		buf_init(&b, text, sizeof(text));
		address_print(centre, &b);
		at_info(m, "+CSCA: \"%.*s\",%d", (int)b.len, text,
			centre->len ? centre->type : ADDRESS_UNKNOWN);
		return AT_OK;
	}
	if (at_given(c, 1))
		type = sms_number_of(&c->arg[1]);
	if ((type && (type < 128 || type > 255)) ||
		address_parse(&a, c->arg[0].text, c->arg[0].len, (uint8_t)type) !=
			PDU_OK ||
		address_alphanumeric(&a))
		return AT_CMS(302);
	*centre = a;
	return AT_OK;
}

/* ---- +CNMI ----------------------------------------------------------------------- */

/* Those that have come behind information text of the same line; all others are out by
 * now. */
static void forget_waiting(struct modem *m)
{
	at_urc_drop(m, "+CMT");
	at_urc_drop(m, "+CBM");
	at_urc_drop(m, "+CDS");
}

/* at-2 2.8: every mode is 2; bfr 1 clears what waits where 0 lets it follow the OK. */
static int run_cnmi(struct modem *m, struct at_call *c)
{
	int result;

	if (c->form == AT_READ) {
		at_info_settings(m, c->entry);
		return AT_OK;
	}
	result = at_store_values(m, c);
	if (result == AT_OK && at_given(c, 0) && m->live.cnmi_mode && m->live.cnmi_bfr)
		forget_waiting(m);
	return result;
}

const struct at_cmd at_cmds_sms[] = {
	{ .name = "+CSMS",
		.see = "at-2 2.2",
		.forms = AT_SRT,
		.needs = AT_NEED_FILES,
		.open = AT_TEST,
		.flags = AT_F_SMS,
		.test = "(0,1)",
		.run = run_csms,
		.param = { { "service", AT_INT, "(0,1)", 0, SETTING(csms) } } },
	{ .name = "+CPMS",
		.see = "at-2 2.4",
		.forms = AT_SRT,
		.needs = AT_NEED_FILES,
		.open = AT_TEST,
		.flags = AT_F_SMS,
		.test = "((\"SM\",\"ME\",\"BM\",\"SR\"),(\"SM\",\"ME\"),(\"SM\",\"ME\"))",
		.run = run_cpms,
		.param = { { "mem1", AT_TEXT, NULL, 0 },
			{ "mem2", AT_TEXT, NULL, 0, .optional = true },
			{ "mem3", AT_TEXT, NULL, 0, .optional = true } } },
	{ .name = "+CMGF",
		.see = "at-2 2.5",
		.forms = AT_SRT,
		.flags = AT_F_SMS,
		.test = "(0-1)",
		.param = { { "mode", AT_INT, "(0-1)", 0, SETTING(cmgf), AT_SAS } } },
	{ .name = "+CSAS",
		.see = "GDW-11 pp. 369-377, at-2 2.6",
		.forms = AT_EXEC | AT_TEST,
		.flags = AT_F_SMS,
		.test = "",
		.run = run_csas },
	{ .name = "+CRES",
		.see = "GDW-11 pp. 369-377, at-2 2.6",
		.forms = AT_EXEC | AT_TEST,
		.flags = AT_F_SMS,
		.test = "",
		.run = run_cres },
	{ .name = "+CSDH",
		.see = "GDW-11 pp. 369-377, at-2 2.7",
		.forms = AT_SRT,
		.needs = AT_NEED_LOADED,
		.open = AT_TEST,
		.flags = AT_F_SMS,
		.test = "(0-1)",
		.param = { { "show", AT_INT, "(0-1)", 0, SETTING(csdh), AT_SAS } } },
	{ .name = "+CNMI",
		.see = "GDW-11 pp. 369-377, at-2 2.8",
		.forms = AT_SRT,
		.needs = AT_NEED_LOADED,
		.open = AT_TEST,
		.flags = AT_F_SMS,
		.test = "(0-2),(0-3),(0-3),(0-2),(0,1)",
		.run = run_cnmi,
		.param = { { "mode", AT_INT, "(0-3)", 0, SETTING(cnmi_mode), AT_SASF,
				   true },
			{ "mt", AT_INT, "(0-3)", 1, SETTING(cnmi_mt), AT_SASF, true },
			{ "bm", AT_INT, "(0-3)", 0, SETTING(cnmi_bm), AT_SASF, true },
			{ "ds", AT_INT, "(0-2)", 0, SETTING(cnmi_ds), AT_SASF, true },
			{ "bfr", AT_INT, "(0,1)", 0, SETTING(cnmi_bfr), AT_SASF,
				true } } },
	{ .name = "+CSMP",
		.see = "GDW-11 pp. 369-377, at-2 2.14",
		.forms = AT_SRT,
		.needs = AT_NEED_LOADED,
		.open = AT_TEST,
		.flags = AT_F_SMS,
		.test = "",
		.run = run_csmp,
		.param = { { "fo", AT_INT, "(0-255)", 17, SETTING(csmp_fo), AT_SAS,
				   true },
			{ "vp", AT_INT, "(0-255)", 167, SETTING(csmp_vp), AT_SAS, true },
			{ "pid", AT_INT, "(0-255)", 0, SETTING(csmp_pid), AT_SAS, true },
			{ "dcs", AT_INT, "(0-255)", 0, SETTING(csmp_dcs), AT_SAS,
				true } } },
	{ .name = "+CSCA",
		.see = "at-2 2.16",
		.forms = AT_SRT,
		.needs = AT_NEED_FILES,
		.open = AT_TEST,
		.flags = AT_F_SMS,
		.test = "",
		.run = run_csca,
		.param = { { "sca", AT_TEXT, NULL, 0 },
			{ "tosca", AT_TEXT, NULL, 0, .optional = true } } },
	{ .name = "+CMMS",
		.see = "at-2 2.11",
		.forms = AT_SRT,
		.flags = AT_F_SMS | AT_F_KEPT,
		.param = { { "n", AT_INT, "(0-2)", 0, AT_SLOT } } },
	{ .name = "+WUSS",
		.see = "at-2 2.18",
		.forms = AT_SRT,
		.flags = AT_F_SMS,
		.param = { { "mode", AT_INT, "(0-1)", 0, SETTING(wuss), AT_EE } } },
	{ 0 },
};
