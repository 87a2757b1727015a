/* Requests of the panel that other programs can use too: a console, field bugs on a
 * running modem, the panel itself. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "codec/hex.h"
#include "conf/must.h"
#include "conf/schema.h"
#include "host/control/api_int.h"

#define TYPED 4096

/* ---- the console ------------------------------------------------------------------ */

struct type_body {
	char text[TYPED], hex[2 * TYPED];
	bool hang_up;
};

#define IN(m) SCHEMA_AT(struct type_body, m)

static const struct schema_field type_fields[] = {
	{ "text",
		"what is typed, with \\r, \\n and <1A> for bytes; \\r ends a command "
		"line",
		SCHEMA_TEXT, SCHEMA_ESCAPED, IN(text) },
	{ "hex", "or any bytes, in hexadecimal digits", SCHEMA_VALUE, IN(hex) },
	{ "hang_up", "then DTR falls, if no client is there", SCHEMA_BOOL, IN(hang_up) },
	{ NULL },
};
const struct schema api_type_schema = { .name = "type",
	.help = "what a host types at UART1",
	.fields = type_fields,
	.scalar = type_fields };

/* The bytes of a body. False: refused. */
static bool bytes_of(struct api_call *c, const struct type_body *body, struct buf *out)
{
	size_t n;

	if (body->text[0] && body->hex[0])
		api_refuse_text(c, 400, "hex", "both are given; write text or hex");
	else if (body->text[0] && !buf_put_escaped(out, body->text))
		api_refuse_text(c, 400, "text",
			"this is not an escape; write \\r, \\n, \\\\ or a byte such as "
			"<1A>");
	else if (!hex_decode(body->hex, strlen(body->hex), out->data + out->len,
			 TYPED - out->len, &n))
		api_refuse_text(c, 400, "hex",
			"a bad digit or an odd number of them; write two hexadecimal "
			"digits for each byte");
	else {
		out->len += n;
		return true;
	}
	return false;
}

static void type(struct api_call *c, const struct type_body *body)
{
	uint64_t before = journal_last(c->modem->journal);
	struct wire *w = c->modem->wire;
	char mem[TYPED];
	size_t taken = 0;
	struct buf b;

	buf_init(&b, mem, sizeof(mem));
	if (!bytes_of(c, body, &b))
		return;
	if (b.len && !wire_path(w, MODEM_UART1, c->modem->path)) {
		api_refuse_text(c, 409, NULL,
			"the port is unplugged; plug it in with the action cable");
		return;
	}
	if (b.len)
		taken = wire_type(w, MODEM_UART1, b.data, b.len);
	if (body->hang_up)
		wire_hang_up(w, MODEM_UART1);
	c->modem->acted = before + 1;
	if (!c->gather)
		http_mark(c->http, c->modem, before + 1);
	api_answer(c, 200,
		json_pack("{s:b,s:I,s:I,s:I}", "done", 1, "events_from",
			(json_int_t)before, "at", (json_int_t)wire_now(w), "taken",
			(json_int_t)taken));
}

void api_type(struct api_call *c)
{
	struct type_body body = { .hang_up = false };

	if (api_bind(c, &api_type_schema, &body))
		type(c, &body);
}

/* ---- field bugs ------------------------------------------------------------------- */

struct bug_body {
	char name[96];
	bool force;
};

static const struct schema_field bug_fields[] = {
	{ "name", "a field bug of GET /v1/bugs; none: as the modem was started",
		SCHEMA_TEXT, SCHEMA_REQUIRED, SCHEMA_AT(struct bug_body, name),
		.min = 1 },
	{ "force", "also while a client has the port open", SCHEMA_BOOL,
		SCHEMA_AT(struct bug_body, force) },
	{ NULL },
};
const struct schema api_bug_schema = { .name = "bug",
	.help = "a field bug for a running modem",
	.fields = bug_fields,
	.scalar = bug_fields };

void api_set_bugs(struct api *a, const struct api_bugs *bugs)
{
	a->bugs = *bugs;
}

void api_bugs(struct api_call *c)
{
	struct api *a = c->api;
	json_t *list;

	if (!a->bugs_text) {
		list = a->bugs.list ? a->bugs.list(a->bugs.ctx) : json_array();
		list = json_pack("{s:o}", "bugs", list);
		a->bugs_text = must(json_dumps(list, JSON_COMPACT));
		json_decref(list);
	}
	http_reply(c->http, 200, "application/json", a->bugs_text, strlen(a->bugs_text));
}

static void arm(struct api_call *c, const struct bug_body *body)
{
	uint64_t before = journal_last(c->modem->journal);
	const struct api_bugs *b = &c->api->bugs;
	struct api_modem *m = c->modem;
	const char *name = strcmp(body->name, "none") ? body->name : NULL;
	char why[400];

	if (!b->arm)
		api_refuse_text(c, 409, NULL,
			"there is no library of field bugs here; use fauxtrack run");
	else if (!body->force && wire_client(m->wire, MODEM_UART1))
		api_refuse_text(c, 409, "force",
			"a client has the port open, and its modem would be replaced; "
			"close it, or add force");
	else if (!b->arm(b->ctx, (unsigned)atoi(m->id), name, &m->profile,
			 &m->profile_name, &m->bug, why, sizeof(why)))
		api_refuse_text(c, 409, NULL, why);
	else
		api_done(c, before);
}

void api_bug(struct api_call *c)
{
	struct bug_body body = { .force = false };

	if (api_bind(c, &api_bug_schema, &body))
		arm(c, &body);
}

/* ---- the panel -------------------------------------------------------------------- */

struct panel_body {
	int port;
};

static const struct schema_field panel_fields[] = {
	{ "port", "on 127.0.0.1; 0: any free one, or where it is open already",
		SCHEMA_INT, SCHEMA_AT(struct panel_body, port), .min = 0, .max = 65535 },
	{ NULL },
};
const struct schema api_panel_schema = {
	.name = "open_panel", .help = "where to open the panel", .fields = panel_fields
};

void api_set_opener(struct api *a, const struct api_opener *opener)
{
	a->opener = *opener;
}

static void open_panel(struct api_call *c, unsigned port)
{
	const struct api_opener *o = &c->api->opener;
	char url[200], why[300];

	if (!o->open)
		api_refuse_text(
			c, 409, NULL, "this emulator has no panel; use fauxtrack run");
	else if (o->open(o->ctx, port, url, sizeof(url), why, sizeof(why)))
		api_answer(c, 200, json_pack("{s:s}", "url", url));
	else
		api_refuse_text(c, 409, "port", why);
}

void api_panel(struct api_call *c)
{
	struct panel_body body = { 0 };

	if (api_bind(c, &api_panel_schema, &body))
		open_panel(c, (unsigned)body.port);
}
