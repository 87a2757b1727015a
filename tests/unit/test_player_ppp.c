/* host/play/play_ppp and scenario_ppp: steps `ppp` can fail, and report where and why. */
#include "player_rig.h"

#include <stdio.h>

#define DIAL                                                        \
	"name: a trial\nprofile: fastrack-supreme-20-r74\nsteps:\n" \
	"  - talk: |\n"                                             \
	"      > AT+CGDCONT=1,\"IP\",\"internet\"\n"                \
	"      < OK\n"                                              \
	"      > ATD*99***1#\n"                                     \
	"      < CONNECT 115200\n"
#define FIRST 9 /* line of what follows */

/* A mistake in the first step after the dialling. */
static void step_refused(const char *step, const char *why)
{
	char text[1000];

	snprintf(text, sizeof(text), "%s%s", DIAL, step);
	refused(text, FIRST, 0, why);
}

static void a_session_passes(void **state)
{
	(void)state;
	play_text(DIAL "  - ppp: { start: {} }\n  - ppp: { ping: 10.0.2.2 }\n"
		       "  - ppp: { terminate: host }\n  - talk: |\n      < NO CARRIER\n",
		PLAY_COALESCED, false);
	if (!result.ok)
		fail_msg("%s", result.message);
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
	step_refused("  - ppp: {}\n", "does nothing");
	step_refused("  - ppp: { until: up }\n", "does nothing");
	step_refused(
		"  - ppp: { ping: 10.0.2.2, resolve: peer.test }\n", "does one thing");
	step_refused("  - ppp: { pong: 10.0.2.2 }\n", "unknown key \"pong\"");
	step_refused("  - ppp: { ping: 10.0.2 }\n", "is no IPv4 address");
	step_refused("  - ppp: { send: C02 }\n", "pairs of hexadecimal digits");
	step_refused("  - ppp: { frame: }\n", "pairs of hexadecimal digits");
	step_refused("  - ppp: { start: {}, until: open }\n", "cannot be \"open\"");
	step_refused("  - ppp: { expect: { adress: 1.2.3.4 } }\n",
		"no value of a PPP session");
	step_refused("  - ppp: up\n", "mapping");
}

static const struct CMUnitTest tests[] = {
	PLAY(a_session_passes),
	PLAY(a_link_that_does_not_come_up_fails),
	PLAY(another_value_fails),
	PLAY(what_is_not_answered_fails),
	PLAY(without_a_link_nothing_can_be_sent),
	PLAY(another_frame_fails),
	PLAY(the_wrong_side_fails),
	PLAY(text_after_the_end_is_left_to_the_next_step),
	PLAY(steps_are_checked_when_they_are_read),
};

int main(void)
{
	return cmocka_run_group_tests(tests, begin, end);
}
