/* The control interface without a network: requests to a group, or to all modems. */
#include "api_test.h"

static struct wire *more[3];

/* Modem 1 has no group; "north" has 2 and 3, "south" has 4. */
static int begin(void **state)
{
	static const struct {
		const char *group;
		unsigned index;
	} rows[] = { { "north", 1 }, { "north", 2 }, { "south", 1 } };
	const struct wire_options o = { .modem = { .seed = 1, .speed = 1 } };
	size_t i;

	setup(state);
	for (i = 0; i < 3; i++) {
		more[i] = wire_new(rig.loop, rig.profile, &o);
		assert_non_null(more[i]);
		wire_scale(more[i], 0);
		api_add(rig.api, &(struct api_place){ more[i], "/dev/pts/8", rig.profile,
					 "p", rows[i].group, rows[i].index });
	}
	return 0;
}

static int end(void **state)
{
	struct wire *wires[3];
	size_t i;

	memcpy(wires, more, sizeof(wires));
	fake_close();
	fake_other_client();
	api_free(rig.api);
	rig.api = NULL;
	for (i = 0; i < 3; i++)
		wire_free(wires[i]);
	return teardown(state);
}

/* The statuses of the last answer, such as "2:200 3:409". */
static void assert_each(const char *wanted)
{
	json_t *j = json_loads(answer->body, 0, NULL), *m;
	char got[200] = "";
	size_t i, len = 0;

	assert_status(200);
	json_array_foreach(json_object_get(j, "modems"), i, m)
	{
		len += (size_t)snprintf(got + len, sizeof(got) - len, "%s%s:%d",
			len ? " " : "", json_string_value(json_object_get(m, "id")),
			(int)json_integer_value(json_object_get(m, "status")));
		assert_true(json_is_object(json_object_get(m, "answer")));
	}
	json_decref(j);
	assert_string_equal(got, wanted);
}

static void a_name_is_a_number_a_member_a_group_or_all(void **state)
{
	static const char *const none[] = { "5", "0", "01", "1x", "north.3", "north.0",
		"north.", ".1", "nor", "north.1.1", "ALL" };
	char path[60];
	size_t i;

	(void)state;
	get("/v1/modems/3", NULL);
	assert_has("\"name\":\"north.2\",\"group\":\"north\"");
	get("/v1/modems/north.2", NULL);
	assert_has("\"id\":\"3\"");
	get("/v1/modems/1", NULL);
	assert_has("\"name\":null,\"group\":null");
	get("/v1/modems/north/outbox", NULL);
	assert_each("2:200 3:200");
	get("/v1/modems/south", NULL);
	assert_each("4:200");
	get("/v1/modems/all/faults", NULL);
	assert_each("1:200 2:200 3:200 4:200");
	for (i = 0; i < sizeof(none) / sizeof(none[0]); i++) {
		snprintf(path, sizeof(path), "/v1/modems/%s", none[i]);
		get(path, NULL);
		assert_error(404, "id", "there is no modem");
	}
	get("/v1/modems/noth", NULL);
	assert_error(404, "id", "north");
}

static void each_modem_has_its_own_result(void **state)
{
	(void)state;
	post("/v1/modems/north.1/actions/power", "\"off\"");
	assert_status(200);
	post("/v1/modems/all/actions/power", "\"on\"");
	assert_has("\"events_from\"");
	post("/v1/modems/north.2/actions/sim", "\"removed\"");
	get("/v1/modems/all", NULL);
	assert_each("1:200 2:200 3:200 4:200");
	assert_has("\"absent\"");
}

static void what_is_wrong_for_all_changes_nothing(void **state)
{
	(void)state;
	post("/v1/modems/all/actions/power", "\"sideways\"");
	assert_error(400, NULL, "sideways");
	post("/v1/modems/all/actions/pwoer", "\"off\"");
	assert_error(404, NULL, "pwoer");
	post("/v1/modems/nowhere/actions/power", "\"off\"");
	assert_error(404, "id", "nowhere");
	post("/v1/modems/all/wait", "{\"for\":\"sun=shining\"}");
	assert_error(400, NULL, "sun");
	post("/v1/modems/all/wait", "{\"for\":\"event=sim\",\"since\":1}");
	assert_error(400, "since", "one modem");
	get("/v1/modems/all/events", NULL);
	assert_error(400, "id", "one modem");
	post("/v1/modems/all/wait", "{\"for\":\"on\"}");
	assert_each("1:200 2:200 3:200 4:200");
}

static void a_wait_ends_when_it_has_for_each(void **state)
{
	(void)state;
	post("/v1/modems/north/wait", "{\"for\":\"event=sim\"}");
	assert_true(answer->kept);
	fake_close();
	post("/v1/modems/north/actions/sim", "\"removed\"");
	post("/v1/modems/north/wait", "{\"for\":\"event=sim\"}");
	assert_each("2:200 3:200");
	post("/v1/modems/north/wait", "{\"for\":\"event=sim\",\"since\":-1}");
	assert_true(answer->kept);
}

static void those_that_are_late_have_408(void **state)
{
	(void)state;
	post("/v1/modems/north.2/actions/sim", "\"removed\"");
	post("/v1/modems/all/wait", "{\"for\":\"sim=absent\"}");
	assert_true(answer->kept);
	fake_late();
	assert_each("1:408 2:408 3:200 4:408");
	assert_has("timed out");
}

static const struct CMUnitTest tests[] = {
	cmocka_unit_test_setup_teardown(
		a_name_is_a_number_a_member_a_group_or_all, begin, end),
	cmocka_unit_test_setup_teardown(each_modem_has_its_own_result, begin, end),
	cmocka_unit_test_setup_teardown(
		what_is_wrong_for_all_changes_nothing, begin, end),
	cmocka_unit_test_setup_teardown(a_wait_ends_when_it_has_for_each, begin, end),
	cmocka_unit_test_setup_teardown(those_that_are_late_have_408, begin, end),
};

int main(void)
{
	int status = cmocka_run_group_tests(tests, NULL, NULL);

	if (answer)
		free(answer->body);
	return status;
}
