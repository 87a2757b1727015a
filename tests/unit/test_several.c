/* Scenarios with several modems: what they may say, who fails, and one time for all. */
#include "player_rig.h"

#include <stdlib.h>

#include "host/play/play_live.h"
#include "host/play/play_sweep.h"

#define HEAD              \
	"name: a trial\n" \
	"profile: fastrack-supreme-20-r74\n"
#define TWO HEAD "modems: { b: {} }\n"
#define SEND                                                                     \
	"steps:\n  - talk: |\n      > ATE0;+CMGF=1\n      < OK\n  - echo: off\n" \
	"  - talk: |\n      > AT+CMGS=\"+33600000018\"\n      = \\r\\n> \n"      \
	"  - type: \"hi<1A>\"\n  - talk: |\n      <@3s +CMGS: 0\n      < OK\n"

static void passes(const char *text, enum play_mode mode)
{
	play_text(text, mode, false);
	if (!result.ok)
		fail_msg("%s", result.message);
}

/* ---- what is declared -------------------------------------------------------------- */

static void twins_have_the_next_numbers(void **state)
{
	(void)state;
	passes(HEAD "modems: { c: {}, b: {} }\n"
		    "steps:\n  - talk: |\n      > AT+CNUM\n"
		    "      < +CNUM: \"Own\",\"+33600000017\",145\n      < OK\n"
		    "  - modem: b\n    talk: |\n      > AT+CNUM\n"
		    "      < +CNUM: \"Own\",\"+33600000018\",145\n      < OK\n"
		    "  - modem: c\n    talk: |\n      > AT+CNUM\n"
		    "      < +CNUM: \"Own\",\"+33600000019\",145\n      < OK\n",
		PLAY_COALESCED);
}

static void names_are_checked(void **state)
{
	(void)state;
	refused(HEAD "modems: { a: {} }\nsteps:\n  - wait: 1s\n", 3, 11,
		"\"a\" is the scenario's own modem");
	refused(HEAD "modems: { B: {} }\nsteps:\n  - wait: 1s\n", 3, 11,
		"\"B\" is not a name of a modem");
	refused(HEAD "modems: { b: {}, b: {} }\nsteps:\n  - wait: 1s\n", 3, 0, "\"b\"");
	refused(HEAD "modems: {}\nsteps:\n  - wait: 1s\n", 3, 9, "{ b: {} }");
	refused(HEAD "modems: { b: {}, c: {}, d: {}, e: {}, f: {}, g: {}, h: {}, i: {} "
		     "}\nsteps:\n  - wait: 1s\n",
		3, 0, "at most 8 modems");
	refused(HEAD "modems: { b: { sett: {} } }\nsteps:\n  - wait: 1s\n", 3, 0,
		"did you mean \"set\"?");
}

static void an_unknown_modem_is_named(void **state)
{
	(void)state;
	refused(HEAD "steps:\n  - wait: 1s\n    modem: b\n", 5, 12,
		"there is no modem \"b\"; declare it beside the steps");
	refused(HEAD "modems: { meter: {} }\nsteps:\n  - modem: metre\n    wait: 1s\n", 5,
		12, "did you mean \"meter\"?");
}

static void two_with_one_number_are_named(void **state)
{
	static const char text[] = HEAD
		"modems:\n  b: {}\n  c: { set: { sim.number: \"+33600000017\" } }\n"
		"steps:\n  - wait: 1s\n";

	(void)state;
	clear(NULL);
	scenario = scenario_read(NULL, "t.yaml", text, strlen(text), &errors);
	assert_non_null(scenario);
	assert_false(scenario_numbers_differ(scenario, play_on(profile), &errors));
	assert_int_equal(errors.n, 1);
	assert_int_equal(errors.item[0].line, 5);
	assert_non_null(strstr(errors.item[0].text,
		"modem a has the number +33600000017, and modem c has +33600000017"));
}

/* ---- one time ---------------------------------------------------------------------- */

static void messages_take_the_time_of_the_network(void **state)
{
	int mode;

	(void)state;
	for (mode = 0; mode < PLAY_MODES; mode++)
		passes(TWO SEND "  - modem: b\n    talk: |\n      <@5s +CMTI: \"SM\",1\n",
			(enum play_mode)mode);
}

static void time_passes_for_all(void **state)
{
	(void)state;
	passes(TWO "steps:\n  - until: 8500ms\n    modem: b\n  - talk: |\n"
		   "      > AT+CCLK?\n      < +CCLK: \"10/01/01,12:00:08\"\n      < OK\n"
		   "  - modem: b\n    talk: |\n      > AT+CCLK?\n"
		   "      < +CCLK: \"10/01/01,12:00:08\"\n      < OK\n",
		PLAY_COALESCED);
}

static void one_may_be_cold(void **state)
{
	(void)state;
	passes(HEAD "modems: { b: { boot: cold } }\n"
		    "steps:\n  - talk: |\n      > AT\n      < OK\n"
		    "  - state: { power: \"on\" }\n"
		    "  - state: { power: booting }\n    modem: b\n"
		    "  - wait: 30s\n  - state: { power: \"on\" }\n    modem: b\n",
		PLAY_COALESCED);
}

static void texts_of_all_are_in_the_trace(void **state)
{
	(void)state;
	fails(TWO "steps:\n  - talk: |\n      > AT\n      < OK\n  - modem: b\n"
		  "    talk: |\n      > AT\n      < KO\n",
		"t.yaml:11:7: ", "a> AT");
	assert_non_null(strstr(result.message, "b> AT"));
}

/* ---- what fails -------------------------------------------------------------------- */

static void what_another_modem_says_is_not_missed(void **state)
{
	(void)state;
	fails(TWO SEND "  - wait: 10s\n", "t.yaml:16:11: ",
		"expected nothing more of modem b, got \"\\r\\n+CMTI: \"SM\",1");
}

static void a_rule_of_another_modem_has_to_act(void **state)
{
	(void)state;
	fails(HEAD
		"modems:\n  b:\n    faults:\n"
		"      - answer: { commands: [\"+CSQ\"], result: ERROR }\n"
		"steps:\n  - talk: |\n      > AT+CSQ\n      < +CSQ: 22,0\n      < OK\n",
		"t.yaml:6:9: ", "this rule never acted");
	passes(HEAD
		"modems:\n  b:\n    faults:\n"
		"      - answer: { commands: [\"+CSQ\"], result: ERROR }\n"
		"steps:\n  - talk: |\n      > AT+CSQ\n      < +CSQ: 22,0\n      < OK\n"
		"  - modem: b\n    talk: |\n      > AT+CSQ\n      < ERROR\n",
		PLAY_COALESCED);
}

/* ---- the other modes --------------------------------------------------------------- */

static void accept_writes_what_came_to_each(void **state)
{
	(void)state;
	play_text(TWO "steps:\n  - talk: |\n      > AT\n  - modem: b\n    talk: |\n"
		      "      > AT+CSQ\n      < x\n",
		PLAY_COALESCED, true);
	assert_true(result.ok);
	assert_int_equal(result.n_edits, 2);
	assert_int_equal(result.edits[0].from, 7);
	assert_string_equal(result.edits[1].text, "      < +CSQ: 22,0\n      < OK\n");
	assert_int_equal(result.edits[1].from, 10);
}

static struct play_swept swept;

static void sweep_text(const char *text, unsigned at)
{
	const struct play_options options = { .sweep = { SWEEP_URC, at, SWEEP_DEFAULT } };

	clear(NULL);
	scenario = scenario_read(NULL, "t.yaml", text, strlen(text), &errors);
	assert_non_null(scenario);
	play_sweep(scenario, play_on(profile), &options, &swept);
}

#define AT_EACH                                                           \
	TWO "steps:\n  - talk: |\n      > AT\n      < OK\n  - modem: b\n" \
	    "    talk: |\n      > AT+CSQ\n      < +CSQ: 22,0\n      < OK\n"

/* Two of a, which types nothing else, and five of b, counted on. */
static void the_gaps_of_each_are_swept(void **state)
{
	unsigned all, last;

	(void)state;
	sweep_text(AT_EACH, 0);
	assert_true(swept.ok);
	all = swept.gaps;
	sweep_text(AT_EACH, all);
	assert_true(swept.ok);
	last = swept.gaps;
	assert_int_equal(last, 1);
	sweep_text(AT_EACH, all + 1);
	assert_true(swept.ok);
	assert_int_equal(swept.gaps, 0);
	sweep_text(HEAD "steps:\n  - talk: |\n      > AT\n      < OK\n", 0);
	assert_true(swept.gaps < all);
}

/* Two gaps of a, and the third of b. */
static void a_broken_gap_names_its_modem(void **state)
{
	(void)state;
	sweep_text(HEAD "modems:\n  b:\n    faults:\n"
			"      - when: { at: event, event: urc, nth: 1 }\n"
			"        say: { text: oh }\n"
			"steps:\n  - modem: b\n    talk: |\n      > AT+CSQ\n"
			"      < +CSQ: 22,0\n      < OK\n",
		5);
	assert_false(swept.ok);
	assert_int_equal(swept.broken, 1);
	assert_non_null(strstr(swept.message,
		"gap 5, before the answer of AT+CSQ of modem b (--sweep urc --at 5)\n"));
	free(swept.message);
}

static bool never(void *ctx)
{
	(void)ctx;
	return false;
}

static void a_program_is_the_host_of_the_first(void **state)
{
	static const char text[] = TWO "steps:\n  - modem: b\n    talk: |\n      > AT\n"
				       "      < OK\n";
	const struct play_options options = { .mode = PLAY_COALESCED };
	struct play_live *l;
	size_t len;

	(void)state;
	clear(NULL);
	scenario = scenario_read(NULL, "t.yaml", text, strlen(text), &errors);
	assert_non_null(scenario);
	l = play_live_new(scenario, play_on(profile), &options);
	assert_true(play_live_type(l, "AT\r", 3));
	assert_true(play_live_step(l, &scenario->steps[0]));
	play_live_wait(l, SEC(1), never, NULL);
	assert_memory_equal(play_live_heard(l, &len), "AT\r\r\nOK\r\n", 9);
	assert_int_equal(len, 9);
	play_live_free(l);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		PLAY(twins_have_the_next_numbers),
		PLAY(names_are_checked),
		PLAY(an_unknown_modem_is_named),
		PLAY(two_with_one_number_are_named),
		PLAY(messages_take_the_time_of_the_network),
		PLAY(time_passes_for_all),
		PLAY(one_may_be_cold),
		PLAY(texts_of_all_are_in_the_trace),
		PLAY(what_another_modem_says_is_not_missed),
		PLAY(a_rule_of_another_modem_has_to_act),
		PLAY(accept_writes_what_came_to_each),
		PLAY(the_gaps_of_each_are_swept),
		PLAY(a_broken_gap_names_its_modem),
		PLAY(a_program_is_the_host_of_the_first),
	};

	return cmocka_run_group_tests(tests, begin, end);
}
