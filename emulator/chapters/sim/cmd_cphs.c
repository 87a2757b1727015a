/* Common PCN Handset Specification: the files that operators added to the SIM of
 * GSM 11.11: mailboxes, names, service profile (GDW-11 p. 193-201, 335-338). */
#include <string.h>

#include "at/reply.h"
#include "at/run.h"
#include "at/store.h"
#include "at/tables.h"
#include "chapters/phonebook/book_entry.h"
#include "chapters/sim/sim.h"
#include "codec/hex.h"
#include "state/modem_state.h"
#include "state/nv.h"

#define NUMBER_MAX 20
#define TEXT_MAX   10

enum feature {
	CPHS_VOICE_MAIL = 1,
	CPHS_MAILBOX,
	CPHS_LINE,
	CPHS_DIVERTED,
	CPHS_NAME,
	CPHS_INFORMATION,
	CPHS_SERVICES,
	CPHS_FEATURES = CPHS_SERVICES,
};

static const struct cphs_conf *card_of(const struct modem *m)
{
	return &m->sim.card->cphs;
}

static bool is_on(const struct modem *m, enum feature f)
{
	return m->live.cphs[f - 1];
}

/* Feature 2: mailboxes */

static bool may_be_written(const struct modem *m)
{
	return !card_of(m)->mailboxes_fixed;
}

static void info_mailbox(struct channel *ch, int line)
{
	struct modem *m = ch->modem;
	const struct contact *box = &m->sim.cphs.mailbox[line - 1];
	char number[CONTACT_NUMBER + 2], text[4 * CONTACT_TEXT + 3];
	struct buf b;

	if (!box->type) {
		at_info(ch, "+WMBN: %d,,,,%d", line, may_be_written(m));
		return;
	}
	buf_init(&b, text, sizeof(text));
	if (box->text_len) {
		buf_putc(&b, '"');
		at_book_put_text(m, box, &b);
		buf_putc(&b, '"');
	}
	at_info(ch, "+WMBN: %d,\"%s\",%d,%.*s,%d", line, contact_number(box, number),
		box->type, (int)b.len, text, may_be_written(m));
}

static int run_wmbn(struct channel *ch, struct at_call *c)
{
	struct modem *m = ch->modem;
	struct contact box = { 0 }, *to;
	int result = AT_OK;

	if (!card_of(m)->present)
		return AT_CME(CME_NOT_ALLOWED);
	if (c->form == AT_READ)
		return AT_OK;
	if (!may_be_written(m))
		return AT_CME(CME_BAD_INDEX);
	if (at_given(c, 1)) {
		result = at_contact_error(contact_set_number(&box, c->arg[1].text,
			c->arg[1].len, at_given(c, 2) ? c->arg[2].num : 0, NUMBER_MAX));
		if (result == AT_OK && at_given(c, 3))
			result = at_book_read_text(m, &c->arg[3], TEXT_MAX, &box);
	}
	if (result != AT_OK)
		return result;
	to = &m->sim.cphs.mailbox[c->arg[0].num - 1];
	*to = box;
	return nv_save_sim(m) ? AT_OK : AT_CME(CME_MEMORY);
}

/* Features 5 and 6: names and the information field */

static int info_names(struct channel *ch, const struct at_call *c)
{
	struct modem *m = ch->modem;
	const char *name[] = { card_of(m)->name, card_of(m)->short_name };
	int i, asked = at_given(c, 2) ? c->arg[2].num : -1;

	if (asked > 1)
		return AT_CME(CME_NOT_ALLOWED);
	for (i = 0; i < 2; i++)
		if (asked < 0 || asked == i)
			at_info(ch, "+WNON: %d,\"%s\"", i, name[i]);
	return AT_OK;
}

/* The bits of p. 335, which leaves out 16 to 19; in the only sample they are set together
 * with 20 to 23. */
static uint32_t information(const struct modem *m)
{
	const struct cphs_conf *card = card_of(m);
	const struct cphs *now = &m->sim.cphs;
	uint32_t bits = 1u << 1;
	int i;

	bits |= card->services[0] ? 1u << 0 : 0;
	bits |= card->n_mailboxes || !card->mailboxes_fixed ? 1u << 2 : 0;
	bits |= card->short_name[0] ? 1u << 3 : 0;
	bits |= card->information ? 1u << 4 : 0;
	for (i = 0; i < CPHS_LINES; i++) {
		bits |= now->voice_mail[i] ? 1u << (8 + i) : 0;
		bits |= now->diverted[i] ? 1u << (12 + i) : 0;
		bits |= now->mailbox[i].type ? 1u << (16 + i) | 1u << (20 + i) : 0;
	}
	bits |= card->mailboxes_fixed ? 0 : 1u << 24;
	return bits;
}

/* Field 0 is the whole word, field n its bit n - 1; bits 5 to 7 are not fields. */
static int info_field(struct channel *ch, const struct at_call *c)
{
	struct modem *m = ch->modem;
	int field = at_given(c, 2) ? c->arg[2].num : 0;
	uint32_t bits = information(m);

	if (field > 25 || (field > 5 && field < 9))
		return AT_CME(CME_NOT_ALLOWED);
	if (field)
		at_info(ch, "+WCPI: %d,%u", field, (unsigned)(bits >> (field - 1) & 1));
	else
		at_info(ch, "+WCPI: 0,\"%08X\"", (unsigned)bits);
	return AT_OK;
}

/* Feature 7: the customer service profile */

/* EF-CSP is a list of pairs: a group, and its services with the first in bit 8. Each
 * group has eight service numbers, in the order of the table. */
static int info_service(struct channel *ch, const struct at_call *c)
{
	struct modem *m = ch->modem;
	static const uint8_t groups[] = { 0x01, 0x02, 0x03, 0x04, 0x05, 0x06, 0x07, 0x08,
		0x09, 0xc0, 0xd5 };
	static const char allowed[] =
		"(1-5,9-13,17-21,25-28,33-39,41,49,57,59-61,63-70,73-78,80,81)";
	const char *csp = card_of(m)->services;
	int service = at_given(c, 2) ? c->arg[2].num : 0, bit = 0;
	uint8_t octets[22];
	size_t i, n = 0;

	if (!csp[0] || !at_values_allow(allowed, service) ||
		!hex_decode(csp, strlen(csp), octets, sizeof(octets), &n))
		return AT_CME(CME_NOT_ALLOWED);
	for (i = 0; i + 1 < n; i += 2)
		if (octets[i] == groups[(service - 1) / 8])
			bit = octets[i + 1] >> (7 - (service - 1) % 8) & 1;
	at_info(ch, "+WCSP: %d,%d", service, bit);
	return AT_OK;
}

/* +CPHS */

/* That the answer looks like the unsolicited result is inferred. */
static int info_flags(struct channel *ch, const char *name, const bool *flag)
{
	int i;

	for (i = 0; i < CPHS_LINES; i++)
		at_info(ch, "%s: %d,%d", name, i + 1, flag[i]);
	return AT_OK;
}

static int interrogate(struct channel *ch, const struct at_call *c)
{
	struct modem *m = ch->modem;
	int i;

	switch ((enum feature)c->arg[1].num) {
	case CPHS_VOICE_MAIL:
		return info_flags(ch, "+WVMI", m->sim.cphs.voice_mail);
	case CPHS_MAILBOX:
		for (i = 1; i <= CPHS_LINES; i++)
			info_mailbox(ch, i);
		return AT_OK;
	case CPHS_LINE:
		break;
	case CPHS_DIVERTED:
		return info_flags(ch, "+WDCI", m->sim.cphs.diverted);
	case CPHS_NAME:
		return info_names(ch, c);
	case CPHS_INFORMATION:
		return info_field(ch, c);
	case CPHS_SERVICES:
		return info_service(ch, c);
	}
	return AT_CME(CME_NOT_ALLOWED);
}

static int run_cphs(struct channel *ch, struct at_call *c)
{
	struct modem *m = ch->modem;
	int i;

	if (!card_of(m)->present)
		return AT_CME(CME_NOT_ALLOWED);
	if (c->form == AT_READ) {
		for (i = 1; i <= CPHS_FEATURES; i++)
			at_info(ch, "+CPHS: %d,%d", i, is_on(m, (enum feature)i));
		return AT_OK;
	}
	if (c->arg[0].num == 2)
		return interrogate(ch, c);
	if (c->args > 2)
		return AT_CME(CME_NOT_ALLOWED);
	return at_store_field(ch, SETTING(cphs) + c->arg[1].num - 1, c->arg[0].num);
}

/* Unsolicited: +WVMI, +WDCI */

static bool change(struct modem *m, bool flag[CPHS_LINES], int line, bool on,
	enum feature f, const char *name)
{
	if (!card_of(m)->present || !sim_open(&m->sim))
		return false;
	if (flag[line - 1] == on)
		return true;
	flag[line - 1] = on;
	nv_save_sim(m);
	if (is_on(m, f))
		at_urc(m, "%s: %d,%d", name, line, on);
	return true;
}

bool cphs_voice_mail(struct modem *m, int line, bool waits)
{
	return change(m, m->sim.cphs.voice_mail, line, waits, CPHS_VOICE_MAIL, "+WVMI");
}

bool cphs_diverted(struct modem *m, int line, bool on)
{
	return change(m, m->sim.cphs.diverted, line, on, CPHS_DIVERTED, "+WDCI");
}

/* Whether a feature is on; stored at once (GDW-11 p. 312). */
#define FEATURE(n, i)                                                               \
	{                                                                           \
		n, AT_INT, "(0,1)", 0, SETTING(cphs) + (i)-1, AT_EEF, .inner = true \
	}

const struct at_cmd at_cmds_cphs[] = {
	{ .name = "+CPHS",
		.see = "sim.md +CPHS; GDW-11 p. 193-200: for 6.63 and 7.x inferred",
		.forms = AT_SRT,
		.needs = AT_NEED_FILES,
		.open = AT_TEST,
		.test = "",
		.run = run_cphs,
		.param = { { "mode", AT_INT, "(0-2)", 0 },
			{ "feature", AT_INT, "(1-7)", 0 },
			{ "data", AT_INT, "(0-255)", 0, .optional = true },
			FEATURE("voice_mail", CPHS_VOICE_MAIL),
			FEATURE("mailbox", CPHS_MAILBOX), FEATURE("line", CPHS_LINE),
			FEATURE("diverted", CPHS_DIVERTED), FEATURE("name", CPHS_NAME),
			FEATURE("information", CPHS_INFORMATION),
			FEATURE("services", CPHS_SERVICES) } },
	{ .name = "+WMBN",
		.see = "sim.md +WMBN; GDW-11 p. 201; GD-01 p. 143: for 6.63 and 7.x "
		       "inferred",
		.forms = AT_SRT,
		.needs = AT_NEED_PIN,
		.open = AT_TEST,
		.test = "",
		.run = run_wmbn,
		.param = { { "line", AT_INT, "(1-4)", 1 },
			{ "number", AT_TEXT, NULL, 0, .optional = true },
			{ "type", AT_INT, "(0-255)", 129, .optional = true },
			{ "text", AT_TEXT, NULL, 0, .optional = true } } },
	{ 0 },
};
