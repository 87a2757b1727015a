/* Call control: commands that answer, end, hold and list calls, and DTMF (call.md;
 * services.md +CHLD, +CLCC). Dialling is in cmd_dial.c. */
#include <ctype.h>
#include <string.h>

#include "at/reply.h"
#include "at/run.h"
#include "at/store.h"
#include "chapters/call/call.h"
#include "chapters/gprs/gprs.h"
#include "link/link.h"
#include "state/modem_state.h"
#include "state/port_map.h"

/* GDW-11 p. 235: AT+CGAUTO=2 is for GPRS calls only. That ATA then returns NO CARRIER is
 * inferred. */
bool at_answers_circuits(const struct modem *m)
{
	return m->live.cgauto != CGAUTO_GPRS;
}

/* A, H, O */

static int run_answer(struct channel *ch, struct at_call *c)
{
	struct modem *m = ch->modem;
	const struct call *call = calls_find(&m->calls, CALL_INCOMING);

	(void)c;
	if (!call)
		call = calls_find(&m->calls, CALL_WAITING);
	if (call && call->bearer != BEARER_VOICE && !port_takes_data(ch, PORT_DATA_GSM))
		return AT_CME(CME_OTHER_PORT);
	if (!call || !at_answers_circuits(m) || !call_answer(&m->calls))
		return AT_NO_CARRIER;
	return call_state(call) == CALL_ACTIVE ? AT_OK : at_await_call(ch, call);
}

static void release_outgoing(struct modem *m)
{
	size_t i;

	for (i = 0; i < m->calls.made; i++)
		if (!m->calls.call[i].incoming)
			call_release(&m->calls.call[i], CAUSE_NORMAL);
}

static int run_hang_up(struct channel *ch, struct at_call *c)
{
	struct modem *m = ch->modem;

	/* the OK of ATH comes before the NO CARRIER of the ATD that it ends */
	if (ch->at->working && at_works_on_call(ch, c)) {
		ch->at->beside = AT_BESIDE_HANG_UP;
		return AT_OK;
	}
	at_gprs_hang_up(m);
	if (c->arg[0].num)
		release_outgoing(m);
	else
		calls_release(&m->calls, CAUSE_NORMAL);
	return AT_OK;
}

/* wavecom.md +WATH: the far end receives this cause. */
static int run_wath(struct channel *ch, struct at_call *c)
{
	struct modem *m = ch->modem;

	calls_release(&m->calls, c->arg[0].num ? c->arg[0].num : CAUSE_NORMAL);
	return AT_OK;
}

static int run_online(struct channel *ch, struct at_call *c)
{
	struct modem *m = ch->modem;
	const struct call *call = calls_find(&m->calls, CALL_ACTIVE);

	(void)c;
	if (ch->link->ppp.on) {
		at_connect_port(ch);
		ch->link->mode = LINK_PPP;
		return AT_SILENT;
	}
	if (!ch->link->data.on || !call)
		return AT_NO_CARRIER;
	at_connect(ch, at_bearer_speed(m, call));
	data_resume(ch);
	return AT_SILENT;
}

/* +CLCC, +CEER, +CHLD */

/* <stat> of +CLCC. While the modems train, an outgoing call still counts as dialling
 * (services.md +CLCC, from the field), an incoming call as active (inferred). */
static int call_stat(const struct call *c)
{
	static const int stat[] = {
		[CALL_DIALING] = 2,
		[CALL_ALERTING] = 3,
		[CALL_INCOMING] = 4,
		[CALL_WAITING] = 5,
		[CALL_TRAINING] = 2,
		[CALL_ACTIVE] = 0,
		[CALL_HELD] = 1,
	};

	if (call_state(c) == CALL_TRAINING && c->incoming)
		return 0;
	return stat[call_state(c)];
}

static int run_clcc(struct channel *ch, struct at_call *c)
{
	struct modem *m = ch->modem;
	size_t i;

	(void)c;
	for (i = 0; i < m->calls.made; i++) {
		const struct call *k = &m->calls.call[i];
		char number[CALL_NUMBER + AT_CALL_NAME] = "", name[AT_CALL_NAME];
		struct buf b;

		if (call_state(k) == CALL_FREE)
			continue;
		buf_init(&b, number, sizeof(number) - 1);
		if (!k->withheld)
			buf_printf(&b, ",\"%s\",%d%s", k->number,
				at_number_type(k->number),
				at_call_name(m, k->number, ",", name));
		at_info(ch, "+CLCC: %d,%d,%d,%d,%d%.*s", k->id, k->incoming, call_stat(k),
			k->bearer, k->multiparty, (int)b.len, number);
	}
	return AT_OK;
}

/* An undefined cause is reported as the last one of its group (GDW-11 p. 302). */
static int cause_told(int cause)
{
	static const unsigned char known[] = { 1, 3, 6, 8, 16, 17, 18, 19, 21, 22, 26, 27,
		28, 29, 30, 34, 38, 41, 42, 43, 44, 49, 50, 55, 57, 58, 65, 68, 69, 70,
		81, 87, 88, 91, 96, 97, 98, 99, 100, 101, 102 };
	size_t i;

	for (i = 0; i < sizeof(known); i++)
		if (known[i] == cause)
			return cause;
	if (!cause || cause > 127)
		return cause;
	return cause < 32 ? 31 : cause | 15;
}

static int run_ceer(struct channel *ch, struct at_call *c)
{
	struct modem *m = ch->modem;

	(void)c;
	at_info(ch, "+CEER: Error %d", cause_told(m->calls.cause));
	return AT_OK;
}

/* services.md +CHLD: <n>, or an action and a call id as two digits. */
static int run_chld(struct channel *ch, struct at_call *c)
{
	struct modem *m = ch->modem;
	int n = c->arg[0].num;
	bool done = n < 10 ? calls_hold(&m->calls, n, 0)
			   : calls_hold(&m->calls, n / 10, n % 10);
	const struct call *call = calls_find(&m->calls, CALL_TRAINING);

	if (!done)
		return AT_CME(CME_NOT_ALLOWED);
	return call ? at_await_call(ch, call) : AT_OK;
}

/* DTMF */

/* call.md +VTS: the command lasts as long as its tone. Invalid tones: GDW-11 p. 29. */
static int run_vts(struct channel *ch, struct at_call *c)
{
	struct modem *m = ch->modem;
	const struct at_arg *tone = &c->arg[0];
	char text[] = "tone ?";

	if (tone->len != 1 || !tone->text[0] ||
		!strchr("0123456789*#ABCDabcd", tone->text[0]))
		return AT_CME(CME_NOT_SUPPORTED);
	text[5] = tone->text[0];
	modem_notify(m, NOTICE_CALL, text, 0);
	calls_tone(&m->calls, (char)toupper((unsigned char)tone->text[0]));
	at_wait(ch, m->live.tone ? (usec_t)m->live.tone * MS(100) : MS(70), TIMER_OWN);
	return AT_PENDING;
}

/* The value is taken modulo 256 (GDW-11 p. 29). */
static int run_vtd(struct channel *ch, struct at_call *c)
{
	if (c->form == AT_SET)
		return at_store_field(ch, SETTING(tone), c->arg[0].num % 256);
	at_info_settings(ch, c->entry);
	return AT_OK;
}

static int more_vts(struct channel *ch, struct at_call *c, enum at_why why)
{
	(void)ch;
	(void)c;
	return why == AT_WHY_TIME ? AT_OK : AT_NO_CARRIER;
}

const struct at_cmd at_cmds_call[] = {
	{ .name = "A",
		.see = "call.md A",
		.forms = AT_EXEC,
		.flags = AT_F_BARE,
		.run = run_answer,
		.more = at_more_call,
		.works = at_works_on_call,
		.typed = at_call_rx },
	{ .name = "H",
		.see = "call.md H",
		.forms = AT_EXEC,
		.flags = AT_F_BESIDE,
		.run = run_hang_up,
		.param = { { "which", AT_INT, "(0,1)", 0 } } },
	{ .name = "+CHUP", /* seen: firmware 6.41 answers the test form */
		.see = "call.md +CHUP; 27.007 6.5",
		.forms = AT_EXEC | AT_TEST,
		.flags = AT_F_BESIDE,
		.test = "",
		.run = run_hang_up },
	{ .name = "O",
		.see = "data.md O",
		.forms = AT_EXEC,
		.run = run_online,
		.param = { { "value", AT_INT, "(0,1)", 0 } } },
	{ .name = "+WATH",
		.see = "wavecom.md +WATH; GDW-11 p. 208; GD-01 p. 146",
		.forms = AT_SET | AT_TEST,
		.test = "(1-127),(0-5,7,10)",
		.run = run_wath,
		.param = { { "cause", AT_INT, "(0-127)", 0 },
			{ "location", AT_INT, "(0-5,7,10)", 0, .optional = true } } },
	{ .name = "+CLCC",
		.see = "services.md +CLCC",
		.forms = AT_EXEC | AT_TEST,
		.flags = AT_F_BESIDE,
		.test = "",
		.run = run_clcc },
	{ .name = "+CEER",
		.see = "call.md +CEER; GDW-11 pp. 301-302, 369-377",
		.forms = AT_EXEC | AT_TEST,
		.needs = AT_NEED_LOADED,
		.open = AT_TEST,
		.test = "",
		.run = run_ceer },
	{ .name = "+CHLD",
		.see = "services.md +CHLD",
		.forms = AT_SET | AT_TEST,
		.needs = AT_NEED_PIN,
		.open = AT_TEST,
		.run = run_chld,
		.more = at_more_call,
		.typed = at_call_rx,
		.param = { { "action", AT_INT, "(0-4,11-17,21-27)", 0 } } },
	{ .name = "+VTS",
		.see = "call.md +VTS; GDW-11 p. 29",
		.forms = AT_SET | AT_TEST,
		.needs = AT_NEED_CALL,
		.open = AT_TEST,
		.flags = AT_F_BESIDE,
		.test = "(0-9,*,#,A-D)",
		.run = run_vts,
		.more = more_vts,
		.param = { { "tone", AT_TEXT, NULL, 0 } } },
	{ .name = "+VTD",
		.see = "call.md +VTD; GDW-11 p. 29",
		.forms = AT_SRT,
		.flags = AT_F_OWN_RANGE,
		.run = run_vtd,
		.param = { { "duration", AT_INT, "(0-255)", 0, SETTING(tone), AT_WF } } },
	{ 0 },
};
