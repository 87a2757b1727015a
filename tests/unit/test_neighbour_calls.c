/* Calls between modems in memory (host/exchange/, gsm/call_neighbour.c), in virtual time. */
#include "calls_rig.h"

#define RINGS "\r\nRING\r\n\r\n+CLIP: \"" A "\",145\r\n"

static void a_voice_call_rings_is_answered_and_ends(void **state)
{
	struct party *p = *state;

	say(p, 0, "ATD" B ";\r", DIAL);
	has(&p->r[1], RINGS, 1);
	heard(&p->r[0], "");
	clcc(p, 0, "+CLCC: 1,0,3,0,0,\"" B "\",145");
	clcc(p, 1, "+CLCC: 1,1,4,0,0,\"" A "\",145");
	say(p, 1, "ATA\r", SEC(1));
	heard(&p->r[1], OK);
	heard(&p->r[0], "\r\n+COLP: \"" B "\",145\r\n" OK);
	clcc(p, 0, "+CLCC: 1,0,0,0,0,\"" B "\",145");
	clcc(p, 1, "+CLCC: 1,1,0,0,0,\"" A "\",145");
	say(p, 1, "ATH\r", SEC(1));
	heard(&p->r[1], OK);
	heard(&p->r[0], LOST);
	ceer(p, 0, 16);
	ceer(p, 1, 16);
	clcc(p, 0, "");
	clcc(p, 1, "");
}

static void a_caller_that_hides_its_number_is_not_shown(void **state)
{
	struct party *p = *state;

	say(p, 0, "ATD0600000018I;\r", DIAL);
	has(&p->r[1], "\r\n+CLIP: \"\",128\r\n", 1);
	clcc(p, 1, "+CLCC: 1,1,4,0,0");
	say(p, 1, "ATA\r", SEC(1));
	has(&p->r[0], "+COLP: \"" B "\",145", 1); /* the number it has, not as dialled */
}

static void the_caller_gives_up(void **state)
{
	struct party *p = *state;

	say(p, 0, "ATD" B ";\r", DIAL);
	rig_clear(&p->r[1]);
	say(p, 0, "ATH\r", SEC(1));
	heard(&p->r[0], OK LOST);
	heard(&p->r[1], LOST);
	ceer(p, 0, 16);
	ceer(p, 1, 16);
}

static void one_that_rejects_is_told(void **state)
{
	struct party *p = *state;

	say(p, 0, "ATD" B ";\r", DIAL);
	say(p, 1, "AT+WATH=17\r", SEC(1));
	heard(&p->r[0], "\r\nBUSY\r\n");
	ceer(p, 0, 17);
	ceer(p, 1, 17);
}

static void nobody_answers(void **state)
{
	struct party *p = *state;

	say(p, 0, "ATD" B ";\r", p->profile->network.calls.no_answer + SEC(10));
	heard(&p->r[0], "\r\nNO ANSWER\r\n");
	has(&p->r[1], LOST, 1);
	ceer(p, 0, 19);
	ceer(p, 1, 19);
	clcc(p, 1, "");
}

static void s0_answers(void **state)
{
	struct party *p = *state;

	say(p, 1, "ATS0=2\r", SEC(1));
	say(p, 0, "ATD" B ";\r", DIAL + SEC(6));
	has(&p->r[0], OK, 1);
	clcc(p, 0, "+CLCC: 1,0,0,0,0,\"" B "\",145");
	clcc(p, 1, "+CLCC: 1,1,0,0,0,\"" A "\",145");
}

static void one_that_is_off_is_not_reached(void **state)
{
	struct party *p = *state;

	modem_power(p->r[1].modem, p->r[1].now, false);
	pass(p, SEC(1));
	say(p, 0, "ATD" B ";\r", DIAL);
	heard(&p->r[0], "\r\nNO ANSWER\r\n");
	ceer(p, 0, 18);
}

static void power_off_ends_the_call_at_both(void **state)
{
	struct party *p = *state;

	talk(p, 0, 1, B);
	modem_power(p->r[1].modem, p->r[1].now, false);
	pass(p, SEC(1));
	heard(&p->r[0], LOST);
	ceer(p, 0, 27);
	modem_power(p->r[1].modem, p->r[1].now, true);
	pass(p, SEC(60));
	talk(p, 0, 1, B);
	modem_power(p->r[0].modem, p->r[0].now, false);
	pass(p, SEC(1));
	heard(&p->r[1], LOST);
}

static void one_that_is_made_anew_ends_the_call(void **state)
{
	struct party *p = *state;

	talk(p, 0, 1, B);
	neighbours_renewed(p->n, 1);
	rig_free(&p->r[1]);
	make(p, 1);
	rig_boot(&p->r[1]);
	pass(p, SEC(1));
	heard(&p->r[0], LOST);
	ceer(p, 0, 27);
	say(p, 1, "ATE0\r", SEC(1));
	talk(p, 0, 1, B);
	talk(p, 1, 2, C);
}

static void a_third_is_busy_without_call_waiting(void **state)
{
	struct party *p = *state;

	say(p, 1, "AT+CCWA=1,0\r", SEC(5));
	talk(p, 0, 1, B);
	say(p, 2, "ATD" B ";\r", DIAL);
	heard(&p->r[2], "\r\nBUSY\r\n");
	heard(&p->r[1], "");
	ceer(p, 2, 17);
}

static void a_third_waits_and_both_are_swapped(void **state)
{
	struct party *p = *state;

	talk(p, 0, 1, B);
	say(p, 2, "ATD" B ";\r", DIAL);
	heard(&p->r[1], "\r\n+CCWA: \"" C "\",145,1\r\n");
	heard(&p->r[2], "\r\n+CSSI: 3\r\n");
	say(p, 1, "AT+CHLD=2\r", SEC(1));
	heard(&p->r[0], "\r\n+CSSU: 2\r\n");
	has(&p->r[2], OK, 1);
	clcc(p, 1, "+CLCC: 1,1,1,0,0,\"" A "\",145\r\n+CLCC: 2,1,0,0,0,\"" C "\",145");
	rig_clear(&p->r[2]);
	say(p, 1, "AT+CHLD=2\r", SEC(1));
	heard(&p->r[0], "\r\n+CSSU: 3\r\n");
	heard(&p->r[2], "\r\n+CSSU: 2\r\n");
	say(p, 1, "AT+CHLD=3\r", SEC(1));
	heard(&p->r[0], "\r\n+CSSU: 4\r\n");
	heard(&p->r[2], "\r\n+CSSU: 3\r\n\r\n+CSSU: 4\r\n");
	clcc(p, 1, "+CLCC: 1,1,0,0,1,\"" A "\",145\r\n+CLCC: 2,1,0,0,1,\"" C "\",145");
	say(p, 0, "ATH\r", SEC(1));
	clcc(p, 1, "+CLCC: 2,1,0,0,0,\"" C "\",145");
	clcc(p, 2, "+CLCC: 1,0,0,0,0,\"" B "\",145");
}

static void one_that_transfers_leaves_two_that_talk(void **state)
{
	struct party *p = *state;

	talk(p, 0, 1, B);
	talk(p, 1, 2, C);
	heard(&p->r[0], "\r\n+CSSU: 2\r\n");
	say(p, 1, "AT+CHLD=4\r", SEC(1));
	heard(&p->r[0], "\r\n+CSSU: 3\r\n");
	clcc(p, 1, "");
	clcc(p, 0, "+CLCC: 1,0,0,0,0,\"" B "\",145");
	clcc(p, 2, "+CLCC: 1,1,0,0,0,\"" B "\",145");
	say(p, 0, "AT+VTS=7\r", SEC(1));
	assert_string_equal(p->last[2], "hears tone 7");
	say(p, 2, "AT+VTS=8\r", SEC(1));
	assert_string_equal(p->last[0], "hears tone 8");
	rig_clear(&p->r[0]);
	say(p, 2, "ATH\r", SEC(1));
	heard(&p->r[0], LOST);
	clcc(p, 0, "");
}

static void one_modem_is_not_connected_with_itself(void **state)
{
	struct party *p = *state;

	talk(p, 0, 1, B);
	talk(p, 0, 1, B); /* a second call, which it takes */
	say(p, 0, "AT+CHLD=4\r", SEC(1));
	clcc(p, 0, "");
	clcc(p, 1, "");
}

static void a_transfer_crosses_a_release(void **state)
{
	struct party *p = *state;

	talk(p, 0, 1, B);
	talk(p, 1, 2, C);
	rig_say(&p->r[1], "AT+CHLD=4\r", SEC(1));
	say(p, 0, "ATH\r", SEC(1));
	heard(&p->r[2], LOST);
	clcc(p, 0, "");
	clcc(p, 1, "");
}

static void one_that_holds_is_still_on_hold_after_a_transfer(void **state)
{
	struct party *p = *state;

	talk(p, 0, 1, B);
	say(p, 0, "AT+CHLD=2\r", SEC(1));
	talk(p, 1, 2, C);
	say(p, 1, "AT+CHLD=4\r", SEC(1));
	heard(&p->r[2], "\r\n+CSSU: 2\r\n");
	say(p, 0, "AT+CHLD=2\r", SEC(1));
	heard(&p->r[2], "\r\n+CSSU: 3\r\n");
}

static void tones_are_told_to_the_other_side(void **state)
{
	struct party *p = *state;

	talk(p, 0, 1, B);
	say(p, 0, "AT+VTS=\"#\"\r", SEC(1));
	heard(&p->r[0], OK);
	heard(&p->r[1], "");
	assert_string_equal(p->last[1], "hears tone #");
	say(p, 1, "AT+VTS=a\r", SEC(1));
	assert_string_equal(p->last[0], "hears tone A");
}

static void forwarding(struct party *p, const char *reason)
{
	char line[64];

	snprintf(line, sizeof(line), "AT+CCFC=%s,3,\"" C "\",145,1\r", reason);
	say(p, 1, line, SEC(5));
	has(&p->r[1], OK, 1);
	rig_clear(&p->r[1]);
}

static void all_calls_are_forwarded(void **state)
{
	struct party *p = *state;

	forwarding(p, "0");
	say(p, 0, "ATD" B ";\r", DIAL);
	heard(&p->r[0], "\r\n+CSSI: 2\r\n");
	heard(&p->r[1], "");
	has(&p->r[2], RINGS "\r\n+CSSU: 0\r\n", 1);
	say(p, 2, "ATA\r", SEC(1));
	heard(&p->r[0], "\r\n+COLP: \"" C "\",145\r\n" OK);
}

static void calls_are_forwarded_when_busy(void **state)
{
	struct party *p = *state;

	forwarding(p, "1");
	say(p, 1, "AT+CCWA=1,0\r", SEC(5));
	say(p, 1, "ATD0146290800;\r", SEC(20));
	rig_clear(&p->r[1]);
	say(p, 0, "ATD" B ";\r", DIAL);
	heard(&p->r[0], "\r\n+CSSI: 2\r\n");
	heard(&p->r[1], "\r\n+CSSU: 10\r\n");
	has(&p->r[2], RINGS, 1);
}

static void calls_are_forwarded_when_nobody_answers(void **state)
{
	struct party *p = *state;

	forwarding(p, "2");
	say(p, 0, "ATD" B ";\r", DIAL);
	has(&p->r[1], RINGS, 1);
	pass(p, SEC(22));
	has(&p->r[1], LOST, 1);
	has(&p->r[0], "\r\n+CSSI: 2\r\n", 1);
	has(&p->r[2], RINGS, 1);
	clcc(p, 0, "+CLCC: 1,0,3,0,0,\"" B "\",145");
	rig_clear(&p->r[0]);
	say(p, 2, "ATA\r", SEC(1));
	heard(&p->r[0], "\r\n+COLP: \"" C "\",145\r\n" OK);
}

static void calls_are_forwarded_when_it_is_off(void **state)
{
	struct party *p = *state;

	forwarding(p, "3");
	modem_power(p->r[1].modem, p->r[1].now, false);
	say(p, 0, "ATD" B ";\r", DIAL);
	has(&p->r[2], RINGS, 1);
}

static void calls_are_forwarded_to_a_number_of_the_profile(void **state)
{
	struct party *p = *state;

	say(p, 1, "AT+CCFC=0,3,\"0146290800\"\r", SEC(5));
	say(p, 0, "ATD" B ";\r", SEC(20));
	heard(&p->r[0], "\r\n+CSSI: 2\r\n\r\n+COLP: \"0146290800\",129\r\n" OK);
	clcc(p, 0, "+CLCC: 1,0,0,0,0,\"" B "\",145");
}

static void forwarding_in_a_ring_ends(void **state)
{
	struct party *p = *state;

	forwarding(p, "0");
	say(p, 2, "AT+CCFC=0,3,\"" B "\",145\r", SEC(5));
	say(p, 0, "ATD" B ";\r", SEC(20));
	has(&p->r[0], "+CSSI: 2", 6);
	has(&p->r[0], LOST, 1);
	say(p, 2, "AT+CCFC=0,3,\"" A "\",145\r", SEC(5));
	rig_clear(&p->r[0]);
	say(p, 0, "ATD" B ";\r", SEC(20));
	has(&p->r[0], "BUSY", 1);
}

static void incoming_calls_are_barred(void **state)
{
	struct party *p = *state;

	say(p, 1, "AT+CLCK=\"AI\",1,\"0000\",1\r", SEC(5));
	has(&p->r[1], OK, 1);
	rig_clear(&p->r[1]);
	say(p, 0, "ATD" B ";\r", DIAL);
	heard(&p->r[0], "\r\n+CSSI: 6\r\n" LOST);
	heard(&p->r[1], "");
	ceer(p, 0, 253);
}

static void an_emergency_number_is_not_a_neighbours(void **state)
{
	struct party *p = *state;

	say(p, 1, "AT+CCFC=0,3,\"112\"\r", SEC(1));
	say(p, 0, "ATD112;\r", SEC(5));
	has(&p->r[0], OK, 1);
	assert_false(p->r[0].modem->calls.call[0].neighbour);
}

static void both_call_each_other_at_once(void **state)
{
	struct party *p = *state;

	rig_type(&p->r[0], "ATD" B ";\r", strlen("ATD" B ";\r"));
	say(p, 1, "ATD" A ";\r", DIAL);
	heard(&p->r[0], "\r\nBUSY\r\n");
	heard(&p->r[1], "\r\nBUSY\r\n");
}

static void both_hang_up_at_once(void **state)
{
	struct party *p = *state;

	talk(p, 0, 1, B);
	rig_type(&p->r[0], "ATH\r", 4);
	say(p, 1, "ATH\r", SEC(1));
	heard(&p->r[0], OK);
	heard(&p->r[1], OK);
	clcc(p, 0, "");
	clcc(p, 1, "");
}

static void an_answer_crosses_the_callers_release(void **state)
{
	struct party *p = *state;

	say(p, 0, "ATD" B ";\r", DIAL);
	rig_clear(&p->r[1]);
	rig_type(&p->r[0], "ATH\r", 4);
	say(p, 1, "ATA\r", SEC(1));
	clcc(p, 0, "");
	clcc(p, 1, "");
}

static void signals_that_are_lost_hang_nothing(void **state)
{
	struct party *p = *state;

	p->dead = true;
	say(p, 0, "ATD" B ";\r", DIAL + SEC(31));
	heard(&p->r[0], "\r\nNO ANSWER\r\n");
	ceer(p, 0, 18);
}

static void one_that_answers_nothing_any_more_is_given_up(void **state)
{
	struct party *p = *state;
	int i;

	for (i = 0; i < 2; i++)
		p->r[i].modem->ports.neighbours.enquires = SEC(60);
	talk(p, 0, 1, B);
	p->dead = true;
	pass(p, SEC(59));
	heard(&p->r[0], "");
	pass(p, SEC(65));
	heard(&p->r[0], LOST);
	heard(&p->r[1], LOST);
	ceer(p, 0, 27);
}

/* An exchange that may lose signals asks: what the other side does not have is over. */
static void a_lost_release_is_found(void **state)
{
	struct party *p = *state;
	int i;

	for (i = 0; i < 2; i++)
		p->r[i].modem->ports.neighbours.enquires = SEC(60);
	talk(p, 0, 1, B);
	pass(p, SEC(300));
	heard(&p->r[0], "");
	/* the release goes nowhere */
	p->r[1].modem->calls.call[0].linked = false;
	say(p, 1, "ATH\r", SEC(1));
	heard(&p->r[0], "");
	pass(p, SEC(61));
	heard(&p->r[0], LOST);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		PARTY(a_voice_call_rings_is_answered_and_ends),
		PARTY(a_caller_that_hides_its_number_is_not_shown),
		PARTY(the_caller_gives_up),
		PARTY(one_that_rejects_is_told),
		PARTY(nobody_answers),
		PARTY(s0_answers),
		PARTY(one_that_is_off_is_not_reached),
		PARTY(power_off_ends_the_call_at_both),
		PARTY(one_that_is_made_anew_ends_the_call),
		PARTY(a_third_is_busy_without_call_waiting),
		PARTY(a_third_waits_and_both_are_swapped),
		PARTY(one_that_transfers_leaves_two_that_talk),
		PARTY(one_modem_is_not_connected_with_itself),
		PARTY(a_transfer_crosses_a_release),
		PARTY(one_that_holds_is_still_on_hold_after_a_transfer),
		PARTY(tones_are_told_to_the_other_side),
		PARTY(all_calls_are_forwarded),
		PARTY(calls_are_forwarded_when_busy),
		PARTY(calls_are_forwarded_when_nobody_answers),
		PARTY(calls_are_forwarded_when_it_is_off),
		PARTY(calls_are_forwarded_to_a_number_of_the_profile),
		PARTY(forwarding_in_a_ring_ends),
		PARTY(incoming_calls_are_barred),
		PARTY(an_emergency_number_is_not_a_neighbours),
		PARTY(both_call_each_other_at_once),
		PARTY(both_hang_up_at_once),
		PARTY(an_answer_crosses_the_callers_release),
		PARTY(signals_that_are_lost_hang_nothing),
		PARTY(one_that_answers_nothing_any_more_is_given_up),
		PARTY(a_lost_release_is_found),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
