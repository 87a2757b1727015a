/* JSON, an object a line: the head, then one for each item. In "data" each character from
 * U+0000 to U+00FF is an octet. */
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "codec/hex.h"
#include "conf/must.h"
#include "host/trace/trace_int.h"

static const struct name kinds[] = {
	{ TRACE_HOST, "host", NULL },
	{ TRACE_MODEM, "modem", NULL },
	{ TRACE_PACKET_OUT, "packet-out", NULL },
	{ TRACE_PACKET_IN, "packet-in", NULL },
	{ TRACE_FAR, "far", NULL },
	{ TRACE_SOCKET, "socket", NULL },
	{ TRACE_EVENT, "event", NULL },
	{ TRACE_NOTE, "note", NULL },
	{ TRACE_LINES, "lines", NULL },
	{ 0, NULL, NULL },
};

static void put_object(struct trace *t, json_t *o)
{
	json_dumpf(o, t->file, JSON_COMPACT);
	putc('\n', t->file);
	json_decref(o);
}

static void begin(struct trace *t)
{
	put_object(t, json_pack("{s:i s:s s:s s:I s:s s:I}", "fauxtrack_trace", 1,
			      "version", t->header.version, "profile", t->header.profile,
			      "seed", (json_int_t)t->header.seed, "speed",
			      t->header.speed, "clock", (json_int_t)t->clock));
}

/* Octets as a string of as many characters. */
static json_t *string_of(const uint8_t *p, size_t len)
{
	char *text = must(malloc(2 * len + 1));
	size_t i, n = 0;
	json_t *s;

	for (i = 0; i < len; i++) {
		if (p[i] >= 0x80)
			text[n++] = (char)(0xc0 | p[i] >> 6);
		text[n++] = (char)(p[i] < 0x80 ? p[i] : 0x80 | (p[i] & 0x3f));
	}
	s = must(json_stringn(text, n));
	free(text);
	return s;
}

static json_t *hex_of(const struct trace_item *item)
{
	char *text = must(malloc(2 * item->len + 1));
	struct buf b;
	json_t *s;

	buf_init(&b, text, 2 * item->len);
	hex_put(&b, item->data, item->len);
	s = must(json_stringn(text, b.len));
	free(text);
	return s;
}

static json_t *lines_of(unsigned lines)
{
	json_t *list = must(json_array());
	const struct name *n;

	for (n = trace_line_names; n->name; n++)
		if (lines & (unsigned)n->value)
			json_array_append_new(list, json_string(n->name));
	return list;
}

void trace_print_json(FILE *f, const struct trace_item *item)
{
	json_t *o = must(json_object());
	char at[32];

	/* written by hand: six digits, no rounding */
	snprintf(at, sizeof(at), "%llu.%06llu", (unsigned long long)(item->at / 1000000),
		(unsigned long long)(item->at % 1000000));
	if (item->kind == TRACE_SOCKET)
		json_object_set_new(o, "socket", json_integer((json_int_t)item->port));
	else if (item->port != MODEM_UART1)
		json_object_set_new(
			o, "port", json_string(name_of(port_names, (int)item->port)));
	json_object_set_new(o, "kind", json_string(name_of(kinds, item->kind)));
	if (item->kind == TRACE_LINES)
		json_object_set_new(o, "lines", lines_of(item->lines));
	else if (trace_is_packet(item->kind))
		json_object_set_new(o, "hex", hex_of(item));
	else
		json_object_set_new(o, trace_is_text(item->kind) ? "text" : "data",
			string_of(item->data, item->len));
	fprintf(f, "{\"at\":%s,", at);
	json_dumpf(o, f, JSON_COMPACT | JSON_EMBED);
	fputs("}\n", f);
	json_decref(o);
}

static void put(struct trace *t, const struct trace_item *item)
{
	trace_print_json(t->file, item);
}

static bool ours(const uint8_t *start, size_t len)
{
	static const char first[] = "{\"fauxtrack_trace\":1";

	return len >= strlen(first) && !memcmp(start, first, strlen(first));
}

static json_t *read_object(struct trace_reader *r)
{
	json_t *o = r->cut ? NULL
			   : json_loads(r->line, JSON_ALLOW_NUL | JSON_REJECT_DUPLICATES,
				     NULL);

	if (o && json_is_object(o))
		return o;
	json_decref(o);
	trace_damaged(r, r->cut ? "cut off" : "no JSON object");
	return NULL;
}

static bool read_head(struct trace_reader *r)
{
	static const char *const texts[] = { "version", "profile", "speed" };
	json_t *o = trace_read_line(r) ? read_object(r) : NULL;
	size_t i;

	if (!o)
		return false;
	for (i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		if (json_is_string(json_object_get(o, texts[i])))
			trace_take_head(r, texts[i],
				json_string_value(json_object_get(o, texts[i])));
	r->header.seed = (uint64_t)json_integer_value(json_object_get(o, "seed"));
	r->clock = json_integer_value(json_object_get(o, "clock"));
	json_decref(o);
	return true;
}

/* Characters up to U+00FF to octets; false: there are others. */
static bool octets_of(struct trace_reader *r, const json_t *s, struct trace_item *item)
{
	const uint8_t *p = (const uint8_t *)json_string_value(s);
	size_t len = json_string_length(s), i;

	for (i = 0; i < len && item->len < TRACE_ITEM; i++) {
		if (p[i] > 0xc3)
			return false;
		if (p[i] >= 0xc0) {
			r->data[item->len++] = (uint8_t)(p[i] << 6 | (p[i + 1] & 0x3f));
			i++;
		} else {
			r->data[item->len++] = p[i];
		}
	}
	return i == len;
}

static bool content_of(struct trace_reader *r, const json_t *o, struct trace_item *item)
{
	const json_t *list = json_object_get(o, "lines");
	const json_t *hex = json_object_get(o, "hex");
	const json_t *data = json_object_get(
		o, trace_is_text(item->kind) ? "text" : "data");
	const struct name *n;
	size_t i;

	if (trace_is_packet(item->kind))
		return json_is_string(hex) &&
		       hex_decode(json_string_value(hex), json_string_length(hex),
			       r->data, sizeof(r->data), &item->len);
	if (item->kind != TRACE_LINES)
		return json_is_string(data) && octets_of(r, data, item);
	if (!json_is_array(list))
		return false;
	for (i = 0; i < json_array_size(list); i++) {
		n = json_is_string(json_array_get(list, i))
			    ? name_find(trace_line_names,
				      json_string_value(json_array_get(list, i)))
			    : NULL;
		if (!n)
			return false;
		item->lines |= (unsigned)n->value;
	}
	return true;
}

/* Seconds to microseconds. */
static bool time_of(const json_t *at, usec_t *out)
{
	double seconds = json_number_value(at);

	if (!json_is_number(at) || seconds < 0 || seconds > 9e9)
		return false;
	*out = (usec_t)(seconds * 1e6 + 0.5);
	return true;
}

static int take_socket(struct trace_reader *r, const json_t *o, struct trace_item *item)
{
	json_int_t number = json_integer_value(json_object_get(o, "socket"));

	if (!json_is_integer(json_object_get(o, "socket")) || number < 0 ||
		number >= SOCKETS)
		return trace_damaged(r, "no such socket");
	item->port = (unsigned)number;
	if (!time_of(json_object_get(o, "at"), &item->at))
		return trace_damaged(r, "no time");
	return content_of(r, o, item) ? 1
				      : trace_damaged(r, "its content is not its kind's");
}

static int take(struct trace_reader *r, const json_t *o, struct trace_item *item)
{
	const json_t *port = json_object_get(o, "port");
	const json_t *kind = json_object_get(o, "kind");
	const struct name *n;

	n = json_is_string(kind) ? name_find(kinds, json_string_value(kind)) : NULL;
	if (!n)
		return trace_damaged(r, "no kind that is known");
	item->kind = (char)n->value;
	if (item->kind == TRACE_SOCKET)
		return take_socket(r, o, item);
	n = !port                  ? port_names
	    : json_is_string(port) ? name_find(port_names, json_string_value(port))
				   : NULL;
	if (!n)
		return trace_damaged(r, "no such port");
	item->port = (unsigned)n->value;
	if (!time_of(json_object_get(o, "at"), &item->at))
		return trace_damaged(r, "no time");
	return content_of(r, o, item) ? 1
				      : trace_damaged(r, "its content is not its kind's");
}

static int read_item(struct trace_reader *r, struct trace_item *item)
{
	json_t *o;
	int result;

	if (!trace_read_line(r))
		return 0;
	o = read_object(r);
	if (!o)
		return -1;
	result = take(r, o, item);
	json_decref(o);
	return result;
}

const struct trace_format trace_json = { ".json", ours, begin, put, read_head,
	read_item };
