/* Call control: dialling (call.md D, DL, %D). ATD accepts a number, a key sequence, USSD,
 * a phonebook entry or a GPRS string. */
#include <ctype.h>
#include <string.h>

#include "at/reply.h"
#include "at/run.h"
#include "at/store.h"
#include "chapters/call/call.h"
#include "chapters/gprs/gprs.h"
#include "chapters/phonebook/book_dial.h"
#include "chapters/services/mmi.h"
#include "chapters/services/services.h"
#include "link/link.h"
#include "state/modem_state.h"
#include "state/nv.h"
#include "state/port_map.h"

#define DIGITS_MAX 60 /* call.md D */

struct dial {
	char number[CALL_NUMBER];
	size_t len;
	bool voice;
	char hides; /* I: hides the own number, i: shows it; 0: as +CLIR says */
	char group; /* G: a closed user group call, g: not one; 0: as +CCUG says */
};

/* numbers */

static bool is_digit(const struct dial *d, char c)
{
	bool sequence = d->len && strchr("*#", d->number[0]);

	/* a key sequence may contain an international number */
	return isdigit((unsigned char)c) || strchr("*#ABCDabcd", c) ||
	       (c == '+' && (!d->len || sequence));
}

/* *31#0146290800 and #31#...: CLIR for one call by key sequence (22.030 clause 6.5.4). It
 * is a voice call even without a semicolon (GD-01 pp. 20, 192). */
static void take_clir_prefix(struct dial *d)
{
	bool shows = !strncmp(d->number, "*31#", 4);

	if (d->len <= 4 || (!shows && strncmp(d->number, "#31#", 4) != 0))
		return;
	d->hides = shows ? 'i' : 'I';
	d->voice = true;
	d->len -= 4;
	memmove(d->number, d->number + 4, d->len + 1);
}

/* Spaces and the modifiers of V.250 6.3.1 are ignored; any other character that is not a
 * digit is an error. */
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
		if (strchr("Ii", c))
			d->hides = c;
		if (strchr("Gg", c))
			d->group = c;
		if (strchr(" -()TtPpWw,@!IiGg", c))
			continue;
		if (!is_digit(d, c))
			return AT_ERROR;
		if (d->len == DIGITS_MAX)
			return AT_CME(CME_NOT_ALLOWED);
		d->number[d->len++] = (char)toupper((unsigned char)c);
	}
	d->number[d->len] = '\0';
	take_clir_prefix(d);
	return AT_OK;
}

/* services.md GSM sequences: *#06# and the strings of services end with #. */
static bool is_code(const struct dial *d)
{
	return d->len > 2 && (d->number[0] == '*' || d->number[0] == '#') &&
	       d->number[d->len - 1] == '#';
}

/* Forwarding, barring, PINs; any other code is sent as USSD. */
static int dial_code(struct channel *ch, struct at_call *c, const struct dial *d)
{
	struct modem *m = ch->modem;
	struct mmi mmi;
	int result;

	if (mmi_parse(d->number, d->len, &mmi))
		return keypad_sequence(ch, c, d->number, d->len);
	/* services.md GSM sequences: an unknown code without a semicolon is refused */
	if (!d->voice)
		return AT_CME(CME_NOT_ALLOWED);
	result = at_check_needs(m, AT_NEED_PIN | AT_NEED_NET);
	return result == AT_OK ? at_ussd_dial(m, d->number, d->len) : result;
}

static bool barred(const struct modem *m, const struct dial *d)
{
	enum ss_class class = d->voice ? SS_VOICE : m->live.fax_class ? SS_FAX : SS_DATA;

	return ss_bars_outgoing(
		&m->ss, class, d->number, m->profile->network.services.country);
}

static enum call_bearer bearer(const struct modem *m, const struct dial *d)
{
	if (d->voice)
		return BEARER_VOICE;
	return m->live.fax_class ? BEARER_FAX : BEARER_DATA;
}

/* what the far end sees */

/* CLIR for this call: 1 invoked, 2 suppressed, 0 as the subscription says. */
static int clir(const struct modem *m, const struct dial *d)
{
	return d->hides == 'I' ? 1 : d->hides == 'i' ? 2 : m->live.clir;
}

static bool hides_number(const struct modem *m, const struct dial *d)
{
	switch (m->profile->network.services.clir) {
	case CLIR_NONE:
		return false;
	case CLIR_PERMANENT:
		return true;
	case CLIR_RESTRICTED:
		return clir(m, d) != 2;
	case CLIR_ALLOWED:
		break;
	}
	return clir(m, d) == 1;
}

/* "0146290800 sees +33600000017, group 3" */
static void notify_far_end(
	struct modem *m, const struct call *c, const struct call_terms *terms)
{
	char own[CONTACT_NUMBER + 2] = "no number", text[160];
	const struct contact *msisdn = book_at(&m->books, BOOK_ON, 1);
	struct buf b;

	if (msisdn && !terms->hidden)
		contact_number(msisdn, own);
	buf_init(&b, text, sizeof(text) - 1);
	buf_printf(&b, "%s sees %s", c->number, own);
	if (terms->group != GROUP_NONE)
		buf_printf(&b, ", group %d", terms->group);
	text[b.len] = '\0';
	modem_notify(m, NOTICE_FAR_END, text, c->id);
}

static int set_up(struct channel *ch, const struct dial *d, bool emergency)
{
	struct modem *m = ch->modem;
	bool group = d->group ? d->group == 'G' : m->live.cug;
	struct call_terms terms = {
		.bearer = bearer(m, d),
		.hidden = hides_number(m, d),
		.group = group && !emergency ? m->live.cug_index : GROUP_NONE,
		.group_only = m->live.cug_info & 1,
		.emergency = emergency,
	};
	const struct call *c = call_dial(&m->calls, d->number, &terms);

	if (!c)
		return AT_CME(CME_NOT_ALLOWED);
	if (m->profile->network.services.clir == CLIR_PERMANENT && clir(m, d) == 2)
		at_urc_cssi(m, CSSI_CLIR_REFUSED);
	notify_far_end(m, c, &terms);
	return at_await_call(ch, c);
}

/* D */

/* The call is barred by the network: +CSSI comes before the result (services.md
 * +CSSI). */
static int tell_barred(struct channel *ch)
{
	struct modem *m = ch->modem;

	m->calls.cause = CAUSE_OUTGOING_BARRED;
	if (m->live.cssi) {
		at_info(ch, "+CSSI: %d", CSSI_BARRED_OUT);
		at_block_end(ch);
	}
	return AT_NO_CARRIER;
}

/* Emergency calls need a cell; some firmwares search for one only when such a call is
 * made. */
static bool may_call_for_help(const struct modem *m)
{
	return net_service(&m->net) ||
	       (firmware_has(m->fw, QUIRK_SEARCH_AFTER_PIN) && !sim_open(&m->sim) &&
		       m->power == POWER_ON && m->s.functionality == 1 &&
		       net_heard(&m->net, band_set(m->band)));
}

static bool is_emergency(const struct modem *m, const char *number)
{
	return may_call_for_help(m) && (call_is_emergency(number, sim_open(&m->sim)) ||
					       at_book_emergency(m, number));
}

/* stk.md +STCR: the SIM may refuse a number, or have another one called. False: it has
 * refused. */
static bool controlled(struct channel *ch, struct dial *d)
{
	struct modem *m = ch->modem;
	const struct toolkit_control *c = toolkit_control(&m->toolkit, d->number);

	if (!c || !(m->live.toolkit_high & TOOLKIT_CALL_CONTROL))
		return true;
	at_info(ch, "+STCR: %d,\"%s\",,\"%s\"", c->to[0] != '\0',
		c->to[0] ? c->to : d->number, c->text);
	at_block_end(ch);
	/* unsolicited results during call set-up are not part of this text */
	ch->at->info = false;
	if (!c->to[0])
		return false;
	strcpy(d->number, c->to);
	d->len = strlen(d->number);
	return true;
}

/* Dials a number that has been parsed. */
static int dial(struct channel *ch, struct at_call *at, struct dial *d)
{
	struct modem *m = ch->modem;
	bool emergency = is_emergency(m, d->number);
	int result = AT_OK;

	if (!d->len)
		return AT_NO_CARRIER;
	/* some codes unlock the SIM, so each code checks its own needs */
	if (is_code(d))
		return dial_code(ch, at, d);
	if (!emergency)
		result = at_check_needs(m, AT_NEED_PIN | AT_NEED_NET);
	if (result != AT_OK)
		return result;
	if (!emergency && !controlled(ch, d))
		return AT_NO_CARRIER;
	if (!emergency && !at_book_may_dial(m, d->number, d->len)) {
		m->calls.cause = CAUSE_FIXED_DIALLING;
		return AT_CME(CME_NOT_ALLOWED);
	}
	if (!emergency && !charge_allows(&m->charge)) {
		m->calls.cause = CAUSE_CHARGE;
		return AT_NO_CARRIER;
	}
	if (!emergency && barred(m, d))
		return tell_barred(ch);
	if (!d->voice && !port_takes_data(ch, PORT_DATA_GSM))
		return AT_CME(CME_OTHER_PORT);
	if (!d->voice && (calls_any(&m->calls) || link_speaks_ppp(m))) {
		m->calls.cause = CAUSE_REFUSED_HERE;
		return AT_CME(CME_NOT_ALLOWED);
	}
	strcpy(m->dialled.number, d->number);
	m->dialled.voice = d->voice;
	nv_save_calls(m);
	at_book_log(m, BOOK_LD, d->number);
	return set_up(ch, d, emergency);
}

int at_dial(struct channel *ch, struct at_call *c, const char *number, bool voice)
{
	struct dial d;
	int result = take_number(number, strlen(number), &d);

	d.voice |= voice;
	return result == AT_OK ? dial(ch, c, &d) : result;
}

/* call.md DL: the number is reported, then dialled. */
static int redial(struct channel *ch, struct at_call *c)
{
	struct modem *m = ch->modem;
	struct dial d = { .voice = m->dialled.voice };

	strcpy(d.number, m->dialled.number);
	d.len = strlen(d.number);
	if (!d.len)
		return AT_NO_CARRIER;
	at_info(ch, "%s%s", d.number, d.voice ? ";" : "");
	at_block_end(ch);
	/* unsolicited results during call set-up are not part of this text */
	ch->at->info = false;
	return dial(ch, c, &d);
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
	while (len && strchr("IiGg", p[len - 1])) {
		len--;
		if (strchr("Ii", p[len]))
			d->hides = p[len];
		else
			d->group = p[len];
	}
	if (result == AT_OK)
		result = at_book_number(m, p, len, d->number);
	d->len = strlen(d->number);
	return result;
}

static int run_dial(struct channel *ch, struct at_call *c)
{
	struct modem *m = ch->modem;
	const char *p = c->rest;
	size_t len = c->rest_len;
	struct dial d;
	int result;

	while (len && *p == ' ') {
		p++;
		len--;
	}
	if (len && toupper((unsigned char)*p) == 'L')
		return redial(ch, c);
	if (at_is_gprs_dial(p, len)) {
		result = at_check_needs(m, AT_NEED_FILES | AT_NEED_NO_CALL);
		return result == AT_OK ? at_gprs_dial(ch, p, len) : result;
	}
	if (len && *p == '>')
		result = from_book(m, p + 1, len - 1, &d);
	else
		result = take_number(p, len, &d);
	return result == AT_OK ? dial(ch, c, &d) : result;
}

/* %D */

/* AT%D1; dials for voice, AT%D1 for data. */
static int run_dial_on_dtr(struct channel *ch, struct at_call *c)
{
	int result = at_store_field(ch, SETTING(dial_on_dtr), c->arg[0].num);

	if (result != AT_OK)
		return result;
	return at_store_field(ch, SETTING(dial_voice), at_semicolon_follows(ch));
}

void at_call_dtr_on(struct channel *ch)
{
	struct modem *m = ch->modem;
	bool fixed = m->sim.fixed_dialling;

	switch (m->live.dial_on_dtr) {
	case 1:
		at_run_text(ch, m->live.dial_voice ? (fixed ? "D>FD1;" : "D>SM1;")
						   : (fixed ? "D>FD1" : "D>SM1"));
		break;
	case 2:
		at_run_text(ch, "+CMSS=1");
		break;
	}
}

const struct at_cmd at_cmds_dial[] = {
	{ .name = "D",
		.see = "call.md D",
		.forms = AT_EXEC,
		.flags = AT_F_REST,
		.run = run_dial,
		.more = at_more_call,
		.works = at_works_on_call,
		.typed = at_call_rx },
	{ .name = "%D",
		.see = "call.md %D",
		.forms = AT_EXEC,
		.run = run_dial_on_dtr,
		.param = { { "what", AT_INT, "(0-2)", 0, SETTING(dial_on_dtr), AT_WF },
			{ "voice", AT_INT, "(0,1)", 0, SETTING(dial_voice), AT_WF,
				.inner = true } } },
	{ 0 },
};
