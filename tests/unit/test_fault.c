/* Faults as data: triggers, and the life of rules. */
#include "fault_rig.h"
#include "faults/fault_view.h"

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

static void nth_is_one_occurrence_and_from_is_all_later_ones(void **state)
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

static void places_are_where_their_names_say(void **state)
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
		"1\r\n\r\nI\r\n\r\nR\r\n" OK "\r\nD\r\n");
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
	modem_dtr(r->modem, 0, r->now, false);
	says(r, "\r\nclosed\r\n");
	modem_dtr(r->modem, 0, r->now, true);
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

static void until_also_ends_a_waiting_rule(void **state)
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

static void while_is_checked_each_time(void **state)
{
	struct rig *r = *state;

	quiet(r);
	arm(r, "faults: [{ while: { functionality: 1, port.dtr: \"false\" }, "
	       "answer: { result: ERROR } }]");
	ask(r, "AT+CMGF=0\r", OK);
	modem_dtr(r->modem, 0, r->now, false);
	ask(r, "AT+CMGF=0\r", ERROR);
	modem_dtr(r->modem, 0, r->now, true);
	ask(r, "AT+CMGF=0\r", OK);
}

/* Which of 200 lines a rule with a chance of 1 in 4 hits. */
static int hits(const struct profile *profile, char pattern[201])
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

static void chance_depends_on_the_seed(void **state)
{
	const struct rig *r = *state;
	char once[201], again[201];
	int n = hits(r->profile, once);

	assert_in_range(n, 25, 75);
	hits(r->profile, again);
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

static void at_full_speed_lasting_effects_end(void **state)
{
	static const char *const effects[] = { "answer: { result: ERROR }",
		"hush: \"+CREG\"", "mute: lost", "mute: late", "gate: { open: [typing] }",
		"pace: { byte: 20ms }", "cts: stuck",
		"corrupt: { how: drop, direction: to-host, one_in: 1 }" };
	/* its announcement comes while the next line is typed */
	static const char typed[] = "AT+CREG=1\rAT+CMGF";
	struct rig *r = *state;
	struct modem_fault row;
	char text[200];
	size_t i;
	int tries;

	quiet(r);
	r->modem->faults.settles = true;
	for (i = 0; i < sizeof(effects) / sizeof(effects[0]); i++) {
		snprintf(text, sizeof(text), "faults: [{ for: 5s, %s }]", effects[i]);
		arm(r, text);
		for (tries = 0; tries < 2; tries++) {
			modem_advance(r->modem, r->now);
			if (modem_rx_room(r->modem, 0))
				modem_rx(r->modem, 0, r->now, typed, strlen(typed));
			r->now = modem_settle(r->modem, SEC(60));
		}
		assert_true(modem_fault_row(r->modem, 0, &row));
		if (row.life != MODEM_FAULT_OVER || !row.acted)
			fail_msg("%s does not end", effects[i]);
		assert_true(faults_remove(r->modem, 0));
		rig_say(r, "\r", SEC(1));
		rig_clear(r);
		ask(r, "AT+CREG=1\r", OK "\r\n+CREG: 1\r\n");
	}
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

int main(void)
{
	static const struct CMUnitTest tests[] = {
		FAULT_TEST(a_trigger_wants_all_that_it_says),
		FAULT_TEST(nth_is_one_occurrence_and_from_is_all_later_ones),
		FAULT_TEST(places_are_where_their_names_say),
		FAULT_TEST(a_line_without_a_command_is_at),
		FAULT_TEST(opening_and_closing_are_places),
		FAULT_TEST(after_comes_exactly_then),
		FAULT_TEST(for_lasts_so_long_and_starts_again),
		FAULT_TEST(every_does_it_again_until_something_ends_it),
		FAULT_TEST(times_is_how_often_it_acts),
		FAULT_TEST(until_also_ends_a_waiting_rule),
		FAULT_TEST(while_is_checked_each_time),
		FAULT_TEST(chance_depends_on_the_seed),
		FAULT_TEST(at_full_speed_a_window_ends_when_it_has_acted),
		FAULT_TEST(at_full_speed_lasting_effects_end),
		FAULT_TEST(rules_come_and_go),
		FAULT_TEST(a_rule_may_go_while_it_answers),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
