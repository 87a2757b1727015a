/* The payloads of the exchange over MQTT (host/exchange/mqtt_json.h), and the URL. */
#include "unit.h"

#include <stdio.h>
#include <string.h>

#include "codec/hex.h"
#include "host/exchange/mqtt_call_json.h"
#include "host/exchange/mqtt_json.h"
#include "host/exchange/mqtt_url.h"

static char out[MQTT_PAYLOAD], why[200];

static bool read_sms(const char *text, struct mqtt_sms *m)
{
	why[0] = '\0';
	return mqtt_sms_read(text, strlen(text), 1800000000, m, why, sizeof(why));
}

static void a_message_comes_back_octet_by_octet(void **state)
{
	static const char *const pdus[] = {
		"07913306091093F0040B913306000010F700000121102130000005C8329BFD06",
		"0791330609109 3F0",
		"0440048155550004012110213000000BAA0504158A0000DEADBEEF00",
	};
	struct mqtt_sms m = { .named = true,
		.sender = UINT64_MAX,
		.ref = INT64_MAX,
		.open = { 1, 7, INT64_MAX },
		.n_open = 3,
		.from = "+33600000017",
		.expires = 1800000300,
		.parts = 1 },
			back;
	size_t i;

	(void)state;
	for (i = 0; i < 3; i++) {
		if (tpdu_read_any(pdus[i], strlen(pdus[i]), true, &m.centre,
			    &m.part[0]) != PDU_OK)
			continue;
		assert_true(mqtt_sms_write(&m, "+33600000018", out) > 0);
		assert_true(read_sms(out, &back));
		assert_true(back.named && back.sender == m.sender && back.ref == m.ref);
		assert_int_equal(back.n_open, 3);
		assert_true(back.open[2] == (uint64_t)INT64_MAX);
		assert_string_equal(back.from, m.from);
		assert_int_equal(back.expires, m.expires);
		assert_int_equal(back.parts, 1);
		assert_true(address_equal(&back.centre, &m.centre));
		assert_int_equal(back.part[0].dcs, m.part[0].dcs);
		assert_int_equal(back.part[0].fo, m.part[0].fo);
		assert_memory_equal(back.part[0].ud, m.part[0].ud, m.part[0].ud_octets);
		assert_memory_equal(back.part[0].scts, m.part[0].scts, 7);
	}
}

static void it_is_what_the_readme_says(void **state)
{
	struct mqtt_sms m = { .named = true,
		.sender = 0xa1,
		.ref = 7,
		.open = { 7 },
		.n_open = 1,
		.from = "+33600000017",
		.expires = 1800000300,
		.parts = 1 };
	const char *pdu =
		"07913306091093F0040B913306000010F700000121102130000005C8329BFD06";
	const struct mqtt_ack a = { .sender = 0xa1, .ref = 7, .status = 0 };
	const struct mqtt_ack again = {
		.sender = 0xa1, .ref = 7, .part = 2, .status = MQTT_AGAIN
	};
	const struct mqtt_state s = { "+33600000017", 0xa1, 0xa2, "modem 1" };
	const struct mqtt_process p = { 5 };

	(void)state;
	assert_int_equal(
		tpdu_read_any(pdu, strlen(pdu), true, &m.centre, &m.part[0]), PDU_OK);
	mqtt_sms_write(&m, "+33600000018", out);
	assert_string_equal(out,
		"{\"v\":1,\"id\":\"00000000000000a1-7\",\"open\":[7],\"from\":\"+"
		"33600000017\","
		"\"to\":\"+33600000018\",\"expires\":1800000300,\"pdu\":"
		"\"07913306091093F0040B913306000010F700000121102130000005C8329BFD06\","
		"\"text\":\"Hello\"}");
	mqtt_ack_write(&a, "+33600000018", out);
	assert_string_equal(out, "{\"v\":1,\"id\":\"00000000000000a1-7\",\"to\":"
				 "\"+33600000018\",\"status\":0}");
	mqtt_ack_write(&again, "+33600000018", out);
	assert_string_equal(out, "{\"v\":1,\"id\":\"00000000000000a1-7\",\"to\":"
				 "\"+33600000018\",\"part\":2,\"again\":true}");
	mqtt_state_write(&s, out);
	assert_string_equal(out,
		"{\"v\":1,\"number\":\"+33600000017\",\"unit\":\"00000000000000a1\","
		"\"process\":\"00000000000000a2\",\"name\":\"modem 1\"}");
	mqtt_process_write(&p, "farm1", out);
	assert_string_equal(
		out, "{\"v\":1,\"session\":\"0000000000000005\",\"name\":\"farm1\"}");
}

static void a_text_becomes_parts(void **state)
{
	struct mqtt_sms m;
	char text[4000];
	size_t n;

	(void)state;
	assert_true(read_sms("{\"v\":1,\"from\":\"+4915\",\"text\":\"h\\u20aci\"}", &m));
	assert_false(m.named);
	assert_int_equal(m.parts, 1);
	assert_true(m.expires == INT64_MAX);
	assert_string_equal(m.part[0].address.text, "4915");
	assert_true(read_sms("{\"v\":1,\"from\":\"Farm\",\"text\":\"\\u0436\"}", &m));
	assert_int_equal(m.part[0].dcs, 8);
	n = (size_t)sprintf(text, "{\"v\":1,\"from\":\"1\",\"text\":\"");
	memset(text + n, 'y', 153 * 10);
	strcpy(text + n + 1530, "\"}");
	assert_true(read_sms(text, &m));
	assert_int_equal(m.parts, 10);
	strcpy(text + n + 1530, "y\"}");
	memset(text + n, 'y', 1530);
	assert_false(read_sms(text, &m));
	assert_non_null(strstr(why, "more than 10 parts"));
}

static void what_is_wrong_is_named(void **state)
{
	static const struct {
		const char *text, *why;
	} row[] = {
		{ "", "no JSON object" },
		{ "[1]", "no JSON object" },
		{ "{\"v\":1,\"v\":1}", "no JSON object" },
		{ "{}", "\"v\" is not 1" },
		{ "{\"v\":\"1\"}", "\"v\" is not 1" },
		{ "{\"v\":2,\"from\":\"1\",\"text\":\"a\"}", "\"v\" is not 1" },
		{ "{\"v\":1}", "neither \"pdu\" nor \"text\"" },
		{ "{\"v\":1,\"text\":\"a\"}", "\"from\" is neither" },
		{ "{\"v\":1,\"from\":7,\"text\":\"a\"}", "\"from\" is no text" },
		{ "{\"v\":1,\"from\":\"1\",\"text\":\"\",\"id\":1}", "\"id\"" },
		{ "{\"v\":1,\"from\":\"1\",\"text\":\"a\",\"id\":\"a-1\"}", "\"id\"" },
		{ "{\"v\":1,\"from\":\"1\",\"text\":\"a\",\"id\":\"0000000000000000-1\"}",
			"\"id\"" },
		{ "{\"v\":1,\"from\":\"1\",\"text\":\"a\",\"id\":\"000000000000000a-0\"}",
			"\"id\"" },
		{ "{\"v\":1,\"from\":\"1\",\"text\":\"a\",\"expires\":\"soon\"}",
			"\"expires\"" },
		{ "{\"v\":1,\"from\":\"1\",\"text\":\"a\",\"expires\":-1}",
			"\"expires\"" },
		{ "{\"v\":1,\"from\":\"1\",\"text\":\"a\",\"open\":[2,1]}", "\"open\"" },
		{ "{\"v\":1,\"from\":\"1\",\"text\":\"a\",\"open\":7}", "\"open\"" },
		{ "{\"v\":1,\"pdu\":\"zz\"}", "\"pdu\"" },
		{ "{\"v\":1,\"pdu\":\"0001000181000000\"}", "\"pdu\"" },
	};
	struct mqtt_sms m;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(row) / sizeof(row[0]); i++) {
		assert_false(read_sms(row[i].text, &m));
		if (!strstr(why, row[i].why))
			fail_msg("%s: %s", row[i].text, why);
	}
	memset(out, ' ', sizeof(out));
	assert_false(mqtt_sms_read(out, MQTT_PAYLOAD + 1, 0, &m, why, sizeof(why)));
	assert_non_null(strstr(why, "bytes"));
}

static void acks_and_states_are_checked(void **state)
{
	static const char *const acks[] = { "{\"v\":1}",
		"{\"v\":1,\"id\":\"000000000000000a-1\"}",
		"{\"v\":1,\"id\":\"000000000000000a-1\",\"status\":256}",
		"{\"v\":1,\"id\":\"000000000000000a-1\",\"status\":-1}",
		"{\"v\":1,\"id\":\"000000000000000a-1\",\"again\":false}" };
	static const char *const states[] = {
		"{\"v\":1}", "{\"v\":1,\"number\":\"+1\"}",
		"{\"v\":1,\"number\":\"+1#\",\"unit\":\"000000000000000a\"}",
		"{\"v\":1,\"number\":\"123456789012345678901\"}",
		"{\"v\":1,\"number\":\"+1\",\"unit\":\"a\"}",
		"{\"v\":1,\"number\":\"+1\",\"unit\":\"000000000000000a\",\"process\":1}"
	};
	struct mqtt_ack a;
	struct mqtt_state s;
	const char *good = "{\"v\":1,\"number\":\"12\",\"unit\":\"000000000000000a\","
			   "\"name\":\"a\\u001b[2Jb\"}";
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(acks) / sizeof(acks[0]); i++)
		assert_false(
			mqtt_ack_read(acks[i], strlen(acks[i]), &a, why, sizeof(why)));
	for (i = 0; i < sizeof(states) / sizeof(states[0]); i++)
		assert_false(mqtt_state_read(
			states[i], strlen(states[i]), &s, why, sizeof(why)));
	assert_true(mqtt_state_read(good, strlen(good), &s, why, sizeof(why)));
	assert_string_equal(s.name, "a?[2Jb"); /* it will be shown at terminals */
	assert_int_equal(s.process, 0);
}

static void a_url_names_a_broker(void **state)
{
	struct mqtt_url u;

	(void)state;
	assert_true(mqtt_url_parse("mqtt://broker", &u, why, sizeof(why)));
	assert_true(!u.tls && u.port == 1883 && !u.user[0] && !u.prefix[0]);
	assert_string_equal(u.host, "broker");
	assert_true(mqtt_url_parse("mqtts://me@[::1]:99/farm/a/", &u, why, sizeof(why)));
	assert_true(u.tls && u.port == 99);
	assert_string_equal(u.host, "::1");
	assert_string_equal(u.user, "me");
	assert_string_equal(u.prefix, "farm/a");
	assert_true(mqtt_url_parse("mqtts://h/", &u, why, sizeof(why)));
	assert_true(u.port == 8883 && !u.prefix[0]);
}

static void a_wrong_url_has_a_remedy(void **state)
{
	static const struct {
		const char *text, *why;
	} row[] = {
		{ "", "mqtt://[USER@]HOST" },
		{ "http://a", "is not a broker" },
		{ "mqtt://", "host is missing" },
		{ "mqtt://:7", "host is missing" },
		{ "mqtt://[]", "host is missing" },
		{ "mqtt://[::1", "]" },
		{ "mqtt://h:", "port" },
		{ "mqtt://h:0", "port" },
		{ "mqtt://h:65536", "port" },
		{ "mqtt://h:-1", "port" },
		{ "mqtt://h:7x", "after the host" },
		{ "mqtt://@h", "user" },
		{ "mqtt://me:secret@h", "--exchange-password FILE" },
		{ "mqtt://h/a/#", "prefix" },
		{ "mqtt://h//a", "prefix" },
		{ "mqtt://h/$SYS", "prefix" },
	};
	struct mqtt_url u;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(row) / sizeof(row[0]); i++) {
		assert_false(mqtt_url_parse(row[i].text, &u, why, sizeof(why)));
		if (!strstr(why, row[i].why))
			fail_msg("%s: %s", row[i].text, why);
		assert_null(strstr(why, "secret"));
	}
}

#define HEAD                                                                      \
	"{\"v\":1,\"call\":\"8000000000000001-5\",\"unit\":\"8000000000000001\"," \
	"\"from\":\"+33600000017\","
#define HEARD HEAD "\"to\":\"8000000000000002\",\"seq\":3,"

static struct mqtt_call heard_call, written;

static bool read_call(const char *text)
{
	why[0] = '\0';
	return mqtt_call_read(text, strlen(text), &heard_call, why, sizeof(why));
}

/* What is written is read with all its members, and both are the same text again. */
static void signals_keep_all_their_members(void **state)
{
	static const char *const texts[] = {
		HEAD "\"seq\":1,\"signal\":\"setup\",\"called\":\"0600000018\","
		     "\"detour\":\"forwarded\",\"expires\":1800000030,"
		     "\"caller\":\"+33600000017\",\"hidden\":true,\"bearer\":\"data\","
		     "\"speed\":7,\"element\":1,\"group\":3,\"group_only\":true,"
		     "\"forwards\":2}",
		HEARD "\"signal\":\"alerting\",\"waits\":true}",
		HEARD "\"signal\":\"answered\",\"number\":\"+33600000018\"}",
		HEARD "\"signal\":\"released\",\"cause\":17}",
		HEARD "\"signal\":\"forwarded\",\"number\":\"+33600000019\","
		      "\"detour\":\"deflected\"}",
		HEARD "\"signal\":\"held\"}",
		HEARD "\"signal\":\"tone\",\"tone\":\"#\"}",
		HEARD "\"signal\":\"transferred\",\"other\":{\"call\":"
		      "\"8000000000000009-1\",\"unit\":\"8000000000000003\","
		      "\"number\":\"+33600000019\"}}",
		HEARD "\"signal\":\"enquiry\"}",
		HEARD "\"octets\":\"AA==\"}",
		HEARD "\"octets\":\"AP8=\"}",
		HEARD "\"octets\":\"+++/\"}",
		HEAD "\"got\":9,\"taken\":4096}",
		HEAD "\"ask\":true}",
		HEAD "\"gone\":true}",
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(texts) / sizeof(*texts); i++) {
		if (!read_call(texts[i]))
			fail_msg("%s: %s", texts[i], why);
		written = heard_call;
		assert_true(mqtt_call_write(&written, out) > 0);
		assert_int_equal(strlen(out), strlen(texts[i]));
		assert_true(read_call(out));
		assert_memory_equal(&written, &heard_call, sizeof(written));
	}
}

static void signals_that_are_wrong_are_refused(void **state)
{
	static const struct {
		const char *text, *why;
	} wrong[] = {
		{ "{\"v\":2}", "\"v\" is not 1" },
		{ "{\"v\":1}", "\"call\"" },
		{ "{\"v\":1,\"call\":\"0000000000000001-5\"}", "begin with 8 to f" },
		{ HEAD "\"seq\":1}", "none of \"signal\"" },
		{ HEAD "\"signal\":\"held\",\"seq\":1}", "\"to\" is not there" },
		{ HEAD "\"signal\":\"setup\",\"seq\":1}", "\"expires\" is not there" },
		{ HEARD "\"signal\":\"sings\"}", "\"signal\" is no name" },
		{ HEARD "\"signal\":\"tone\",\"tone\":\"x\"}", "\"tone\"" },
		{ HEARD "\"signal\":\"released\",\"cause\":0}", "1 to 255" },
		{ HEARD "\"signal\":\"forwarded\"}", "\"number\" is not there" },
		{ HEARD "\"signal\":\"answered\",\"number\":\"\\n\"}", "no number" },
		{ HEARD "\"signal\":\"transferred\"}", "\"other\"" },
		{ HEARD "\"octets\":\"\"}", "base64" },
		{ HEARD "\"octets\":\"A===\"}", "base64" },
		{ HEARD "\"octets\":\"AB==\"}", "base64" },
		{ HEARD "\"octets\":\"AA==AAAA\"}", "base64" },
		{ HEAD "\"got\":-1}", "\"got\"" },
		{ HEAD "\"got\":1}", "\"taken\" is not there" },
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(wrong) / sizeof(*wrong); i++) {
		assert_false(read_call(wrong[i].text));
		if (!strstr(why, wrong[i].why))
			fail_msg("%s: %s", wrong[i].text, why);
	}
}

static void a_payload_has_at_most_1024_octets(void **state)
{
	size_t i;

	(void)state;
	assert_true(read_call(HEARD "\"octets\":\"AA==\"}"));
	written = heard_call;
	written.len = MQTT_CALL_OCTETS;
	for (i = 0; i < written.len; i++)
		written.data[i] = (uint8_t)(i * 7);
	assert_true(mqtt_call_write(&written, out) > 0);
	assert_true(read_call(out));
	assert_memory_equal(written.data, heard_call.data, MQTT_CALL_OCTETS);
	memmove(strstr(out, "=="), "AA\"}", 5);
	assert_false(read_call(out));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(signals_keep_all_their_members),
		cmocka_unit_test(signals_that_are_wrong_are_refused),
		cmocka_unit_test(a_payload_has_at_most_1024_octets),
		cmocka_unit_test(a_message_comes_back_octet_by_octet),
		cmocka_unit_test(it_is_what_the_readme_says),
		cmocka_unit_test(a_text_becomes_parts),
		cmocka_unit_test(what_is_wrong_is_named),
		cmocka_unit_test(acks_and_states_are_checked),
		cmocka_unit_test(a_url_names_a_broker),
		cmocka_unit_test(a_wrong_url_has_a_remedy),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
