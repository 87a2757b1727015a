/* Far ends of data calls outside of the modem: when they are asked for, what the calls wait
 * for, and that no byte is lost whichever side is slow. */
#include "far_rig.h"

static void cause_is(struct rig *r, const char *cause)
{
	char want[64];

	snprintf(want, sizeof(want), "\r\n+CEER: Error %s\r\n" OK, cause);
	ask(r, "AT+CEER\r", want);
}

/* ---- setting up ------------------------------------------------------------------ */

static void it_is_asked_for_when_the_far_end_rings(void **state)
{
	struct rig *r = *state;

	dials(r, MS(1999));
	assert_int_equal(out.id, 0);
	rig_pass(r, MS(1));
	assert_int_equal(out.id, 1);
	assert_string_equal(out.text, "tcp:127.0.0.1:4000");
	assert_int_equal(modem_far_state(r->modem, 1), FAR_CALL_CONNECTS);
	there(r);
	/* 3 s until it answers, 10 s of training */
	rig_pass(r, SEC(13) - 1);
	says(r, "");
	assert_int_equal(modem_far_room(r->modem, 1), 0);
	rig_pass(r, 1);
	says(r, CONNECT);
	assert_int_equal(modem_far_state(r->modem, 1), FAR_CALL_ONLINE);
	/* it speaks a moment after CONNECT */
	assert_int_equal(modem_far_room(r->modem, 1), 0);
	rig_pass(r, MS(200));
	assert_true(modem_far_room(r->modem, 1) > 1000);
}

static void a_call_is_answered_when_the_far_end_is_there(void **state)
{
	struct rig *r = *state;

	dials(r, SEC(15));
	there(r);
	rig_pass(r, SEC(10) - 1);
	says(r, "");
	rig_pass(r, 1);
	says(r, CONNECT);
}

static void one_that_never_comes_is_no_answer(void **state)
{
	struct rig *r = *state;

	dials(r, SEC(35) - 1);
	says(r, "");
	rig_pass(r, 1);
	says(r, "\r\nNO ANSWER\r\n");
	assert_int_equal(out.closed, 1);
	cause_is(r, "19");
}

static void one_that_cannot_be_reached_is_no_carrier(void **state)
{
	struct rig *r = *state;

	dials(r, SEC(2));
	hangs_up(r, FAR_UNREACHABLE);
	says(r, LOST);
	assert_int_equal(out.closed, 1);
	cause_is(r, "27");
}

static void by_v110_the_training_is_short(void **state)
{
	static const char *const v110[] = { "65", "66", "68", "70", "71", "75" };
	static const char *const rate[] = { "300", "1200", "2400", "4800", "9600",
		"14400" };
	struct rig *r = *state;
	char text[64];
	size_t i;

	for (i = 0; i < sizeof(v110) / sizeof(*v110); i++) {
		snprintf(text, sizeof(text), "AT+CBST=%s,0,1\r", v110[i]);
		ask(r, text, OK);
		dials(r, SEC(2));
		there(r);
		rig_pass(r, SEC(5));
		snprintf(text, sizeof(text), "\r\nCONNECT %s\r\n", rate[i]);
		says(r, text);
		escape(r);
		ask(r, "ATH\r", OK);
	}
	ask(r, "AT+CBST=14,0,1\r", OK);
	dials(r, SEC(2));
	there(r);
	rig_pass(r, SEC(13) - 1);
	says(r, "");
	rig_pass(r, 1);
	says(r, "\r\nCONNECT 14400\r\n");
}

static void a_key_during_the_set_up_lets_it_go(void **state)
{
	struct rig *r = *state;

	dials(r, SEC(6));
	type(r, "x");
	says(r, LOST);
	assert_int_equal(out.closed, 1);
	/* too late */
	modem_far_there(r->modem, r->now, 1);
	rig_pass(r, TRAINED);
	says(r, "");
}

static void a_voice_call_asks_for_none(void **state)
{
	struct rig *r = *state;

	type(r, "ATD" NUMBER ";\r");
	rig_pass(r, SEC(6));
	says(r, OK);
	assert_int_equal(out.id, 0);
	ask(r, "ATH\r", OK);
	assert_int_equal(out.closed, 0);
}

static void without_an_outside_it_only_hears(void **state)
{
	struct rig *r = *state;

	r->modem->ports.far.open = NULL;
	dials(r, TRAINED);
	says(r, CONNECT);
	type(r, "hello");
	assert_int_equal(r->modem->far_end.received, 5);
	escape(r);
	ask(r, "ATH\r", OK);
	assert_int_equal(out.closed, 0);
}

/* ---- bytes ----------------------------------------------------------------------- */

static void bytes_pass_both_ways(void **state)
{
	struct rig *r = *state;

	online(r);
	type(r, "hello\r\n");
	far_has("hello\r\n");
	far_says(r, "there");
	says(r, "there");
}

/* Any byte, also the escape. */
static void pattern(char *p, size_t len)
{
	size_t i;

	for (i = 0; i < len; i++)
		p[i] = (char)(i * 7 + i / 256 * 13);
	memcpy(p + len / 2, "+++", 3);
}

static void a_far_end_without_room_stops_the_host(void **state)
{
	struct rig *r = *state;
	static char all[20000];
	size_t sent = 0, room;

	pattern(all, sizeof(all));
	online(r);
	out.room = 0;
	while (sent < sizeof(all)) {
		room = modem_rx_room(r->modem, 0);
		if (room > sizeof(all) - sent)
			room = sizeof(all) - sent;
		modem_rx(r->modem, 0, r->now, all + sent, room);
		sent += room;
		if (room)
			continue;
		/* longer than the pauses of an escape */
		rig_pass(r, SEC(2));
		out.room = 777;
		modem_far_ready(r->modem, r->now);
	}
	out.room = sizeof(out.got);
	modem_far_ready(r->modem, r->now);
	assert_int_equal(out.len, sizeof(all));
	assert_memory_equal(out.got, all, sizeof(all));
	rig_pass(r, SEC(3));
	says(r, "");
}

static size_t rig_room;

static size_t no_room(void *ctx, unsigned port)
{
	(void)ctx;
	(void)port;
	return rig_room;
}

static void a_host_that_does_not_read_stops_the_far_end(void **state)
{
	struct rig *r = *state;
	static char all[20000];
	size_t sent = 0, room;

	pattern(all, sizeof(all));
	online(r);
	r->modem->ports.tx_room = no_room;
	while (sent < sizeof(all)) {
		room = modem_far_room(r->modem, 1);
		if (room > sizeof(all) - sent)
			room = sizeof(all) - sent;
		modem_far_rx(r->modem, r->now, 1, all + sent, room);
		sent += room;
		rig_room = room ? 0 : 500;
		modem_tx_ready(r->modem, 0, r->now);
	}
	rig_room = sizeof(r->out);
	modem_tx_ready(r->modem, 0, r->now);
	assert_int_equal(r->len, sizeof(all));
	assert_memory_equal(r->out, all, sizeof(all));
}

static void at_the_speed_of_the_line_cts_stops_the_host(void **state)
{
	struct rig *r = *state;
	static char all[4000];

	pattern(all, sizeof(all));
	online(r);
	r->modem->paces = true;
	out.room = 0;
	rig_type(r, all, sizeof(all));
	assert_true(r->v24[0] & V24_CTS);
	rig_pass(r, MS(200)); /* 1024 bytes are 89 ms */
	assert_false(r->v24[0] & V24_CTS);
	out.room = sizeof(out.got);
	modem_far_ready(r->modem, r->now);
	assert_true(r->v24[0] & V24_CTS);
	rig_pass(r, SEC(1));
	assert_int_equal(out.len, sizeof(all));
	assert_memory_equal(out.got, all, sizeof(all));
}

/* ---- the escape ------------------------------------------------------------------ */

static void while_escaped_its_bytes_wait(void **state)
{
	struct rig *r = *state;

	online(r);
	escape(r);
	far_has("+++");
	assert_int_equal(modem_far_state(r->modem, 1), FAR_CALL_ESCAPED);
	assert_int_equal(modem_far_room(r->modem, 1), 0);
	assert_true(r->v24[0] & V24_DCD);
	ask(r, "AT\r", OK);
	ask(r, "ATO\r", CONNECT);
	far_says(r, "later");
	says(r, "later");
	far_has("");
}

static void pluses_that_had_to_wait_are_no_escape(void **state)
{
	struct rig *r = *state;

	online(r);
	out.room = 4;
	rig_pass(r, SEC(2));
	type(r, "data+++");
	rig_pass(r, SEC(2));
	out.room = 3;
	modem_far_ready(r->modem, r->now);
	rig_pass(r, SEC(2));
	says(r, "");
	far_has("data+++");
	/* nor are those after which more waits */
	out.room = 3;
	type(r, "+++more");
	rig_pass(r, SEC(2));
	says(r, "");
	out.room = 4;
	modem_far_ready(r->modem, r->now);
	far_has("+++more");
	out.room = 3;
	escape(r);
}

/* ---- the end --------------------------------------------------------------------- */

static void a_far_end_that_ends_is_no_carrier(void **state)
{
	struct rig *r = *state;

	online(r);
	far_says(r, "bye");
	hangs_up(r, FAR_HUNG_UP);
	says(r, "bye" LOST);
	assert_int_equal(out.closed, 1);
	assert_false(r->v24[0] & V24_DCD);
	cause_is(r, "16");
	ask(r, "ATO\r", LOST);
}

static void what_the_host_had_sent_for_it_is_no_command(void **state)
{
	struct rig *r = *state;

	online(r);
	out.room = 0;
	type(r, "for the far end\rAT+CMEE=1\r");
	hangs_up(r, FAR_HUNG_UP);
	says(r, LOST);
	ask(r, "AT+CMEE?\r", "\r\n+CMEE: 0\r\n" OK);
}

static void one_that_ends_while_escaped_is_no_carrier(void **state)
{
	struct rig *r = *state;

	online(r);
	escape(r);
	hangs_up(r, FAR_HUNG_UP);
	says(r, LOST);
	assert_false(r->v24[0] & V24_DCD);
	ask(r, "ATO\r", LOST);
}

static void dtr_ends_it_and_what_was_sent_before_arrives(void **state)
{
	struct rig *r = *state;

	online(r);
	out.room = 4;
	type(r, "last words");
	out.room = 3;
	modem_dtr(r->modem, 0, r->now, false);
	far_has("last wo");
	assert_int_equal(out.closed, 1);
	says(r, LOST);
	modem_dtr(r->modem, 0, r->now, true);
	ask(r, "AT\r", OK);
}

static void by_d1_dtr_keeps_it(void **state)
{
	struct rig *r = *state;

	ask(r, "AT&D1\r", OK);
	online(r);
	modem_dtr(r->modem, 0, r->now, false);
	says(r, OK);
	modem_dtr(r->modem, 0, r->now, true);
	assert_int_equal(out.closed, 0);
	ask(r, "ATO\r", CONNECT);
	type(r, "on");
	far_has("on");
}

static void by_d0_dtr_does_nothing(void **state)
{
	struct rig *r = *state;

	ask(r, "AT&D0&C0\r", OK);
	online(r);
	modem_dtr(r->modem, 0, r->now, false);
	modem_dtr(r->modem, 0, r->now, true);
	type(r, "on");
	far_has("on");
	hangs_up(r, FAR_HUNG_UP);
	says(r, LOST);
	assert_true(r->v24[0] & V24_DCD);
}

static void a_reset_and_a_power_cut_let_it_go(void **state)
{
	struct rig *r = *state;

	online(r);
	modem_power(r->modem, r->now, false);
	assert_int_equal(out.closed, 1);
	modem_power(r->modem, r->now, true);
	r->now = modem_settle(r->modem, SEC(120));
	rig_clear(r);
	quiet(r);
	online(r);
	escape(r);
	type(r, "AT+CFUN=1\r");
	rig_pass(r, SEC(10));
	assert_int_equal(out.closed, 2);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		FAR_TEST(it_is_asked_for_when_the_far_end_rings),
		FAR_TEST(a_call_is_answered_when_the_far_end_is_there),
		FAR_TEST(one_that_never_comes_is_no_answer),
		FAR_TEST(one_that_cannot_be_reached_is_no_carrier),
		FAR_TEST(by_v110_the_training_is_short),
		FAR_TEST(a_key_during_the_set_up_lets_it_go),
		FAR_TEST(a_voice_call_asks_for_none),
		FAR_TEST(without_an_outside_it_only_hears),
		FAR_TEST(bytes_pass_both_ways),
		FAR_TEST(a_far_end_without_room_stops_the_host),
		FAR_TEST(a_host_that_does_not_read_stops_the_far_end),
		FAR_TEST(at_the_speed_of_the_line_cts_stops_the_host),
		FAR_TEST(while_escaped_its_bytes_wait),
		FAR_TEST(pluses_that_had_to_wait_are_no_escape),
		FAR_TEST(a_far_end_that_ends_is_no_carrier),
		FAR_TEST(what_the_host_had_sent_for_it_is_no_command),
		FAR_TEST(one_that_ends_while_escaped_is_no_carrier),
		FAR_TEST(dtr_ends_it_and_what_was_sent_before_arrives),
		FAR_TEST(by_d1_dtr_keeps_it),
		FAR_TEST(by_d0_dtr_does_nothing),
		FAR_TEST(a_reset_and_a_power_cut_let_it_go),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
