/* Messages written, sent and acknowledged (sms.md +CNMA, +CMGS, +CMGW, +CMSS).
 *
 *   +CMGS:  prompt --Ctrl-Z--> checks --> service centre --> +CMGS: mr, OK
 *                  --ESC-----> OK    \--> +CMS ERROR     \--> +CMS ERROR
 *   +CMGW:  prompt --Ctrl-Z--> checks --> store --> +CMGW: index, OK
 *   +CMSS:                      store --> service centre --> +CMSS: mr, OK */
#include <stdio.h>
#include <string.h>

#include "at/reply.h"
#include "at/run.h"
#include "chapters/phonebook/book_dial.h"
#include "chapters/sms/events_sms.h"
#include "chapters/sms/sms_make.h"
#include "codec/hex.h"
#include "state/modem_state.h"
#include "state/nv.h"

#define NOT_ALLOWED 302
#define PDU_MODE    304
#define TEXT_MODE   305
#define BAD_INDEX   321
#define FULL        322
#define NO_CENTRE   330
#define NO_SERVICE  331
#define NOT_AWAITED 340
#define NOT_FIXED   531
#define GIVEN_UP    512 /* MM failure, or aborted by the user */

#define TPDU_SHORTEST 7 /* octets of an empty SUBMIT */
#define TPDU_LONGEST  164

/* Submission to the service centre */

/* With the FD lock on, only numbers that may be dialled get messages (errors.md +CMS
 * ERROR). */
static bool allowed(const struct modem *m, const struct address *a)
{
	char number[ADDRESS_DIGITS + 2];
	struct buf b;

	buf_init(&b, number, sizeof(number));
	address_print(a, &b);
	return at_book_may_dial(m, number, b.len);
}

/* Submits the message; more() is called with AT_WHY_NET at the end. step keeps the
 * reference. */
static int submit(
	struct channel *ch, struct at_call *c, const struct address *sc, struct tpdu *t)
{
	struct modem *m = ch->modem;

	/* the modem sends one message at a time (inferred) */
	if (m->s.sms.of_sim || (m->s.sms.submitter && m->s.sms.submitter != ch))
		return AT_CME(CME_BUSY);
	/* a failed message uses up a reference too (GD-01 p. 65, 71) */
	t->mr = m->s.sms.mr++;
	c->step = t->mr;
	if (!allowed(m, &t->address))
		return AT_CMS(NOT_FIXED);
	if (!(sc && sc->len) && !m->s.sms.params.centre.len)
		return AT_CMS(NO_CENTRE);
	m->s.sms.submitter = ch;
	smsc_submit(&m->smsc, t, net_registered(&m->net) ? 0 : NO_SERVICE);
	return AT_PENDING;
}

/* Whether the channel's message was still on its way. */
static bool withdraw(struct channel *ch)
{
	struct modem *m = ch->modem;

	if (m->s.sms.submitter != ch)
		return false;
	m->s.sms.submitter = NULL;
	return smsc_withdraw(&m->smsc);
}

/* The length argument of PDU mode, 0 if it is not valid. */
static size_t pdu_length(const struct at_call *c)
{
	long n = at_given(c, 0) ? sms_number_of(&c->arg[0]) : -1;

	return n >= TPDU_SHORTEST && n <= TPDU_LONGEST ? (size_t)n : 0;
}

/* +CMGS */

static int run_cmgs(struct channel *ch, struct at_call *c)
{
	struct modem *m = ch->modem;
	struct address da;

	if (c->form == AT_TEST)
		return AT_OK;
	if (!m->live.cmgf && !pdu_length(c))
		return AT_CMS(PDU_MODE);
	if (m->live.cmgf && sms_make_address(c, 0, &da) != AT_OK)
		return AT_CMS(TEXT_MODE);
	at_prompt(ch, m->live.cmgf);
	return AT_PENDING;
}

static int typed_cmgs(struct channel *ch, struct at_call *c)
{
	struct modem *m = ch->modem;
	struct address da, sc = { .len = 0 };
	struct tpdu t;
	int result;

	if (!m->live.cmgf) {
		result = sms_make_pdu(ch, TPDU_SUBMIT, pdu_length(c), &sc, &t);
	} else {
		result = sms_make_address(c, 0, &da);
		if (result == AT_OK)
			result = sms_make_text(ch, TPDU_SUBMIT, &da, &t);
	}
	return result == AT_OK ? submit(ch, c, &sc, &t) : result;
}

static int more_cmgs(struct channel *ch, struct at_call *c, enum at_why why)
{
	struct modem *m = ch->modem;

	switch (why) {
	case AT_WHY_TEXT:
		return typed_cmgs(ch, c);
	case AT_WHY_NET:
		at_cmms_sent(m);
		if (m->s.sms.cause)
			return AT_CMS(m->s.sms.cause);
		at_info(ch, "+CMGS: %d", c->step);
		return AT_OK;
	case AT_WHY_ROOM:
	case AT_WHY_TIME:
	case AT_WHY_CALL:
	case AT_WHY_ABORT:
		if (withdraw(ch))
			return AT_CMS(GIVEN_UP); /* AT+WAC */
		break;
	}
	return AT_OK; /* ESC */
}

/* Until the prompt appears, a typed line waits. */
static bool works_on_text(const struct channel *ch, const struct at_call *c)
{
	(void)c;
	return !timer_armed(&ch->at->latency);
}

/* +CMGW */

/* <stat> of the command: the second argument in PDU mode, the third in text mode. */
static int cmgw_status(const struct modem *m, const struct at_call *c)
{
	size_t i = m->live.cmgf ? 2 : 1;
	int status = at_given(c, i) ? sms_status_of(m, &c->arg[i]) : SMS_UNSENT;

	return status == SMS_ALL ? -1 : status;
}

static int cmgw_address(const struct at_call *c, struct address *a)
{
	*a = (struct address){ .type = ADDRESS_UNKNOWN };
	return at_given(c, 0) ? sms_make_address(c, 0, a) : AT_OK;
}

static int run_cmgw(struct channel *ch, struct at_call *c)
{
	struct modem *m = ch->modem;
	struct address a;

	if (c->form == AT_TEST)
		return AT_OK;
	if (!m->live.cmgf && !pdu_length(c))
		return AT_CMS(PDU_MODE);
	if (m->live.cmgf && cmgw_address(c, &a) != AT_OK)
		return AT_CMS(TEXT_MODE);
	if (cmgw_status(m, c) < 0)
		return AT_CMS(NOT_ALLOWED);
	at_prompt(ch, m->live.cmgf);
	return AT_PENDING;
}

/* The location that AT+WMGO named, which counts once, or the first free one; 0: none
 * free. */
static int cmgw_place(struct modem *m)
{
	int place = m->s.sms.place;

	m->s.sms.place = 0;
	return place ? place : sms_free(&m->sms, m->s.sms.mem[1]);
}

static int write_message(struct channel *ch, enum sms_status status,
	const struct address *sc, const struct tpdu *t)
{
	struct modem *m = ch->modem;
	enum sms_store_id id = m->s.sms.mem[1];
	int place = cmgw_place(m);
	struct sms_slot *slot, before;

	if (!place)
		return AT_CMS(FULL);
	slot = sms_slot(&m->sms, id, place);
	before = *slot;
	sms_write_tpdu(&m->sms, slot, status, sc, t);
	if (!nv_save_messages(m, id)) {
		*slot = before;
		return AT_CME(CME_MEMORY);
	}
	at_info(ch, "+CMGW: %d", place);
	return AT_OK;
}

static int more_cmgw(struct channel *ch, struct at_call *c, enum at_why why)
{
	struct modem *m = ch->modem;
	int status = cmgw_status(m, c);
	enum tpdu_kind kind = status < SMS_UNSENT ? TPDU_DELIVER : TPDU_SUBMIT;
	struct address a, sc = { .len = 0 };
	struct tpdu t;
	int result;

	if (why != AT_WHY_TEXT)
		return AT_OK; /* ESC */
	if (!m->live.cmgf) {
		result = sms_make_pdu(ch, kind, pdu_length(c), &sc, &t);
	} else {
		result = cmgw_address(c, &a);
		if (result == AT_OK)
			result = sms_make_text(ch, kind, &a, &t);
	}
	return result == AT_OK ? write_message(ch, (enum sms_status)status, &sc, &t)
			       : result;
}

/* +CMSS */

static int run_cmss(struct channel *ch, struct at_call *c)
{
	struct modem *m = ch->modem;
	struct sms_slot *slot = sms_slot(&m->sms, m->s.sms.mem[1], c->arg[0].num);
	struct address sc;
	struct tpdu t;

	if (!slot || !slot->used)
		return AT_CMS(BAD_INDEX);
	if (!sms_read(slot, &sc, &t) || t.kind != TPDU_SUBMIT)
		return AT_CMS(NOT_ALLOWED);
	if (at_given(c, 1) && sms_make_address(c, 1, &t.address) != AT_OK)
		return AT_CMS(TEXT_MODE);
	if (!t.address.len)
		return AT_CMS(TEXT_MODE);
	return submit(ch, c, &sc, &t);
}

static int more_cmss(struct channel *ch, struct at_call *c, enum at_why why)
{
	struct modem *m = ch->modem;
	enum sms_store_id id = m->s.sms.mem[1];
	struct sms_slot *slot = sms_slot(&m->sms, id, c->arg[0].num);
	uint8_t before = slot->status;

	if (why == AT_WHY_ABORT && withdraw(ch))
		return AT_CMS(GIVEN_UP);
	at_cmms_sent(m);
	if (m->s.sms.cause)
		return AT_CMS(m->s.sms.cause);
	slot->status = SMS_SENT;
	if (before != SMS_SENT && !nv_save_messages(m, id)) {
		slot->status = before;
		return AT_CME(CME_MEMORY);
	}
	at_info(ch, "+CMSS: %d", c->step);
	return AT_OK;
}

/* +CNMA */

static int acknowledge(struct channel *ch, const struct at_call *c)
{
	struct modem *m = ch->modem;
	bool good = !at_given(c, 0) || c->arg[0].num != 2;

	return at_sms_acknowledge(m, good) ? AT_OK : AT_CMS(NOT_AWAITED);
}

static int run_cnma(struct channel *ch, struct at_call *c)
{
	struct modem *m = ch->modem;

	if (c->form == AT_TEST) {
		if (!m->live.cmgf)
			at_info(ch, "+CNMA: (0-2)");
		return AT_OK;
	}
	if (!m->s.sms.waits)
		return AT_CMS(NOT_AWAITED);
	if (m->live.cmgf && at_given(c, 0))
		return AT_CMS(NOT_ALLOWED);
	if (!at_given(c, 1) || !c->arg[1].num)
		return acknowledge(ch, c);
	at_prompt(ch, false);
	return AT_PENDING;
}

/* Two octets, 00 and the cause, also count as a refusal (GDW-11 p. 85). */
static bool is_report(const uint8_t *octets, size_t n, bool good)
{
	struct tpdu t;

	if (!good && n == 2 && !octets[0])
		return true;
	return tpdu_decode(good ? TPDU_DELIVER_ACK : TPDU_DELIVER_ERROR, octets, n, &t) ==
	       PDU_OK;
}

/* The octets of the report are checked; nothing that a host can see depends on them. */
static int more_cnma(struct channel *ch, struct at_call *c, enum at_why why)
{
	uint8_t octets[TPDU_MAX];
	size_t len, n;
	const char *text = at_prompt_text(ch, &len);
	bool good = c->arg[0].num != 2;

	if (why != AT_WHY_TEXT)
		return AT_OK;
	if (!text || !hex_decode(text, len, octets, sizeof(octets), &n) ||
		n != (size_t)c->arg[1].num || !is_report(octets, n, good))
		return AT_CMS(PDU_MODE);
	return acknowledge(ch, c);
}

/* +CMGC */

static int run_refused(struct channel *ch, struct at_call *c)
{
	(void)ch;
	(void)c;
	return AT_ERROR;
}

const struct at_cmd at_cmds_sms_send[] = {
	{ .name = "+CMGS",
		.see = "sms.md +CMGS; GD-01 p. 65",
		.forms = AT_SET | AT_TEST,
		.needs = AT_NEED_FILES,
		.open = AT_TEST,
		.flags = AT_F_SMS | AT_F_PROMPT,
		.test = "",
		.run = run_cmgs,
		.more = more_cmgs,
		.works = works_on_text,
		.aborted = AT_CMS(GIVEN_UP),
		.param = { { "da", AT_TEXT, NULL, 0 },
			{ "toda", AT_TEXT, NULL, 0, .optional = true } } },
	{ .name = "+CMGW",
		.see = "sms.md +CMGW; GDW-11 p. 98-99",
		.forms = AT_EXEC | AT_SET | AT_TEST,
		.needs = AT_NEED_FILES,
		.open = AT_TEST,
		.flags = AT_F_SMS | AT_F_PROMPT,
		.test = "",
		.run = run_cmgw,
		.more = more_cmgw,
		.param = { { "da", AT_TEXT, NULL, 0, .optional = true },
			{ "toda", AT_TEXT, NULL, 0, .optional = true },
			{ "stat", AT_TEXT, NULL, 0, .optional = true } } },
	{ .name = "+CMSS",
		.see = "sms.md +CMSS; GDW-11 p. 98; GD-01 p. 71",
		.forms = AT_SET | AT_TEST,
		.needs = AT_NEED_FILES,
		.open = AT_TEST,
		.flags = AT_F_SMS,
		.test = "",
		.run = run_cmss,
		.more = more_cmss,
		.works = at_works_always,
		.aborted = AT_CMS(GIVEN_UP),
		.param = { { "index", AT_INT, NULL, 1 },
			{ "da", AT_TEXT, NULL, 0, .optional = true },
			{ "toda", AT_TEXT, NULL, 0, .optional = true } } },
	{ .name = "+CNMA",
		.see = "sms.md +CNMA; GDW-11 p. 84-85",
		.forms = AT_EXEC | AT_SET | AT_TEST,
		.needs = AT_NEED_FILES,
		.open = AT_TEST,
		.flags = AT_F_SMS | AT_F_PROMPT,
		.test_by_run = true,
		.run = run_cnma,
		.more = more_cnma,
		.param = { { "n", AT_INT, "(0-2)", 0 },
			{ "length", AT_INT, "(0-164)", 0, .optional = true } } },
	{ .name = "+CMGC",
		.see = "sms.md +CMGC",
		.forms = AT_SET | AT_TEST,
		.flags = AT_F_REFUSED,
		.test_by_run = true,
		.run = run_refused,
		.param = { { "fo", AT_TEXT, NULL, 0, .optional = true },
			{ "ct", AT_TEXT, NULL, 0, .optional = true },
			{ "pid", AT_TEXT, NULL, 0, .optional = true },
			{ "mn", AT_TEXT, NULL, 0, .optional = true },
			{ "da", AT_TEXT, NULL, 0, .optional = true },
			{ "toda", AT_TEXT, NULL, 0, .optional = true } } },
	{ 0 },
};
