/* Chapter general: identity, clock, power, errors (general.md). */
#include <stdio.h>
#include <string.h>

#include "at/reply.h"
#include "at/run.h"
#include "at/store.h"
#include "chapters/boot/boot.h"
#include "chapters/general/general.h"
#include "link/link.h"
#include "state/modem_state.h"
#include "state/nv.h"

/* Identity */

void at_info_manufacturer(struct channel *ch)
{
	struct modem *m = ch->modem;
	const char *maker = m->profile->device.maker.text;

	at_info(ch, "%s", maker[0] ? maker : m->fw->manufacturer.text);
}

/* general.md +CGMM: the bands in use, with MULTIBAND in front if there are several. */
static void at_info_model(struct channel *ch)
{
	struct modem *m = ch->modem;
	static const struct name words[] = {
		{ BAND_850, "G850", NULL },
		{ BAND_900, "900E", NULL },
		{ BAND_1800, "1800", NULL },
		{ BAND_1900, "1900", NULL },
		{ 0, NULL, NULL },
	};
	unsigned set = band_set(m->band);
	const char *blank = firmware_has(m->fw, QUIRK_IDENTITY_TRAILING_SPACE) ? " " : "";
	char text[80];
	struct buf b;
	int i;

	if (m->fw->model.text[0]) {
		at_info(ch, "%s", m->fw->model.text);
		return;
	}
	if (set == (BAND_850 | BAND_900 | BAND_1800 | BAND_1900)) {
		at_info(ch, " MULTIBAND  G850  1900  900E  1800%s", blank);
		return;
	}
	buf_init(&b, text, sizeof(text));
	for (i = 0; words[i].name; i++)
		if (set & (unsigned)words[i].value)
			buf_printf(&b, "%s%s", b.len ? "  " : "", words[i].name);
	at_info(ch, " %s%.*s%s", set & (set - 1) ? "MULTIBAND  " : "", (int)b.len, text,
		blank);
}

/* general.md I: the latest devices give a product name, the others their bands. */
void at_info_product(struct channel *ch)
{
	struct modem *m = ch->modem;
	const char *product = m->profile->device.product.text;

	if (product[0])
		at_info(ch, "%s", product);
	else
		at_info_model(ch);
}

void at_info_revision(struct channel *ch)
{
	struct modem *m = ch->modem;

	at_info(ch, "%s", m->fw->revision.text);
}

static int run_cgmi(struct channel *ch, struct at_call *c)
{
	(void)c;
	at_info_manufacturer(ch);
	return AT_OK;
}

static int run_cgmm(struct channel *ch, struct at_call *c)
{
	(void)c;
	at_info_model(ch);
	return AT_OK;
}

static int run_cgmr(struct channel *ch, struct at_call *c)
{
	(void)c;
	at_info_revision(ch);
	return AT_OK;
}

static int run_cgsn(struct channel *ch, struct at_call *c)
{
	struct modem *m = ch->modem;

	(void)c;
	at_info(ch, "%s", m->numbers.imei);
	return AT_OK;
}

static int run_wimei(struct channel *ch, struct at_call *c)
{
	struct modem *m = ch->modem;

	if (c->form == AT_SET)
		return AT_CME(CME_NOT_ALLOWED); /* written once, at the factory */
	at_info(ch, "+WIMEI: %s", m->numbers.imei);
	return AT_OK;
}

int run_capabilities(struct channel *ch, struct at_call *c)
{
	struct modem *m = ch->modem;
	const char *all = m->fw->capabilities.text;

	(void)c;
	at_info(ch, "+GCAP: %s", all[0] ? all : "+CGSM, +FCLASS");
	return AT_OK;
}

static int run_wmsn(struct channel *ch, struct at_call *c)
{
	struct modem *m = ch->modem;

	(void)c;
	at_info(ch, "Serial Number %s", unit_serial(&m->numbers));
	return AT_OK;
}

static int run_whwv(struct channel *ch, struct at_call *c)
{
	struct modem *m = ch->modem;
	const char *version = m->profile->device.hardware.text;

	(void)c;
	at_info(ch, "Hardware Version %s", version[0] ? version : "-.--");
	return AT_OK;
}

static int run_wdop(struct channel *ch, struct at_call *c)
{
	struct modem *m = ch->modem;
	const char *date = m->profile->device.produced.text;

	(void)c;
	at_info(ch, "Production Date (W/Y): %s", date[0] ? date : "--/----");
	return AT_OK;
}

static int run_wssw(struct channel *ch, struct at_call *c)
{
	struct modem *m = ch->modem;

	(void)c;
	at_info(ch, "%s", m->fw->internal.text);
	return AT_OK;
}

/* SIM */

static int run_cimi(struct channel *ch, struct at_call *c)
{
	struct modem *m = ch->modem;

	(void)c;
	at_info(ch, "%s", m->sim.imsi);
	return AT_OK;
}

static int run_ccid(struct channel *ch, struct at_call *c)
{
	struct modem *m = ch->modem;

	(void)c;
	/* sim.md +CCID: without EF-ICCID the answer is only OK */
	if (m->sim.iccid[0])
		at_info(ch, "+CCID: \"%s\"", m->sim.iccid);
	return AT_OK;
}

/* Power */

/* general.md +CPAS; 27.007 clause 8.1 */
static int run_cpas(struct channel *ch, struct at_call *c)
{
	struct modem *m = ch->modem;

	(void)c;
	at_info(ch, "+CPAS: %d",
		m->power == POWER_STOPPED  ? 5
		: calls_ringing(&m->calls) ? 3
		: calls_busy(&m->calls)    ? 4
					   : 0);
	return AT_OK;
}

/* general.md +CFUN: 1 is a reset, except with <rst> 0 on firmware that has this
 * parameter. */
static int run_cfun(struct channel *ch, struct at_call *c)
{
	struct modem *m = ch->modem;
	bool knows_rst = m->fw && firmware_has(m->fw, QUIRK_CFUN_4);

	/* the downloader has only the reset */
	if (ch->modem->scope != AT_SCOPE_ALL && (c->form != AT_SET || c->arg[0].num != 1))
		return AT_ERROR;
	if (c->form == AT_READ) {
		at_info(ch, "+CFUN: %d", boot_functionality(m));
		return AT_OK;
	}
	switch (c->arg[0].num) {
	case 0:
		return boot_stop(m, 0);
	case 4:
		return boot_stop(m, 4);
	default:
		if (knows_rst && at_given(c, 1) && c->arg[1].num == 0 && m->fw)
			return boot_resume(m);
		boot_reset(m);
		return AT_OK;
	}
}

/* general.md +CPOF: AT+CPOF stops the stack; AT+CPOF=1 ends all until power-on. */
static int run_cpof(struct channel *ch, struct at_call *c)
{
	struct modem *m = ch->modem;

	boot_stop(m, 0);
	if (c->form == AT_SET && c->arg[0].num == 1)
		boot_down(m);
	return AT_OK;
}

/* Clock and errors */

/* general.md +CCLK: a time zone may follow the time only if AT+CTZU=1 selects the
 * network's. */
static bool take_zone(struct modem *m, struct at_arg *arg)
{
	const char *z = arg->text + arg->len - 3;

	if (arg->len != 20 || (z[0] != '+' && z[0] != '-') || z[1] < '0' || z[1] > '9' ||
		z[2] < '0' || z[2] > '9')
		return true;
	if (!m->live.zone_from_network)
		return false;
	m->clock.zone = ((z[1] - '0') * 10 + z[2] - '0') * (z[0] == '-' ? -1 : 1);
	arg->len -= 3;
	return true;
}

static int run_cclk(struct channel *ch, struct at_call *c)
{
	struct modem *m = ch->modem;
	int zone = m->clock.zone;
	char text[24];
	int64_t time;

	if (c->form == AT_READ) {
		nv_renew_clock(m, true);
		clock_print(clock_now(&m->clock), text);
		if (m->live.zone_from_network)
			at_info(ch, "+CCLK: \"%s%+03d\"", text, m->clock.zone);
		else
			at_info(ch, "+CCLK: \"%s\"", text);
		return AT_OK;
	}
	if (!take_zone(m, &c->arg[0]) ||
		!clock_parse(c->arg[0].text, c->arg[0].len, &time)) {
		m->clock.zone = zone;
		return AT_CME(CME_NOT_ALLOWED);
	}
	clock_set(&m->clock, time);
	return nv_save_clock(m) ? AT_OK : AT_CME(CME_MEMORY);
}

/* Some firmware answers ERROR to certain commands until AT+CMEE=1, which each client has
 * to send itself. */
static int run_cmee(struct channel *ch, struct at_call *c)
{
	struct modem *m = ch->modem;
	int result;

	if (c->form == AT_READ) {
		at_info_settings(ch, c->entry);
		return AT_OK;
	}
	result = at_store_values(ch, c);
	if (result == AT_OK && m->live.cmee)
		ch->link->cmee = true;
	return result;
}

static int set_alarm(struct modem *m, const struct at_arg *arg)
{
	int64_t time;

	if (!clock_parse(arg->text, arg->len, &time))
		return AT_CME(CME_NOT_ALLOWED);
	if (firmware_has(m->fw, QUIRK_ALARM_TO_THE_MINUTE))
		time -= time % 60;
	if (time <= clock_now(&m->clock))
		return AT_CME(CME_NOT_ALLOWED);
	return clock_alarm_add(&m->clock, time) ? AT_OK : AT_CME(CME_FULL);
}

/* general.md +CALA: =time sets an alarm, ="",index deletes one. */
static int run_cala(struct channel *ch, struct at_call *c)
{
	struct modem *m = ch->modem;
	char text[24];
	int i, result;

	if (c->form == AT_READ) {
		for (i = 0; i < CLOCK_ALARMS; i++) {
			if (!m->clock.alarm[i])
				continue;
			clock_print(m->clock.alarm[i], text);
			at_info(ch, "+CALA: \"%s\",%d", text, i + 1);
		}
		return AT_OK;
	}
	if (c->arg[0].len)
		result = set_alarm(m, &c->arg[0]);
	else if (at_given(c, 1) && clock_alarm_delete(&m->clock, c->arg[1].num))
		result = AT_OK;
	else
		result = AT_CME(at_given(c, 1) ? CME_BAD_INDEX : CME_NOT_ALLOWED);
	if (result == AT_OK && !nv_save_clock(m))
		result = AT_CME(CME_MEMORY);
	return result;
}

#define IDENTITY(n, where, what) \
	.name = n, .see = where, .forms = AT_EXEC | AT_TEST, .test = "", .run = what

const struct at_cmd at_cmds_general[] = {
	{ IDENTITY("+CGMI", "general.md +CGMI", run_cgmi) },
	{ IDENTITY("+GMI", "general.md +GMI", run_cgmi) },
	{ IDENTITY("+CGMM", "general.md +CGMM", run_cgmm) },
	{ IDENTITY("+GMM", "general.md +GMM", run_cgmm) },
	{ IDENTITY("+CGMR", "general.md +CGMR", run_cgmr) },
	{ IDENTITY("+GMR", "general.md +GMR", run_cgmr) },
	{ IDENTITY("+CGSN", "general.md +CGSN", run_cgsn) },
	{ IDENTITY("+GSN", "general.md +GSN", run_cgsn) },
	{ IDENTITY("+WMSN", "general.md +WMSN", run_wmsn) },
	{ IDENTITY("+WHWV", "general.md +WHWV", run_whwv) },
	{ IDENTITY("+WDOP", "general.md +WDOP", run_wdop) },
	{ IDENTITY("+WSSW", "general.md +WSSW", run_wssw) },
	{ .name = "+WIMEI",
		.see = "general.md +WIMEI",
		.forms = AT_SRT,
		.test = "",
		.run = run_wimei,
		.param = { { "imei", AT_TEXT, NULL, 0 } } },
	{ .name = "+WSVN",
		.see = "general.md +WSVN: factory value and storage inferred",
		.forms = AT_SRT,
		.flags = AT_F_KEPT,
		.param = { { "svn", AT_INT, "(0-98)", 1, AT_SLOT, AT_EE } } },
	{ .name = "+CSCS",
		.see = "general.md +CSCS; GDW-11 pp. 369-377",
		.forms = AT_SRT,
		.needs = AT_NEED_LOADED,
		.open = AT_TEST,
		.param = { { "charset", AT_CHOICE,
			"(\"GSM\",\"PCCP437\",\"CUSTOM\",\"HEX\")", 1, SETTING(charset),
			AT_WF } } },
	{ .name = "+WPCS",
		.see = "general.md +WPCS; GDW-11 pp. 369-377, p. 9",
		.forms = AT_SRT,
		.test = "(\"TRANSPARENT\",\"HEX\",\"CUSTOM\")",
		.needs = AT_NEED_LOADED,
		.open = AT_TEST,
		.param = { { "charset", AT_CHOICE, "(\"TRANSPARENT\",\"CUSTOM\",\"HEX\")",
			0, SETTING(wpcs), AT_WF } } },
	{ .name = "+CIMI",
		.see = "sim.md +CIMI",
		.forms = AT_EXEC | AT_TEST,
		.test = "",
		.needs = AT_NEED_FILES,
		.open = AT_TEST,
		.run = run_cimi },
	{ .name = "+CCID",
		.see = "sim.md +CCID; GDW-11 p. 10",
		.forms = AT_EXEC | AT_READ | AT_TEST,
		.test = "",
		.needs = AT_NEED_SIM,
		.open = AT_TEST,
		.run = run_ccid },
	{ .name = "+CPAS",
		.see = "general.md +CPAS",
		.forms = AT_EXEC | AT_TEST,
		.flags = AT_F_BESIDE,
		.test = "(0-5)",
		.run = run_cpas },
	{ .name = "+CFUN",
		.see = "general.md +CFUN",
		.forms = AT_SRT,
		.flags = AT_F_NO_FIRMWARE | AT_F_DOWNLOAD | AT_F_BESIDE,
		.run = run_cfun,
		.param = { { "fun", AT_INT, "(0,1)", 1 },
			{ "rst", AT_INT, "(0-1)", 0, .optional = true } } },
	{ .name = "+CPOF",
		.see = "general.md +CPOF",
		.forms = AT_EXEC | AT_SET | AT_TEST,
		.test = "",
		.run = run_cpof,
		.param = { { "mode", AT_INT, "(1)", 0 } } },
	{ .name = "+CMEE",
		.see = "general.md +CMEE",
		.forms = AT_SRT,
		.run = run_cmee,
		.param = { { "mode", AT_INT, "(0,1)", 0, SETTING(cmee), AT_WF } } },
	{ .name = "+CCLK",
		.see = "general.md +CCLK",
		.forms = AT_SRT,
		.test = "",
		.run = run_cclk,
		.param = { { "time", AT_TEXT, NULL, 0 } } },
	{ .name = "+CTZU",
		.see = "general.md +CTZU: factory value and storage inferred",
		.forms = AT_SRT,
		.param = { { "update", AT_INT, "(0,1)", 0, SETTING(zone_from_network),
			AT_WF } } },
	{ .name = "+CALA",
		.see = "general.md +CALA",
		.forms = AT_SRT,
		.test = "",
		.run = run_cala,
		.param = { { "time", AT_TEXT, NULL, 0 },
			{ "index", AT_INT, "(1-16)", 0, .optional = true } } },
	{ 0 },
};
