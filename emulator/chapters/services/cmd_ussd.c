/* +CUSD (services.md +CUSD; 27.007 clause 7.15). The OK comes first, the network's answer
 * later as a URC. */
#include "chapters/services/services.h"

#include <string.h>

#include "at/reply.h"
#include "at/run.h"
#include "at/store.h"
#include "chapters/general/te_text.h"
#include "state/modem_state.h"

#define DCS_UCS2 72
#define UCS2_MAX 115 /* characters that fit one line at four digits each */

/* True if the text is UCS2 and sent as its hexadecimal digits. */
static bool is_ucs2_hex(const struct te_text *t, int dcs)
{
	return dcs == DCS_UCS2 && t->cs.id == CHARSET_HEX;
}

static struct te_text *te_charset(struct modem *m, struct te_text *t, int dcs)
{
	te_text(m, t);
	t->cs.policy = CHARSET_QUESTION;
	if (is_ucs2_hex(t, dcs))
		t->cs.id = CHARSET_UCS2;
	return t;
}

/* Converts the host's text to UTF-8. Returns false if it is invalid in the host's
 * character set, or too long. */
static bool read_text(struct modem *m, const struct at_arg *arg, int dcs, char *out)
{
	uint32_t cp[USSD_TEXT_MAX];
	struct te_text te;
	struct text t;
	struct buf b;

	text_init(&t, cp, USSD_TEXT_MAX);
	buf_init(&b, out, 4 * USSD_TEXT_MAX);
	if (charset_to_unicode(&te_charset(m, &te, dcs)->cs, arg->text, arg->len, &t) !=
			CHARSET_OK ||
		t.full || !utf8_encode(cp, t.n, &b))
		return false;
	out[b.len] = '\0';
	return true;
}

static void urc_cusd(struct modem *m, int event, const char *utf8, int dcs)
{
	uint32_t cp[USSD_TEXT_MAX];
	char mem[4 * USSD_TEXT_MAX + 1];
	struct te_text te;
	struct text t;
	struct buf b;

	text_init(&t, cp, USSD_TEXT_MAX);
	buf_init(&b, mem, sizeof(mem));
	utf8_decode(utf8, strlen(utf8), &t);
	te_charset(m, &te, dcs);
	if (te.cs.id == CHARSET_UCS2 && t.n > UCS2_MAX)
		t.n = UCS2_MAX;
	charset_from_unicode(&te.cs, cp, t.n, &b);
	at_urc(m, "+CUSD: %d,\"%.*s\",%d", event, (int)b.len, mem, dcs);
}

void at_ussd_event(void *ctx, enum ussd_event e, const char *text, int dcs)
{
	struct modem *m = ctx;

	if (m->s.ussd_of_sim) {
		m->s.ussd_of_sim = e == USSD_MORE;
		toolkit_done(&m->toolkit, text != NULL, text);
		return;
	}
	if (!m->live.cusd || m->power != POWER_ON)
		return;
	/* 6.x does not have 5 (services.md +CUSD) */
	if (e == USSD_TIMEOUT && !firmware_has(m->fw, QUIRK_CUSD_TIMEOUT))
		e = USSD_ENDED;
	if (text)
		urc_cusd(m, e, text, dcs);
	else
		at_urc(m, "+CUSD: %d", e);
}

static int send(struct modem *m, const char *text)
{
	if (!net_registered(&m->net))
		return AT_CME(net_service(&m->net) ? CME_EMERGENCY_ONLY : CME_NO_SERVICE);
	if (!ussd_send(&m->ussd, text))
		return AT_CME(CME_BUSY);
	m->s.ussd_of_sim = false;
	return AT_OK;
}

int at_ussd_dial(struct modem *m, const char *text, size_t len)
{
	char code[PROFILE_USSD_CODE];

	if (len >= sizeof(code))
		return AT_CME(CME_NOT_ALLOWED);
	memcpy(code, text, len);
	code[len] = '\0';
	return send(m, code);
}

static int run_cusd(struct channel *ch, struct at_call *c)
{
	struct modem *m = ch->modem;
	int dcs = at_given(c, 2) ? c->arg[2].num : 0;
	char text[4 * USSD_TEXT_MAX + 1];
	int result;

	if (c->form == AT_READ) {
		at_info(ch, "+CUSD: %d", m->live.cusd);
		return AT_OK;
	}
	if (c->arg[0].num == 2) {
		ussd_cancel(&m->ussd);
		return AT_OK;
	}
	result = at_store_field(ch, SETTING(cusd), c->arg[0].num);
	if (result != AT_OK || !at_given(c, 1))
		return result;
	if (!read_text(m, &c->arg[1], dcs, text))
		return AT_CME(CME_NOT_ALLOWED);
	return send(m, text);
}

const struct at_cmd at_cmds_ussd[] = {
	{ .name = "+CUSD",
		.see = "services.md +CUSD",
		.forms = AT_SRT,
		.needs = AT_NEED_FILES,
		.open = AT_READ | AT_TEST,
		.run = run_cusd,
		.test = "(0-2)",
		.param = { { "mode", AT_INT, "(0-2)", 0, SETTING(cusd), AT_EEF },
			{ "text", AT_TEXT, NULL, 0, .optional = true },
			{ "dcs", AT_INT, "(0-255)", 0, .optional = true } } },
	{ 0 },
};
