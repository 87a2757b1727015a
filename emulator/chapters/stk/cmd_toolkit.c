/* Chapter SIM toolkit (GDW-11 p. 274-293): +STSF switches it, the card asks by +STIN
 * (events_toolkit.c), the host fetches by +STGI and answers by +STGR:
 *
 *   +STIN: 3     AT+STGI=3      +STGI: 0,1,0,20,0,"Enter phone no."
 *                AT+STGR=3,1    > +254700000000<1A>
 *   OK, +STIN: ... */
#include <ctype.h>
#include <stdio.h>

#include "at/reply.h"
#include "at/run.h"
#include "at/store.h"
#include "chapters/call/call.h"
#include "chapters/stk/stk.h"
#include "codec/hex.h"
#include "state/modem_state.h"

#define CME_NOTHING_INDICATED 518

enum { /* <mode> of +STSF */
	STSF_OFF,
	STSF_ON,
	STSF_PROFILE,
};

/* The terminal profile: 40 bits, kept as two settings of 20. */
#define PROFILE_DIGITS 10
#define PROFILE_BITS   20
#define PROFILE_MASK   ((1 << PROFILE_BITS) - 1)
#define PROFILE_LEAST  0x160060C01FULL
#define PROFILE_MOST   0x5FFFFFFF7FULL

/* Bits that the modem sets by itself (GDW-11 p. 361-363). */
#define PROFILE_ONES  0x160060C00FULL
#define PROFILE_ZEROS 0x2000000080ULL

static int store_profile(struct channel *ch, const struct at_arg *arg)
{
	uint64_t profile = 0;
	uint8_t byte[PROFILE_DIGITS / 2];
	size_t i, n;
	int result;

	if (arg->len != PROFILE_DIGITS ||
		!hex_decode(arg->text, arg->len, byte, sizeof(byte), &n))
		return AT_CME(CME_NOT_ALLOWED);
	for (i = 0; i < n; i++)
		profile = profile << 8 | byte[i];
	if (profile < PROFILE_LEAST || profile > PROFILE_MOST)
		return AT_CME(CME_NOT_ALLOWED);
	profile = (profile | PROFILE_ONES) & ~PROFILE_ZEROS;
	result = at_store_field(
		ch, SETTING(toolkit_high), (int)(profile >> PROFILE_BITS));
	if (result != AT_OK)
		return result;
	return at_store_field(ch, SETTING(toolkit_low), (int)(profile & PROFILE_MASK));
}

static int read_stsf(struct channel *ch)
{
	const struct modem *m = ch->modem;
	const struct common_settings *s = &m->live;
	char automatic[16] = "";

	if (firmware_has(m->fw, QUIRK_STSF_FOUR))
		snprintf(automatic, sizeof(automatic), ",%d", s->toolkit_automatic);
	at_info(ch, "+STSF: %d,\"%05X%05X\",%d%s", s->toolkit, (unsigned)s->toolkit_high,
		(unsigned)s->toolkit_low, s->toolkit_time, automatic);
	return AT_OK;
}

/* stk.md +STSF: 2 stores the other values only; the toolkit stays on or off. On and off
 * count from the next boot on, but at once before the SIM is ready. */
static int run_stsf(struct channel *ch, struct at_call *c)
{
	struct modem *m = ch->modem;
	int result = AT_OK;

	if (c->form == AT_READ)
		return read_stsf(ch);
	if (c->form == AT_TEST) {
		at_info(ch, "+STSF: (0-2),(160060C01F-5FFFFFFF7F),(1-255)%s",
			firmware_has(m->fw, QUIRK_STSF_FOUR) ? ",(0-1)" : "");
		return AT_OK;
	}
	if (at_given(c, 1))
		result = store_profile(ch, &c->arg[1]);
	if (result != AT_OK)
		return result;
	if (c->arg[0].num == STSF_PROFILE)
		c->arg[0].given = false;
	result = at_store_values(ch, c);
	if (!sim_ready(&m->sim))
		m->s.toolkit_on = m->live.toolkit;
	stk_set_time(m);
	return result;
}

static int run_stin(struct channel *ch, struct at_call *c)
{
	const struct modem *m = ch->modem;

	(void)c;
	if (m->toolkit.told < 0)
		return AT_CME(CME_NOT_SUPPORTED);
	at_info(ch, "+STIN: %d", m->toolkit.told);
	return AT_OK;
}

/* +STGI: a line at a time, as the port has room. */
static int more_stgi(struct channel *ch, struct at_call *c, enum at_why why)
{
	struct modem *m = ch->modem;
	char line[AT_PIECE_MAX - 4];
	struct buf b;

	(void)why;
	buf_init(&b, line, sizeof(line));
	if (!stk_line(m, c->arg[0].num, (size_t)c->step++, &b)) {
		toolkit_fetched(&m->toolkit, c->arg[0].num);
		return AT_OK;
	}
	if (b.len)
		at_info_bytes(ch, b.data, b.len);
	return AT_MORE;
}

/* GDW-11 p. 280, 286: CME 4 while off, CME 518 while the SIM has not sent it. */
static int run_stgi(struct channel *ch, struct at_call *c)
{
	struct modem *m = ch->modem;
	int command = c->arg[0].num;

	if (!m->s.toolkit_on)
		return AT_CME(CME_NOT_SUPPORTED);
	if (command == TOOLKIT_SET_UP_MENU ? !m->toolkit.menu
					   : toolkit_command(&m->toolkit) != command)
		return AT_CME(CME_NOTHING_INDICATED);
	return more_stgi(ch, c, AT_WHY_ROOM);
}

/* +STGR */

static int verdict(enum toolkit_verdict v)
{
	switch (v) {
	case TOOLKIT_TAKEN:
		return AT_OK;
	case TOOLKIT_NOTHING:
		return AT_CME(CME_NOT_SUPPORTED);
	case TOOLKIT_REFUSED:
		break;
	}
	return AT_CME(CME_NOT_ALLOWED);
}

/* The number in the third argument, -1: none. */
static int item_of(const struct at_call *c)
{
	const struct at_arg *arg = &c->arg[2];
	int id = 0;
	size_t i;

	if (!at_given(c, 2) || !arg->len || arg->len > 3)
		return -1;
	for (i = 0; i < arg->len; i++) {
		if (!isdigit((unsigned char)arg->text[i]))
			return -1;
		id = 10 * id + (arg->text[i] - '0');
	}
	return id;
}

static int answer_text(struct modem *m, int command, const char *text, size_t len)
{
	char utf8[TOOLKIT_ANSWER_MEM];
	enum toolkit_verdict v = toolkit_asks(&m->toolkit, command);
	struct buf b;

	/* it may have timed out meanwhile */
	if (v != TOOLKIT_TAKEN)
		return verdict(v);
	buf_init(&b, utf8, sizeof(utf8) - 1);
	if (!stk_typed(m, text, len, m->toolkit.step->format == TOOLKIT_UCS2, &b))
		return AT_CME(CME_NOT_ALLOWED);
	utf8[b.len] = '\0';
	return verdict(toolkit_answer(&m->toolkit, command, TOOLKIT_GIVEN, utf8, 0));
}

/* AT+STGR=3,1 and 2,1 ask for the text; AT+STGR=2,1,"k" has it. */
static int take_text(struct channel *ch, struct at_call *c)
{
	struct modem *m = ch->modem;
	int command = c->arg[0].num;
	enum toolkit_verdict v = toolkit_asks(&m->toolkit, command);

	if (v != TOOLKIT_TAKEN)
		return verdict(v);
	if (command == TOOLKIT_GET_INKEY && at_given(c, 2))
		return answer_text(m, command, c->arg[2].text, c->arg[2].len);
	at_prompt(ch, false);
	return AT_PENDING;
}

/* The outcome of the call is the answer to the card. */
static int called(struct modem *m, int result)
{
	if (result != AT_PENDING)
		toolkit_done(&m->toolkit,
			result == AT_OK || result == AT_CONNECT || result == AT_SILENT,
			NULL);
	return result;
}

/* AT+STGR=4,1 is answered as ATD would be (inferred). */
static int take_call(struct channel *ch, struct at_call *c)
{
	struct modem *m = ch->modem;
	const struct toolkit_step *s = m->toolkit.step;
	char number[CALL_NUMBER];
	enum toolkit_verdict v;
	struct buf b;

	v = toolkit_answer(&m->toolkit, TOOLKIT_SET_UP_CALL, TOOLKIT_GIVEN, NULL, 0);
	if (v != TOOLKIT_TAKEN)
		return verdict(v);
	buf_init(&b, number, sizeof(number) - 1);
	toolkit_print(&m->toolkit, s->number, &b);
	number[b.len] = '\0';
	if (s->others == TOOLKIT_END)
		calls_release(&m->calls, CAUSE_NORMAL);
	else if (s->others == TOOLKIT_HOLD && calls_any(&m->calls))
		calls_hold(&m->calls, 2, 0);
	return called(m, at_dial(ch, c, number, s->class == TOOLKIT_VOICE));
}

static int run_stgr(struct channel *ch, struct at_call *c)
{
	struct modem *m = ch->modem;
	int command = c->arg[0].num;
	bool gives = at_given(c, 1) ? c->arg[1].num == TOOLKIT_GIVEN
				    : command == TOOLKIT_DISPLAY_TEXT;
	int result = gives ? TOOLKIT_GIVEN : at_given(c, 1) ? c->arg[1].num : -1;

	if (!m->s.toolkit_on)
		return AT_CME(CME_NOT_SUPPORTED);
	if (command >= TOOLKIT_BACKWARD)
		return verdict(toolkit_answer(
			&m->toolkit, -1, (enum toolkit_result)command, NULL, 0));
	if (result < 0 || result > TOOLKIT_BACK)
		return AT_CME(CME_NOT_ALLOWED);
	switch (command) {
	case TOOLKIT_SET_UP_MENU:
		if (result != TOOLKIT_GIVEN && result != TOOLKIT_HELP)
			return AT_CME(CME_NOT_ALLOWED);
		return verdict(
			toolkit_choose(&m->toolkit, item_of(c), result == TOOLKIT_HELP));
	case TOOLKIT_SET_UP_EVENT_LIST:
		if (result != TOOLKIT_IDLE_SCREEN && result != TOOLKIT_ACTIVITY)
			return AT_CME(CME_NOT_ALLOWED);
		return verdict(toolkit_report(&m->toolkit, (enum toolkit_user)result));
	case TOOLKIT_GET_INKEY:
	case TOOLKIT_GET_INPUT:
		if (gives)
			return take_text(ch, c);
		break;
	case TOOLKIT_SET_UP_CALL:
		if (gives)
			return take_call(ch, c);
		break;
	default:
		break;
	}
	return verdict(toolkit_answer(
		&m->toolkit, command, (enum toolkit_result)result, NULL, item_of(c)));
}

static int more_stgr(struct channel *ch, struct at_call *c, enum at_why why)
{
	struct modem *m = ch->modem;
	size_t len;
	const char *text;

	if (c->arg[0].num == TOOLKIT_SET_UP_CALL)
		return called(m, at_more_call(ch, c, why));
	if (why != AT_WHY_TEXT)
		return AT_OK; /* ESC: the card still waits */
	text = at_prompt_text(ch, &len);
	return text ? answer_text(m, c->arg[0].num, text, len) : AT_CME(CME_NOT_ALLOWED);
}

const struct at_cmd at_cmds_toolkit[] = {
	{ .name = "+STSF",
		.see = "stk.md +STSF; GDW-11 p. 277-278, 312",
		.forms = AT_SRT,
		.test_by_run = true,
		.run = run_stsf,
		.param = { { "mode", AT_INT, "(0-2)", 0, SETTING(toolkit), AT_EE },
			{ "config", AT_TEXT, NULL, 0, .optional = true },
			{ "timeout", AT_INT, "(1-255)", 3, SETTING(toolkit_time), AT_EE,
				true },
			{ "automatic", AT_INT, "(0-1)", 0, SETTING(toolkit_automatic),
				AT_EE, true },
			{ "profile_high", AT_INT, "(0-1048575)", 0x16006,
				SETTING(toolkit_high), AT_EE, .inner = true },
			{ "profile_low", AT_INT, "(0-1048575)", 0x0C01F,
				SETTING(toolkit_low), AT_EE, .inner = true } } },
	{ .name = "+STIN",
		.see = "stk.md +STIN; GDW-11 p. 280",
		.forms = AT_READ,
		.run = run_stin },
	{ .name = "+STGI",
		.see = "stk.md +STGI; GDW-11 p. 286, 298",
		.forms = AT_SET | AT_TEST,
		.test = "(0-11)",
		.run = run_stgi,
		.more = more_stgi,
		.param = { { "command", AT_INT, "(0-11)", 0 } } },
	{ .name = "+STGR",
		.see = "stk.md +STGR; GDW-11 p. 289-292",
		.forms = AT_SET | AT_TEST,
		.flags = AT_F_PROMPT,
		.test = "",
		.run = run_stgr,
		.more = more_stgr,
		.works = at_works_on_call,
		.typed = at_call_rx,
		.param = { { "command", AT_INT, "(0-11,95-99)", 0 },
			{ "result", AT_INT, "(0-255)", 0, .optional = true },
			{ "data", AT_TEXT, NULL, 0, .optional = true } } },
	{ 0 },
};
