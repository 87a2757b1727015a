/* Faults as data: each effect, and that nothing is destroyed while it is in use. */
#include "fault_rig.h"

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
	static const char *const places[] = { "byte, number: 63 }", "line }", "command }",
		"info }", "result }, after: 1ms", "done }, after: 1ms",
		"event, event: command }", "prompt }" };
	struct rig *r = *state;
	char rule[160];
	size_t i;

	quiet(r);
	for (i = 0; i < sizeof(places) / sizeof(places[0]); i++) {
		snprintf(rule, sizeof(rule),
			"faults: [{ when: { at: %s, abort: silently }]", places[i]);
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

static void a_stopped_modem_is_silent_until_power_returns(void **state)
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
	/* the echo was sent before the modem fell silent */
	ask(r, "AT+CMGF?\r", "AT+CMGF?\r");
	ask(r, "AT\r", "");
	rig_pass(r, SEC(10));
	says(r, "\r\n+CMGF: 1\r\n" OK "AT\r" OK);
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

/* A prompt that was aborted early does not appear in the next command. */
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

static void a_bad_line_damages_only_the_bytes_it_should(void **state)
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

/* One to three bytes come twice together, the same whether typed at once or one by one. */
static void a_run_of_bytes_comes_twice(void **state)
{
	static const char *const runs[] = { "ABCDD", "ABCDCD", "ABCDBCD" };
	struct rig *r = *state;
	size_t seen[3] = { 0 }, at, i, n;
	bool one_by_one = false;

	arm(r, "faults: [{ corrupt: { how: double, run: 3, one_in: 1, only: D, "
	       "direction: to-modem } }]");
	for (i = 0; i < 60; i++, one_by_one = !one_by_one) {
		rig_clear(r);
		for (at = 0; at < 4; at += n) {
			n = one_by_one ? 1 : 4;
			rig_type(r, &"ABCD"[at], n);
		}
		for (n = 0; n < 3 &&
			    (r->len != 5 + n || memcmp(r->out, runs[n], r->len) != 0);)
			n++;
		assert_true(n < 3);
		seen[n]++;
		rig_type(r, "\r", 1);
	}
	assert_true(seen[0] && seen[1] && seen[2]);
}

/* Noise, however much, never takes the room that was promised to answers. */
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

static void closed_cts_accepts_nothing(void **state)
{
	struct rig *r = *state;

	assert_int_not_equal(modem_rx_room(r->modem, 0), 0);
	arm(r, "faults: [{ cts: stuck }]");
	modem_advance(r->modem, r->now);
	assert_int_equal(modem_rx_room(r->modem, 0), 0);
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
	static const struct CMUnitTest tests[] = {
		FAULT_TEST(a_reset_in_the_middle_of_an_answer),
		FAULT_TEST(an_abort_in_the_middle_of_a_command),
		FAULT_TEST(a_stopped_modem_is_silent_until_power_returns),
		FAULT_TEST(answers_of_every_kind),
		FAULT_TEST(silence_loses_or_delays),
		FAULT_TEST(silence_may_count_lines),
		FAULT_TEST(some_lines_are_hushed),
		FAULT_TEST(gates_open_together),
		FAULT_TEST(a_prompt_is_late_or_never_comes),
		FAULT_TEST(a_late_prompt_dies_with_its_command),
		FAULT_TEST(a_bad_line_damages_only_the_bytes_it_should),
		FAULT_TEST(a_run_of_bytes_comes_twice),
		FAULT_TEST(noise_never_takes_the_room_of_answers),
		FAULT_TEST(a_slow_line_has_its_pace),
		FAULT_TEST(closed_cts_accepts_nothing),
		FAULT_TEST(a_store_that_fails_says_so_and_one_that_loses_does_not),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
