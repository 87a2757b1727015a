/* What goes wrong, as data: triggers, how long rules live, and what each effect does.
 * Rules are written as a field bug has them. */
#include "unit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "conf/fault_conf.h"
#include "host/doc_yaml.h"
#include "rig.h"
#include "state/modem_state.h"

static struct profile *profile;

static int begin(void **state)
{
	struct rig *r = calloc(1, sizeof(*r));

	profile = rig_profile("fastrack-supreme-20-r74");
	rig_init(r, profile);
	rig_boot(r);
	*state = r;
	return 0;
}

static int end(void **state)
{
	rig_free(*state);
	rig_profile_free(profile);
	free(*state);
	return 0;
}

/* Adds rules as from outside. */
static void arm(struct rig *r, const char *yaml)
{
	static struct fault_rule rules[FAULT_RULES];
	struct fault_list list = { rules, 0 };
	struct doc_errors errors;
	struct doc_pool *pool = doc_pool_new();
	struct doc *d;
	size_t i;

	memset(rules, 0, sizeof(rules));
	doc_errors_init(&errors);
	d = doc_yaml(pool, "rules", (const unsigned char *)yaml, strlen(yaml), &errors);
	if (!d || !faults_bind(&list, doc_get(d, "faults"), &errors)) {
		doc_errors_print(&errors, stderr);
		fail();
	}
	for (i = 0; i < list.n; i++)
		assert_int_not_equal(faults_add(r->modem, &rules[i]), 0);
	doc_errors_clear(&errors);
	doc_pool_free(pool);
}

static void says(struct rig *r, const char *want)
{
	size_t len = strlen(want);

	if (r->len != len || memcmp(r->out, want, len) != 0)
		fail_msg("want \"%s\", got \"%.*s\"", want, (int)r->len, r->out);
	rig_clear(r);
}

/* Types a line, and sees what is said within a second, echo and all. */
static void ask(struct rig *r, const char *line, const char *want)
{
	rig_type(r, line, strlen(line));
	rig_pass(r, SEC(1));
	says(r, want);
}

/* ATE0 was sent. */
static void quiet(struct rig *r)
{
	ask(r, "ATE0\r", "ATE0\r\r\nOK\r\n");
}

#define OK    "\r\nOK\r\n"
#define ERROR "\r\nERROR\r\n"

/* ---- triggers -------------------------------------------------------------------- */

static void a_trigger_wants_all_that_it_says(void **state)
{
	struct rig *r = *state;

	quiet(r);
	arm(r, "faults: [{ when: { at: command, command: \"+CMGF\", form: [set], "
	       "parameters: \"1\" }, say: here }]");
	ask(r, "AT+CMGF=0\r", OK);
	ask(r, "AT+CMGF?\r", "\r\n+CMGF: 0\r\n" OK);
	ask(r, "AT+CMGD=1\r", OK);
	ask(r, "AT+CMGF=1\r", "\r\nhere\r\n" OK);
}

static void nth_is_one_occurrence_and_from_all_behind_it(void **state)
{
	struct rig *r = *state;

	quiet(r);
	arm(r, "faults:\n"
	       "- { when: { at: line, nth: 2 }, say: second }\n"
	       "- { when: { at: line, from: 3 }, say: later }\n");
	ask(r, "AT\r", OK);
	ask(r, "AT\r", "\r\nsecond\r\n" OK);
	ask(r, "AT\r", "\r\nlater\r\n" OK);
	ask(r, "AT\r", "\r\nlater\r\n" OK);
}

static void places_stand_where_they_say(void **state)
{
	struct rig *r = *state;

	quiet(r);
	arm(r, "faults:\n"
	       "- { when: { at: line, text: \"+CMGF?\" }, say: L }\n"
	       "- { when: { at: command, command: \"+CMGF\" }, say: C }\n"
	       "- { when: { at: info, command: \"+CMGF\" }, say: I }\n"
	       "- { when: { at: result, command: \"+CMGF\", text: OK }, say: R }\n"
	       "- { when: { at: done, command: \"+CMGF\", text: OK }, say: D }\n"
	       "- { when: { at: byte, number: 13 }, say: B }\n"
	       "- { when: { at: event, event: command, text: \"+CMGF?\" }, say: E }\n");
	ask(r, "AT+CMGF?\r",
		"\r\nB\r\n\r\nL\r\n\r\nE\r\n\r\nC\r\n\r\n+CMGF: "
		"0\r\n\r\nI\r\n\r\nR\r\n" OK "\r\nD\r\n");
}

static void a_line_without_a_command_is_at(void **state)
{
	struct rig *r = *state;

	quiet(r);
	arm(r, "faults: [{ times: 1, answer: { result: ERROR, commands: [AT] } }]");
	ask(r, "AT+CMGF=0\r", OK);
	ask(r, "AT\r", ERROR);
	ask(r, "AT\r", OK);
}

static void opening_and_closing_are_places(void **state)
{
	struct rig *r = *state;

	arm(r, "faults:\n"
	       "- { when: { at: close }, say: closed }\n"
	       "- { when: { at: open }, say: opened }\n");
	modem_dtr(r->modem, r->now, false);
	says(r, "\r\nclosed\r\n");
	modem_dtr(r->modem, r->now, true);
	says(r, "\r\nopened\r\n");
}

/* ---- the life of a rule ---------------------------------------------------------- */

static void after_comes_exactly_then(void **state)
{
	struct rig *r = *state;

	quiet(r);
	arm(r, "faults: [{ when: { at: line, nth: 1 }, after: 5s, say: now }]");
	ask(r, "AT\r", OK);
	rig_pass(r, SEC(4) - 1);
	says(r, "");
	rig_pass(r, 1);
	says(r, "\r\nnow\r\n");
}

static void for_lasts_so_long_and_starts_again(void **state)
{
	struct rig *r = *state;
	int i;

	quiet(r);
	arm(r, "faults: [{ when: { at: command, command: \"+CMGF\" }, for: 3s, "
	       "answer: { result: ERROR, commands: [\"+CMGD\"] } }]");
	for (i = 0; i < 2; i++) {
		ask(r, "AT+CMGD=1\r", OK);
		ask(r, "AT+CMGF=0\r", OK);
		ask(r, "AT+CMGD=1\r", ERROR);
		rig_pass(r, SEC(2));
	}
}

static void every_does_it_again_until_something_ends_it(void **state)
{
	struct rig *r = *state;

	quiet(r);
	arm(r, "faults: [{ when: { at: line, nth: 1 }, every: 10s, until: [{ at: line, "
	       "nth: 2 }], say: again }]");
	ask(r, "AT\r", "\r\nagain\r\n" OK);
	rig_pass(r, SEC(20));
	says(r, "\r\nagain\r\n\r\nagain\r\n");
	ask(r, "AT\r", OK);
	rig_pass(r, SEC(60));
	says(r, "");
}

static void times_is_how_often_it_acts(void **state)
{
	struct rig *r = *state;

	quiet(r);
	arm(r, "faults: [{ times: 2, answer: { result: ERROR } }]");
	ask(r, "AT+CMGF=0\r", ERROR);
	ask(r, "AT+CMGF=0\r", ERROR);
	ask(r, "AT+CMGF=0\r", OK);
}

static void until_also_ends_what_only_waits(void **state)
{
	struct rig *r = *state;

	quiet(r);
	arm(r, "faults: [{ when: { at: line, nth: 1 }, after: 5s, until: [{ at: line, "
	       "nth: 2 }], say: late }]");
	ask(r, "AT\r", OK);
	ask(r, "AT\r", OK);
	rig_pass(r, SEC(10));
	says(r, "");
}

static void while_is_looked_at_each_time(void **state)
{
	struct rig *r = *state;

	quiet(r);
	arm(r, "faults: [{ while: { functionality: 1, port.dtr: \"false\" }, "
	       "answer: { result: ERROR } }]");
	ask(r, "AT+CMGF=0\r", OK);
	modem_dtr(r->modem, r->now, false);
	ask(r, "AT+CMGF=0\r", ERROR);
	modem_dtr(r->modem, r->now, true);
	ask(r, "AT+CMGF=0\r", OK);
}

/* Which of 200 lines a rule of 1 in 4 hits. */
static int hits(char pattern[201])
{
	struct rig r;
	int i, n = 0;

	rig_init(&r, profile);
	rig_boot(&r);
	arm(&r, "faults: [{ when: { at: line, chance: 1, out_of: 4 }, say: X }]");
	for (i = 0; i < 200; i++) {
		rig_clear(&r);
		rig_type(&r, "AT\r", 3);
		pattern[i] = memchr(r.out, 'X', r.len) ? 'X' : '.';
		n += pattern[i] == 'X';
	}
	pattern[i] = '\0';
	rig_free(&r);
	return n;
}

static void chance_is_the_seeds(void **state)
{
	char once[201], again[201];
	int n = hits(once);

	(void)state;
	assert_in_range(n, 25, 75);
	hits(again);
	assert_string_equal(once, again);
}

static void at_full_speed_a_window_ends_when_it_has_acted(void **state)
{
	struct rig *r = *state;

	quiet(r);
	r->modem->faults.settles = true;
	arm(r, "faults: [{ when: { at: command, command: \"+CMGF\" }, for: 3s, "
	       "answer: { result: ERROR, commands: [\"+CMGD\"] } }]");
	ask(r, "AT+CMGF=0\r", OK);
	rig_pass(r, SEC(600));
	ask(r, "AT+CMGD=1\r", ERROR);
	r->now = modem_settle(r->modem, SEC(10));
	ask(r, "AT+CMGD=1\r", OK);
}

static void rules_come_and_go(void **state)
{
	struct rig *r = *state;
	int i;

	quiet(r);
	for (i = 0; i < FAULT_ADDED; i++)
		arm(r, "faults: [{ answer: { result: ERROR } }]");
	assert_int_equal(faults_add(r->modem, &r->modem->faults.added[0]), 0);
	ask(r, "AT\r", ERROR);
	assert_true(faults_remove(r->modem, 3));
	assert_false(faults_remove(r->modem, 3));
	ask(r, "AT\r", ERROR);
	assert_true(faults_remove(r->modem, 0));
	assert_true(faults_remove(r->modem, 0));
	ask(r, "AT\r", OK);
	arm(r, "faults: [{ when: { at: line }, say: new }]");
	ask(r, "AT\r", "\r\nnew\r\n" OK);
}

static void a_rule_may_go_while_it_answers(void **state)
{
	struct rig *r = *state;

	quiet(r);
	arm(r, "faults: [{ answer: { result: ERROR, delay: 5s } }]");
	ask(r, "AT\r", "");
	assert_true(faults_remove(r->modem, 0));
	arm(r, "faults: [{ when: { at: line }, say: new }]");
	rig_pass(r, SEC(10));
	says(r, OK);
}

/* ---- effects --------------------------------------------------------------------- */

static void a_reset_in_the_middle_of_an_answer(void **state)
{
	static const char *const places[] = { "byte, number: 63", "line", "command",
		"info", "result", "done", "event, event: command", "prompt" };
	struct rig *r = *state;
	char rule[160];
	size_t i;

	for (i = 0; i < sizeof(places) / sizeof(places[0]); i++) {
		snprintf(rule, sizeof(rule),
			"faults: [{ when: { at: %s, nth: 1 }, reset: full }]", places[i]);
		arm(r, rule);
		rig_type(r, "AT+CMGF=1;+CMGF?\r", 17);
		rig_type(r, "AT+CMGS=\"1234567\"\r", 18);
		rig_pass(r, SEC(60));
		assert_true(faults_remove(r->modem, 0));
		rig_type(r, "\x1b", 1);
		rig_clear(r);
		ask(r, "ATE1\r", "ATE1\r" OK);
	}
	assert_int_equal(r->modem->boots, 1 + (int)i);
}

static void an_abort_in_the_middle_of_a_command(void **state)
{
	static const char *const places[] = { "byte, number: 63", "line", "command",
		"info", "result", "done", "event, event: command", "prompt" };
	struct rig *r = *state;
	char rule[160];
	size_t i;

	quiet(r);
	for (i = 0; i < sizeof(places) / sizeof(places[0]); i++) {
		snprintf(rule, sizeof(rule),
			"faults: [{ when: { at: %s }, abort: silently }]", places[i]);
		arm(r, rule);
		rig_type(r, "AT+CMGF=1;+CMGF?\r", 17);
		rig_pass(r, SEC(5));
		rig_type(r, "AT+CMGS=\"1234567\"\r", 18);
		rig_pass(r, SEC(5));
		assert_true(faults_remove(r->modem, 0));
		rig_type(r, "\x1b", 1);
		rig_pass(r, SEC(5));
		rig_clear(r);
		ask(r, "AT\r", OK);
	}
}

static void what_stops_is_silent_until_power_comes(void **state)
{
	struct rig *r = *state;

	quiet(r);
	arm(r, "faults: [{ when: { at: command, command: \"+CMGF\" }, reset: stop }]");
	ask(r, "AT+CMGF=0\r", "");
	ask(r, "AT\r", "");
	modem_power(r->modem, r->now, false);
	modem_power(r->modem, r->now, true);
	rig_pass(r, SEC(30));
	rig_clear(r);
	ask(r, "AT\r", "AT\r" OK);
}

static void answers_of_every_kind(void **state)
{
	struct rig *r = *state;

	quiet(r);
	ask(r, "AT+CMEE=1\r", OK);
	arm(r, "faults:\n"
	       "- { times: 1, answer: { result: \"+CME ERROR: 515\" } }\n"
	       "- { times: 1, answer: { result: none, obeyed: true } }\n"
	       "- { times: 1, answer: { result: OK, info: drop, obeyed: true } }\n"
	       "- { times: 1, answer: { result: OK, lines: 'A\\nB' } }\n"
	       "- { times: 1, answer: { result: as-is, obeyed: true, first: Z } }\n"
	       "- { times: 1, answer: { result: as-is, obeyed: true, delay: 4s } }\n");
	ask(r, "AT+CMGF=1\r", "\r\n+CME ERROR: 515\r\n");
	ask(r, "AT+CMGF=1\r", "");
	ask(r, "AT+CMGF?\r", OK);
	ask(r, "AT+CMGF?\r", "\r\nA\r\nB\r\n" OK);
	ask(r, "AT+CMGF?\r", "\r\nZ\r\n\r\n+CMGF: 1\r\n" OK);
	ask(r, "AT+CMGF?\r", "");
	rig_pass(r, SEC(4));
	says(r, "\r\n+CMGF: 1\r\n" OK);
	ask(r, "AT+CMGF?\r", "\r\n+CMGF: 1\r\n" OK);
}

static void silence_loses_or_delays(void **state)
{
	struct rig *r = *state;

	arm(r, "faults:\n"
	       "- { when: { at: command, command: \"+CMGF\" }, for: 10s, mute: late }\n"
	       "- { when: { at: command, command: \"+CMGD\" }, for: 10s, mute: lost }\n");
	/* the echo was said before it fell silent */
	ask(r, "AT+CMGF?\r", "AT+CMGF?\r");
	ask(r, "AT\r", "");
	rig_pass(r, SEC(10));
	says(r, "\r\n+CMGF: 0\r\n" OK "AT\r" OK);
	ask(r, "AT+CMGD=1\r", "AT+CMGD=1\r");
	ask(r, "AT\r", "");
	rig_pass(r, SEC(10));
	says(r, "");
	ask(r, "AT\r", "AT\r" OK);
}

static void silence_may_count_lines(void **state)
{
	struct rig *r = *state;

	arm(r, "faults: [{ times: 2, mute: lost }]");
	ask(r, "AT\r", "");
	ask(r, "AT\r", "");
	ask(r, "AT\r", "AT\r" OK);
}

static void some_lines_are_hushed(void **state)
{
	struct rig *r = *state;

	quiet(r);
	ask(r, "AT+CREG=1;+WIND=255\r", OK "\r\n+CREG: 1\r\n");
	arm(r, "faults:\n"
	       "- hush: { urc: \"+WIND: 3\" }\n"
	       "- { times: 1, hush: { urc: \"+CREG\" } }\n");
	ask(r, "AT+CREG=1\r", OK);
	ask(r, "AT+CREG=1\r", OK "\r\n+CREG: 1\r\n");
}

static void gates_open_together(void **state)
{
	struct rig *r = *state;

	quiet(r);
	arm(r, "faults:\n"
	       "- gate: { open: [typing] }\n"
	       "- gate: { open: [prompt] }\n");
	ask(r, "AT+CREG=1\r", OK "\r\n+CREG: 1\r\n");
	rig_type(r, "AT+CREG=2\rAT+CMG", 16);
	rig_pass(r, SEC(1));
	assert_non_null(memmem(r->out, r->len, "+CREG: 1,", 9));
	rig_clear(r);
	ask(r, "F=1\r", OK);
	rig_type(r, "AT+CREG=1;+CMGS=\"1234567\"\r", 26);
	rig_pass(r, SEC(1));
	says(r, "\r\n> \r\n+CREG: 1\r\n");
	ask(r, "\x1b", OK);
}

static void a_prompt_is_late_or_never_comes(void **state)
{
	struct rig *r = *state;

	quiet(r);
	ask(r, "AT+CMGF=1\r", OK);
	arm(r, "faults:\n"
	       "- { times: 1, prompt: { how: late, delay: 2s } }\n"
	       "- { times: 1, prompt: never }\n");
	ask(r, "AT+CMGS=\"1234567\"\r", "");
	rig_pass(r, SEC(1) + MS(20));
	says(r, "\r\n> ");
	ask(r, "\x1b", OK);
	ask(r, "AT+CMGS=\"1234567\"\r", "");
	rig_pass(r, SEC(60));
	says(r, "");
	ask(r, "\x1b", OK);
	ask(r, "AT+CMGS=\"1234567\"\r", "\r\n> ");
}

/* One that was left early does not say its prompt in the next one. */
static void a_late_prompt_dies_with_its_command(void **state)
{
	struct rig *r = *state;

	quiet(r);
	ask(r, "AT+CMGF=1\r", OK);
	arm(r, "faults: [{ times: 1, prompt: { how: late, delay: 3s } }]");
	ask(r, "AT+CMGS=\"1234567\"\r", "");
	ask(r, "\x1b", OK);
	ask(r, "AT+CMGS=\"1234567\"\r", "\r\n> ");
	rig_pass(r, SEC(10));
	says(r, "");
}

static void a_bad_line_hits_what_it_is_told_to(void **state)
{
	struct rig *r = *state;

	arm(r, "faults: [{ corrupt: { how: flip, mask: 32, one_in: 1, only: OK, "
	       "direction: "
	       "to-host } }]");
	ask(r, "AT\r", "AT\r\r\nok\r\n");
	assert_true(faults_remove(r->modem, 0));
	arm(r, "faults: [{ corrupt: { how: drop, one_in: 1, only: T, direction: to-modem "
	       "} "
	       "}]");
	ask(r, "AT\r", "A\r");
	assert_true(faults_remove(r->modem, 0));
	arm(r, "faults:\n"
	       "- corrupt: { how: double, one_in: 1, only: O, direction: to-host }\n"
	       "- corrupt: { how: noise, one_in: 1, only: '\\r', text: '<AA>', "
	       "direction: "
	       "to-host }\n");
	ask(r, "AT\r", "AT\xaa\r\xaa\r\nOOK\xaa\r\n");
}

/* However much noise there is, no answer that was promised room loses it. */
static void noise_never_takes_the_room_of_answers(void **state)
{
	struct rig *r = *state;
	int i;

	arm(r, "faults: [{ corrupt: { how: noise, one_in: 1, bytes: 64 } }]");
	for (i = 0; i < 20; i++) {
		rig_type(r, "AT&V\rAT+COPN\rAT+CLAC\r", 21);
		rig_pass(r, SEC(1));
		rig_clear(r);
	}
	assert_true(faults_remove(r->modem, 0));
	arm(r, "faults: [{ when: { at: info }, say: { raw: true, text: "
	       "'0123456789012345678901234567890123456789012345678901234567890123456789' "
	       "} }]");
	rig_pass(r, SEC(10));
	rig_type(r, "\r", 1);
	for (i = 0; i < 20; i++) {
		rig_type(r, "AT&V\rAT+COPN\r", 13);
		rig_pass(r, SEC(10));
		rig_clear(r);
	}
	ask(r, "ATE1\r", "ATE1\r" OK);
}

static void a_slow_line_has_its_pace(void **state)
{
	struct rig *r = *state;

	quiet(r);
	arm(r, "faults: [{ pace: { byte: 200ms } }]");
	rig_type(r, "AT\r", 3);
	says(r, "\r");
	rig_pass(r, MS(200) - 1);
	says(r, "");
	rig_pass(r, 1);
	says(r, "\n");
	rig_pass(r, SEC(2));
	says(r, "OK\r\n");
}

static void cts_takes_nothing(void **state)
{
	struct rig *r = *state;

	assert_int_not_equal(modem_rx_room(r->modem), 0);
	arm(r, "faults: [{ cts: stuck }]");
	modem_advance(r->modem, r->now);
	assert_int_equal(modem_rx_room(r->modem), 0);
	assert_true(faults_remove(r->modem, 0));
	ask(r, "AT\r", "AT\r" OK);
}

static void a_store_that_fails_says_so_and_one_that_loses_does_not(void **state)
{
	struct rig *r = *state;

	quiet(r);
	ask(r, "AT+CMEE=1\r", OK);
	arm(r, "faults: [{ store: { how: fails } }]");
	ask(r, "AT+WIND=255\r", "\r\n+CME ERROR: 23\r\n");
	assert_true(faults_remove(r->modem, 0));
	arm(r, "faults: [{ store: { how: loses } }]");
	ask(r, "AT+WIND=255\r", OK);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)
	static const struct CMUnitTest tests[] = {
		TEST(a_trigger_wants_all_that_it_says),
		TEST(nth_is_one_occurrence_and_from_all_behind_it),
		TEST(places_stand_where_they_say),
		TEST(a_line_without_a_command_is_at),
		TEST(opening_and_closing_are_places),
		TEST(after_comes_exactly_then),
		TEST(for_lasts_so_long_and_starts_again),
		TEST(every_does_it_again_until_something_ends_it),
		TEST(times_is_how_often_it_acts),
		TEST(until_also_ends_what_only_waits),
		TEST(while_is_looked_at_each_time),
		TEST(chance_is_the_seeds),
		TEST(at_full_speed_a_window_ends_when_it_has_acted),
		TEST(rules_come_and_go),
		TEST(a_rule_may_go_while_it_answers),
		TEST(a_reset_in_the_middle_of_an_answer),
		TEST(an_abort_in_the_middle_of_a_command),
		TEST(what_stops_is_silent_until_power_comes),
		TEST(answers_of_every_kind),
		TEST(silence_loses_or_delays),
		TEST(silence_may_count_lines),
		TEST(some_lines_are_hushed),
		TEST(gates_open_together),
		TEST(a_prompt_is_late_or_never_comes),
		TEST(a_late_prompt_dies_with_its_command),
		TEST(a_bad_line_hits_what_it_is_told_to),
		TEST(noise_never_takes_the_room_of_answers),
		TEST(a_slow_line_has_its_pace),
		TEST(cts_takes_nothing),
		TEST(a_store_that_fails_says_so_and_one_that_loses_does_not),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
