/* host/play/play_ppp and scenario_ppp: steps `ppp` can fail, and report where and why. */
#include "unit.h"

#include <stdio.h>
#include <string.h>

#include "host/play/player.h"
#include "rig.h"

static struct profile *profile;
static struct doc_errors errors;
static struct scenario *scenario;
static struct play_result result;

static int begin(void **state)
{
	(void)state;
	profile = rig_profile("fastrack-supreme-20-r74");
	doc_errors_init(&errors);
	return 0;
}

static int clear(void **state)
{
	(void)state;
	scenario_free(scenario);
	scenario = NULL;
	play_result_clear(&result);
	doc_errors_clear(&errors);
	return 0;
}

static int end(void **state)
{
	clear(state);
	rig_profile_free(profile);
	return 0;
}

#define DIAL                                                        \
	"name: a trial\nprofile: fastrack-supreme-20-r74\nsteps:\n" \
	"  - talk: |\n"                                             \
	"      > AT+CGDCONT=1,\"IP\",\"internet\"\n"                \
	"      < OK\n"                                              \
	"      > ATD*99***1#\n"                                     \
	"      < CONNECT 115200\n"
#define FIRST 9 /* line of what follows */

static void play_text(const char *text)
{
	const struct play_options options = { .mode = PLAY_COALESCED };

	scenario = scenario_read(NULL, "t.yaml", text, strlen(text), &errors);
	doc_errors_print(&errors, stderr);
	assert_non_null(scenario);
	play(scenario, profile, &options, &result);
}

/* The scenario must fail at that place, for that reason. */
static void fails(const char *text, const char *place, const char *why)
{
	play_text(text);
	assert_false(result.ok);
	assert_memory_equal(result.message, place, strlen(place));
	if (!strstr(result.message, why))
		fail_msg("no \"%s\" in: %s", why, result.message);
	clear(NULL);
}

static void refused(const char *steps, int line, const char *why)
{
	char text[1000];

	snprintf(text, sizeof(text), "%s%s", DIAL, steps);
	assert_null(scenario_read(NULL, "t.yaml", text, strlen(text), &errors));
	assert_int_equal(errors.item[0].line, line);
	if (!strstr(errors.item[0].text, why))
		fail_msg("no \"%s\" in: %s", why, errors.item[0].text);
	clear(NULL);
}

static void a_session_passes(void **state)
{
	(void)state;
	play_text(DIAL "  - ppp: { start: {} }\n  - ppp: { ping: 10.0.2.2 }\n"
		       "  - ppp: { terminate: host }\n  - talk: |\n      < NO CARRIER\n");
	if (!result.ok)
		fail_msg("%s", result.message);
	clear(NULL);
}

static void a_link_that_does_not_come_up_fails(void **state)
{
	(void)state;
	fails(DIAL "  - ppp: { start: {} }\n    within: 1s\n",
		"t.yaml:9:10: ", "PPP is in phase network after 1.000 s, expected up");
	fails(DIAL "  - ppp: { start: {}, until: ended }\n",
		"t.yaml:9:10: ", "PPP is in phase up after 5.000 s, expected ended");
}

static void another_value_fails(void **state)
{
	(void)state;
	fails(DIAL "  - ppp: { start: {}, expect: { address: 10.0.0.1 } }\n",
		"t.yaml:9:10: ", "expected address: 10.0.0.1, it is 10.128.3.4");
	fails(DIAL "  - ppp: { expect: { phase: up } }\n",
		"t.yaml:9:10: ", "expected phase: up, it is dead");
}

static void what_is_not_answered_fails(void **state)
{
	(void)state;
	fails(DIAL "  - ppp: { start: {} }\n  - ppp: { ping: 10.0.2.77 }\n",
		"t.yaml:10:10: ", "ping: no answer; PPP is in phase up");
	fails(DIAL "  - ppp: { start: {} }\n"
		   "  - ppp: { ping: { to: 10.0.2.2, answered: false } }\n",
		"t.yaml:10:10: ", "ping: expected no reply, it came");
	fails(DIAL "  - ppp: { start: {} }\n  - ppp: { resolve: a.example }\n",
		"t.yaml:10:10: ", "resolve: there is no such name");
	fails(DIAL "  - ppp: { start: {} }\n"
		   "  - ppp: { resolve: { name: peer.test, is: 1.2.3.4 } }\n",
		"t.yaml:10:10: ", "resolve: expected 1.2.3.4, got 10.0.2.2");
	fails(DIAL "  - ppp: { start: {} }\n"
		   "  - ppp: { resolve: { name: peer.test, is: none } }\n",
		"t.yaml:10:10: ", "expected that there is no such name");
	fails(DIAL "  - ppp: { start: {} }\n"
		   "  - ppp: { echo: { text: hi, to: 10.0.2.77 } }\n",
		"t.yaml:10:10: ", "echo: no answer");
}

static void without_a_link_nothing_can_be_sent(void **state)
{
	(void)state;
	fails(DIAL "  - ppp: { ping: 10.0.2.2 }\n",
		"t.yaml:9:10: ", "cannot be sent: the phase is dead");
}

static void another_frame_fails(void **state)
{
	(void)state;
	fails(DIAL "  - ppp: { frame: C021 01 02 }\n",
		"t.yaml:9:10: ", "expected another frame, got C0210101001C0104");
	fails(DIAL "  - ppp: { frame: C021 01 01 001C 01 04 05DC 02 06 00000000 05 06 "
		   "00000000 07 02 08 02 03 04 C023 }\n"
		   "  - ppp: { frame: C021 01 02 }\n    within: 1s\n",
		"t.yaml:10:10: ", "expected a frame, none came in 1.000 s");
}

static void the_wrong_side_fails(void **state)
{
	(void)state;
	fails(DIAL "  - ppp: { start: {} }\n  - ppp: { terminate: modem }\n",
		"t.yaml:10:10: ", "no Terminate-Request came; PPP is in phase up");
}

static void text_after_the_end_is_left_to_the_next_step(void **state)
{
	(void)state;
	fails(DIAL "  - ppp: { start: {} }\n  - ppp: { terminate: host }\n",
		"t.yaml:10:10: ",
		"expected nothing more, got \"\\r\\nNO CARRIER\\r\\n\"");
}

static void steps_are_checked_when_they_are_read(void **state)
{
	(void)state;
	refused("  - ppp: {}\n", FIRST, "does nothing");
	refused("  - ppp: { until: up }\n", FIRST, "does nothing");
	refused("  - ppp: { ping: 10.0.2.2, resolve: peer.test }\n", FIRST,
		"does one thing");
	refused("  - ppp: { pong: 10.0.2.2 }\n", FIRST, "unknown key \"pong\"");
	refused("  - ppp: { ping: 10.0.2 }\n", FIRST, "is no IPv4 address");
	refused("  - ppp: { send: C02 }\n", FIRST, "pairs of hexadecimal digits");
	refused("  - ppp: { frame: }\n", FIRST, "pairs of hexadecimal digits");
	refused("  - ppp: { start: {}, until: open }\n", FIRST, "cannot be \"open\"");
	refused("  - ppp: { expect: { adress: 1.2.3.4 } }\n", FIRST,
		"no value of a PPP session");
	refused("  - ppp: up\n", FIRST, "mapping");
}

static const struct CMUnitTest tests[] = {
	UNIT(a_session_passes),
	UNIT(a_link_that_does_not_come_up_fails),
	UNIT(another_value_fails),
	UNIT(what_is_not_answered_fails),
	UNIT(without_a_link_nothing_can_be_sent),
	UNIT(another_frame_fails),
	UNIT(the_wrong_side_fails),
	UNIT(text_after_the_end_is_left_to_the_next_step),
	UNIT(steps_are_checked_when_they_are_read),
};

int main(void)
{
	return cmocka_run_group_tests(tests, begin, end);
}
