/* Configuration (mux.md +WMUX; gprs.md +WGPRS; wavecom.md): resets, sleep, ports,
 * reports, GPRS customisation, device services. */
#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "at/reply.h"
#include "at/run.h"
#include "at/store.h"
#include "at/tables.h"
#include "chapters/boot/boot.h"
#include "state/modem_state.h"

/* +WRST */

/* Converts "hhh:mm", 000:01 to 168:59, to minutes. Returns 0 if it is invalid. */
static int parse_delay(const struct at_arg *arg)
{
	const char *t = arg->text;
	int hours, minutes;
	size_t i;

	if (arg->len != 6 || t[3] != ':')
		return 0;
	for (i = 0; i < 6; i++)
		if (i != 3 && !isdigit((unsigned char)t[i]))
			return 0;
	hours = (t[0] - '0') * 100 + (t[1] - '0') * 10 + t[2] - '0';
	minutes = (t[4] - '0') * 10 + t[5] - '0';
	return hours <= 168 && minutes <= 59 ? hours * 60 + minutes : 0;
}

static void print_delay(char out[16], int minutes)
{
	snprintf(out, 16, "%03d:%02d", minutes / 60, minutes % 60);
}

static int read_wrst(struct channel *ch)
{
	struct modem *m = ch->modem;
	usec_t left = timer_left(&m->sched, &m->s.cyclic);
	char delay[16], remain[16];

	if (!m->live.reset_cyclic || left == USEC_NEVER) {
		at_info(ch, "+WRST: 0");
		return AT_OK;
	}
	print_delay(delay, m->live.reset_delay);
	print_delay(remain, (int)((left + SEC(60) - 1) / SEC(60)));
	at_info(ch, "+WRST: 1,\"%s\",\"%s\"", delay, remain);
	return AT_OK;
}

static int run_wrst(struct channel *ch, struct at_call *c)
{
	struct modem *m = ch->modem;
	int delay = m->live.reset_delay;
	int result;

	if (c->form == AT_READ)
		return read_wrst(ch);
	if (at_given(c, 1)) {
		delay = parse_delay(&c->arg[1]);
		if (!delay)
			return AT_CME(CME_NOT_ALLOWED);
	} else if (c->arg[0].num) {
		return AT_CME(CME_NOT_ALLOWED);
	}
	result = at_store_field(ch, SETTING(reset_delay), delay);
	if (result == AT_OK)
		result = at_store_field(ch, SETTING(reset_cyclic), c->arg[0].num);
	if (result == AT_OK)
		boot_cyclic(m);
	return result;
}

/* +WGPRS */

enum {
	GPRS_NO_ATTACH = 0,
	GPRS_CONTEXT = 2,
	GPRS_CLASS = 4,
	GPRS_MODES = 8,
	GPRS_OFFERED = 9, /* what the cell offers; 2 asks for it */
	GPRS_ASK = 2,
};

static const short gprs_field[GPRS_MODES] = { SETTING(gprs_detached),
	SETTING(gprs_activate), SETTING(gprs_contexts), SETTING(gprs_silent),
	SETTING(gprs_class), SETTING(gprs_slow_connect), SETTING(gprs_filter),
	SETTING(gprs_roaming) };

static void read_wgprs(struct channel *ch, const struct at_entry *e)
{
	struct modem *m = ch->modem;
	int mode, cid;

	for (mode = 0; mode < GPRS_MODES; mode++) {
		int value = live_get(ch, gprs_field[mode]);

		if (!at_values_allow(e->values[0], mode))
			continue;
		/* GDW-11 p. 245: class CG always attaches, and 0 is returned */
		if (mode == GPRS_NO_ATTACH && m->live.cgclass == 1)
			value = 0;
		if (mode != GPRS_CONTEXT) {
			at_info(ch, "+WGPRS: %d,%d", mode, value);
			continue;
		}
		for (cid = 1; cid <= 4; cid++)
			at_info(ch, "+WGPRS: %d,%d,%d", mode, value >> cid & 1, cid);
	}
}

/* gprs.md +WGPRS: 1 GPRS, 2 EDGE, even for a modem without EDGE; 0 without service is
 * inferred. */
static int tell_offered(struct channel *ch, const struct at_call *c)
{
	struct modem *m = ch->modem;
	int offered = !net_registered(&m->net)        ? 0
		      : m->profile->network.gprs.edge ? 2
						      : 1;

	if (!at_given(c, 1) || c->arg[1].num != GPRS_ASK)
		return AT_CME(CME_NOT_ALLOWED);
	at_info(ch, "+WGPRSIND: %d", offered);
	return AT_OK;
}

/* Mode 4 has its class in the fourth parameter; all other modes need the second one. */
static int run_wgprs(struct channel *ch, struct at_call *c)
{
	int mode, value;

	if (c->form == AT_READ) {
		read_wgprs(ch, c->entry);
		return AT_OK;
	}
	mode = c->arg[0].num;
	if (mode == GPRS_OFFERED)
		return tell_offered(ch, c);
	if (at_given(c, 1) && c->arg[1].num == GPRS_ASK)
		return AT_CME(CME_NOT_ALLOWED);
	value = live_get(ch, gprs_field[mode]);
	if (mode == GPRS_CLASS) {
		if (!at_given(c, 3))
			return AT_CME(CME_NOT_ALLOWED);
		value = c->arg[3].num;
	} else if (!at_given(c, 1) || (mode == GPRS_CONTEXT && !at_given(c, 2))) {
		return AT_CME(CME_NOT_ALLOWED);
	} else if (mode == GPRS_CONTEXT) {
		value &= ~(1 << c->arg[2].num);
		value |= c->arg[1].num << c->arg[2].num;
	} else {
		value = c->arg[1].num;
	}
	return at_store_field(ch, gprs_field[mode], value);
}

/* other commands */

/* wavecom.md +WAC: aborts the command that is still running, if it can be aborted. */
static int run_wac(struct channel *ch, struct at_call *c)
{
	(void)c;
	if (!ch->at->working)
		return AT_OK;
	if (!ch->at->working->aborted)
		return AT_CME(CME_NO_ABORT);
	ch->at->beside = AT_BESIDE_ABORT;
	return AT_OK;
}

static int run_wshs(struct channel *ch, struct at_call *c)
{
	struct modem *m = ch->modem;

	(void)c;
	at_info(ch, "+WSHS: %d", m->sim.rack_closed);
	return AT_OK;
}

/* mux.md +WMUX: with frames around every line a client that does not use them would be
 * shut out. */
static int run_wmux(struct channel *ch, struct at_call *c)
{
	if (c->form == AT_READ)
		at_info(ch, "+WMUX: 0");
	else if (c->arg[0].num)
		return AT_CME(CME_NOT_ALLOWED);
	return AT_OK;
}

/* Device services without a server (error 650 of errors.md +CME ERROR; the forms are
 * inferred). */
static int run_wdss(struct channel *ch, struct at_call *c)
{
	(void)ch;
	(void)c;
	return AT_CME(CME_SERVICES_STATE);
}

static int run_wdsg(struct channel *ch, struct at_call *c)
{
	(void)c;
	at_info(ch, "+WDSG: 0,0");
	at_info(ch, "+WDSG: 1,0");
	return AT_OK;
}

#define GPRS(n, where, range, value)                                          \
	{                                                                     \
		n, AT_INT, range, value, SETTING(where), AT_EE, .inner = true \
	}
#define GPRS_UNKEPT(n, where, range, value)                                    \
	{                                                                      \
		n, AT_INT, range, value, SETTING(where), AT_RAM, .inner = true \
	}

const struct at_cmd at_cmds_device[] = {
	{ .name = "+WRST",
		.see = "wavecom.md +WRST; GDW-11 p. 204",
		.forms = AT_SRT,
		.test = "",
		.run = run_wrst,
		.param = { { "mode", AT_INT, "(0-1)", 0, SETTING(reset_cyclic), AT_EE },
			{ "delay", AT_TEXT, NULL, 0, SETTING(reset_delay), AT_EE,
				true } } },
	{ .name = "+W32K",
		.see = "wavecom.md +W32K: factory value and storage inferred",
		.forms = AT_SRT,
		.test = "(0-1)",
		.flags = AT_F_KEPT,
		.param = { { "mode", AT_INT, "(0-1)", 0, AT_SLOT, AT_EE },
			{ "wakeup", AT_INT, "(0-1)", 0, .optional = true } } },
	{ .name = "+WAC",
		.see = "wavecom.md +WAC; GD-01 p. 131: the read form",
		.forms = AT_ALL_FORMS,
		.flags = AT_F_BESIDE,
		.test = "",
		.run = run_wac },
	{ .name = "+WSHS",
		.see = "wavecom.md +WSHS; UGD_049 p. 128",
		.forms = AT_EXEC | AT_TEST,
		.test = "(0-1)",
		.run = run_wshs },
	{ .name = "+WGPRS",
		.see = "gprs.md +WGPRS; GDW-11 p. 243-245",
		.forms = AT_SRT,
		.test = "(0-7),(0-1),(1-4),(1-6,8-10)",
		.run = run_wgprs,
		.param = { { "mode", AT_INT, "(0-7)", 0 },
			{ "parameter", AT_INT, "(0-1)", 0, .optional = true },
			{ "cid", AT_INT, "(1-4)", 1, .optional = true },
			{ "class", AT_INT, "(1-6,8-10)", 10, .optional = true },
			{ "detached", AT_INT, "(0-1)", 1, SETTING(gprs_detached), AT_EE,
				.inner = true, .opposite = "attach" },
			GPRS("activate", gprs_activate, "(0-1)", 0),
			GPRS("contexts", gprs_contexts, "(0-30)", 0),
			GPRS("silent", gprs_silent, "(0-1)", 0),
			GPRS("multislot", gprs_class, "(1-6,8-10)", 10),
			GPRS("slow", gprs_slow_connect, "(0-1)", 0),
			/* GDW-11 p. 243: off again after a restart */
			GPRS_UNKEPT("filter", gprs_filter, "(0-1)", 0),
			GPRS("roaming", gprs_roaming, "(0-1)", 0) } },
	{ .name = "+WMUX",
		.see = "mux.md +WMUX; GD-01 p. 125",
		.forms = AT_SRT,
		.flags = AT_F_REFUSED,
		.run = run_wmux,
		.param = { { "mode", AT_INT, "(0,1)", 0 } } },
	{ .name = "+WDSC",
		.see = "wavecom.md +WDSC: factory value and storage inferred",
		.forms = AT_SRT,
		.flags = AT_F_KEPT,
		.param = { { "mode", AT_INT, "(0-2)", 0, AT_SLOT, AT_EE },
			{ "state", AT_INT, "(0-1)", 0, AT_SLOT, AT_EE, true } } },
	{ .name = "+WDSG",
		.see = "wavecom.md +WDSG",
		.forms = AT_EXEC | AT_TEST,
		.test = "",
		.run = run_wdsg },
	{ .name = "+WDSI",
		.see = "wavecom.md +WDSI: factory value and storage inferred",
		.forms = AT_SRT,
		.flags = AT_F_KEPT,
		.param = { { "level", AT_INT, "(0-8191)", 0, AT_SLOT, AT_EE } } },
	{ .name = "+WDSS",
		.see = "wavecom.md +WDSS",
		.forms = AT_SET | AT_TEST,
		.flags = AT_F_REFUSED,
		.run = run_wdss,
		.param = { { "mode", AT_INT, "(0-1)", 0 },
			{ "argument", AT_TEXT, NULL, 0, .optional = true } } },
	{ 0 },
};
