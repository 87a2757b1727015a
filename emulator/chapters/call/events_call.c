/* What the modem sends for call events. Order for an outgoing voice call (call.md Voice
 * call traces):
 *
 *   ATD...;  +WIND: 5,1   +WIND: 2   OK            NO CARRIER  +WIND: 6,1
 *            created      alerting   answered      the far end hangs up
 */
#include <ctype.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "at/reply.h"
#include "at/run.h"
#include "chapters/call/call.h"
#include "chapters/gprs/gprs.h"
#include "chapters/phonebook/book_dial.h"
#include "chapters/services/services.h"
#include "link/link.h"
#include "link/mux.h"
#include "state/modem_state.h"
#include "state/port_map.h"

#define RI_PULSE SEC(1) /* inferred: how long RI is on at each ring */

/* The port that goes online when S0 has answered a data call: the one that +WMFM says,
 * else the first open one (inferred). */
static struct channel *answering(const struct modem *m)
{
	struct channel *ch = port_of_data(m, PORT_DATA_GSM);

	if (ch)
		return ch;
	for (ch = channel_next(m, NULL); ch && ch->shut; ch = channel_next(m, ch))
		;
	return ch;
}

int at_number_type(const char *number)
{
	return number[0] == '+' ? 145 : 129;
}

/* CONNECT */

/* data.md +CBST: the rate that a +CBST speed means; 0, autobauding, gives 9600. */
const char *at_bearer_speed(const struct modem *m, const struct call *c)
{
	int speed = c->neighbour ? c->speed : m->live.cbst_speed;
	static const struct {
		int cbst;
		const char *speed;
	} rates[] = { { 1, "300" }, { 2, "1200" }, { 3, "1200/75" }, { 4, "2400" },
		{ 5, "2400" }, { 6, "4800" }, { 12, "14400" }, { 14, "14400" },
		{ 65, "300" }, { 66, "1200" }, { 68, "2400" }, { 70, "4800" },
		{ 75, "14400" } };
	size_t i;

	for (i = 0; i < sizeof(rates) / sizeof(*rates); i++)
		if (rates[i].cbst == speed)
			return rates[i].speed;
	return "9600";
}

static bool corrects_errors(const struct modem *m, const struct call *c)
{
	return c->neighbour ? c->element : m->live.cbst_element;
}

static const char *bearer_word(const struct modem *m, const struct call *c)
{
	return corrects_errors(m, c) ? "REL ASYNC" : "ASYNC";
}

/* With autobauding: the client's rate if it is known. */
static long port_speed(const struct channel *ch)
{
	if (ch->set.speed)
		return ch->set.speed;
	return ch->link->host.baud ? (long)ch->link->host.baud : 115200;
}

/* V.250 6.6.1 and 6.6.2: the direction of +DS, if %C has switched V.42bis on. Inferred:
 * not in a transparent call, which has no error correction for it. */
static const char *compression(const struct modem *m, const struct call *c)
{
	static const char *const words[] = { "NONE", "V42B TD", "V42B RD", "V42B" };
	bool on = m->live.compression && corrects_errors(m, c);

	return words[on ? m->live.ds_direction : 0];
}

/* data.md CONNECT: +CR, +DR, +ILRR, CONNECT. */
void at_info_bearer(struct channel *ch, const char *bearer, const char *compressed)
{
	struct modem *m = ch->modem;

	if (m->live.service_report) {
		at_info(ch, "+CR: %s", bearer);
		at_block_end(ch);
	}
	if (m->live.compression_report) {
		at_info(ch, "+DR: %s", compressed);
		at_block_end(ch);
	}
	if (m->live.rate_report) {
		at_info(ch, "+ILRR: %ld", port_speed(ch));
		at_block_end(ch);
	}
}

void at_connect_port(struct channel *ch)
{
	char speed[24];

	snprintf(speed, sizeof(speed), "%ld", port_speed(ch));
	at_connect(ch, speed);
}

/* Sends +CR, +DR and +ILRR as above, then CONNECT; the port is online afterwards. */
static void at_data_connect(struct channel *ch, const struct call *c)
{
	struct modem *m = ch->modem;

	at_info_bearer(ch, bearer_word(m, c), compression(m, c));
	at_connect(ch, at_bearer_speed(m, c));
	data_start(ch, c);
}

void at_call_room(struct channel *ch)
{
	const struct call *c;

	if (!ch->answers || link_room(ch) < AT_ROOM)
		return;
	c = &ch->modem->calls.call[ch->answers - 1];
	ch->answers = 0;
	at_data_connect(ch, c);
}

void at_data_escaped(struct channel *ch)
{
	struct modem *m = ch->modem;

	modem_notify(m, NOTICE_CALL, "escaped", 0);
	at_final(ch, AT_OK);
}

/* commands that wait for a call */

int at_await_call(struct channel *ch, const struct call *c)
{
	ch->awaited = c->id;
	return AT_PENDING;
}

static struct call *awaited(const struct channel *ch)
{
	return ch->awaited ? &ch->modem->calls.call[ch->awaited - 1] : NULL;
}

/* The channel whose ATD or ATA waits for this call, NULL: none. */
static struct channel *awaiting(const struct modem *m, const struct call *c)
{
	struct channel *ch;

	for (ch = channel_next(m, NULL); ch; ch = channel_next(m, ch))
		if (ch->awaited == c->id)
			break;
	return ch;
}

bool at_works_on_call(const struct channel *ch, const struct at_call *c)
{
	const struct call *call = awaited(ch);

	(void)c;
	return call && call->bearer == BEARER_VOICE;
}

/* V.250 6.3.1 and table 4 (X): the result of a failed call attempt. */
static int failure(const struct channel *ch, const struct call *c)
{
	bool words = ch->set.extended_results >= 3;

	switch (c->cause) {
	case CAUSE_BUSY:
		return words ? AT_BUSY : AT_NO_CARRIER;
	case CAUSE_NO_RESPONSE:
	case CAUSE_NO_ANSWER:
		return AT_NO_ANSWER;
	default:
		return AT_NO_CARRIER;
	}
}

const char *at_call_name(const struct modem *m, const char *number, const char *commas,
	char out[AT_CALL_NAME])
{
	struct buf b;
	size_t len;

	out[0] = '\0';
	buf_init(&b, out, AT_CALL_NAME - 2);
	buf_printf(&b, "%s\"", commas);
	len = b.len;
	if (!number[0] || !at_book_name(m, number, &b) || b.len == len)
		b.len = 0;
	else
		out[b.len++] = '"';
	out[b.len] = '\0';
	return out;
}

/* What precedes the name in +CLIP and +COLP: an empty subaddress; older firmwares have a
 * third value that no guide explains (GD-01 p. 81, S000293I p. 83). */
static const char *before_name(const struct modem *m)
{
	return firmware_has(m->fw, QUIRK_CLIP_THIRD_VALUE) ? ",1,,," : ",,,";
}

static void info_colp(struct channel *ch, const struct call *c)
{
	struct modem *m = ch->modem;
	const char *number = c->reached;
	char name[AT_CALL_NAME];

	if (!m->live.colp || c->incoming || !number[0])
		return;
	at_info(ch, "+COLP: \"%s\",%d%s", number, at_number_type(number),
		at_call_name(m, number, before_name(m), name));
	at_block_end(ch);
}

int at_more_call(struct channel *ch, struct at_call *at, enum at_why why)
{
	struct call *c = awaited(ch);

	(void)at;
	if (!c)
		return AT_NO_CARRIER;
	ch->awaited = 0;
	if (why != AT_WHY_CALL) {
		call_release(c, CAUSE_NORMAL);
		return AT_NO_CARRIER;
	}
	if (call_state(c) != CALL_ACTIVE)
		return failure(ch, c);
	info_colp(ch, c);
	if (c->bearer == BEARER_VOICE)
		return AT_OK;
	at_data_connect(ch, c);
	return AT_SILENT;
}

/* "ATH", "ath0 ": a line that ends a voice call while it is being dialled. */
static bool is_hang_up(const unsigned char *p, size_t len)
{
	char text[8];
	size_t i, n = 0;

	for (i = 0; i < len; i++) {
		if (p[i] == ' ')
			continue;
		if (n == sizeof(text) - 1)
			return false;
		text[n++] = (char)p[i];
	}
	text[n] = '\0';
	return !strcasecmp(text, "ATH") || !strcasecmp(text, "ATH0") ||
	       !strcasecmp(text, "ATH1");
}

size_t at_call_rx(struct channel *ch, const unsigned char *p, size_t len)
{
	const struct call *c = awaited(ch);
	const unsigned char *end;
	size_t lead;

	if (!c || !ch->at->waiting || ch->at->want_room || link_room(ch) < AT_ROOM)
		return 0;
	/* the LF after the command's CR does not abort it */
	lead = ch->at->skip_lf && p[0] == ch->set.s4;
	if (c->bearer != BEARER_VOICE) {
		ch->at->skip_lf = false;
		if (!lead)
			at_wake(ch, AT_WHY_ABORT);
		return 1;
	}
	end = memchr(p, ch->set.s3, len);
	if (!end || !is_hang_up(p + lead, (size_t)(end - p) - lead))
		return 0;
	if (ch->set.echo)
		link_send(ch, p + lead, (size_t)(end - p) + 1 - lead);
	ch->at->skip_lf = true;
	at_final(ch, AT_OK);
	at_wake(ch, AT_WHY_ABORT);
	return (size_t)(end - p) + 1;
}

static void release_data(struct modem *m)
{
	size_t i;

	for (i = 0; i < m->calls.made; i++)
		if (m->calls.call[i].bearer != BEARER_VOICE)
			call_release(&m->calls.call[i], CAUSE_NORMAL);
}

void at_call_dtr_off(struct channel *ch)
{
	struct modem *m = ch->modem;
	const struct call *c = awaited(ch);
	bool online = ch->link->mode == LINK_DATA || ch->link->mode == LINK_PPP;

	if (m->live.dial_on_dtr == 1 && calls_any(&m->calls)) {
		data_escape(ch);
		calls_release(&m->calls, CAUSE_NORMAL);
		at_unsolicited(m, AT_OK);
		return;
	}
	if (c && c->bearer != BEARER_VOICE && ch->set.dtr == 2) {
		at_wake(ch, AT_WHY_ABORT);
		return;
	}
	if (!ch->set.dtr || (!ch->link->data.on && !ch->link->ppp.on && !ch->answers))
		return;
	if (online)
		data_last(ch);
	data_escape(ch);
	if (ch->set.dtr == 2) {
		at_unsolicited(m, AT_NO_CARRIER);
		at_gprs_hang_up(m);
		release_data(m);
	} else if (online) {
		at_unsolicited(m, AT_OK);
	}
}

void at_call_close(struct channel *ch)
{
	struct call *c = awaited(ch);
	bool data = ch->link->data.on || ch->answers;

	ch->awaited = ch->answers = 0;
	data_stop(ch);
	if (c)
		call_release(c, CAUSE_NORMAL);
	if (data)
		release_data(ch->modem);
}

/* unsolicited results */

static void urc_clip(struct modem *m, const struct call *c)
{
	char name[AT_CALL_NAME];

	if (!m->live.clip)
		return;
	if (c->withheld)
		at_urc(m, "+CLIP: \"\",128");
	else
		at_urc(m, "+CLIP: \"%s\",%d%s", c->number, at_number_type(c->number),
			at_call_name(m, c->number, before_name(m), name));
}

static void ring(struct modem *m, const struct call *c)
{
	static const char *const words[] = {
		[BEARER_VOICE] = "VOICE",
		[BEARER_DATA] = "",
		[BEARER_FAX] = "FAX",
	};

	if (!m->live.cring)
		at_unsolicited(m, AT_RING);
	else
		at_urc(m, "+CRING: %s",
			c->bearer == BEARER_DATA ? bearer_word(m, c) : words[c->bearer]);
	urc_clip(m, c);
	at_tell_called(m, c);
	m->s.ri = true;
	timer_arm(&m->sched, &m->s.ring_pulse, RI_PULSE);
	if (m->live.s0 && c->rings >= m->live.s0 && at_answers_circuits(m))
		call_answer(&m->calls);
}

void at_ring_off(void *ctx, usec_t now)
{
	struct modem *m = ctx;

	(void)now;
	m->s.ri = false;
}

static void waits(struct modem *m, const struct call *c)
{
	int class = (int)at_service_class(c);
	char name[AT_CALL_NAME];

	if (m->live.ccwa && c->withheld)
		at_urc(m, "+CCWA: ,,%d", class);
	else if (m->live.ccwa)
		at_urc(m, "+CCWA: \"%s\",%d,%d%s", c->number, at_number_type(c->number),
			class, at_call_name(m, c->number, ",", name));
	at_tell_called(m, c);
}

/* Outgoing calls cost, except emergency calls; parallel calls share the meter. */
static bool costs(const struct call *c)
{
	return !c->incoming && !c->emergency && call_state(c) != CALL_FREE;
}

static void stop_charge(struct modem *m, const struct call *ended)
{
	size_t i;

	for (i = 0; i < m->calls.made; i++)
		if (&m->calls.call[i] != ended && costs(&m->calls.call[i]))
			return;
	charge_stop(&m->charge);
}

static void connected(struct modem *m, const struct call *c)
{
	struct channel *ch = awaiting(m, c);
	struct channel *answers = mux_speaker(answering(m));

	if (costs(c) && !charge_running(&m->charge))
		charge_start(&m->charge);
	if (c->bearer == BEARER_VOICE && c->incoming)
		at_wind(m, 9, "9");
	if (c->incoming && !c->withheld)
		at_book_log(m, BOOK_RC, c->number);
	if (ch)
		at_wake(ch, AT_WHY_CALL);
	else if (c->bearer != BEARER_VOICE && answers) {
		answers->answers = c->id; /* S0 has answered */
		at_call_room(answers);
	}
}

/* A call that ends before its CONNECT has found room has none. */
static void forget_answered(const struct modem *m, const struct call *c)
{
	struct channel *ch;

	for (ch = channel_next(m, NULL); ch; ch = channel_next(m, ch))
		if (ch->answers == c->id)
			ch->answers = 0;
}

static void ended(struct modem *m, const struct call *c)
{
	struct channel *data = c->bearer != BEARER_VOICE ? link_online(m) : NULL;
	bool online = data && data->link->mode == LINK_DATA;
	struct channel *ch = awaiting(m, c);

	stop_charge(m, c);
	forget_answered(m, c);
	if (data)
		data_stop(data);
	if (c->incoming && !c->answered && !c->withheld)
		at_book_log(m, BOOK_MC, c->number);
	if (c->was == CALL_HELD && !c->local_end)
		at_tell_released(m);
	if (ch)
		at_wake(ch, AT_WHY_CALL);
	else if (!c->local_end && online)
		at_final(data, AT_NO_CARRIER);
	else if (!c->local_end && c->was != CALL_WAITING)
		at_unsolicited(m, AT_NO_CARRIER);
	at_wind(m, 6, "6,%d", c->id);
}

/* "hears tone 5": from a neighbour; a real modem does not report it. */
static void notify_tone(struct modem *m, const struct call *c)
{
	char text[] = "hears tone ?";

	text[sizeof(text) - 2] = c->tone;
	modem_notify(m, NOTICE_CALL, text, c->id);
}

void at_call_event(void *ctx, enum call_event e, const struct call *c)
{
	struct modem *m = ctx;

	if (e != CALL_EVENT_HINT && e != CALL_EVENT_TONE)
		modem_notify(m, NOTICE_CALL, call_state_name(c), c->id);
	switch (e) {
	case CALL_EVENT_CREATED:
		if (c->incoming)
			at_cut_short(m, "+COPS", AT_TEST, AT_CME(CME_LIST_ABORTED));
		at_wind(m, 5, "5,%d", c->id);
		if (!c->incoming)
			at_tell_dialled(m, c);
		break;
	case CALL_EVENT_ALERTING:
		at_wind(m, 2, "2");
		if (c->bearer == BEARER_VOICE)
			at_wind(m, 9, "9");
		break;
	case CALL_EVENT_RING:
		ring(m, c);
		break;
	case CALL_EVENT_WAITING:
		waits(m, c);
		break;
	case CALL_EVENT_CONNECTED:
		connected(m, c);
		break;
	case CALL_EVENT_HINT:
		at_tell_hint(m, c);
		break;
	case CALL_EVENT_TONE:
		notify_tone(m, c);
		break;
	case CALL_EVENT_ENDED:
		ended(m, c);
		break;
	}
}
