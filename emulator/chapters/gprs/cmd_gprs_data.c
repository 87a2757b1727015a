/* Going online on GPRS: +CGDATA and the dial strings *99...# (gprs.md D*99, +CGDATA;
 * 27.007 clauses 10.1.12 and 10.2.1.1). The session is in session_gprs.c. */
#include <ctype.h>
#include <string.h>

#include "at/reply.h"
#include "at/run.h"
#include "chapters/call/call.h"
#include "chapters/gprs/gprs.h"
#include "link/link.h"
#include "state/modem_state.h"
#include "state/port_map.h"

/* Sends CONNECT; from here on the port speaks PPP. cid 0: the command named no
 * context. */
static int go_online(struct channel *ch, int cid, bool by_cgdata)
{
	struct modem *m = ch->modem;

	/* the one context (gprs.md +CGACT) may be WIPsoft's */
	if (link_speaks_ppp(m) || m->s.wip_context)
		return AT_CME(CME_NOT_ALLOWED);
	if (!port_takes_data(ch, PORT_DATA_GPRS))
		return AT_CME(CME_OTHER_PORT);
	if (!net_registered(&m->net)) {
		at_gprs_failed(m, GPRS_NO_SERVICE);
		return AT_NO_CARRIER;
	}
	if (cid && gprs_apn_unknown(&m->gprs, cid)) {
		at_gprs_failed(m, GPRS_UNKNOWN_APN);
		return AT_CME(GPRS_UNKNOWN_APN);
	}
	at_block_end(ch);
	at_info_bearer(ch, "GPRS", "NONE");
	at_connect_port(ch);
	m->s.by_cgdata = by_cgdata;
	m->s.ppp_cid = cid ? cid : 1;
	m->s.ppp_asks = m->s.ppp_has = false;
	ch->link->mode = LINK_PPP;
	ppp_start(ch, m->live.gprs_silent);
	return AT_SILENT;
}

/* ATD*99#, *99***1#, *99*<address>*<L2P>*<cid># */

struct dial {
	const char *p, *end;
};

static int peek(const struct dial *d)
{
	return d->p < d->end ? (unsigned char)*d->p : -1;
}

/* Removes T, P and spaces in front, spaces and ; at the end. */
static struct dial trim(const char *text, size_t len)
{
	struct dial d = { text, text + len };

	while (peek(&d) > 0 && strchr(" TtPp", peek(&d)))
		d.p++;
	while (d.end > d.p && strchr(" ;", d.end[-1]))
		d.end--;
	return d;
}

bool at_is_gprs_dial(const char *text, size_t len)
{
	struct dial d = trim(text, len);

	return d.end - d.p >= 4 && !memcmp(d.p, "*99", 3) &&
	       (d.p[3] == '*' || d.p[3] == '#') && d.end[-1] == '#';
}

/* Reads up to the next * or #. */
static size_t field(struct dial *d, const char **text)
{
	*text = d->p;
	while (peek(d) > 0 && *d->p != '*' && *d->p != '#')
		d->p++;
	return (size_t)(d->p - *text);
}

/* The cid in the string; 0 if it has none, -1 if the string is invalid. */
static int dialled_cid(struct dial d)
{
	const char *text;
	size_t len;
	int place, cid = 0;

	d.p += 3;
	for (place = 0; peek(&d) == '*'; place++) {
		d.p++;
		len = field(&d, &text);
		if (place == 1 && len && !(len == 1 && *text == '1') &&
			!(len == 3 && !memcmp(text, "PPP", 3)))
			return -1;
		if (place == 2 && len)
			cid = len == 1 && isdigit((unsigned char)*text) && *text != '0'
				      ? *text - '0'
				      : -1;
		if (place > 2 || cid < 0)
			return -1;
	}
	return d.p + 1 == d.end ? cid : -1;
}

int at_gprs_dial(struct channel *ch, const char *text, size_t len)
{
	struct modem *m = ch->modem;
	int cid = dialled_cid(trim(text, len));

	if (!at_line_ends(ch) || cid < 0 || cid > GPRS_CONTEXTS)
		return AT_CME(CME_NOT_ALLOWED);
	if (cid && !gprs_context(&m->gprs, cid)->defined)
		return AT_CME(CME_NOT_ALLOWED);
	return go_online(ch, cid, false);
}

/* +CGDATA */

static int run_cgdata(struct channel *ch, struct at_call *c)
{
	struct modem *m = ch->modem;
	const struct at_arg *l2p = &c->arg[0];
	int cid = at_given(c, 1) ? c->arg[1].num : 1;

	if (c->form == AT_TEST) {
		at_info(ch, "+CGDATA:");
		return AT_OK;
	}
	if (!at_line_ends(ch))
		return AT_CME(CME_NOT_ALLOWED);
	if (at_given(c, 0) && l2p->len == 1 && *l2p->text >= '1' &&
		*l2p->text <= '0' + GPRS_CONTEXTS && !at_given(c, 1))
		cid = *l2p->text - '0';
	else if (at_given(c, 0) && !(l2p->len == 3 && !memcmp(l2p->text, "PPP", 3)))
		return AT_CME(CME_NOT_ALLOWED);
	if (!gprs_context(&m->gprs, cid)->defined)
		return AT_CME(CME_NOT_ALLOWED);
	return go_online(ch, cid, true);
}

const struct at_cmd at_cmds_gprs_data[] = {
	{ .name = "+CGDATA",
		.see = "gprs.md +CGDATA",
		.forms = AT_EXEC | AT_SET | AT_TEST,
		.needs = AT_NEED_FILES | AT_NEED_NO_CALL,
		.open = AT_TEST,
		.run = run_cgdata,
		.test_by_run = true,
		.param = { { "l2p", AT_TEXT, NULL, 0, .optional = true },
			{ "cid", AT_INT, "(1-4)", 1, .optional = true } } },
	{ 0 },
};
