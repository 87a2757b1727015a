/* The control interface without a network: waits and streams. */
#include "api_test.h"

#include "actions/action.h"
#include "describe/describe.h"
#include "host/control/condition.h"

/* ---- waiting ---------------------------------------------------------------------- */

static void a_condition_that_holds_answers_at_once(void **state)
{
	(void)state;
	post(ONE "/wait", "{\"for\":\"registered\"}");
	assert_status(200);
	assert_has("\"met\":true");
	post(ONE "/wait", "{\"for\":[\"registration=home\",\"sim.pin_tries=3\","
			  "\"port.dtr=false\"]}");
	assert_status(200);
}

static void a_wait_ends_when_all_holds(void **state)
{
	const struct action_row *row = action_find("power");
	int off = 0;
	const struct action a = { row, &off };

	(void)state;
	post(ONE "/wait", "{\"for\":[\"event=power:off\",\"off\"]}");
	assert_true(answer->kept);
	wire_step(rig.wire, SEC(5));
	assert_int_equal(answer->status, 0);
	assert_null(wire_act(rig.wire, &a));
	assert_status(200);
}

static void events_before_it_count_only_if_asked_for(void **state)
{
	(void)state;
	post(ONE "/actions/sim", "\"removed\"");
	assert_has("\"events_from\":0");
	post(ONE "/wait", "{\"for\":\"event=sim\",\"since\":-1}");
	assert_true(answer->kept);
	post(ONE "/wait", "{\"for\":\"event=sim:absent\",\"since\":0}");
	assert_status(200);
	post(ONE "/wait", "{\"for\":\"event=sim\",\"since\":99999}");
	assert_error(400, "since", "the newest id is");
	get(ONE "/events", "since=99999");
	assert_error(400, "since", "the newest id is");
	get(ONE "/events", "since=99999999999999999999");
	assert_error(400, "since", "is not a number");
	post(ONE "/wait", "{\"for\":\"event=sim:ready\",\"since\":0}");
	assert_true(answer->kept);
}

/* The last action on the same connection; another connection has none. */
static void a_wait_begins_at_the_last_action(void **state)
{
	int i;

	(void)state;
	post(ONE "/actions/sim", "\"removed\"");
	post(ONE "/wait", "{\"for\":\"event=sim:absent\"}");
	assert_status(200);
	post(ONE "/actions/rack", "\"closed\"");
	post(ONE "/wait", "{\"for\":\"event=sim:absent\"}");
	assert_true(answer->kept);
	post(ONE "/actions/sim", "\"inserted\"");
	fake_other_client();
	post(ONE "/wait", "{\"for\":\"event=action\"}");
	assert_true(answer->kept);
	/* forgotten events are skipped: no id was requested */
	post(ONE "/actions/sim", "\"removed\"");
	for (i = 0; i < 3000; i++) {
		const struct action_row *row = action_find("rack");
		int closed = 1;
		const struct action a = { row, &closed, NULL };

		assert_null(wire_act(rig.wire, &a));
	}
	post(ONE "/wait", "{\"for\":\"event=action:rack\"}");
	assert_status(200);
}

static void a_timeout_reports_what_is_missing(void **state)
{
	(void)state;
	post(ONE "/wait", "{\"for\":[\"registration=denied\",\"event=call\",\"at=RING\","
			  "\"power=on\"],\"timeout\":\"1s\"}");
	assert_true(answer->kept);
	fake_late();
	assert_error(408, NULL, "registration is home, not denied");
	assert_has("no event \\\"call\\\"");
	assert_has("has not sent \\\"RING\\\"");
	assert_null(strstr(answer->body, "power"));
}

/* The text may arrive split in any way. */
static void text_is_found_across_pieces(void **state)
{
	static const char said[] = "\r\n+CM+CMT+CMTI: \"SM\",1\r\n";
	struct doc_pool *pool = doc_pool_new();
	struct journal_entry e = { .kind = JOURNAL_FROM_MODEM };
	struct doc_errors errors;
	struct wait wait;
	size_t cut, i;
	struct doc *d = doc_map(pool, (struct doc_place){ "x", 0, 0 });

	(void)state;
	doc_errors_init(&errors);
	doc_put(pool, d, "for", d->at,
		doc_scalar(pool, d->at, "at=+CMTI", 8, DOC_QUOTED));
	for (cut = 1; cut < sizeof(said); cut++) {
		assert_true(wait_bind(pool, d, rig.profile, &wait, &errors));
		for (i = 0; i < sizeof(said) - 1; i += cut) {
			e.data = said + i;
			e.len = sizeof(said) - 1 - i < cut ? sizeof(said) - 1 - i : cut;
			assert_false(wait.item[0].met && i + cut < 12);
			wait_feed(&wait, &e);
		}
		assert_true(wait.item[0].met);
		assert_true(wait_bind(pool, d, rig.profile, &wait, &errors));
		e.data = "+CMT";
		e.len = 4;
		wait_feed(&wait, &e);
		e.data = "J: 5";
		wait_feed(&wait, &e);
		assert_false(wait.item[0].met);
	}
	doc_errors_clear(&errors);
	doc_pool_free(pool);
}

static void bad_conditions_are_reported(void **state)
{
	static const struct {
		const char *body, *field, *words;
	} bad[] = {
		{ "{}", "body", "for" },
		{ "{\"for\":[]}", "for", "nothing to wait for" },
		{ "{\"for\":\"registred\"}", "for", "did you mean \\\"registered\\\"" },
		{ "{\"for\":\"event=smz\"}", "for", "did you mean \\\"sms\\\"" },
		{ "{\"for\":\"sim.pin_trys=1\"}", "for", "sim.pin_tries" },
		{ "{\"for\":\"power=of\"}", "for", "did you mean \\\"off\\\"" },
		{ "{\"for\":\"port.dtr=yes\"}", "for", "never" },
		{ "{\"for\":\"at=\"}", "for", "at= has no text" },
		{ "{\"for\":\"registered\",\"timeout\":\"5\"}", "timeout", "" },
		{ "{\"for\":\"event=sim\",\"until\":1}", "until", "unknown key" },
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		post(ONE "/wait", bad[i].body);
		assert_error(400, bad[i].field, bad[i].words);
	}
}

static void every_word_is_a_possible_state(void **state)
{
	const struct condition_word *w;
	char body[80];

	(void)state;
	for (w = condition_words; w->word; w++) {
		snprintf(body, sizeof(body), "{\"for\":\"%s=%s\"}", w->field, w->value);
		post(ONE "/wait", body);
		assert_true(answer->kept || answer->status == 200);
	}
}

/* Texts that may be anything; all other texts have their values listed in their row. */
static const char *const free_texts[] = { "cells.0.plmn", "cells.0.operator",
	"clock.time", "firmware.revision", "downloader.version", "flash.library",
	"flash.binaries", "file.sha256", "registration.operator", "registration.plmn",
	"contexts.0.apn", "contexts.0.address", "ppp.address", "ppp.user",
	"calls.0.number", "far_end.newest", "mux.dlcs", "toolkit.menus",
	"sockets.0.peer" };

static bool is_free(const char *path)
{
	size_t i;

	for (i = 0; i < sizeof(free_texts) / sizeof(free_texts[0]); i++)
		if (!strcmp(free_texts[i], path))
			return true;
	return false;
}

static void row_path(const struct state_field *f, char *path, size_t size)
{
	snprintf(path, size, "%s%s%s%s%s", f->part ? f->part : "", f->part ? "." : "",
		f->each   ? f->each->name
		: f->list ? "0"
			  : "",
		f->each || f->list ? "." : "", f->key);
}

static void wait_for_value(const char *path, const char *value)
{
	char body[200];

	snprintf(body, sizeof(body), "{\"for\":\"%s=%s\"}", path, value);
	post(ONE "/wait", body);
}

/* For all rows: a possible value can be waited for, any other is refused with the list.
 */
static void a_value_that_never_comes_is_refused(void **state)
{
	static const char *const never[] = { "foo", "-1", "removed", "", "1x" };
	struct state_field f;
	const char *value;
	char path[96];
	size_t i, k, n = 0;

	(void)state;
	for (i = 0; modem_state_field(i, &f); i++) {
		row_path(&f, path, sizeof(path));
		for (k = 0; (value = state_field_value(&f, rig.profile, k)); k++) {
			wait_for_value(path, value);
			assert_true(answer->kept || answer->status == 200);
		}
		if (is_free(path)) {
			assert_int_equal(k, 0);
			continue;
		}
		for (k = 0; k < sizeof(never) / sizeof(never[0]); k++) {
			wait_for_value(path, never[k]);
			if (answer->status != 400)
				fail_msg("%s=%s is accepted", path, never[k]);
			assert_error(400, "for", "is never");
			value = state_field_value(&f, rig.profile, 0);
			assert_has(value ? value : "number");
		}
		n++;
	}
	assert_int_equal(i - n, sizeof(free_texts) / sizeof(free_texts[0]));
	wait_for_value("sim.pin_tries", "4");
	assert_error(400, "for", "from 0 to 3");
	wait_for_value("sim.pin_tries", "03");
	assert_status(200);
	wait_for_value("firmware.name", "r7");
	assert_error(400, "for", "did you mean \\\"r71\\\"?");
}

static void a_wait_from_a_forgotten_event_is_refused(void **state)
{
	int i;

	(void)state;
	for (i = 0; i < 3000; i++)
		post(ONE "/actions/rack", "\"closed\"");
	post(ONE "/wait", "{\"for\":\"event=sim\",\"since\":0}");
	assert_error(409, "since", "no longer kept");
}

/* ---- streams ---------------------------------------------------------------------- */

static void events_are_replayed_and_go_on(void **state)
{
	const struct action_row *row = action_find("sim");
	int out = 0;
	const struct action a = { row, &out };

	(void)state;
	post(ONE "/actions/power", "\"off\"");
	get(ONE "/events", "since=0");
	assert_true(answer->stream && answer->kept);
	assert_string_equal(answer->type, "text/event-stream");
	assert_has("id: 1\nevent: action\ndata: {\"id\":1,");
	assert_has("event: power\n");
	assert_null(strstr(answer->body, "event: lost"));
	assert_null(wire_act(rig.wire, &a));
	assert_has("\"text\":\"sim\"");
	assert_string_equal(answer->body + answer->len - 2, "\n\n");
	/* from now on, nothing from before */
	get(ONE "/events", NULL);
	assert_null(strstr(answer->body, "event: "));
	answer = fake_ask(rig.api, "GET", ONE "/events", NULL, NULL, 0, "1");
	assert_null(strstr(answer->body, "id: 1\n"));
	assert_has("id: 2\n");
	answer = fake_ask(rig.api, "GET", ONE "/events", NULL, NULL, 0, "x");
	assert_error(400, "Last-Event-ID", "not the id");
}

static void a_gap_in_the_replay_is_reported(void **state)
{
	int i;

	(void)state;
	for (i = 0; i < 3000; i++)
		post(ONE "/actions/rack", "\"closed\"");
	get(ONE "/events", "since=1");
	assert_has("event: lost\ndata: {\"up_to\":");
}

static void a_slow_reader_is_dropped_once(void **state)
{
	const struct action_row *row = action_find("sim");
	int out = 0;
	const struct action a = { row, &out };

	(void)state;
	get(ONE "/events", NULL);
	answer->slow = true;
	assert_null(wire_act(rig.wire, &a));
	assert_false(answer->kept);
	assert_null(wire_act(rig.wire, &a));
}

static void the_trace_equals_the_file(void **state)
{
	const struct port_events port = wire_events(rig.wire, MODEM_UART1);

	(void)state;
	port.dtr(port.ctx, true);
	port.rx(port.ctx, "AT\r", 3);
	get(ONE "/trace", NULL);
	assert_status(200);
	assert_has(" # dtr: on\n");
	assert_has(" > AT\\r\n");
	get(ONE "/trace", "last=1");
	assert_ptr_equal(strchr(answer->body, '\n') + 1, answer->body + answer->len);
	get(ONE "/trace", "last=0&follow=1");
	assert_true(answer->stream && answer->len == 0);
	port.rx(port.ctx, "A", 1);
	assert_has(" > A\n");
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_condition_that_holds_answers_at_once),
		TEST(a_wait_ends_when_all_holds),
		TEST(events_before_it_count_only_if_asked_for),
		TEST(a_wait_begins_at_the_last_action),
		TEST(a_timeout_reports_what_is_missing),
		TEST(text_is_found_across_pieces),
		TEST(bad_conditions_are_reported),
		TEST(every_word_is_a_possible_state),
		TEST(a_value_that_never_comes_is_refused),
		TEST(a_wait_from_a_forgotten_event_is_refused),
		TEST(events_are_replayed_and_go_on),
		TEST(a_gap_in_the_replay_is_reported),
		TEST(a_slow_reader_is_dropped_once),
		TEST(the_trace_equals_the_file),
	};
	int status = cmocka_run_group_tests(tests, NULL, NULL);

	if (answer)
		free(answer->body);
	return status;
}
