#include "host/control/modem_json.h"

#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "codec/tpdu.h"
#include "conf/must.h"
#include "describe/describe.h"

json_t *modem_json_text(const char *text, size_t len)
{
	json_t *j = json_stringn(text, len);
	struct buf b;
	char *mem;

	if (j)
		return j;
	mem = must(malloc(4 * len + 1));
	buf_init(&b, mem, 4 * len);
	buf_put_visible(&b, text, len);
	j = json_stringn(b.data, b.len);
	free(mem);
	return j;
}

/* ---- the state -------------------------------------------------------------------- */

#define DEPTH 8

struct builder {
	json_t *level[DEPTH];
	int depth;
};

static void add(struct builder *b, const char *key, json_t *value)
{
	json_t *to = b->level[b->depth];

	if (json_is_array(to))
		json_array_append_new(to, value);
	else
		json_object_set_new(to, key, value);
}

static void on_open(void *ctx, const char *key, bool list)
{
	struct builder *b = ctx;
	json_t *below = list ? json_array() : json_object();

	add(b, key, below);
	b->level[++b->depth] = below;
}

static void on_close(void *ctx)
{
	struct builder *b = ctx;

	b->depth--;
}

static void on_text(void *ctx, const char *key, const char *value)
{
	add(ctx, key, value ? modem_json_text(value, strlen(value)) : json_null());
}

static void on_number(void *ctx, const char *key, long long value)
{
	add(ctx, key, json_integer(value));
}

static void on_flag(void *ctx, const char *key, bool value)
{
	add(ctx, key, json_boolean(value));
}

json_t *modem_json_state(const struct modem *m, usec_t now)
{
	struct builder b = { .level = { json_object() } };
	const struct teller t = { &b, on_open, on_close, on_text, on_number, on_flag };

	modem_describe(m, now, &t);
	return b.level[0];
}

/* ---- notices ---------------------------------------------------------------------- */

json_t *modem_json_notice(const struct notice *n)
{
	json_t *j = json_pack("{s:I,s:s,s:o,s:I}", "at", (json_int_t)n->at, "event",
		name_of(notice_names, (int)n->kind), "text",
		n->text ? modem_json_text(n->text, strlen(n->text)) : json_null(),
		"value", (json_int_t)n->value);

	if (n->port != MODEM_UART1)
		json_object_set_new(
			j, "port", json_string(name_of(port_names, (int)n->port)));
	if (n->kind == NOTICE_CLIENT)
		json_object_set_new(j, "complaint",
			json_string(name_of(client_fault_names, (int)n->value)));
	if (n->file)
		json_object_set_new(j, "file",
			json_pack("{s:s,s:I,s:I,s:o}", "kind", n->file->kind, "block",
				(json_int_t)n->file->block, "bytes",
				(json_int_t)n->file->bytes, "total",
				n->file->total ? json_integer((json_int_t)n->file->total)
					       : json_null()));
	return j;
}

/* ---- the outbox ------------------------------------------------------------------- */

#define PDU_DIGITS (2 * (TPDU_MAX + 1))

static json_t *pdus(const struct modem *m, const struct modem_sent *s)
{
	json_t *list = json_array();
	char mem[PDU_DIGITS];
	struct buf b;
	int part;

	for (part = 1; part <= s->total; part++) {
		buf_init(&b, mem, sizeof(mem));
		if (modem_outbox_pdu(m, s->id, part, &b))
			json_array_append_new(list, json_stringn(b.data, b.len));
		else
			json_array_append_new(list, json_null());
	}
	return list;
}

static json_t *sent_json(const struct modem *m, const struct modem_sent *s)
{
	return json_pack("{s:I,s:I,s:I,s:s,s:s,s:s,s:s,s:i,s:i,s:i,s:i,s:i,s:i,s:b,s:b,"
			 "s:s,s:i,s:o}",
		"id", (json_int_t)s->id, "at", (json_int_t)s->at, "clock",
		(json_int_t)s->clock, "to", s->to, "from", s->from, "text", s->text,
		"alphabet", name_of(modem_sms_alphabets, (int)s->alphabet), "class",
		s->class, "pid", s->pid, "dcs", s->dcs, "reference", s->reference,
		"parts", s->parts, "total", s->total, "report_asked", s->report_asked,
		"report_sent", s->report_sent, "result",
		name_of(modem_sent_results, (int)s->result), "status", s->status, "pdus",
		pdus(m, s));
}

json_t *modem_json_outbox(const struct modem *m)
{
	json_t *list = json_array();
	struct modem_sent sent;
	uint32_t id = 0;

	for (; modem_outbox_next(m, id, &sent); id = sent.id)
		json_array_append_new(list, sent_json(m, &sent));
	return list;
}
