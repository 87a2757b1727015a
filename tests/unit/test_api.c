/* The control interface without a network: paths, actions, its own description. */
#include "api_test.h"

#include "actions/action.h"
#include "describe/describe.h"
#include "host/control/api_int.h"

static json_t *value_of(const char *path)
{
	json_t *j, *at;
	char key[64];
	size_t len;

	get(ONE, NULL);
	assert_status(200);
	j = json_loads(answer->body, 0, NULL);
	for (at = json_object_get(j, "state"); *path; path += len + (path[len] == '.')) {
		len = strcspn(path, ".");
		snprintf(key, sizeof(key), "%.*s", (int)len, path);
		at = json_object_get(at, key);
	}
	assert_non_null(at);
	json_incref(at);
	json_decref(j);
	return at;
}

static void assert_state(const char *path, const char *wanted)
{
	json_t *j = value_of(path);

	assert_string_equal(json_string_value(j), wanted);
	json_decref(j);
}

/* ---- paths ------------------------------------------------------------------------ */

static void missing_things_are_reported(void **state)
{
	(void)state;
	get("/", NULL);
	assert_error(404, NULL, "openapi.json");
	get("/v1/modems/2", NULL);
	assert_error(404, "id", "1 to 1");
	get("/v1/modems/", NULL);
	assert_error(404, NULL, "no such path");
	get(ONE "/actions/sms", NULL);
	assert_error(405, NULL, "POST");
	post(ONE "/actions/smx", "{}");
	assert_error(404, "name", "did you mean \\\"sms\\\"");
	get("/v1/commands", "firmware=r99");
	assert_error(404, "firmware", "r99");
	get(ONE "/events", "since=x");
	assert_error(400, "since", "number");
}

static void a_modem_reports_its_state(void **state)
{
	(void)state;
	get("/v1/modems", NULL);
	assert_status(200);
	assert_has("\"port\":\"/dev/pts/7\"");
	assert_state("registration.state", "home");
	assert_state("sim.state", "ready");
}

static void lists_show_every_row(void **state)
{
	const struct action_row *row;
	char words[80];
	size_t i;

	(void)state;
	get("/v1/actions", NULL);
	assert_status(200);
	for (i = 0; (row = action_at(i)); i++) {
		snprintf(words, sizeof(words), "\"name\":\"%s\"", row->name);
		assert_has(words);
	}
	get("/v1/applications", NULL);
	assert_status(200);
	assert_has("\"name\":\"wipsoft\"");
	assert_has("\"provides\":[\"wip\"],\"wip_version\":\"5.42\"");
	get("/v1/commands", "firmware=r663");
	assert_status(200);
	assert_has("\"+CMGS\"");
}

/* ---- actions ---------------------------------------------------------------------- */

static void actions_act(void **state)
{
	(void)state;
	post(ONE "/actions/sms", "{\"from\":\"+1555\",\"text\":\"hi\"}");
	assert_status(200);
	assert_has("\"done\":true");
	post(ONE "/actions/sim", "\"removed\"");
	assert_status(200);
	assert_state("sim.state", "absent");
	post(ONE "/actions/power", "{\"to\":\"off\"}");
	assert_status(200);
	assert_state("power", "off");
	post(ONE "/actions/reset", "");
	assert_error(409, NULL, "no power");
	get(ONE "/events", "since=0");
	assert_has("\"text\":\"sim \\\"removed\\\"\"");
	assert_has("\"text\":\"reset\"");
	assert_has("\"text\":\"refused\"");
}

static void faults_have_numbers_and_count_their_actions(void **state)
{
	(void)state;
	get(ONE "/faults", NULL);
	assert_status(200);
	assert_has("{\"faults\":[]}");
	post(ONE "/actions/fault", "{\"name\":\"busy\",\"when\":\"event\",\"sim\":1}");
	assert_error(400, NULL, "unknown key");
	post(ONE "/actions/fault", "{\"when\":{\"at\":\"event\",\"event\":\"net\"},"
				   "\"say\":\"here\"}");
	assert_status(200);
	assert_has("\"number\":1");
	post(ONE "/actions/fault", "{\"name\":\"busy\",\"answer\":{\"result\":"
				   "\"+CMS ERROR: 512\",\"commands\":[\"+CMGS\"]}}");
	assert_status(200);
	assert_has("\"number\":2");
	post(ONE "/actions/deregister", "");
	get(ONE "/faults", NULL);
	assert_has("\"number\":1,\"of\":\"control\",\"name\":null,\"effect\":\"say\","
		   "\"when\":\"event\",\"command\":null,\"life\":\"idle\",\"acted\":1}");
	assert_has("\"number\":2,\"of\":\"control\",\"name\":\"busy\",\"effect\":"
		   "\"answer\",\"when\":null,\"command\":null,\"life\":\"active\","
		   "\"acted\":0}");
	post(ONE "/actions/unfault", "\"busy\"");
	assert_status(200);
	post(ONE "/actions/unfault", "\"busy\"");
	assert_error(409, NULL, "no such fault");
	get(ONE "/faults", NULL);
	assert_null(strstr(answer->body, "busy"));
	post(ONE "/actions/unfault", "\"all\"");
	assert_status(200);
	get(ONE "/faults", NULL);
	assert_has("{\"faults\":[]}");
}

static void a_fault_of_an_unknown_command_is_refused(void **state)
{
	(void)state;
	post(ONE "/actions/fault",
		"{\"answer\":{\"result\":\"OK\",\"commands\":[\"+CMSG\"]}}");
	assert_error(409, NULL, "no firmware here has a command +CMSG");
	post(ONE "/actions/fault", "{\"answer\":{\"result\":\"OK\",\"unknown\":true,"
				   "\"commands\":[\"+CMSG\"]}}");
	assert_status(200);
	post(ONE "/actions/fault", "{\"answer\":{\"commands\":[\"AT\"]}}");
	assert_error(400, NULL, "changes nothing");
}

static void bad_bodies_are_refused_and_change_nothing(void **state)
{
	(void)state;
	post(ONE "/actions/sms", "{\"from\":");
	assert_error(400, NULL, "JSON");
	post(ONE "/actions/sms", "{\"form\":\"+1\",\"pid\":300}");
	assert_error(400, "form", "did you mean \\\"from\\\"");
	assert_has("\"others\":[{");
	post(ONE "/actions/sms", "{\"text\":\"hi\"}");
	assert_error(400, NULL, "the sender is missing");
	post(ONE "/actions/power", "5");
	assert_error(400, NULL, "off");
	post(ONE "/clock", "{\"do\":\"stop\"}");
	assert_error(400, "do", "did you mean");
	get(ONE "/events", "since=0");
	assert_null(strstr(answer->body, "event: action"));
}

static void time_follows_the_requested_scale(void **state)
{
	usec_t before = wire_now(rig.wire);

	(void)state;
	post(ONE "/clock", "{\"do\":\"step\",\"by\":\"90s\"}");
	assert_status(200);
	assert_int_equal(wire_now(rig.wire), before + SEC(90));
	post(ONE "/clock", "{\"do\":\"scale\",\"to\":1000}");
	assert_status(200);
	while (wire_now(rig.wire) == before + SEC(90))
		;
	post(ONE "/clock", "\"freeze\"");
	before = wire_now(rig.wire);
	get(ONE, NULL);
	assert_int_equal(wire_now(rig.wire), before);
}

static void factory_restores_the_modem_as_delivered(void **state)
{
	usec_t before = wire_now(rig.wire);

	(void)state;
	post(ONE "/actions/sms", "{\"from\":\"+1555\",\"text\":\"hi\"}");
	post(ONE "/actions/power", "\"off\"");
	post(ONE "/factory", "");
	assert_status(200);
	assert_state("power", "on");
	assert_state("registration.state", "home");
	get(ONE, NULL);
	assert_has("\"SM\":{\"used\":0,");
	assert_true(wire_now(rig.wire) > before);
}

static void the_outbox_is_reported(void **state)
{
	const struct port_events port = wire_events(rig.wire, MODEM_UART1);

	(void)state;
	port.dtr(port.ctx, true);
	port.rx(port.ctx, "AT+CMGF=1\r", 10);
	post(ONE "/clock", "{\"do\":\"step\",\"by\":\"1s\"}");
	port.rx(port.ctx, "AT+CMGS=\"+4912345\"\r", 19);
	post(ONE "/clock", "{\"do\":\"step\",\"by\":\"1s\"}");
	port.rx(port.ctx, "h\xc3\xa9llo\x1a", 7);
	post(ONE "/clock", "{\"do\":\"step\",\"by\":\"30s\"}");
	get(ONE "/outbox", NULL);
	assert_status(200);
	assert_has("\"to\":\"+4912345\"");
	assert_has("\"pdus\":[\"");
}

/* The count is of all bytes, but only the newest 4 KiB are kept; a new call starts again.
 */
static void bytes_that_a_far_end_received_are_reported(void **state)
{
	const struct port_events port = wire_events(rig.wire, MODEM_UART1);
	char block[1000];
	int i;

	(void)state;
	get(ONE "/farend", NULL);
	assert_string_equal(answer->body, "{\"received\":0,\"text\":\"\",\"hex\":\"\"}");
	port.dtr(port.ctx, true);
	port.rx(port.ctx, "ATD0999999999\r", 14);
	post(ONE "/clock", "{\"do\":\"step\",\"by\":\"5s\"}");
	post(ONE "/actions/answer", "{}");
	assert_status(200);
	post(ONE "/clock", "{\"do\":\"step\",\"by\":\"11s\"}");
	port.rx(port.ctx, "hello\r\n", 7);
	get(ONE "/farend", NULL);
	assert_string_equal(answer->body, "{\"received\":7,\"text\":\"hello\\r\\n\","
					  "\"hex\":\"68656C6C6F0D0A\"}");
	assert_state("far_end.newest", "hello\\r\\n");
	memset(block, 'x', sizeof(block));
	for (i = 0; i < 5; i++)
		port.rx(port.ctx, block, sizeof(block));
	port.rx(port.ctx, "\xff", 1);
	get(ONE "/farend", NULL);
	assert_has("{\"received\":5008,\"text\":\"xxx");
	assert_has("xxx<FF>\",\"hex\":\"787878");
	assert_has("7878FF\"}");
	assert_null(strstr(answer->body, "6F0D0A"));

	/* the received bytes stay after the call has ended, until the next call */
	post(ONE "/actions/hangup", "{}");
	get(ONE "/farend", NULL);
	assert_has("{\"received\":5008,");
	port.rx(port.ctx, "ATD0458783786\r", 14);
	post(ONE "/clock", "{\"do\":\"step\",\"by\":\"20s\"}");
	get(ONE "/farend", NULL);
	assert_has("{\"received\":0,");
}

/* Reading the state has no effect on the modem. */
static void reading_the_state_moves_no_time(void **state)
{
	usec_t next = modem_next(wire_modem(rig.wire));
	usec_t now = wire_now(rig.wire);

	(void)state;
	get("/v1/modems", NULL);
	get(ONE, NULL);
	get(ONE "/events", "since=0");
	get(ONE "/trace", NULL);
	get(ONE "/outbox", NULL);
	get(ONE "/farend", NULL);
	post(ONE "/wait", "{\"for\":\"off\"}");
	post(ONE "/actions/sms", "{}");
	assert_int_equal(modem_next(wire_modem(rig.wire)), next);
	assert_int_equal(wire_now(rig.wire), now);
	get("/v1/modems", NULL);
	assert_has("\"event\":0");
}

/* ---- the description -------------------------------------------------------------- */

static void each_ref_leads_somewhere(const json_t *j, const json_t *schemas)
{
	static const char prefix[] = "#/components/schemas/";
	const char *key, *text;
	json_t *value;
	size_t i;

	if (json_is_object(j)) {
		json_object_foreach((json_t *)j, key, value)
		{
			text = json_string_value(value);
			if (!strcmp(key, "$ref")) {
				assert_memory_equal(text, prefix, strlen(prefix));
				assert_non_null(
					json_object_get(schemas, text + strlen(prefix)));
			}
			each_ref_leads_somewhere(value, schemas);
		}
	}
	json_array_foreach(j, i, value)
	{
		each_ref_leads_somewhere(value, schemas);
	}
}

static void assert_operation(const json_t *paths, const char *path, const char *method)
{
	json_t *o = json_object_get(json_object_get(paths, path), method);

	if (!o)
		fail_msg("%s %s is not described", method, path);
	assert_non_null(json_object_get(json_object_get(o, "responses"), "200"));
	assert_true(json_is_string(json_object_get(o, "summary")));
	assert_true(json_string_length(json_object_get(o, "operationId")) > 2);
	assert_true(json_array_size(json_object_get(o, "security")) > 0);
	if (strstr(path, "{id}"))
		assert_true(json_array_size(json_object_get(o, "parameters")) > 0);
}

static void every_row_is_described(void **state)
{
	const struct api_route *route;
	const struct action_row *row;
	json_t *j, *paths, *schemas;
	char path[100];
	size_t i;

	(void)state;
	get("/v1/openapi.json", NULL);
	assert_status(200);
	j = json_loads(answer->body, JSON_REJECT_DUPLICATES, NULL);
	assert_non_null(j);
	assert_string_equal(json_string_value(json_object_get(j, "openapi")), "3.1.0");
	paths = json_object_get(j, "paths");
	schemas = json_object_get(json_object_get(j, "components"), "schemas");
	for (i = 0; (route = api_route(i)); i++)
		if (!strstr(route->path, "{name}"))
			assert_operation(paths, route->path,
				!strcmp(route->method, "GET") ? "get" : "post");
	for (i = 0; (row = action_at(i)); i++) {
		snprintf(path, sizeof(path), "/v1/modems/{id}/actions/%s", row->name);
		assert_operation(paths, path, "post");
	}
	each_ref_leads_somewhere(j, schemas);
	assert_has("\"required\":[\"to\"]"); /* power */
	json_decref(j);
}

/* Every key that the modem reports matches the description. */
static void matches(const json_t *value, const json_t *schema)
{
	json_t *properties = json_object_get(schema, "properties"), *more, *v;
	const char *key;
	size_t i;

	more = json_object_get(schema, "additionalProperties");
	if (json_is_object(value)) {
		json_object_foreach((json_t *)value, key, v)
		{
			json_t *s = properties ? json_object_get(properties, key) : more;

			if (!s)
				fail_msg("\"%s\" is not described", key);
			matches(v, s);
		}
	} else if (json_is_array(value)) {
		json_array_foreach(value, i, v)
		{
			matches(v, json_object_get(schema, "items"));
		}
	} else if (json_object_get(schema, "enum")) {
		json_array_foreach(json_object_get(schema, "enum"), i, v)
		{
			if (json_equal(v, value))
				return;
		}
		fail_msg("a value is not among those that are described");
	} else {
		const char *type = json_string_value(
			json_array_get(json_object_get(schema, "type"), 0));

		assert_non_null(type);
		if (!json_is_null(value))
			assert_string_equal(type, json_is_string(value)    ? "string"
						  : json_is_integer(value) ? "integer"
									   : "boolean");
	}
}

static void the_state_matches_its_description(void **state)
{
	const struct port_events port = wire_events(rig.wire, MODEM_UART1);
	json_t *j, *s, *value;

	(void)state;
	port.dtr(port.ctx, true);
	port.rx(port.ctx, "AT+CGDCONT=1,\"IP\",\"a\"\r", 23);
	port.rx(port.ctx, "ATD+33123456789;\r", 17);
	wire_step(rig.wire, SEC(2));
	get("/v1/openapi.json", NULL);
	j = json_loads(answer->body, 0, NULL);
	s = json_object_get(
		json_object_get(json_object_get(j, "components"), "schemas"), "state");
	get(ONE, NULL);
	value = json_loads(answer->body, 0, NULL);
	assert_int_equal(json_array_size(json_object_get(
				 json_object_get(value, "state"), "contexts")),
		1);
	assert_int_equal(json_array_size(json_object_get(
				 json_object_get(value, "state"), "calls")),
		1);
	matches(json_object_get(value, "state"), s);
	json_decref(value);
	json_decref(j);
}

/* Text from a host may contain any bytes. */
static void any_bytes_can_be_reported(void **state)
{
	const struct port_events port = wire_events(rig.wire, MODEM_UART1);
	json_t *j;

	(void)state;
	port.dtr(port.ctx, true);
	port.rx(port.ctx, "AT+CGDCONT=1,\"IP\",\"\xff\xfe\"\r", 24);
	wire_step(rig.wire, SEC(2));
	get(ONE "/events", "since=0");
	get(ONE, NULL);
	assert_status(200);
	j = json_loads(answer->body, 0, NULL);
	assert_non_null(j);
	json_decref(j);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(missing_things_are_reported),
		TEST(a_modem_reports_its_state),
		TEST(lists_show_every_row),
		TEST(actions_act),
		TEST(faults_have_numbers_and_count_their_actions),
		TEST(a_fault_of_an_unknown_command_is_refused),
		TEST(bad_bodies_are_refused_and_change_nothing),
		TEST(time_follows_the_requested_scale),
		TEST(factory_restores_the_modem_as_delivered),
		TEST(the_outbox_is_reported),
		TEST(bytes_that_a_far_end_received_are_reported),
		TEST(reading_the_state_moves_no_time),
		TEST(every_row_is_described),
		TEST(the_state_matches_its_description),
		TEST(any_bytes_can_be_reported),
	};
	int status = cmocka_run_group_tests(tests, NULL, NULL);

	if (answer)
		free(answer->body);
	return status;
}
