/* The control interface without a network: what the panel asks of it. */
#include "api_test.h"

/* ---- the stream ------------------------------------------------------------------- */

static void type_as_client(const char *text)
{
	const struct port_events port = wire_events(rig.wire, MODEM_UART1);

	port.rx(port.ctx, text, strlen(text));
}

static void a_stream_has_bytes_and_changes_of_the_state(void **state)
{
	const struct port_events port = wire_events(rig.wire, MODEM_UART1);
	size_t len;

	(void)state;
	get(ONE "/events", "bytes=1&state=1");
	assert_has("event: state\n");
	assert_has("\"power\":\"on\"");
	assert_has("\"led_on\":200,\"led_off\":2000");
	len = answer->len;
	port.dtr(port.ctx, true);
	type_as_client("AT\xff\r");
	assert_has("\"from\":\"host\",\"data\":\"AT\xc3\xbf\\r\"");
	assert_null(strstr(answer->body + len, "event: state"));
	fake_late();
	assert_non_null(strstr(answer->body + len, "event: state"));
	assert_non_null(strstr(answer->body + len, "\"dtr\":true"));
	assert_null(strstr(answer->body + len, "\"sim\":"));
	/* nothing has changed since: nothing is sent */
	len = answer->len;
	fake_late();
	assert_int_equal(answer->len, len);
}

static void a_stream_without_them_is_as_before(void **state)
{
	const struct port_events port = wire_events(rig.wire, MODEM_UART1);

	(void)state;
	get(ONE "/events", NULL);
	port.dtr(port.ctx, true);
	type_as_client("AT\r");
	assert_null(strstr(answer->body, "event: bytes"));
	assert_null(strstr(answer->body, "event: state"));
	assert_has("event: dtr");
	get(ONE "/events", "bytes=2");
	assert_error(400, "bytes", "0 to 1");
}

/* ---- typing ----------------------------------------------------------------------- */

static void what_is_typed_is_checked(void **state)
{
	(void)state;
	post(ONE "/type", "{\"hex\": \"4\"}");
	assert_error(400, "hex", "two hexadecimal digits");
	post(ONE "/type", "{\"hex\": \"41\", \"text\": \"A\"}");
	assert_error(400, "hex", "text or hex");
	post(ONE "/type", "{\"txt\": \"A\"}");
	assert_error(400, "txt", "did you mean");
	post(ONE "/type", "{\"text\": \"AT\\\\r\"}"); /* no port is open */
	assert_status(200);
	assert_has("\"taken\":0");
}

/* ---- field bugs, and the panel itself --------------------------------------------- */

static void without_a_library_there_are_no_bugs(void **state)
{
	(void)state;
	get("/v1/bugs", NULL);
	assert_status(200);
	assert_string_equal(answer->body, "{\"bugs\":[]}");
	post(ONE "/bug", "{\"name\": \"x\"}");
	assert_error(409, NULL, "fauxtrack run");
	post(ONE "/bug", "{}");
	assert_error(400, NULL, "missing");
	post("/v1/panel", "{}");
	assert_error(409, NULL, "no panel");
}

static unsigned armed_id;
static char armed_name[40];

static json_t *list(void *ctx)
{
	(void)ctx;
	return json_pack("[{s:s}]", "name", "one");
}

static bool arm(void *ctx, unsigned id, const char *bug, const struct profile **profile,
	const char **profile_name, const char **armed, char *why, size_t size)
{
	(void)ctx;
	snprintf(why, size, "there is no such bug; look at the list");
	if (bug && strcmp(bug, "one") != 0)
		return false;
	armed_id = id;
	snprintf(armed_name, sizeof(armed_name), "%s", bug ? bug : "-");
	*profile = rig.profile;
	*profile_name = "another";
	*armed = bug ? "one" : NULL;
	return true;
}

static void a_bug_is_armed_by_its_name(void **state)
{
	(void)state;
	api_set_bugs(rig.api, &(struct api_bugs){ NULL, list, arm });
	get("/v1/bugs", NULL);
	assert_string_equal(answer->body, "{\"bugs\":[{\"name\":\"one\"}]}");
	post(ONE "/bug", "{\"name\": \"two\"}");
	assert_error(409, NULL, "look at the list");
	post(ONE "/bug", "{\"name\": \"one\"}");
	assert_status(200);
	assert_int_equal(armed_id, 1);
	assert_string_equal(armed_name, "one");
	get("/v1/modems", NULL);
	assert_has("\"profile\":\"another\"");
	assert_has("\"bug\":\"one\"");
	post(ONE "/bug", "\"none\"");
	assert_string_equal(armed_name, "-");
	get("/v1/modems", NULL);
	assert_has("\"bug\":null");
}

static bool open_panel(
	void *ctx, unsigned port, char *url, size_t url_size, char *why, size_t size)
{
	(void)ctx;
	snprintf(why, size, "port %u: in use; use another port", port);
	snprintf(url, url_size, "http://127.0.0.1:%u/", port);
	return port != 1;
}

static void the_panel_has_its_url(void **state)
{
	(void)state;
	api_set_opener(rig.api, &(struct api_opener){ NULL, open_panel });
	post("/v1/panel", "{\"port\": 8080}");
	assert_string_equal(answer->body, "{\"url\":\"http://127.0.0.1:8080/\"}");
	post("/v1/panel", "{\"port\": 1}");
	assert_error(409, "port", "in use");
	post("/v1/panel", "{\"port\": 65536}");
	assert_error(400, "port", "65535");
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_stream_has_bytes_and_changes_of_the_state),
		TEST(a_stream_without_them_is_as_before),
		TEST(what_is_typed_is_checked),
		TEST(without_a_library_there_are_no_bugs),
		TEST(a_bug_is_armed_by_its_name),
		TEST(the_panel_has_its_url),
	};
	int status = cmocka_run_group_tests(tests, NULL, NULL);

	if (answer)
		free(answer->body);
	return status;
}
