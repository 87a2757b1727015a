/* Chapter call control: what dials, answers and ends calls (at-1 5; at-2 5.8, 5.9). */
#include <ctype.h>
#include <string.h>

#include "at/book_dial.h"
#include "at/calls.h"
#include "at/gprs.h"
#include "at/keypad.h"
#include "at/mmi.h"
#include "at/reply.h"
#include "at/run.h"
#include "at/store.h"
#include "at/ussd.h"
#include "link/link.h"
#include "state/nv.h"

#define DIGITS_MAX 60 /* at-1 5.1 */

/* ---- D -----------------------------------------------------------------------------
 */

struct dial {
	char number[CALL_NUMBER];
	size_t len;
	bool voice;
};

/* Blanks and the modifiers of V.250 6.3.1 do not count, I and G are for one call; what
 * else is no digit is an error. */
static int take_number(const char *p, size_t len, struct dial *d)
{
	size_t i;

	*d = (struct dial){ .len = 0 };
	for (i = 0; i < len; i++) {
		char c = p[i];

		if (c == ';') {
			d->voice = true;
			break;
		}
		if (strchr(" -()TtPpWw,@!IiGg", c))
			continue;
		if (!isdigit((unsigned char)c) && !strchr("*#ABCDabcd", c) &&
			(c != '+' || d->len))
			return AT_ERROR;
		if (d->len == DIGITS_MAX)
			return AT_CME(CME_NOT_ALLOWED);
		d->number[d->len++] = (char)toupper((unsigned char)c);
	}
	d->number[d->len] = '\0';
	return AT_OK;
}

/* at-2 5.14: *#06# and the strings of supplementary services end with #. */
static bool is_code(const struct dial *d)
{
	return d->len > 2 && (d->number[0] == '*' || d->number[0] == '#') &&
	       d->number[d->len - 1] == '#';
}

/* Forwarding, barring, PINs; what is none of them is for USSD. */
static int dial_code(struct modem *m, struct at_call *c, const struct dial *d)
{
	struct mmi mmi;

	if (mmi_parse(d->number, d->len, &mmi))
		return keypad_sequence(m, c, d->number, d->len);
	/* at-2 5.14: an unknown one in a data call's form is refused */
	return d->voice ? at_ussd_dial(m, d->number, d->len) : AT_CME(CME_NOT_ALLOWED);
}

/* Barred by the network, or no units are left: the number never rings (at-1 12.4). */
static bool barred(struct modem *m, const struct dial *d)
{
	enum ss_class class = d->voice ? SS_VOICE : SS_DATA;

	if (!charge_allows(&m->charge)) {
		m->calls.cause = CAUSE_CHARGE;
		return true;
	}
	if (!ss_bars_outgoing(
		    &m->ss, class, d->number, m->profile->network.services.country))
		return false;
	m->calls.cause = CAUSE_OUTGOING_BARRED;
	return true;
}

static enum call_bearer bearer(const struct modem *m, const struct dial *d)
{
	if (d->voice)
		return BEARER_VOICE;
	return m->live.fax_class ? BEARER_FAX : BEARER_DATA;
}

/* A number that has been understood. */
static int dial(struct modem *m, struct at_call *at, const struct dial *d)
{
	bool emergency = call_is_emergency(d->number, sim_open(&m->sim)) &&
			 net_service(&m->net);
	const struct call *c;
	int result = AT_OK;

	if (!d->len)
		return AT_NO_CARRIER;
	if (!emergency)
		result = at_check_needs(m, AT_NEED_PIN | AT_NEED_NET);
	if (result != AT_OK)
		return result;
	if (is_code(d))
		return dial_code(m, at, d);
	if (!emergency && !at_book_may_dial(m, d->number, d->len)) {
		m->calls.cause = CAUSE_FIXED_DIALLING;
		return AT_CME(CME_NOT_ALLOWED);
	}
	if (!emergency && barred(m, d))
		return AT_NO_CARRIER;
	if (!d->voice && (calls_any(&m->calls) || m->link->ppp.on))
		return AT_CME(CME_NOT_ALLOWED);
	strcpy(m->dialled.number, d->number);
	m->dialled.voice = d->voice;
	nv_save_calls(m);
	at_book_log(m, BOOK_LD, d->number);
	c = call_dial(&m->calls, d->number, bearer(m, d), emergency);
	return c ? at_await_call(m, c) : AT_CME(CME_NOT_ALLOWED);
}

/* at-1 5.9: the number is told, then dialled. */
static int redial(struct modem *m, struct at_call *c)
{
	struct dial d = { .voice = m->dialled.voice };

	strcpy(d.number, m->dialled.number);
	d.len = strlen(d.number);
	if (!d.len)
		return AT_NO_CARRIER;
	at_info(m, "%s%s", d.number, d.voice ? ";" : "");
	at_block_end(m);
	/* what the call says while it is set up does not belong to the text */
	m->at->info = false;
	return dial(m, c, &d);
}

/* >SM6;, >10;, >"BILL"I; */
static int from_book(struct modem *m, const char *p, size_t len, struct dial *d)
{
	int result = at_check_needs(m, AT_NEED_FILES);

	*d = (struct dial){ .len = 0 };
	if (len && p[len - 1] == ';') {
		d->voice = true;
		len--;
	}
	if (len && strchr("IiGg", p[len - 1]))
		len--;
	if (result == AT_OK)
		result = at_book_number(m, p, len, d->number);
	d->len = strlen(d->number);
	return result;
}

static int run_dial(struct modem *m, struct at_call *c)
{
	const char *p = c->rest;
	size_t len = c->rest_len;
	struct dial d;
	int result;

	while (len && *p == ' ') {
		p++;
		len--;
	}
	if (len && toupper((unsigned char)*p) == 'L')
		return redial(m, c);
	if (at_is_gprs_dial(p, len)) {
		result = at_check_needs(m, AT_NEED_FILES | AT_NEED_NO_CALL);
		return result == AT_OK ? at_gprs_dial(m, p, len) : result;
	}
	if (len && *p == '>')
		result = from_book(m, p + 1, len - 1, &d);
	else
		result = take_number(p, len, &d);
	return result == AT_OK ? dial(m, c, &d) : result;
}

/* ---- A, H, O -----------------------------------------------------------------------
 */

static int run_answer(struct modem *m, struct at_call *c)
{
	const struct call *call = calls_find(&m->calls, CALL_INCOMING);

	(void)c;
	if (!call)
		call = calls_find(&m->calls, CALL_WAITING);
	if (!call || !call_answer(&m->calls))
		return AT_NO_CARRIER;
	return call_state(call) == CALL_ACTIVE ? AT_OK : at_await_call(m, call);
}

static void release_outgoing(struct modem *m)
{
	size_t i;

	for (i = 0; i < CALLS; i++)
		if (!m->calls.call[i].incoming)
			call_release(&m->calls.call[i], CAUSE_NORMAL);
}

static int run_hang_up(struct modem *m, struct at_call *c)
{
	at_gprs_hang_up(m);
	if (c->arg[0].num)
		release_outgoing(m);
	else
		calls_release(&m->calls, CAUSE_NORMAL);
	return AT_OK;
}

/* at-3 7: the far end is told this cause. */
static int run_wath(struct modem *m, struct at_call *c)
{
	calls_release(&m->calls, c->arg[0].num ? c->arg[0].num : CAUSE_NORMAL);
	return AT_OK;
}

static int run_online(struct modem *m, struct at_call *c)
{
	const struct call *call = calls_find(&m->calls, CALL_ACTIVE);

	(void)c;
	if (m->link->ppp.on) {
		at_connect(m, m->live.speed ? m->live.speed : 115200);
		m->link->mode = LINK_PPP;
		return AT_SILENT;
	}
	if (!m->link->data.on || !call)
		return AT_NO_CARRIER;
	at_connect(m, at_bearer_speed(m));
	data_resume(m);
	return AT_SILENT;
}

/* ---- what there is -----------------------------------------------------------------
 */

static int run_clcc(struct modem *m, struct at_call *c)
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
	size_t i;

	(void)c;
	for (i = 0; i < CALLS; i++) {
		const struct call *k = &m->calls.call[i];
		char number[CALL_NUMBER + AT_CALL_NAME] = "", name[AT_CALL_NAME];
		struct buf b;

		if (call_state(k) == CALL_FREE)
			continue;
		buf_init(&b, number, sizeof(number) - 1);
		if (!k->withheld)
			buf_printf(&b, ",\"%s\",%d%s", k->number,
				at_number_type(k->number), at_call_name(m, k, ",", name));
		at_info(m, "+CLCC: %d,%d,%d,%d,%d%.*s", k->id, k->incoming,
			stat[call_state(k)], k->bearer, k->multiparty, (int)b.len,
			number);
	}
	return AT_OK;
}

static int run_ceer(struct modem *m, struct at_call *c)
{
	(void)c;
	at_info(m, "+CEER: Error %d", m->calls.cause);
	return AT_OK;
}

/* at-2 5.8: <n>, or an action and a call id in one number. */
static int run_chld(struct modem *m, struct at_call *c)
{
	int n = c->arg[0].num;
	bool done = n < 10 ? calls_hold(&m->calls, n, 0)
			   : calls_hold(&m->calls, n / 10, n % 10);
	const struct call *call = calls_find(&m->calls, CALL_TRAINING);

	if (!done)
		return AT_CME(CME_NOT_ALLOWED);
	return call ? at_await_call(m, call) : AT_OK;
}

/* ---- DTMF --------------------------------------------------------------------------
 */

/* at-1 5.8: the command lasts as long as its tone. */
static int run_vts(struct modem *m, struct at_call *c)
{
	const struct at_arg *tone = &c->arg[0];
	char text[] = "tone ?";

	if (tone->len != 1 || !tone->text[0] ||
		!strchr("0123456789*#ABCDabcd", tone->text[0]))
		return AT_CME(CME_NOT_ALLOWED);
	text[5] = tone->text[0];
	modem_notify(m, NOTICE_CALL, text, 0);
	at_wait(m, m->live.tone ? (usec_t)m->live.tone * MS(100) : MS(70), TIMER_OWN);
	return AT_PENDING;
}

static int more_vts(struct modem *m, struct at_call *c, enum at_why why)
{
	(void)m;
	(void)c;
	return why == AT_WHY_TIME ? AT_OK : AT_NO_CARRIER;
}

const struct at_cmd at_cmds_call[] = {
	{ .name = "D",
		.see = "at-1 5.1",
		.forms = AT_EXEC,
		.flags = AT_F_REST,
		.run = run_dial,
		.more = at_more_call },
	{ .name = "A",
		.see = "at-1 5.5",
		.forms = AT_EXEC,
		.flags = AT_F_BARE,
		.run = run_answer,
		.more = at_more_call },
	{ .name = "H",
		.see = "at-1 5.4",
		.forms = AT_EXEC,
		.run = run_hang_up,
		.param = { { "which", AT_INT, "(0,1)", 0 } } },
	{ .name = "+CHUP", /* a 6.41 answered its test form */
		.see = "27.007 6.5",
		.forms = AT_EXEC | AT_TEST,
		.test = "",
		.run = run_hang_up },
	{ .name = "O",
		.see = "at-1 10.5",
		.forms = AT_EXEC,
		.run = run_online,
		.param = { { "value", AT_INT, "(0,1)", 0 } } },
	{ .name = "+WATH",
		.see = "at-3 7",
		.forms = AT_SET | AT_TEST,
		.test = "(1-127),(0-5,7,10)",
		.run = run_wath,
		.param = { { "cause", AT_INT, "(0-127)", 0 },
			{ "location", AT_INT, "(0-5,7,10)", 0, .optional = true } } },
	{ .name = "+CLCC",
		.see = "at-2 5.9",
		.forms = AT_EXEC | AT_TEST,
		.test = "",
		.run = run_clcc },
	{ .name = "+CEER",
		.see = "at-1 5.7",
		.forms = AT_EXEC | AT_TEST,
		.test = "",
		.run = run_ceer },
	{ .name = "+CHLD",
		.see = "at-2 5.8",
		.forms = AT_SET | AT_TEST,
		.needs = AT_NEED_PIN,
		.open = AT_TEST,
		.run = run_chld,
		.more = at_more_call,
		.param = { { "action", AT_INT, "(0-4,11-17,21-27)", 0 } } },
	{ .name = "+VTS",
		.see = "at-1 5.8",
		.forms = AT_SET | AT_TEST,
		.needs = AT_NEED_CALL,
		.open = AT_TEST,
		.test = "(0-9,*,#,A-D)",
		.run = run_vts,
		.more = more_vts,
		.param = { { "tone", AT_TEXT, NULL, 0 } } },
	{ .name = "+VTD",
		.see = "at-1 5.8",
		.forms = AT_SRT,
		.param = { { "duration", AT_INT, "(0-255)", 0, SETTING(tone), AT_W } } },
	{ 0 },
};
