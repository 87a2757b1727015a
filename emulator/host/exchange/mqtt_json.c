#include "host/exchange/mqtt_json_int.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "codec/concat.h"
#include "codec/timestamp.h"
#include "codec/unicode.h"
#include "conf/must.h"

#define TEXT_MAX (MQTT_PARTS * TPDU_SEPTETS)

bool mqtt_is_number(const char *text)
{
	const char *digits = text + (*text == '+');
	size_t n = strspn(digits, "0123456789");

	return n && n <= ADDRESS_DIGITS && !digits[n];
}

/* ---- writing --------------------------------------------------------------------- */

size_t mqtt_json_finish(json_t *o, char *out)
{
	size_t n = json_dumpb(must(o), out, MQTT_PAYLOAD - 1, JSON_COMPACT);

	json_decref(o);
	if (n >= MQTT_PAYLOAD)
		n = 0; /* nothing that is written here is so long */
	out[n] = '\0';
	return n;
}

void mqtt_json_put(json_t *o, const char *key, json_t *value)
{
	if (json_object_set_new(o, key, must(value)))
		out_of_memory();
}

void mqtt_json_put_text(json_t *o, const char *key, const char *value)
{
	mqtt_json_put(o, key, json_string(value));
}

void mqtt_json_put_hex(json_t *o, const char *key, uint64_t value)
{
	mqtt_json_put(o, key, json_sprintf("%016llx", (unsigned long long)value));
}

void mqtt_json_put_id(json_t *o, const char *key, uint64_t sender, uint64_t ref)
{
	mqtt_json_put(o, key,
		json_sprintf("%016llx-%llu", (unsigned long long)sender,
			(unsigned long long)ref));
}

json_t *mqtt_json_object(void)
{
	json_t *o = must(json_object());

	mqtt_json_put(o, "v", json_integer(MQTT_VERSION));
	return o;
}

static void put_pdu(json_t *o, const struct mqtt_sms *m)
{
	char pdu[2 * (TPDU_MAX + ADDRESS_OCTETS) + 1];
	size_t octets;
	struct buf b;

	buf_init(&b, pdu, sizeof(pdu) - 1);
	tpdu_write(&m->centre, &m->part[0], &b, &octets);
	pdu[b.len] = '\0';
	mqtt_json_put_text(o, "pdu", pdu);
}

static void put_content(json_t *o, const struct tpdu *t)
{
	uint32_t cp[TPDU_SEPTETS];
	char utf8[4 * TPDU_SEPTETS + 1];
	struct text text;
	struct buf b;
	json_t *value;

	text_init(&text, cp, TPDU_SEPTETS);
	if (userdata_check(t) != PDU_OK || !userdata_text(t, &text))
		return;
	buf_init(&b, utf8, sizeof(utf8) - 1);
	utf8_encode(text.cp, text.n, &b);
	value = json_stringn(utf8, b.len);
	if (value)
		mqtt_json_put(o, "text", value);
}

size_t mqtt_sms_write(const struct mqtt_sms *m, const char *to, char *out)
{
	json_t *o = mqtt_json_object(), *open = must(json_array());
	unsigned i;

	mqtt_json_put_id(o, "id", m->sender, m->ref);
	for (i = 0; i < m->n_open; i++)
		json_array_append_new(open, json_integer((json_int_t)m->open[i]));
	mqtt_json_put(o, "open", open);
	mqtt_json_put_text(o, "from", m->from);
	mqtt_json_put_text(o, "to", to);
	if (m->expires != INT64_MAX)
		mqtt_json_put(o, "expires", json_integer(m->expires));
	put_pdu(o, m);
	put_content(o, &m->part[0]);
	return mqtt_json_finish(o, out);
}

size_t mqtt_ack_write(const struct mqtt_ack *a, const char *to, char *out)
{
	json_t *o = mqtt_json_object();

	mqtt_json_put_id(o, "id", a->sender, a->ref);
	mqtt_json_put_text(o, "to", to);
	if (a->part)
		mqtt_json_put(o, "part", json_integer(a->part));
	if (a->status == MQTT_AGAIN)
		mqtt_json_put(o, "again", json_true());
	else
		mqtt_json_put(o, "status", json_integer(a->status));
	return mqtt_json_finish(o, out);
}

size_t mqtt_state_write(const struct mqtt_state *s, char *out)
{
	json_t *o = mqtt_json_object();

	mqtt_json_put_text(o, "number", s->number);
	mqtt_json_put_hex(o, "unit", s->unit);
	if (s->process)
		mqtt_json_put_hex(o, "process", s->process);
	if (s->name[0])
		mqtt_json_put_text(o, "name", s->name);
	return mqtt_json_finish(o, out);
}

size_t mqtt_process_write(const struct mqtt_process *p, const char *name, char *out)
{
	json_t *o = mqtt_json_object();

	mqtt_json_put_hex(o, "session", p->session);
	mqtt_json_put_text(o, "name", name);
	return mqtt_json_finish(o, out);
}

/* ---- reading --------------------------------------------------------------------- */

bool mqtt_json_wrong(const struct mqtt_json_in *in, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(in->why, in->size, fmt, ap);
	va_end(ap);
	return false;
}

bool mqtt_json_begin(
	struct mqtt_json_in *in, const char *payload, size_t len, char *why, size_t size)
{
	const json_t *v;

	*in = (struct mqtt_json_in){ .why = why, .size = size };
	if (len > MQTT_PAYLOAD)
		return mqtt_json_wrong(
			in, "it has %zu bytes; at most %d are read", len, MQTT_PAYLOAD);
	in->o = json_loadb(payload, len, JSON_REJECT_DUPLICATES, NULL);
	if (!json_is_object(in->o))
		return mqtt_json_wrong(in, "it is no JSON object");
	v = json_object_get(in->o, "v");
	if (!json_is_integer(v) || json_integer_value(v) != MQTT_VERSION)
		return mqtt_json_wrong(in, "\"v\" is not %d", MQTT_VERSION);
	return true;
}

bool mqtt_json_end(const struct mqtt_json_in *in, bool good)
{
	json_decref(in->o);
	return good;
}

/* Digits of that base alone, not 0. */
static bool read_number(const char *text, size_t len, int base, uint64_t *out)
{
	char digits[24], *rest;

	if (!len || len >= sizeof(digits) ||
		strspn(text, base == 16 ? "0123456789abcdefABCDEF" : "0123456789") < len)
		return false;
	memcpy(digits, text, len);
	digits[len] = '\0';
	if (len > (base == 16 ? 16 : 19)) /* below 2^64 */
		return false;
	*out = strtoull(digits, &rest, base);
	return *out;
}

bool mqtt_json_get_hex(const struct mqtt_json_in *in, const char *key, uint64_t *out)
{
	const char *text = json_string_value(json_object_get(in->o, key));

	return (text && strlen(text) == 16 && read_number(text, 16, 16, out)) ||
	       mqtt_json_wrong(in, "\"%s\" is not 16 hexadecimal digits", key);
}

bool mqtt_json_get_id(
	const struct mqtt_json_in *in, const char *key, uint64_t *sender, uint64_t *ref)
{
	const char *text = json_string_value(json_object_get(in->o, key));

	return (text && strlen(text) > 17 && text[16] == '-' &&
		       read_number(text, 16, 16, sender) &&
		       read_number(text + 17, strlen(text + 17), 10, ref)) ||
	       mqtt_json_wrong(in,
		       "\"%s\" is not 16 hexadecimal digits, \"-\" and a number", key);
}

static bool get_from(const struct mqtt_json_in *in, char out[MQTT_FROM])
{
	const json_t *from = json_object_get(in->o, "from");
	const char *text = json_string_value(from);

	out[0] = '\0';
	if (!from)
		return true;
	if (!text || strlen(text) >= MQTT_FROM)
		return mqtt_json_wrong(
			in, "\"from\" is no text of at most %d bytes", MQTT_FROM - 1);
	snprintf(out, MQTT_FROM, "%s", text);
	return true;
}

static bool get_expires(const struct mqtt_json_in *in, int64_t *out)
{
	const json_t *at = json_object_get(in->o, "expires");

	*out = at ? (int64_t)json_integer_value(at) : INT64_MAX;
	return !at || (json_is_integer(at) && *out >= 0) ||
	       mqtt_json_wrong(in, "\"expires\" is no Unix time in seconds");
}

static bool get_open(const struct mqtt_json_in *in, struct mqtt_sms *out)
{
	const json_t *open = json_object_get(in->o, "open"), *one;
	size_t i;

	out->n_open = 0;
	if (!open)
		return true;
	if (!json_is_array(open) || json_array_size(open) > SMS_POST_OPEN)
		return mqtt_json_wrong(
			in, "\"open\" is no list of at most %d numbers", SMS_POST_OPEN);
	for (i = 0; i < json_array_size(open); i++) {
		one = json_array_get(open, i);
		if (!json_is_integer(one) || json_integer_value(one) <= 0 ||
			(i && (uint64_t)json_integer_value(one) <= out->open[i - 1]))
			return mqtt_json_wrong(in, "\"open\" has no ascending numbers");
		out->open[out->n_open++] = (uint64_t)json_integer_value(one);
	}
	return true;
}

static bool get_pdu(
	const struct mqtt_json_in *in, const char *digits, struct mqtt_sms *out)
{
	enum pdu_error e = tpdu_read_any(
		digits, strlen(digits), true, &out->centre, &out->part[0]);

	out->parts = 1;
	if (e == PDU_OK && out->part[0].kind != TPDU_DELIVER)
		return mqtt_json_wrong(in, "\"pdu\" is no DELIVER");
	return e == PDU_OK ||
	       mqtt_json_wrong(in, "\"pdu\": %s", name_of(pdu_error_names, (int)e));
}

/* The same name gives the same parts, so that a repeat can be recognised. */
static bool get_text(const struct mqtt_json_in *in, const char *utf8, int64_t now,
	struct mqtt_sms *out)
{
	uint32_t cp[TEXT_MAX];
	struct concat_split split;
	struct timestamp stamp;
	struct text text;
	struct tpdu t;

	tpdu_init(&t, TPDU_DELIVER);
	t.fo |= TPDU_MMS;
	if (address_parse_utf8(&t.address, out->from) != PDU_OK)
		return mqtt_json_wrong(in,
			"\"from\" is neither a number nor a name of up to 11 "
			"characters");
	timestamp_from_unix(now, 0, &stamp);
	timestamp_put(&stamp, t.scts);
	text_init(&text, cp, TEXT_MAX);
	if (!utf8_decode(utf8, strlen(utf8), &text) ||
		concat_begin(&split, cp, text.n, CONCAT_AUTO, false,
			(uint16_t)out->ref) != PDU_OK ||
		split.part.total > MQTT_PARTS)
		return mqtt_json_wrong(
			in, "\"text\" needs more than %d parts", MQTT_PARTS);
	out->parts = 0;
	out->centre = (struct address){ .len = 0 };
	while (out->parts < MQTT_PARTS && concat_next(&split, &t, DCS_NO_CLASS))
		out->part[out->parts++] = t;
	return out->parts || mqtt_json_wrong(in, "\"text\" is empty");
}

static bool get_content(const struct mqtt_json_in *in, int64_t now, struct mqtt_sms *out)
{
	const char *pdu = json_string_value(json_object_get(in->o, "pdu"));
	const char *text = json_string_value(json_object_get(in->o, "text"));

	if (pdu)
		return get_pdu(in, pdu, out);
	if (text)
		return get_text(in, text, now, out);
	return mqtt_json_wrong(in, "it has neither \"pdu\" nor \"text\", a string");
}

bool mqtt_sms_read(const char *payload, size_t len, int64_t now, struct mqtt_sms *out,
	char *why, size_t size)
{
	struct mqtt_json_in in;
	bool good = mqtt_json_begin(&in, payload, len, why, size);

	out->named = good && json_object_get(in.o, "id");
	out->sender = out->ref = 0;
	good = good &&
	       (!out->named || mqtt_json_get_id(&in, "id", &out->sender, &out->ref)) &&
	       get_open(&in, out) && get_from(&in, out->from) &&
	       get_expires(&in, &out->expires) && get_content(&in, now, out);
	return mqtt_json_end(&in, good);
}

bool mqtt_ack_read(
	const char *payload, size_t len, struct mqtt_ack *out, char *why, size_t size)
{
	struct mqtt_json_in in;
	const json_t *status;
	bool good = mqtt_json_begin(&in, payload, len, why, size) &&
		    mqtt_json_get_id(&in, "id", &out->sender, &out->ref);

	status = good ? json_object_get(in.o, "status") : NULL;
	out->status = MQTT_AGAIN;
	out->part = 0;
	if (good && json_is_integer(status) && json_integer_value(status) >= 0 &&
		json_integer_value(status) <= 255)
		out->status = (int)json_integer_value(status);
	else if (good && (status || !json_is_true(json_object_get(in.o, "again"))))
		good = mqtt_json_wrong(
			&in, "it has neither \"status\", 0 to 255, nor \"again\"");
	return mqtt_json_end(&in, good);
}

/* It will be shown at terminals. */
static void make_plain(char *text)
{
	for (; *text; text++)
		if ((unsigned char)*text < ' ' || *text == 0x7f)
			*text = '?';
}

bool mqtt_state_read(
	const char *payload, size_t len, struct mqtt_state *out, char *why, size_t size)
{
	struct mqtt_json_in in;
	const char *number, *name;
	bool good = mqtt_json_begin(&in, payload, len, why, size);

	number = good ? json_string_value(json_object_get(in.o, "number")) : NULL;
	if (good && (!number || !mqtt_is_number(number)))
		good = mqtt_json_wrong(&in, "\"number\" is not digits with or without +");
	good = good && mqtt_json_get_hex(&in, "unit", &out->unit);
	out->process = 0;
	if (good && json_object_get(in.o, "process"))
		good = mqtt_json_get_hex(&in, "process", &out->process);
	if (good) {
		name = json_string_value(json_object_get(in.o, "name"));
		snprintf(out->number, MQTT_NUMBER, "%s", number);
		snprintf(out->name, MQTT_NAME, "%s", name ? name : "");
		make_plain(out->name);
	}
	return mqtt_json_end(&in, good);
}

bool mqtt_process_read(
	const char *payload, size_t len, struct mqtt_process *out, char *why, size_t size)
{
	struct mqtt_json_in in;
	bool good = mqtt_json_begin(&in, payload, len, why, size) &&
		    mqtt_json_get_hex(&in, "session", &out->session);

	return mqtt_json_end(&in, good);
}
