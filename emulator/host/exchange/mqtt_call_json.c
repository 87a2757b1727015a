/* Signals of calls as JSON, and octets in base64 (RFC 4648 clause 4). */
#include "host/exchange/mqtt_call_json.h"

#include <nettle/base64.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "conf/must.h"
#include "host/exchange/mqtt_json_int.h"

static const struct name bearers[] = {
	{ BEARER_VOICE, "voice", NULL },
	{ BEARER_DATA, "data", NULL },
	{ BEARER_FAX, "fax", NULL },
	{ 0, NULL, NULL },
};

/* ---- base64 ---------------------------------------------------------------------- */

static void encode(const uint8_t *data, size_t len, char *out)
{
	base64_encode_raw(out, len, data);
	out[BASE64_ENCODE_RAW_LENGTH(len)] = '\0';
}

/* False: wrong, empty, or too long. Only what encode() writes is right: blanks, and bits
 * beyond the last octet, are not. */
static bool decode(const char *text, struct mqtt_call *out)
{
	char again[BASE64_ENCODE_RAW_LENGTH(MQTT_CALL_OCTETS) + 1];
	uint8_t data[BASE64_DECODE_LENGTH(sizeof(again))];
	struct base64_decode_ctx ctx;
	size_t len = strlen(text), n = 0;

	out->len = 0;
	base64_decode_init(&ctx);
	if (!len || len >= sizeof(again) ||
		!base64_decode_update(&ctx, &n, data, len, text) ||
		!base64_decode_final(&ctx) || n > MQTT_CALL_OCTETS)
		return false;
	encode(data, n, again);
	if (strcmp(again, text) != 0)
		return false;
	memcpy(out->data, data, n);
	out->len = n;
	return true;
}

/* ---- writing --------------------------------------------------------------------- */

static void put_key(json_t *o, const char *key, const struct call_key *k)
{
	mqtt_json_put_id(o, key, k->unit, k->ref);
}

static void put_flag(json_t *o, const char *key, bool value)
{
	if (value)
		mqtt_json_put(o, key, json_true());
}

static void put_some(json_t *o, const char *key, const char *text)
{
	if (text[0])
		mqtt_json_put_text(o, key, text);
}

static void put_setup(json_t *o, const struct mqtt_call *c)
{
	const struct call_signal *s = &c->s;

	mqtt_json_put(o, "expires", json_integer(c->expires));
	put_some(o, "caller", s->caller);
	put_flag(o, "hidden", s->hidden);
	mqtt_json_put_text(o, "bearer", name_of(bearers, (int)s->bearer));
	mqtt_json_put(o, "speed", json_integer(s->speed));
	mqtt_json_put(o, "element", json_integer(s->element));
	if (s->group != GROUP_NONE)
		mqtt_json_put(o, "group", json_integer(s->group));
	put_flag(o, "group_only", s->group_only);
	mqtt_json_put(o, "forwards", json_integer(s->forwards));
}

static void put_transfer(json_t *o, const struct mqtt_call *c)
{
	json_t *other = must(json_object());

	put_key(other, "call", &c->s.other.key);
	mqtt_json_put_hex(other, "unit", c->s.other.peer);
	mqtt_json_put_text(other, "number", c->other);
	mqtt_json_put(o, "other", other);
}

static void put_signal(json_t *o, const struct mqtt_call *c)
{
	const struct call_signal *s = &c->s;
	const char tone[2] = { s->tone };

	mqtt_json_put_text(o, "signal", name_of(call_signal_names, (int)s->kind));
	put_some(o, "called", s->called);
	put_some(o, "number", s->number);
	if (s->detour != DETOUR_NONE)
		mqtt_json_put_text(o, "detour", name_of(detour_names, (int)s->detour));
	if (s->kind == CALL_SIGNAL_SETUP)
		put_setup(o, c);
	else if (s->kind == CALL_SIGNAL_RELEASED)
		mqtt_json_put(o, "cause", json_integer(s->cause));
	else if (s->kind == CALL_SIGNAL_TONE)
		mqtt_json_put_text(o, "tone", tone);
	else if (s->kind == CALL_SIGNAL_TRANSFERRED)
		put_transfer(o, c);
	put_flag(o, "waits", s->waits);
}

size_t mqtt_call_write(const struct mqtt_call *c, char *out)
{
	char base64[BASE64_ENCODE_RAW_LENGTH(MQTT_CALL_OCTETS) + 1];
	json_t *o = mqtt_json_object();

	put_key(o, "call", &c->s.line.key);
	mqtt_json_put_hex(o, "unit", c->unit);
	if (c->to)
		mqtt_json_put_hex(o, "to", c->to);
	mqtt_json_put_text(o, "from", c->from);
	if (c->what == MQTT_CALL_SIGNAL || c->what == MQTT_CALL_DATA)
		mqtt_json_put(o, "seq", json_integer((json_int_t)c->seq));
	switch (c->what) {
	case MQTT_CALL_SIGNAL:
		put_signal(o, c);
		break;
	case MQTT_CALL_DATA:
		encode(c->data, c->len, base64);
		mqtt_json_put_text(o, "octets", base64);
		break;
	case MQTT_CALL_ACK:
		mqtt_json_put(o, "got", json_integer((json_int_t)c->got));
		mqtt_json_put(o, "taken", json_integer((json_int_t)c->taken));
		break;
	case MQTT_CALL_ASK:
		put_flag(o, "ask", true);
		break;
	case MQTT_CALL_GONE:
		put_flag(o, "gone", true);
		break;
	}
	return mqtt_json_finish(o, out);
}

/* ---- reading --------------------------------------------------------------------- */

/* From min; not there: *out stays. */
static bool get_int(const struct mqtt_json_in *in, const char *key, long long min,
	long long max, long long *out)
{
	const json_t *v = json_object_get(in->o, key);

	if (!v)
		return true;
	if (json_is_integer(v))
		*out = json_integer_value(v);
	return (json_is_integer(v) && *out >= min && *out <= max) ||
	       mqtt_json_wrong(
		       in, "\"%s\" is no number from %lld to %lld", key, min, max);
}

static bool get_small(
	const struct mqtt_json_in *in, const char *key, int min, int max, int *out)
{
	long long value = *out;

	if (!get_int(in, key, min, max, &value))
		return false;
	*out = (int)value;
	return true;
}

static bool get_count(const struct mqtt_json_in *in, const char *key, uint64_t *out)
{
	long long value = 0;

	if (!get_int(in, key, 0, INT64_MAX, &value))
		return false;
	*out = (uint64_t)value;
	return json_object_get(in->o, key) ||
	       mqtt_json_wrong(in, "\"%s\" is not there", key);
}

static bool get_name(const struct mqtt_json_in *in, const char *key,
	const struct name *names, int *out)
{
	const json_t *v = json_object_get(in->o, key);
	const char *text = json_string_value(v);
	const struct name *n = text ? name_find(names, text) : NULL;

	if (n)
		*out = n->value;
	return !v || n || mqtt_json_wrong(in, "\"%s\" is no name that is known", key);
}

/* A number as it may be dialled; "" if it is not there. */
static bool get_number(
	const struct mqtt_json_in *in, const char *key, char *out, size_t size)
{
	const json_t *v = json_object_get(in->o, key);
	const char *text = json_string_value(v);

	out[0] = '\0';
	if (!v)
		return true;
	if (!text || !text[0] || strlen(text) >= size ||
		text[strspn(text, "+0123456789*#abcABC")])
		return mqtt_json_wrong(in, "\"%s\" is no number", key);
	memcpy(out, text, strlen(text) + 1);
	return true;
}

static bool get_unit(const struct mqtt_json_in *in, const char *key, uint64_t *out)
{
	return mqtt_json_get_hex(in, key, out) &&
	       (*out & MQTT_UNIT ||
		       mqtt_json_wrong(in, "\"%s\" does not begin with 8 to f", key));
}

static bool get_key(const struct mqtt_json_in *in, const char *key, struct call_key *out)
{
	return mqtt_json_get_id(in, key, &out->unit, &out->ref) &&
	       (out->unit & MQTT_UNIT ||
		       mqtt_json_wrong(in, "\"%s\" does not begin with 8 to f", key));
}

static bool get_flag(const struct mqtt_json_in *in, const char *key)
{
	return json_is_true(json_object_get(in->o, key));
}

static bool get_setup(const struct mqtt_json_in *in, struct mqtt_call *out)
{
	struct call_signal *s = &out->s;
	int bearer = BEARER_VOICE;
	long long expires = 0;

	s->hidden = get_flag(in, "hidden");
	s->group_only = get_flag(in, "group_only");
	s->group = GROUP_NONE;
	if (!json_object_get(in->o, "expires"))
		return mqtt_json_wrong(in, "\"expires\" is not there");
	if (!get_int(in, "expires", 0, INT64_MAX, &expires) ||
		!get_number(in, "caller", s->caller, CALL_NUMBER) ||
		!get_name(in, "bearer", bearers, &bearer) ||
		!get_small(in, "speed", 0, 255, &s->speed) ||
		!get_small(in, "element", 0, 3, &s->element) ||
		!get_small(in, "group", 0, GROUP_PREFERRED, &s->group) ||
		!get_small(in, "forwards", 0, 99, &s->forwards))
		return false;
	s->bearer = (enum call_bearer)bearer;
	out->expires = (int64_t)expires;
	return true;
}

static bool get_tone(const struct mqtt_json_in *in, char *out)
{
	const char *text = json_string_value(json_object_get(in->o, "tone"));

	if (!text || strlen(text) != 1 || !strchr("0123456789*#ABCD", text[0]))
		return mqtt_json_wrong(in, "\"tone\" is none of 0-9 * # A-D");
	*out = text[0];
	return true;
}

static bool get_transfer(const struct mqtt_json_in *in, struct mqtt_call *out)
{
	const struct mqtt_json_in other = { json_object_get(in->o, "other"), in->why,
		in->size };

	if (!json_is_object(other.o))
		return mqtt_json_wrong(in, "\"other\" is no object");
	return get_key(&other, "call", &out->s.other.key) &&
	       get_unit(&other, "unit", &out->s.other.peer) &&
	       get_number(&other, "number", out->other, MQTT_NUMBER) &&
	       (mqtt_is_number(out->other) ||
		       mqtt_json_wrong(in, "\"other\" has no number"));
}

static bool get_cause(const struct mqtt_json_in *in, int *out)
{
	*out = 16; /* 24.008 table 10.5.123: normal call clearing */
	return get_small(in, "cause", 1, 255, out);
}

/* What a kind needs. */
static bool get_more(const struct mqtt_json_in *in, struct mqtt_call *out)
{
	switch (out->s.kind) {
	case CALL_SIGNAL_SETUP:
		return get_setup(in, out);
	case CALL_SIGNAL_RELEASED:
		return get_cause(in, &out->s.cause);
	case CALL_SIGNAL_TONE:
		return get_tone(in, &out->s.tone);
	case CALL_SIGNAL_TRANSFERRED:
		return get_transfer(in, out);
	case CALL_SIGNAL_FORWARDED:
		return out->s.number[0] || mqtt_json_wrong(in, "\"number\" is not there");
	case CALL_SIGNAL_ALERTING:
		out->s.waits = get_flag(in, "waits");
		return true;
	case CALL_SIGNAL_ANSWERED:
	case CALL_SIGNAL_HELD:
	case CALL_SIGNAL_RETRIEVED:
	case CALL_SIGNAL_CONFERENCE:
	case CALL_SIGNAL_ENQUIRY:
	case CALL_SIGNAL_THERE:
		break;
	}
	return true;
}

static bool get_signal(const struct mqtt_json_in *in, struct mqtt_call *out)
{
	int kind = 0, detour = DETOUR_NONE;

	if (!get_name(in, "signal", call_signal_names, &kind) ||
		!get_name(in, "detour", detour_names, &detour) ||
		!get_number(in, "called", out->s.called, CALL_NUMBER) ||
		!get_number(in, "number", out->s.number, CALL_NUMBER))
		return false;
	out->what = MQTT_CALL_SIGNAL;
	out->s.kind = (enum call_signal_kind)kind;
	out->s.detour = (enum call_detour)detour;
	if (!out->to && out->s.kind != CALL_SIGNAL_SETUP &&
		out->s.kind != CALL_SIGNAL_RELEASED)
		return mqtt_json_wrong(in, "\"to\" is not there");
	return get_more(in, out);
}

static bool get_octets(const struct mqtt_json_in *in, struct mqtt_call *out)
{
	const char *text = json_string_value(json_object_get(in->o, "octets"));

	out->what = MQTT_CALL_DATA;
	if (!out->to)
		return mqtt_json_wrong(in, "\"to\" is not there");
	return (text && decode(text, out)) ||
	       mqtt_json_wrong(in, "\"octets\" is not base64 of 1 to %d octets",
		       MQTT_CALL_OCTETS);
}

static bool get_seq(const struct mqtt_json_in *in, struct mqtt_call *out)
{
	return get_count(in, "seq", &out->seq) &&
	       (out->seq || mqtt_json_wrong(in, "\"seq\" is 0"));
}

static bool get_what(const struct mqtt_json_in *in, struct mqtt_call *out)
{
	if (json_object_get(in->o, "signal"))
		return get_seq(in, out) && get_signal(in, out);
	if (json_object_get(in->o, "octets"))
		return get_seq(in, out) && get_octets(in, out);
	if (json_object_get(in->o, "got")) {
		out->what = MQTT_CALL_ACK;
		return get_count(in, "got", &out->got) &&
		       get_count(in, "taken", &out->taken);
	}
	out->what = get_flag(in, "ask") ? MQTT_CALL_ASK : MQTT_CALL_GONE;
	return out->what == MQTT_CALL_ASK || get_flag(in, "gone") ||
	       mqtt_json_wrong(in, "it has none of \"signal\", \"octets\", \"got\", "
				   "\"ask\" and \"gone\"");
}

bool mqtt_call_read(
	const char *payload, size_t len, struct mqtt_call *out, char *why, size_t size)
{
	struct mqtt_json_in in;
	bool good = mqtt_json_begin(&in, payload, len, why, size);

	*out = (struct mqtt_call){ .unit = 0 };
	good = good && get_key(&in, "call", &out->s.line.key) &&
	       get_unit(&in, "unit", &out->unit) &&
	       (!json_object_get(in.o, "to") || get_unit(&in, "to", &out->to)) &&
	       get_number(&in, "from", out->from, MQTT_NUMBER);
	if (good && !mqtt_is_number(out->from))
		good = mqtt_json_wrong(&in, "\"from\" is no number");
	good = good && get_what(&in, out);
	return mqtt_json_end(&in, good);
}
