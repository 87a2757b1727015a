/* What the card asks is told to the host, and what the modem does for the card: messages,
 * USSD, services. A call is set up by AT+STGR=4,1. */
#include <string.h>

#include "at/reply.h"
#include "chapters/services/mmi.h"
#include "chapters/services/services.h"
#include "chapters/stk/stk.h"
#include "codec/gsm7.h"
#include "state/modem_state.h"

#define NO_SERVICE 331 /* +CMS ERROR */

void stk_set_time(struct modem *m)
{
	m->toolkit.patience = SEC(10) * (usec_t)m->live.toolkit_time;
}

/* telling */

static void notify(struct modem *m, int command)
{
	const struct toolkit_step *s = m->toolkit.step;
	char text[64];
	struct buf b;

	buf_init(&b, text, sizeof(text) - 1);
	if (command == TOOLKIT_ENDED)
		buf_puts(&b, "ended");
	else if (command == TOOLKIT_TIMED_OUT)
		buf_puts(&b, "timed out");
	else if (command == TOOLKIT_SET_UP_MENU)
		buf_puts(&b, "set_up_menu");
	else
		buf_puts(&b, name_of(toolkit_command_names, command));
	if (s && !m->toolkit.help && command < TOOLKIT_COMMANDS)
		buf_printf(&b, " %s", s->name);
	text[b.len] = '\0';
	modem_notify(m, NOTICE_STK, text, command);
}

/* stk.md +STSF: with autoresponse these are followed by their +STGI. */
static bool follows_at_once(const struct modem *m, int command)
{
	static const unsigned set = 1u << TOOLKIT_PLAY_TONE | 1u << TOOLKIT_REFRESH |
				    1u << TOOLKIT_SEND_SS | 1u << TOOLKIT_SEND_SMS |
				    1u << TOOLKIT_SEND_USSD;

	return m->live.toolkit_automatic && command < TOOLKIT_COMMANDS &&
	       set >> command & 1;
}

void stk_event(void *ctx, int command)
{
	struct modem *m = ctx;
	char line[AT_URC_MAX];
	struct buf b;

	notify(m, command);
	at_urc(m, "+STIN: %d", command);
	if (!follows_at_once(m, command))
		return;
	buf_init(&b, line, sizeof(line));
	stk_line(m, command, 0, &b);
	at_urc_lines(m, line, b.len, NULL, 0);
}

/* doing */

/* The text of a step with the answers put in, as characters. */
static void read_text(const struct modem *m, const char *text, struct text *out)
{
	char mem[TOOLKIT_TEXT_MAX];
	struct buf b;

	buf_init(&b, mem, sizeof(mem));
	toolkit_print(&m->toolkit, text, &b);
	utf8_decode(b.data, b.len, out);
}

/* The same as UTF-8. False: it is longer than `size` allows. */
static bool read_string(const struct modem *m, const char *text, char *out, size_t size)
{
	struct buf b;

	buf_init(&b, out, size - 1);
	toolkit_print(&m->toolkit, text, &b);
	out[b.len] = '\0';
	return !b.full;
}

static bool make_message(struct modem *m, const struct toolkit_step *s, struct tpdu *t)
{
	char number[TOOLKIT_LABEL];
	uint32_t cp[TPDU_SEPTETS];
	struct text text;
	size_t septets;

	tpdu_init(t, TPDU_SUBMIT);
	text_init(&text, cp, TPDU_SEPTETS);
	read_text(m, s->message, &text);
	t->dcs = gsm7_count(cp, text.n, &septets) ? 0 : 8; /* 23.038: GSM or UCS2 */
	return !text.full && read_string(m, s->number, number, sizeof(number)) &&
	       address_parse(&t->address, number, strlen(number), 0) == PDU_OK &&
	       userdata_set_text(t, cp, text.n) == PDU_OK;
}

static void expect_reply(struct modem *m, const struct toolkit_step *s)
{
	char from[TOOLKIT_LABEL], text[TOOLKIT_TEXT_MAX];
	const struct smsc_message reply = {
		.from = from,
		.text = text,
		.class = DCS_NO_CLASS,
		.delay = s->reply_after,
		.copies = 1,
	};
	enum pdu_error e;

	if (s->reply[0] && read_string(m, s->reply, text, sizeof(text)) &&
		read_string(m, s->reply_from[0] ? s->reply_from : s->number, from,
			sizeof(from)))
		smsc_send(&m->smsc, &reply, &e);
}

/* A message of the host may be on its way. */
static enum toolkit_doer send_message(struct modem *m, const struct toolkit_step *s)
{
	bool registered = net_registered(&m->net);
	struct tpdu t;

	if (m->s.sms.submitter || m->s.sms.of_sim || !m->s.sms.params.centre.len ||
		!make_message(m, s, &t))
		return TOOLKIT_BY_NOBODY;
	t.mr = m->s.sms.mr++;
	m->s.sms.of_sim = true;
	smsc_submit(&m->smsc, &t, registered ? 0 : NO_SERVICE);
	if (registered)
		expect_reply(m, s);
	return TOOLKIT_BY_MODEM;
}

static enum toolkit_doer send_ussd(struct modem *m, const struct toolkit_step *s)
{
	char code[PROFILE_USSD_CODE];

	if (!net_registered(&m->net) || !read_string(m, s->message, code, sizeof(code)) ||
		!ussd_send(&m->ussd, code))
		return TOOLKIT_BY_NOBODY;
	m->s.ussd_of_sim = true;
	return TOOLKIT_BY_MODEM;
}

/* Only what changes a service: what a query would answer, the card has no use for. */
static enum toolkit_doer send_service(struct modem *m, const struct toolkit_step *s)
{
	char keys[64];
	struct mmi x;

	if (!read_string(m, s->message, keys, sizeof(keys)) ||
		!mmi_parse(keys, strlen(keys), &x) || x.op == MMI_QUERY ||
		(x.service != MMI_FORWARD && x.service != MMI_BARRING &&
			x.service != MMI_WAITING) ||
		keypad_sequence(channel_next(m, NULL), NULL, keys, strlen(keys)) != AT_OK)
		return TOOLKIT_BY_NOBODY;
	return TOOLKIT_BY_TIME;
}

enum toolkit_doer stk_begin(void *ctx, const struct toolkit_step *s)
{
	struct modem *m = ctx;

	switch ((int)s->command) {
	case TOOLKIT_SEND_SMS:
		return send_message(m, s);
	case TOOLKIT_SEND_USSD:
		return send_ussd(m, s);
	case TOOLKIT_SEND_SS:
		return send_service(m, s);
	case TOOLKIT_SET_UP_CALL:
		return s->others == TOOLKIT_ONLY_IDLE && calls_any(&m->calls)
			       ? TOOLKIT_BY_NOBODY
			       : TOOLKIT_BY_USER;
	case TOOLKIT_PLAY_TONE:
	case TOOLKIT_REFRESH:
	case TOOLKIT_SET_UP_EVENT_LIST:
		return TOOLKIT_BY_TIME;
	default:
		return TOOLKIT_BY_USER;
	}
}
