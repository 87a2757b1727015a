/* Calls between modems of several processes, over a broker that loses, repeats, delays and
 * goes away. */
#include "mqtt_calls_rig.h"

/* ---- voice --------------------------------------------------------------------------- */

static void a_voice_call_is_seen_the_same_by_both(void **state)
{
	struct far *f = *state;

	say(f, 0, "ATD" B ";\r", DIAL);
	has(&f->r[1], "RING\r\n\r\n+CLIP: \"" A "\",145", 1);
	clcc(f, 0, "+CLCC: 1,0,3,0,0,\"" B "\",145");
	rig_clear(&f->r[1]);
	say(f, 1, "ATA\r", SEC(1));
	heard(&f->r[0], "\r\n+COLP: \"" B "\",145\r\n" OK);
	clcc(f, 0, "+CLCC: 1,0,0,0,0,\"" B "\",145");
	clcc(f, 1, "+CLCC: 1,1,0,0,0,\"" A "\",145");
	pass(f, SEC(100));
	rig_clear(&f->r[0]);
	say(f, 1, "ATH\r", SEC(1));
	heard(&f->r[0], LOST);
	ceer(f, 0, 16);
	ceer(f, 1, 16);
	clcc(f, 0, "");
	clcc(f, 1, "");
	/* and by the caller */
	talk(f, 0, 1);
	say(f, 0, "ATH\r", SEC(1));
	heard(&f->r[1], LOST);
	ceer(f, 1, 16);
}

static void one_in_a_call_is_busy(void **state)
{
	struct far *f = *state;

	talk(f, 1, 2);
	say(f, 1, "AT+CCWA=1,0\r", SEC(1));
	say(f, 0, "ATD" B ";\r", DIAL);
	heard(&f->r[0], "\r\nBUSY\r\n");
	ceer(f, 0, 17);
}

static void the_caller_gives_up(void **state)
{
	struct far *f = *state;

	say(f, 0, "ATD" B ";\r", DIAL);
	rig_clear(&f->r[1]);
	say(f, 0, "ATH\r", SEC(1));
	heard(&f->r[0], OK LOST);
	heard(&f->r[1], LOST);
}

/* B has A in another process and C in its own; then those two talk. */
static void a_transfer_connects_two_processes(void **state)
{
	struct far *f = *state;

	talk(f, 0, 1);
	say(f, 1, "AT+CHLD=2\r", SEC(1));
	talk(f, 1, 2);
	say(f, 1, "AT+CHLD=4\r", SEC(1));
	clcc(f, 1, "");
	pass(f, SEC(60));
	clcc(f, 0, "+CLCC: 1,0,0,0,0,\"" B "\",145");
	clcc(f, 2, "+CLCC: 1,1,0,0,0,\"" B "\",145");
	say(f, 0, "ATH\r", SEC(1));
	heard(&f->r[2], LOST);
}

/* A has both others, of one process. */
static void a_transfer_connects_two_of_another_process(void **state)
{
	struct far *f = *state;

	talk(f, 0, 1);
	say(f, 0, "AT+CHLD=2\r", SEC(1));
	talk(f, 0, 2);
	say(f, 0, "AT+CHLD=4\r", SEC(1));
	clcc(f, 0, "");
	pass(f, SEC(60));
	rig_clear(&f->r[1]);
	rig_clear(&f->r[2]);
	say(f, 1, "ATH\r", SEC(1));
	heard(&f->r[2], LOST);
}

static void a_call_is_forwarded_to_another_process(void **state)
{
	struct far *f = *state;

	say(f, 1, "AT+CCFC=0,3,\"" C "\",145\r", SEC(3));
	say(f, 0, "ATD" B ";\r", 2 * DIAL);
	assert_true(count(&f->r[2], "+CLIP: \"" A "\",145") > 0);
	say(f, 2, "ATA\r", SEC(1));
	has(&f->r[0], OK, 1);
}

/* ---- what goes wrong ------------------------------------------------------------------- */

static void signals_that_are_lost_or_come_twice_change_nothing(void **state)
{
	struct far *f = *state;
	int i;

	f->w->lose = 15;
	f->w->twice = 30;
	f->w->delay = MS(500);
	for (i = 0; i < 30; i++) {
		rig_clear(&f->r[1]);
		say(f, 0, "ATD" B ";\r", SEC(25));
		assert_true(count(&f->r[1], "+CLIP: \"" A "\",145") > 0);
		say(f, 1, "ATA\r", SEC(15));
		rig_clear(&f->r[0]);
		rig_clear(&f->r[1]);
		say(f, i % 2, "ATH\r", SEC(15));
		heard(&f->r[!(i % 2)], LOST);
		rig_clear(&f->r[i % 2]);
	}
}

static void a_process_that_is_away_gives_no_answer(void **state)
{
	struct far *f = *state;

	kill_second(f);
	pass(f, SEC(1));
	say(f, 0, "ATD" B ";\r", DIAL);
	heard(&f->r[0], "\r\nNO ANSWER\r\n");
	ceer(f, 0, 18);
}

static void a_process_that_is_killed_ends_the_call(void **state)
{
	struct far *f = *state;

	talk(f, 0, 1);
	kill_second(f);
	pass(f, SEC(4));
	heard(&f->r[0], "");
	pass(f, SEC(2));
	heard(&f->r[0], LOST);
	ceer(f, 0, 27);
}

static void a_process_that_is_killed_ends_a_call_that_rings(void **state)
{
	struct far *f = *state;

	say(f, 0, "ATD" B ";\r", DIAL);
	has(&f->r[1], "RING", 1);
	kill_second(f);
	pass(f, SEC(6));
	heard(&f->r[0], LOST);
	ceer(f, 0, 27);
}

static void a_caller_that_is_killed_stops_ringing(void **state)
{
	struct far *f = *state;

	say(f, 1, "ATD" A ";\r", DIAL);
	kill_second(f);
	pass(f, SEC(6));
	has(&f->r[0], LOST, 1);
	rig_clear(&f->r[0]);
	pass(f, SEC(20));
	heard(&f->r[0], "");
}

/* Presence overtakes them. */
static void octets_that_come_after_the_last_will_delay_the_end(void **state)
{
	struct far *f = *state;
	char text[601] = { 0 };

	memset(text, 'x', 600);
	online(f);
	f->w->delay = SEC(3);
	say(f, 1, text, STEP);
	kill_second(f);
	pass(f, SEC(9));
	has(&f->r[0], LOST, 1);
	has(&f->r[0], text, 1);
}

/* It is another unit then, and says so. */
static void one_that_was_killed_and_is_back_does_not_have_the_call(void **state)
{
	struct far *f = *state;

	talk(f, 0, 1);
	kill_second(f);
	begin_second(f, 77);
	pass(f, SEC(1));
	heard(&f->r[0], LOST);
	heard(&f->r[1], "");
	talk(f, 0, 1);
}

/* Its last will is the same as that of one that was killed. */
static void a_connection_that_is_back_soon_ends_no_call(void **state)
{
	struct far *f = *state;
	unsigned i;

	for (i = 0; i < 15; i++) {
		f->w->p[0].kept = f->w->p[1].kept = i % 2;
		talk(f, i / 4 % 2, !(i / 4 % 2));
		mqtt_rig_lose(f->w, i / 2 % 2, i * MS(100));
		pass(f, SEC(40));
		heard(&f->r[0], "");
		heard(&f->r[1], "");
		say(f, i % 2, "ATH\r", SEC(1));
		heard(&f->r[!(i % 2)], LOST);
	}
}

static void octets_of_a_call_whose_connection_is_back_soon_arrive(void **state)
{
	struct far *f = *state;
	char text[601] = { 0 };

	memset(text, 'x', 600);
	online(f);
	f->w->p[0].kept = f->w->p[1].kept = false;
	mqtt_rig_lose(f->w, 1, SEC(1));
	say(f, 0, text, STEP);
	say(f, 1, text, SEC(40));
	heard(&f->r[0], text);
	heard(&f->r[1], text);
}

static void a_connection_that_is_back_at_the_last_moment_ends_no_call(void **state)
{
	struct far *f = *state;
	int i, late = 0, soon = 0;
	usec_t took;

	f->w->p[1].kept = false;
	for (i = 0; i < 30; i++) {
		talk(f, 0, 1);
		mqtt_rig_lose(f->w, 1, MS(3300));
		for (took = 0; !f->w->p[1].connected; took += STEP)
			pass(f, STEP);
		pass(f, SEC(25));
		if (took < MS(4900))
			heard(&f->r[0], "");
		else if (took > MS(5200))
			has(&f->r[0], LOST, 1);
		soon += took > MS(4100) && took < MS(4900);
		late += took > MS(5200);
		say(f, 0, "ATH\r", SEC(3));
		heard(&f->r[1], LOST);
	}
	assert_true(late > 2 && soon > 2);
}

/* Both sides hear of it, the one that was away as soon as it is back. */
static void a_connection_that_stays_away_ends_the_call(void **state)
{
	struct far *f = *state;

	talk(f, 0, 1);
	f->w->p[1].kept = false;
	mqtt_rig_lose(f->w, 1, SEC(8));
	pass(f, SEC(6));
	heard(&f->r[0], LOST);
	pass(f, SEC(12));
	heard(&f->r[1], LOST);
	ceer(f, 0, 27);
	ceer(f, 1, 27);
	clcc(f, 0, "");
	clcc(f, 1, "");
	talk(f, 0, 1);
}

/* The broker keeps what was for the process that is gone, and brings it to the next one. */
static void what_the_broker_has_kept_does_not_ring(void **state)
{
	struct far *f = *state;

	f->w->p[1].connected = false; /* nobody has noticed yet */
	say(f, 0, "ATD" B ";\r", SEC(40));
	heard(&f->r[0], "\r\nNO ANSWER\r\n");
	ceer(f, 0, 18);
	kill_second(f);
	begin_second(f, 77);
	pass(f, SEC(30));
	heard(&f->r[1], "");
	clcc(f, 1, "");
}

static void without_the_broker_nobody_answers_and_a_call_ends(void **state)
{
	struct far *f = *state;

	talk(f, 0, 1);
	mqtt_rig_restart_broker(f->w, SEC(1)); /* back before it is missed */
	pass(f, SEC(60));
	heard(&f->r[0], "");
	f->w->away = true;
	mqtt_down(f->w->p[0].m, "the connection was lost");
	mqtt_down(f->w->p[1].m, "the connection was lost");
	f->w->p[0].connected = f->w->p[1].connected = false;
	pass(f, SEC(25));
	heard(&f->r[0], LOST);
	heard(&f->r[1], LOST);
	say(f, 0, "ATD" B ";\r", SEC(40));
	heard(&f->r[0], "\r\nNO ANSWER\r\n");
}

static void one_that_is_made_anew_ends_the_call(void **state)
{
	struct far *f = *state;

	talk(f, 0, 1);
	neighbours_renewed(f->n[1], 0);
	rig_free(&f->r[1]);
	make(f, 1);
	rig_boot(&f->r[1]);
	f->r[1].now = f->r[0].now;
	pass(f, SEC(1));
	heard(&f->r[0], LOST);
	ceer(f, 0, 27);
}

/* As many calls as anybody may invent: each is refused, and forgotten. */
static void strangers_do_not_keep_others_out(void **state)
{
	struct far *f = *state;
	struct mqtt_call c = { .from = "+4900000", .s.group = GROUP_NONE };
	char payload[MQTT_PAYLOAD];
	unsigned i;

	c.s.kind = CALL_SIGNAL_SETUP;
	c.seq = 1;
	c.expires = INT64_MAX;
	for (i = 1; i <= 500; i++) {
		c.unit = c.s.line.key.unit = MQTT_UNIT | i;
		c.s.line.key.ref = i;
		mqtt_message(f->w->p[0].m, "fauxtrack/1/33600000000/call", payload,
			mqtt_call_write(&c, payload));
		pass(f, STEP);
	}
	say(f, 0, "ATH\r", SEC(1));
	pass(f, SEC(200));
	assert_true(count(&f->r[0], "RING") > 3);
	talk(f, 0, 1);
	say(f, 1, "ATH\r", SEC(1));
	heard(&f->r[0], LOST);
}

/* It rings for longer than anything is repeated. */
static void one_that_answers_late_is_heard(void **state)
{
	struct far *f = *state;

	f->profile->network.calls.no_answer = SEC(600);
	say(f, 0, "ATD" B ";\r", SEC(500));
	rig_clear(&f->r[0]);
	rig_clear(&f->r[1]);
	say(f, 1, "ATA\r", SEC(1));
	has(&f->r[0], OK, 1);
	has(&f->r[1], OK, 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		FAR_CALL(a_voice_call_is_seen_the_same_by_both),
		FAR_CALL(one_in_a_call_is_busy),
		FAR_CALL(the_caller_gives_up),
		FAR_CALL(a_transfer_connects_two_processes),
		FAR_CALL(a_transfer_connects_two_of_another_process),
		FAR_CALL(a_call_is_forwarded_to_another_process),
		FAR_CALL(signals_that_are_lost_or_come_twice_change_nothing),
		FAR_CALL(a_process_that_is_away_gives_no_answer),
		FAR_CALL(a_process_that_is_killed_ends_the_call),
		FAR_CALL(a_process_that_is_killed_ends_a_call_that_rings),
		FAR_CALL(a_caller_that_is_killed_stops_ringing),
		FAR_CALL(octets_that_come_after_the_last_will_delay_the_end),
		FAR_CALL(a_connection_that_is_back_soon_ends_no_call),
		FAR_CALL(a_connection_that_is_back_at_the_last_moment_ends_no_call),
		FAR_CALL(octets_of_a_call_whose_connection_is_back_soon_arrive),
		FAR_CALL(a_connection_that_stays_away_ends_the_call),
		FAR_CALL(one_that_was_killed_and_is_back_does_not_have_the_call),
		FAR_CALL(what_the_broker_has_kept_does_not_ring),
		FAR_CALL(without_the_broker_nobody_answers_and_a_call_ends),
		FAR_CALL(one_that_is_made_anew_ends_the_call),
		FAR_CALL(strangers_do_not_keep_others_out),
		FAR_CALL(one_that_answers_late_is_heard),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
