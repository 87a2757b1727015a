/* host/player and host/scenario: scenarios can fail, and report where and why. */
#include "player_rig.h"

#include <stdlib.h>
#include <string.h>

#include "host/play/play_sweep.h"

#define HEAD              \
	"name: a trial\n" \
	"profile: fastrack-supreme-20-r74\n"

/* ---- what passes ----------------------------------------------------------------- */

static void a_right_answer_passes(void **state)
{
	(void)state;
	play_text(HEAD "steps:\n  - talk: |\n      > AT\n      < OK\n", PLAY_COALESCED,
		false);
	assert_true(result.ok);
	assert_null(result.message);
}

static void each_mode_passes(void **state)
{
	int mode;

	(void)state;
	for (mode = 0; mode < PLAY_MODES; mode++) {
		play_text(HEAD "steps:\n  - talk: |\n      > AT+WIND=1;&W\n      < OK\n",
			(enum play_mode)mode, false);
		assert_true(result.ok);
	}
}

static void time_is_virtual(void **state)
{
	(void)state;
	play_text(HEAD "steps:\n  - silence: 100h\n", PLAY_COALESCED, false);
	assert_true(result.ok);
	assert_true(result.time > SEC(360000));
}

static void bytes_are_written_with_escapes(void **state)
{
	(void)state;
	play_text(HEAD
		"steps:\n  - type: \"<41>T\\r\"\n  - raw: 'A<54>\\r\\r\\nOK\\r\\n'\n",
		PLAY_COALESCED, false);
	assert_true(result.ok);
}

/* ---- what fails ------------------------------------------------------------------ */

static void a_wrong_byte_fails(void **state)
{
	(void)state;
	fails(HEAD "steps:\n  - talk: |\n      > AT\n      < 0K\n",
		"t.yaml:6:7: ", "expected \"\\r\\n0K\\r\\n\", got \"\\r\\nOK\\r\\n\"");
}

static void an_extra_byte_fails(void **state)
{
	(void)state;
	fails(HEAD "steps:\n  - talk: |\n      > AT\n",
		"t.yaml:5:7: ", "expected nothing more, got \"\\r\\nOK\\r\\n\"");
}

static void another_message_than_the_one_sent_fails(void **state)
{
	(void)state;
	fails(HEAD "steps:\n  - sent: { text: hi }\n",
		"t.yaml:4:11: ", "the modem has not sent anything");
	fails(HEAD "steps:\n"
		   "  - talk: |\n"
		   "      > AT+CMGF=0\n"
		   "      < OK\n"
		   "      > AT+CMGS=19\n"
		   "      = \\r\\n> \n"
		   "  - type: \"0011000B913316325476F80000A705C8329BFD06<1A>\"\n"
		   "  - raw: \"0011000B913316325476F80000A705C8329BFD06\"\n"
		   "  - talk: |\n"
		   "      < +CMGS: 0\n"
		   "      < OK\n"
		   "  - sent: { to: \"+33612345678\", text: hello }\n",
		"t.yaml:14:39: ", "text of the message is \"Hello\", expected \"hello\"");
	refused(HEAD "steps:\n  - sent: { txt: hi }\n", 4, 13,
		"a message has no \"txt\"");
	refused(HEAD "steps:\n  - sent: hi\n", 4, 11, "a mapping is needed");
	refused(HEAD "steps:\n  - sent: { text: [a] }\n", 4, 13, "write a single value");
}

static void an_extra_block_after_the_end_fails(void **state)
{
	(void)state;
	fails(HEAD "steps:\n  - talk: |\n      > AT+CREG=1\n      < OK\n",
		"t.yaml:6:7: ", "got \"\\r\\n+CREG: 1\\r\\n\"");
}

static void a_missing_answer_fails(void **state)
{
	(void)state;
	fails(HEAD "steps:\n  - talk: |\n      > AT\n      < OK\n      < OK\n",
		"t.yaml:7:7: ", "got nothing in 5.000 s");
}

static void half_an_answer_fails(void **state)
{
	(void)state;
	fails(HEAD "steps:\n  - type: \"AT\\r\"\n  - raw: \"AT\\r\\r\\nOK\\r\\n!\"\n",
		"t.yaml:5:10: ", "got only \"AT\\r\\r\\nOK\\r\\n\"");
}

static void too_late_fails(void **state)
{
	(void)state;
	fails(HEAD "steps:\n  - talk: |\n      > AT+CSQ\n      < +CSQ: 22,0\n      < OK\n"
		   "    within: 9ms\n",
		"t.yaml:6:7: ", "got nothing in 0.009 s");
}

static void another_time_fails(void **state)
{
	(void)state;
	fails(HEAD "steps:\n  - talk: |\n      > AT+CSQ\n      <@11ms +CSQ: 22,0\n      "
		   "< OK\n",
		"t.yaml:6:7: ", "expected it 0.011000 s");
}

static void a_missing_echo_fails(void **state)
{
	(void)state;
	fails(HEAD
		"steps:\n  - talk: |\n      > ATE0\n      < OK\n      > AT\n      < OK\n",
		"t.yaml:7:7: ", "expected \"AT\\r\"");
}

static void noise_in_a_silence_fails(void **state)
{
	(void)state;
	fails(HEAD "steps:\n  - talk: |\n      > AT+WIND=4\n      < OK\n  - power: off\n"
		   "  - power: on\n  - silence: 3s\n",
		"t.yaml:9:14: ", "got \"\\r\\n+WIND: 3\\r\\n\" at 8.010000 s");
}

static void another_state_fails(void **state)
{
	(void)state;
	fails(HEAD "steps:\n  - state: { led: steady }\n",
		"t.yaml:4:12: ", "expected led: steady, it is slow");
}

static void a_sum_must_be_32_capital_digits(void **state)
{
	(void)state;
	fails(HEAD "steps:\n  - talk: |\n      > ATI3\n      < <32 hex>\n      < OK\n",
		"t.yaml:6:7: ", "got \"\\r\\nR74_00gg");
}

static void a_refused_file_fails(void **state)
{
	(void)state;
	fails(HEAD "steps:\n  - talk: |\n      > AT+WDWL\n      < +WDWL: 0\n"
		   "  - send: { firmware: r663 }\n",
		"t.yaml:7:11: ", "block 1: expected an ACK, got \"\\r\"");
}

static void a_failure_tells_what_came_before(void **state)
{
	(void)state;
	fails(HEAD "steps:\n  - talk: |\n      > AT\n      < 0K\n",
		"t.yaml:6:7: ", "6.000000 > AT\\r");
}

/* ---- rules that never act -------------------------------------------------------- */

#define AT_OK "steps:\n  - talk: |\n      > AT\n      < OK\n"

static void a_rule_that_never_acts_fails(void **state)
{
	(void)state;
	fails(HEAD "faults:\n"
		   "  - { when: { at: line }, say: here }\n"
		   "  - { name: rest, answer: { result: ERROR, commands: [+CSQ] } }\n"
		   "inject:\n"
		   "  - { when: { at: close }, sim: removed }\n"
		   "steps:\n  - talk: |\n      > AT\n      < here\n      < OK\n",
		"t.yaml:5:5: this rule never acted: answer \"rest\"",
		"nor did those in lines 7; extend the talk");
}

static void what_makes_no_difference_has_not_acted(void **state)
{
	(void)state;
	fails(HEAD "faults: [{ when: { at: close }, mute: lost }]\n" AT_OK,
		"t.yaml:3:10: ", "never acted: mute");
	/* the modem is open all the time, and no line comes */
	fails(HEAD "faults: [{ gate: { open: [answer] } }]\n" AT_OK,
		"t.yaml:3:10: ", "never acted: gate");
	/* a refused action */
	fails(HEAD "inject: [{ when: { at: line }, hangup: { call: 3 } }]\n" AT_OK,
		"t.yaml:3:10: ", "never acted: hangup");
	fails(HEAD "steps:\n  - fault: { answer: { result: ERROR, commands: [+CSQ] } }\n"
		   "  - talk: |\n      > AT\n      < OK\n",
		"t.yaml:7:7: ", "never acted: number 1, added at run time: answer");
}

static void what_lasts_has_acted_where_it_shows(void **state)
{
	(void)state;
	play_text(HEAD "faults: [{ pace: 1ms }]\nsteps:\n  - type: \"AT\\r\"\n"
		       "  - raw: \"AT\\r\\r\\nOK\\r\\n\"\n",
		PLAY_COALESCED, false);
	assert_true(result.ok);
	play_text(HEAD "faults: [{ cts: stuck }]\nsteps:\n  - silence: 1s\n",
		PLAY_COALESCED, false);
	assert_true(result.ok);
}

static void unknown_keys_are_refused(void **state)
{
	(void)state;
	refused(HEAD "steps:\n  - tlak: x\n", 4, 5, "talk");
}

static void a_step_does_one_thing(void **state)
{
	(void)state;
	refused(HEAD "steps:\n  - raw: x\n    type: y\n", 5, 5, "one thing");
}

static void lines_need_their_mark(void **state)
{
	(void)state;
	refused(HEAD "steps:\n  - talk: |\n      > AT\n      OK\n", 6, 7,
		"not a line of a talk");
}

static void a_profile_is_needed(void **state)
{
	(void)state;
	refused("name: x\nsteps:\n  - silence: 1s\n", 1, 1, "profile");
}

static void states_must_exist(void **state)
{
	(void)state;
	refused(HEAD "steps:\n  - state: { lde: steady }\n", 4, 14,
		"not a state of a modem");
}

static void a_duration_needs_its_unit(void **state)
{
	(void)state;
	refused(HEAD "steps:\n  - silence: 1\n", 4, 14, "has no unit");
}

/* ---- accept ---------------------------------------------------------------------- */

static void accept_writes_what_came(void **state)
{
	(void)state;
	play_text(HEAD
		"steps:\n  - talk: |\n      > AT+CSQ\n      < +CSQ: 1,1\n      > AT\n"
		"      > ATI6\n      < x\n      > AT\n      < OK\n",
		PLAY_COALESCED, true);
	assert_true(result.ok);
	assert_int_equal(result.n_edits, 3);
	assert_int_equal(result.edits[0].from, 6);
	assert_int_equal(result.edits[0].to, 6);
	assert_string_equal(result.edits[0].text, "      < +CSQ: 22,0\n      < OK\n");
	assert_int_equal(result.edits[1].from, 8);
	assert_int_equal(result.edits[1].to, 7);
	assert_string_equal(result.edits[1].text, "      < OK\n");
	assert_int_equal(result.edits[2].from, 9);
	assert_non_null(
		strstr(result.edits[2].text, "\n      <| FAX CLASS: 1,2\n      < OK\n"));
}

static void accept_leaves_alone_what_is_right(void **state)
{
	(void)state;
	play_text(HEAD "steps:\n  - talk: |\n      > AT+CSQ\n      <@10ms +CSQ: 22,0\n   "
		       "   < OK\n",
		PLAY_COALESCED, true);
	assert_true(result.ok);
	assert_int_equal(result.n_edits, 0);
}

/* A modem at rest has already booted, for 6 s. */
static void until_is_counted_from_the_beginning(void **state)
{
	(void)state;
	play_text(HEAD "steps:\n  - until: 8500ms\n  - talk: |\n      > AT+CCLK?\n"
		       "      < +CCLK: \"10/01/01,12:00:08\"\n      < OK\n"
		       "  - until: 3s\n  - talk: |\n      > AT+CCLK?\n"
		       "      < +CCLK: \"10/01/01,12:00:08\"\n      < OK\n",
		PLAY_COALESCED, false);
	assert_true(result.ok);
}

/* ---- sweeps ---------------------------------------------------------------------- */

static struct play_swept swept;

static void sweep_text(const char *text, enum sweep_kind kind, unsigned at)
{
	const struct play_options options = { .sweep = {
						      .kind = kind,
						      .at = at,
						      .text = SWEEP_DEFAULT,
					      } };

	scenario = scenario_read(NULL, "t.yaml", text, strlen(text), &errors);
	doc_errors_print(&errors, stderr);
	assert_non_null(scenario);
	play_sweep(scenario, play_on(profile), &options, &swept);
}

/* Before the line, between echo and information, after that, before and after OK (which
 * takes no time), before the next line and in the silence. */
static void a_urc_is_said_in_every_gap(void **state)
{
	(void)state;
	sweep_text(HEAD "steps:\n  - talk: |\n      > AT+CSQ\n      < +CSQ: 22,0\n"
			"      < OK\n  - wait: 1s\n",
		SWEEP_URC, 0);
	assert_true(swept.ok);
	assert_null(swept.message);
	assert_int_equal(swept.gaps, 6);
}

static void a_prompt_has_a_gap_before_it(void **state)
{
	(void)state;
	sweep_text(HEAD "steps:\n  - talk: |\n      > AT+CMGF=1\n      < OK\n"
			"      > AT+CMGS=\"0123456\"\n      = \\r\\n> \n"
			"  - type: \"<1B>\"\n  - raw: \"\\r\\nOK\\r\\n\"\n",
		SWEEP_URC, 6);
	assert_true(swept.ok);
}

static void a_cut_is_made_at_every_byte(void **state)
{
	(void)state;
	sweep_text(HEAD "steps:\n  - talk: |\n      > AT\n      <@0s OK\n", SWEEP_CUT, 0);
	assert_true(swept.ok);
	assert_int_equal(swept.gaps, strlen("AT\r\r\nOK\r\n") - 1);
}

/* This modem fails on its own line. */
static void a_broken_gap_is_named(void **state)
{
	(void)state;
	sweep_text(HEAD "faults:\n  - when: { at: event, event: urc, nth: 1 }\n    say: "
			"{ text: oh }\n"
			"steps:\n  - talk: |\n      > AT+CSQ\n      < +CSQ: 22,0\n"
			"      < OK\n",
		SWEEP_URC, 3);
	assert_false(swept.ok);
	assert_int_equal(swept.broken, 1);
	assert_non_null(strstr(swept.message,
		"t.yaml: gap 3, before the answer of AT+CSQ (--sweep urc --at 3)\n"
		"t.yaml:"));
	free(swept.message);
}

static void a_gap_that_is_not_there_is_not_tested(void **state)
{
	(void)state;
	sweep_text(HEAD "steps:\n  - talk: |\n      > AT\n      < OK\n", SWEEP_URC, 99);
	assert_true(swept.ok);
	assert_int_equal(swept.gaps, 0);
}

static void one_gap_that_is_there_is_tested(void **state)
{
	(void)state;
	sweep_text(HEAD "steps:\n  - talk: |\n      > AT\n      < OK\n", SWEEP_URC, 2);
	assert_true(swept.ok);
	assert_int_equal(swept.gaps, 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		PLAY(a_right_answer_passes),
		PLAY(each_mode_passes),
		PLAY(time_is_virtual),
		PLAY(bytes_are_written_with_escapes),
		PLAY(a_wrong_byte_fails),
		PLAY(an_extra_byte_fails),
		PLAY(another_message_than_the_one_sent_fails),
		PLAY(an_extra_block_after_the_end_fails),
		PLAY(a_missing_answer_fails),
		PLAY(a_rule_that_never_acts_fails),
		PLAY(what_makes_no_difference_has_not_acted),
		PLAY(what_lasts_has_acted_where_it_shows),
		PLAY(half_an_answer_fails),
		PLAY(too_late_fails),
		PLAY(another_time_fails),
		PLAY(a_missing_echo_fails),
		PLAY(noise_in_a_silence_fails),
		PLAY(another_state_fails),
		PLAY(a_sum_must_be_32_capital_digits),
		PLAY(a_refused_file_fails),
		PLAY(a_failure_tells_what_came_before),
		PLAY(unknown_keys_are_refused),
		PLAY(a_step_does_one_thing),
		PLAY(lines_need_their_mark),
		PLAY(a_profile_is_needed),
		PLAY(states_must_exist),
		PLAY(a_duration_needs_its_unit),
		PLAY(accept_writes_what_came),
		PLAY(accept_leaves_alone_what_is_right),
		PLAY(until_is_counted_from_the_beginning),
		PLAY(a_urc_is_said_in_every_gap),
		PLAY(a_prompt_has_a_gap_before_it),
		PLAY(a_cut_is_made_at_every_byte),
		PLAY(a_broken_gap_is_named),
		PLAY(a_gap_that_is_not_there_is_not_tested),
		PLAY(one_gap_that_is_there_is_tested),
	};

	return cmocka_run_group_tests(tests, begin, end);
}
