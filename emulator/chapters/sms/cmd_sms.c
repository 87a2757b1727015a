/* Chapter short messages: service, stores, format, routing, parameters (sms.md Settings).
 * Reading and deleting are in cmd_sms_store.c, sending in cmd_sms_send.c, cell broadcast
 * in cmd_sms_cb.c. */
#include <stdio.h>
#include <string.h>

#include "at/reply.h"
#include "at/run.h"
#include "at/store.h"
#include "chapters/sms/events_sms.h"
#include "chapters/sms/sms_make.h"
#include "codec/dcs.h"
#include "state/modem_state.h"
#include "state/nv.h"

static const char *store_name(enum sms_store_id id)
{
	return name_of(sms_store_names, (int)id);
}

/* +CSMS */

static int run_csms(struct channel *ch, struct at_call *c)
{
	struct modem *m = ch->modem;

	if (c->form == AT_READ) {
		at_info(ch, "+CSMS: %d,1,1,1", m->live.csms);
		return AT_OK;
	}
	at_info(ch, "+CSMS: 1,1,1");
	return at_store_values(ch, c);
}

/* +CPMS */

/* The number of stores in =?, and in all answers (sms.md +CPMS, GDW-11 p. 86). */
static size_t cpms_groups(const struct at_call *c)
{
	const char *p = c->entry->test;
	size_t n = 0;

	for (p += *p == '('; *p; p++)
		n += *p == '(';
	return n < 3 ? n : 3;
}

static void info_cpms(struct channel *ch, const struct at_call *c, bool named)
{
	struct modem *m = ch->modem;
	size_t i, groups = cpms_groups(c);
	char text[80];
	struct buf b;

	buf_init(&b, text, sizeof(text));
	for (i = 0; i < groups; i++) {
		enum sms_store_id id = m->s.sms.mem[i];

		buf_puts(&b, i ? "," : "");
		if (named)
			buf_printf(&b, "\"%s\",", store_name(id));
		buf_printf(&b, "%d,%d", sms_used(&m->sms, id), sms_capacity(&m->sms, id));
	}
	at_info(ch, "+CPMS: %.*s", (int)b.len, text);
}

/* The store that argument i names; -1 if this firmware does not have it there. */
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

static int run_cpms(struct channel *ch, struct at_call *c)
{
	struct modem *m = ch->modem;
	enum sms_store_id mem[3];
	size_t i;
	int id;

	if (c->form == AT_READ) {
		info_cpms(ch, c, true);
		return AT_OK;
	}
	memcpy(mem, m->s.sms.mem, sizeof(mem));
	for (i = 0; i < 3; i++) {
		if (!at_given(c, i))
			continue;
		id = i < cpms_groups(c) ? find_store(c, i) : -1;
		if (id < 0)
			return AT_CMS(302);
		mem[i] = (enum sms_store_id)id;
	}
	if (mem[1] != m->s.sms.mem[1])
		m->s.sms.place = 0;
	memcpy(m->s.sms.mem, mem, sizeof(mem));
	info_cpms(ch, c, false);
	return AT_OK;
}

/* +CSAS, +CRES */

static int run_csas(struct channel *ch, struct at_call *c)
{
	struct modem *m = ch->modem;
	struct sms_params before = m->sms_params;

	(void)c;
	m->s.sms.params.saved = true;
	m->sms_params = m->s.sms.params;
	if (nv_save_sms(m))
		return at_store_save_csas(ch);
	m->sms_params = before;
	return AT_CME(CME_MEMORY);
}

/* GD-01 p. 5: back to the number on the SIM, which is also where AT+CSAS saves it. */
static bool factory_csca(struct modem *m)
{
	m->s.sms.params.centre = m->sms_params.centre;
	return true;
}

/* Restores the service centre and the text mode parameters (GDW-11 p. 90; that all else
 * stays is inferred). */
static int run_cres(struct channel *ch, struct at_call *c)
{
	struct modem *m = ch->modem;

	(void)c;
	m->s.sms.params.centre = m->sms_params.centre;
	at_store_restore_csas(ch, "+CSMP");
	return AT_OK;
}

/* +CSMP */

/* sms.md +CSMP: only a SUBMIT without user data header and compression, and with a
 * relative validity period or none. */
static bool csmp_possible(const struct modem *m, const struct at_call *c)
{
	int fo = at_given(c, 0) ? c->arg[0].num : m->live.csmp_fo;

	if (fo & TPDU_UDHI || (fo & TPDU_VPF) == VALIDITY_ENHANCED << 3 ||
		(fo & TPDU_VPF) == VALIDITY_ABSOLUTE << 3 || (fo & TPDU_MTI) != 1)
		return false;
	if (firmware_has(m->fw, QUIRK_CSMP_VP_WANTS_VPF) && !(fo & TPDU_VPF) &&
		at_given(c, 1) && c->arg[1].num != m->live.csmp_vp)
		return false;
	return !at_given(c, 3) || !dcs_sms((uint8_t)c->arg[3].num).compressed;
}

static int run_csmp(struct channel *ch, struct at_call *c)
{
	struct modem *m = ch->modem;

	if (c->form == AT_READ) {
		at_info(ch, "+CSMP: %d,%d,%d,%d", m->live.csmp_fo, m->live.csmp_vp,
			m->live.csmp_pid, m->live.csmp_dcs);
		return AT_OK;
	}
	return csmp_possible(m, c) ? at_store_values(ch, c) : AT_CMS(303);
}

/* +CSCA */

static int run_csca(struct channel *ch, struct at_call *c)
{
	struct modem *m = ch->modem;
	struct address *centre = &m->s.sms.params.centre, a;
	char text[ADDRESS_NUMBER];
	long type = 0;

	if (c->form == AT_READ) {
		if (!centre->len)
			return AT_CMS(330); /* GD-01 p. 180 */
		at_info(ch, "+CSCA: \"%s\",%d", address_number(centre, text),
			centre->type);
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

/* +CNMI */

/* Drops what came after information text of the same line; all else has been sent. */
static void drop_waiting(struct modem *m)
{
	at_urc_drop(m, "+CMT");
	at_urc_drop(m, "+CBM");
	at_urc_drop(m, "+CDS");
}

/* sms.md +CNMI: every mode acts as 2; bfr 1 drops what waits, bfr 0 sends it after the
 * OK. */
static int run_cnmi(struct channel *ch, struct at_call *c)
{
	struct modem *m = ch->modem;
	int result;

	if (c->form == AT_READ) {
		at_info_settings(ch, c->entry);
		return AT_OK;
	}
	result = at_store_values(ch, c);
	if (result == AT_OK && at_given(c, 0) && m->live.cnmi_mode && m->live.cnmi_bfr)
		drop_waiting(m);
	return result;
}

/* +CMMS */

#define CMMS_ONCE 1
#define CMMS_TIME SEC(5) /* GDW-11 p. 114 */

/* With 1 the link closes 5 s after a message and the value becomes 0 again; 2 stays. */
void at_cmms_over(void *ctx, usec_t now)
{
	struct modem *m = ctx;

	(void)now;
	if (m->live.cmms == CMMS_ONCE)
		m->live.cmms = 0;
}

void at_cmms_sent(struct modem *m)
{
	timer_stop(&m->sched, &m->s.link_open);
	if (m->live.cmms == CMMS_ONCE)
		timer_arm(&m->sched, &m->s.link_open, CMMS_TIME);
}

const struct at_cmd at_cmds_sms[] = {
	{ .name = "+CSMS",
		.see = "sms.md +CSMS; GDW-11 p. 83",
		.forms = AT_SRT,
		.needs = AT_NEED_FILES,
		.open = AT_TEST,
		.flags = AT_F_SMS,
		.test = "(0,1)",
		.run = run_csms,
		.param = { { "service", AT_INT, "(0,1)", 0, SETTING(csms), AT_EE } } },
	{ .name = "+CPMS",
		.see = "sms.md +CPMS; GDW-11 p. 86-87",
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
		.see = "sms.md +CMGF; GDW-11 p. 88; GD-01 p. 58",
		.forms = AT_SRT,
		.flags = AT_F_SMS,
		.test = "(0,1)",
		.param = { { "mode", AT_INT, "(0-1)", 1, SETTING(cmgf), AT_WSASF } } },
	{ .name = "+CSAS",
		.see = "sms.md +CSAS; GDW-11 pp. 369-377",
		.forms = AT_EXEC | AT_TEST,
		.flags = AT_F_SMS,
		.test = "",
		.run = run_csas },
	{ .name = "+CRES",
		.see = "sms.md +CRES; GDW-11 p. 90, pp. 369-377",
		.forms = AT_EXEC | AT_TEST,
		.flags = AT_F_SMS,
		.test = "",
		.run = run_cres },
	{ .name = "+CSDH",
		.see = "sms.md +CSDH; GDW-11 p. 90, pp. 369-377",
		.forms = AT_SRT,
		.needs = AT_NEED_LOADED,
		.open = AT_TEST,
		.flags = AT_F_SMS,
		.test = "(0-1)",
		.param = { { "show", AT_INT, "(0-1)", 0, SETTING(csdh), AT_WF } } },
	{ .name = "+CNMI",
		.see = "sms.md +CNMI; GDW-11 p. 91, pp. 369-377",
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
		.see = "sms.md +CSMP; GDW-11 p. 100, pp. 369-377",
		.forms = AT_SRT,
		.needs = AT_NEED_LOADED,
		.open = AT_TEST,
		.flags = AT_F_SMS,
		.test = "",
		.run = run_csmp,
		.param = { { "fo", AT_INT, "(0-255)", 1, SETTING(csmp_fo), AT_SASF,
				   true },
			{ "vp", AT_INT, "(0-255)", 167, SETTING(csmp_vp), AT_SASF, true },
			{ "pid", AT_INT, "(0-255)", 0, SETTING(csmp_pid), AT_SASF, true },
			{ "dcs", AT_INT, "(0-255)", 0, SETTING(csmp_dcs), AT_SASF,
				true } } },
	{ .name = "+CSCA",
		.own = AT_SASF,
		.own_value = "card",
		.factory = factory_csca,
		.see = "sms.md +CSCA; GD-01 p. 180",
		.forms = AT_SRT,
		.needs = AT_NEED_FILES,
		.open = AT_TEST,
		.flags = AT_F_SMS,
		.test = "",
		.run = run_csca,
		.param = { { "sca", AT_TEXT, NULL, 0 },
			{ "tosca", AT_TEXT, NULL, 0, .optional = true } } },
	{ .name = "+CMMS",
		.see = "sms.md +CMMS; GDW-11 p. 114",
		.forms = AT_SRT,
		.flags = AT_F_SMS,
		.param = { { "n", AT_INT, "(0-2)", 0, SETTING(cmms) } } },
	{ .name = "+WUSS",
		.see = "sms.md +WUSS",
		.forms = AT_SRT,
		.flags = AT_F_SMS,
		.param = { { "mode", AT_INT, "(0-1)", 0, SETTING(wuss), AT_EEF } } },
	{ 0 },
};
