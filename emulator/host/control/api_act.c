/* Requests that act on a modem (actions, clock, memory) or read what it has sent. */
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "codec/hex.h"
#include "conf/action_conf.h"
#include "host/control/api_int.h"

#define TOLD 255 /* most bytes of a body that a notice quotes */

void api_act(struct api_call *c)
{
	uint64_t before = journal_last(c->modem->journal);
	struct doc_pool *pool = doc_pool_new();
	struct doc_errors e;
	struct doc_place name = { "name", 0, 0 }, body = { "body", 0, 0 };
	const struct action_row *row;
	struct action action;
	const char *why;
	struct doc *d;
	size_t len = c->r->len < TOLD ? c->r->len : TOLD;

	doc_errors_init(&e);
	row = action_named(c->name, name, &e);
	if (!row) {
		api_refuse(c, 404, &e);
	} else if (!api_body(c, pool, &d, &e)) {
		/* answered */
	} else if (!action_bind(row, d, body, &action, &e)) {
		api_refuse(c, 400, &e);
	} else {
		if (len)
			action.told = doc_pool_text(pool, c->r->body, len);
		why = wire_act(c->modem->wire, &action);
		action_clear(&action);
		if (why)
			api_refuse_text(c, 409, NULL, why);
		else if (row->number)
			api_done_number(
				c, before, row->number(wire_modem(c->modem->wire)));
		else
			api_done(c, before);
	}
	doc_errors_clear(&e);
	doc_pool_free(pool);
}

/* ---- the clock -------------------------------------------------------------------- */

enum clock_what {
	CLOCK_FREEZE,
	CLOCK_STEP,
	CLOCK_SCALE,
	CLOCK_RESUME,
};

struct clock_body {
	int what;
	usec_t by;
	int to;
};

#define IN(m) SCHEMA_AT(struct clock_body, m)

static const struct name clock_names[] = {
	{ CLOCK_FREEZE, "freeze", "virtual time stops" },
	{ CLOCK_STEP, "step", "virtual time advances at once by `by`" },
	{ CLOCK_SCALE, "scale",
		"virtual time runs at `to` virtual seconds per real second" },
	{ CLOCK_RESUME, "resume", "virtual time runs at real speed" },
	{ 0, NULL, NULL },
};
static const struct schema_field clock_fields[] = {
	{ "do",
		"freeze: it stops; step: it advances at once by `by`; scale: it runs at "
		"`to` seconds per real second; resume: at real speed",
		SCHEMA_ENUM, IN(what), .names = clock_names, .flags = SCHEMA_REQUIRED },
	{ "by", "for step: the virtual time to advance", SCHEMA_TIME, IN(by),
		.max = 366LL * 86400 * 1000000, .def = "0s" },
	{ "to", "for scale: virtual seconds per real second", SCHEMA_INT, IN(to),
		.min = 1, .max = 10000, .def = "1" },
	{ NULL },
};
const struct schema api_clock_schema = { .name = "clock",
	.help = "a change of virtual time",
	.fields = clock_fields,
	.scalar = clock_fields };

void api_clock(struct api_call *c)
{
	uint64_t before = journal_last(c->modem->journal);
	struct clock_body body = { 0 };

	if (!api_bind(c, &api_clock_schema, &body))
		return;
	switch ((enum clock_what)body.what) {
	case CLOCK_FREEZE:
		wire_scale(c->modem->wire, 0);
		break;
	case CLOCK_STEP:
		wire_step(c->modem->wire, body.by);
		break;
	case CLOCK_SCALE:
		wire_scale(c->modem->wire, (unsigned)body.to);
		break;
	case CLOCK_RESUME:
		wire_scale(c->modem->wire, 1);
		break;
	}
	api_done(c, before);
}

void api_factory(struct api_call *c)
{
	uint64_t before = journal_last(c->modem->journal);

	if (wire_factory(c->modem->wire))
		api_done(c, before);
	else
		api_refuse_text(c, 500, NULL,
			"a record in the --state directory cannot be erased; check its "
			"permissions");
}

/* ---- the outbox ------------------------------------------------------------------- */

void api_outbox(struct api_call *c)
{
	api_answer(c, 200,
		json_pack("{s:o}", "messages",
			modem_json_outbox(wire_modem(c->modem->wire))));
}

static json_t *handed_json(const struct modem *m, const struct modem_handed *h)
{
	char mem[2 * (ADDRESS_OCTETS + TPDU_MAX)];
	struct buf b;

	buf_init(&b, mem, sizeof(mem));
	modem_handed_pdu(m, h->ref, &b);
	return json_pack("{s:I,s:s,s:s,s:I,s:i,s:b,s:o,s:s%}", "number",
		(json_int_t)h->ref, "to", h->to, "from", h->from, "message",
		(json_int_t)h->message, "reference", h->reference, "report_asked",
		h->report_asked, "expires",
		h->expires == USEC_NEVER ? json_null()
					 : json_integer((json_int_t)h->expires),
		"pdu", b.data, b.len);
}

void api_centre(struct api_call *c)
{
	const struct modem *m = wire_modem(c->modem->wire);
	json_t *list = json_array();
	struct modem_handed h;
	uint64_t ref = 0;

	for (; modem_handed_next(m, ref, &h); ref = h.ref)
		json_array_append_new(list, handed_json(m, &h));
	api_answer(c, 200, json_pack("{s:o}", "messages", list));
}

/* They were told while the modem booted, before anybody could follow its events; a program
 * that reads the events from the first one on must not wait for the next time. */
void api_tell_centre(struct api_modem *m)
{
	const struct modem *modem = wire_modem(m->wire);
	char text[sizeof(((struct modem_handed *)0)->to) + 1 +
		  2 * (ADDRESS_OCTETS + TPDU_MAX) + 1];
	struct notice n = { .kind = NOTICE_CENTRE, .text = text };
	struct modem_handed h;
	struct buf b;

	n.at = wire_now(m->wire);
	while (modem_handed_next(modem, (uint64_t)n.value, &h)) {
		buf_init(&b, text, sizeof(text) - 1);
		buf_printf(&b, "%s ", h.to);
		modem_handed_pdu(modem, h.ref, &b);
		text[b.len] = '\0';
		n.value = (long)h.ref;
		journal_event(m->journal, &n);
	}
}

/* ---- the far end of a data call ---------------------------------------------------- */

void api_farend(struct api_call *c)
{
	char newest[MODEM_FAR_KEPT], hex[2 * MODEM_FAR_KEPT];
	struct buf digits;
	uint64_t received;
	size_t len;

	received = modem_far_received(wire_modem(c->modem->wire), newest, &len);
	buf_init(&digits, hex, sizeof(hex));
	hex_put(&digits, (const uint8_t *)newest, len);
	api_answer(c, 200,
		json_pack("{s:I,s:o,s:s%}", "received", (json_int_t)received, "text",
			modem_json_text(newest, len), "hex", digits.data, digits.len));
}
