/* The multiplexer as a host meets it: starting and ending, control messages, frames. What
 * its DLCs carry is in test_mux_channels.c. */
#include "mux_rig.h"

/* starting and refusals (mux.md +CMUX) */

static void it_opens_byte_by_byte_as_the_reference_has_it(void **state)
{
	struct rig *r = *state;

	rig_say(r, "AT+WIND=0\r", SEC(1));
	rig_clear(r);
	rig_say(r, "AT+CMUX=0\r", SEC(1));
	assert_int_equal(r->len, 16); /* the echo, and OK as text */
	rig_clear(r);
	put(r, "F9 03 3F 01 1C F9");
	said(r, "F9 03 73 01 D7 F9");
	put(r, "F9 07 3F 01 DE F9");
	said(r, "F9 07 73 01 15 F9 F9 01 EF 09 E3 05 07 0D 9A F9");
	put(r, "F9 0B 3F 01 59 F9");
	said(r, "F9 0B 73 01 92 F9 F9 01 EF 09 E3 05 0B 0D 9A F9");
	put(r, "F9 0F 3F 01 9B F9");
	said(r, "F9 0F 73 01 50 F9 F9 01 EF 09 E3 05 0F 0D 9A F9");
	put(r, "F9 13 3F 01 96 F9");
	said(r, "F9 13 73 01 5D F9 F9 01 EF 09 E3 05 13 0D 9A F9");
	put(r, "F9 03 EF 09 E3 05 07 0D FB F9");
	said(r, "F9 01 EF 09 E1 05 07 0D 9A F9");
	put(r, "F9 03 EF 09 E1 05 07 0D FB F9");
	said(r, "");
	put(r, "F9 07 EF 07 41 54 0D D3 F9");
	rig_pass(r, MS(50));
	said(r, "F9 05 EF 07 41 54 0D B2 F9 F9 05 EF 0D 0D 0A 4F 4B 0D 0A 5F F9");
	put(r, "F9 03 EF 05 C3 01 F2 F9");
	said(r, "F9 01 EF 05 C1 01 93 F9");
	rig_say(r, "AT\r", SEC(1));
	said(r, "41 54 0D 0D 0A 4F 4B 0D 0A");
}

static void refusals_are_those_of_the_reference(void **state)
{
	struct rig *r = *state;

	quiet(r);
	ask(r, "AT+CMEE=1\r", OK);
	ask(r, "AT+CMUX=1\r", "\r\n+CME ERROR: 3\r\n");
	ask(r, "AT+CMUX=0,1\r", "\r\n+CME ERROR: 3\r\n");
	ask(r, "AT+CMUX=0,0,9\r", "\r\n+CME ERROR: 3\r\n");
	ask(r, "AT+CMUX=0,0,5,0\r", "\r\n+CME ERROR: 3\r\n");
	ask(r, "AT+CMUX=0,0,5,31,5,3,15,5,1\r", "\r\n+CME ERROR: 3\r\n");
	/* T2 is longer than T1 */
	ask(r, "AT+CMUX=0,0,5,31,15,3,15\r", "\r\n+CME ERROR: 3\r\n");
	ask(r, "AT+CMUX=0;+CSQ\r", "\r\n+CME ERROR: 3\r\n");
	ask(r, "AT+IPR=0\r", OK);
	ask(r, "AT+CMUX=0\r", "\r\n+CME ERROR: 3\r\n");
	assert_false(mux_runs(r->modem));
}

static void the_read_form_shows_what_runs_and_the_speed_of_ipr(void **state)
{
	struct rig *r = *state;

	start_with(r, "AT+CMUX=0,0,4,127,10,2,30,1\r");
	assert_int_equal(link_rate(&r->modem->channel[0]), 57600);
	sabm(r, 1);
	rig_pass(r, SEC(1));
	ask_dlc(r, 1, "AT+CMUX?\r", "\r\n+CMUX: 0,0,5,127,10,2,30,1\r\n" OK);
	ask_dlc(r, 1, "AT+CMUX=0\r", "\r\n+CME ERROR: 3\r\n");
	put(r, "F9 03 EF 05 C3 01 F2 F9");
	rig_clear(r);
	ask(r, "AT+CMUX?\r", "\r\n+CMUX: 0,0,5,31,5,3,15,5\r\n" OK);
	assert_int_equal(link_rate(&r->modem->channel[0]), 115200);
}

static void another_port_may_not_start_a_second_one(void **state)
{
	struct profile *p = rig_profile("fastrack-supreme-20-r74");
	struct rig *r = calloc(1, sizeof(*r));

	(void)state;
	rig_init_ports(r, p, 2);
	r->modem->user.common.port_open[MODEM_UART2] = true; /* as AT+WMFM=0,1,2 */
	rig_boot(r);
	start(r, 2);
	rig_type_at(r, 1, "ATE0\r", 5);
	rig_pass(r, SEC(1));
	rig_clear(r);
	rig_type_at(r, 1, "AT+CMUX=0\r", 10);
	rig_pass(r, SEC(1));
	assert_memory_equal(r->more[0].out, "\r\n+CME ERROR: 545\r\n", 19);
	/* it is a port beside the DLCs */
	rig_clear(r);
	rig_type_at(r, 1, "AT+CMGF?\r", 9);
	rig_pass(r, SEC(1));
	assert_memory_equal(r->more[0].out, "\r\n+CMGF: 1\r\n", 12);
	assert_int_equal(r->len, 0);
	rig_free(r);
	rig_profile_free(p);
	free(r);
}

static void older_firmware_refuses_it(void **state)
{
	struct profile *p = rig_profile("m1306b-r657");
	struct rig *r = calloc(1, sizeof(*r));

	(void)state;
	rig_init(r, p);
	rig_boot(r);
	rig_say(r, "ATE0+CMEE=1\r", SEC(1));
	rig_clear(r);
	ask(r, "AT+CMUX=0\r", "\r\n+CME ERROR: 3\r\n");
	rig_free(r);
	rig_profile_free(p);
	free(r);
}

/* ends */

static void without_dlc_0_it_ends_after_30_s(void **state)
{
	struct rig *r = *state;

	quiet(r);
	rig_say(r, "AT+CMUX=0\r", SEC(29));
	rig_clear(r);
	put(r, "41 54 0D");
	rig_pass(r, MS(900));
	said(r, "");
	rig_pass(r, SEC(1));
	assert_false(mux_runs(r->modem));
	rig_clear(r);
	ask(r, "AT\r", OK);
}

static void the_end_without_dlc_0_is_error_544(void **state)
{
	struct rig *r = *state;

	rig_say(r, "ATE0+CMEE=1;+CMUX=0\r", SEC(1));
	rig_clear(r);
	rig_pass(r, SEC(30));
	assert_int_equal(r->len, 19);
	assert_memory_equal(r->out, "\r\n+CME ERROR: 544\r\n", 19);
}

static void without_another_dlc_it_ends_after_5_min(void **state)
{
	struct rig *r = *state;

	start(r, 0);
	rig_pass(r, SEC(299));
	said(r, "");
	sabm(r, 2);
	rig_pass(r, SEC(400));
	assert_true(mux_runs(r->modem));
	frame(r, MUX_DISC, 2, NULL, 0);
	rig_clear(r);
	rig_pass(r, SEC(299));
	said(r, "");
	rig_pass(r, SEC(2));
	said(r, "F9 01 EF 05 C3 01 93 F9");
	assert_false(mux_runs(r->modem));
	ask(r, "AT\r", OK);
}

static void disc_of_dlc_0_ends_it(void **state)
{
	struct rig *r = *state;

	start(r, 2);
	put(r, "F9 03 53 01 FD F9");
	said(r, "F9 03 73 01 D7 F9");
	ask(r, "AT\r", OK);
}

static void it_starts_again_and_again(void **state)
{
	struct rig *r = *state;
	int i;

	for (i = 0; i < 50; i++) {
		start(r, 4);
		ask_dlc(r, 4, "AT\r", OK);
		put(r, i % 2 ? "F9 03 53 01 FD F9" : "F9 03 EF 05 C3 01 F2 F9");
		rig_clear(r);
		ask(r, "AT\r", OK);
	}
}

/* frames */

static void what_is_not_open_is_answered_dm(void **state)
{
	struct rig *r = *state;

	rig_say(r, "ATE0+WIND=0;+CMUX=0\r", SEC(1));
	rig_clear(r);
	put(r, "F9 03 EF 05 43 01 F2 F9"); /* PSC without DLC 0 */
	said(r, "F9 03 1F 01 36 F9");
	put(r, "F9 07 3F 01 DE F9");
	assert_int_equal(frames_of(r, MUX_DM, 1), 1);
	rig_clear(r);
	put(r, "F9 03 3F 01 1C F9");
	rig_clear(r);
	put(r, "F9 17 3F 01 54 F9");
	said(r, "F9 17 1F 01 7E F9");
	put(r, "F9 07 53 01 3F F9");
	assert_int_equal(frames_of(r, MUX_DM, 1), 1);
	rig_clear(r);
	text(r, 3, "AT\r");
	assert_int_equal(frames_of(r, MUX_DM, 3), 1);
	rig_clear(r);
	put(r, "F9 03 EF 09 E3 05 07 81 FB F9"); /* n_gsm after its DISC */
	said(r, "F9 01 EF 09 E1 05 07 81 9A F9");
}

static void sabm_without_its_bit_gets_ua_without_it(void **state)
{
	struct rig *r = *state;
	uint8_t mem[8];
	struct buf b;

	start(r, 0);
	frame(r, MUX_SABM, 1, NULL, 0);
	buf_init(&b, mem, sizeof(mem));
	mux_encode(&b, &(struct mux_frame){ MUX_SABM, 1, true, false, 0, NULL });
	rig_clear(r);
	rig_type(r, mem, b.len);
	assert_int_equal((uint8_t)r->out[2], MUX_UA);
}

static void a_response_that_nothing_asked_for_is_ignored(void **state)
{
	struct rig *r = *state;

	start(r, 1);
	frame(r, MUX_UA, 1, NULL, 0);
	frame(r, MUX_UA, 9, NULL, 0);
	frame(r, MUX_DM, 9, NULL, 0);
	frame(r, 0x83, 1, "x", 1);
	/* the modem's own UA and MSC, as from a looped line */
	put(r, "F9 07 73 01 15 F9 F9 01 EF 05 41 01 93 F9");
	said(r, "");
	ask_dlc(r, 1, "AT\r", OK);
}

static void bytes_that_are_no_frames_are_skipped(void **state)
{
	struct rig *r = *state;

	start(r, 1);
	rig_say(r, "AT+CMGF?\rATZ\r", SEC(1));
	put(r, "F9 07 EF 07 41 54 0D D4 F9"); /* wrong check sequence */
	rig_pass(r, SEC(1));
	said(r, "");
	text(r, 1, "0123456789012345678901234567890123456789"); /* more than N1 */
	rig_pass(r, SEC(1));
	said(r, "");
	ask_dlc(r, 1, "AT\r", OK);
}

/* control messages */

static void pn_psc_and_test_are_answered(void **state)
{
	struct rig *r = *state;

	start(r, 0);
	put(r, "F9 03 EF 15 83 11 01 00 07 0A 1F 00 03 00 EE F9");
	said(r, "F9 01 EF 15 81 11 01 00 07 0A 1F 00 03 00 8F F9");
	put(r, "F9 03 EF 0D 23 09 50 49 4E 47 FC F9");
	said(r, "F9 01 EF 0D 21 09 50 49 4E 47 9D F9");
	put(r, "F9 03 EF 05 43 01 F2 F9");
	said(r, "F9 01 EF 05 41 01 93 F9");
}

static void what_is_not_offered_gets_nsc(void **state)
{
	static const uint8_t rpn[] = { 0x93, 0x53, 0xd3, 0x33 };
	struct rig *r = *state;
	uint8_t want[3] = { 0x11, 0x03 };
	size_t i;

	start(r, 0);
	for (i = 0; i < sizeof(rpn); i++) {
		rig_clear(r);
		control(r, rpn[i], "\x07", 1);
		want[2] = rpn[i];
		assert_memory_equal(heard(r, 0)->text, want, 3);
	}
	rig_clear(r);
	/* a response is never answered */
	control(r, 0x91, "\x07", 1);
	control(r, 0x11, "\xe3", 1);
	said(r, "");
}

static void pn_sets_n1_of_its_dlc(void **state)
{
	uint8_t pn[] = { 2, 0, 7, 10, 100, 0, 3, 0 };
	struct rig *r = *state;

	start(r, 1);
	control(r, 0x83, pn, sizeof(pn));
	sabm(r, 2);
	rig_pass(r, SEC(1));
	rig_clear(r);
	text(r, 2, "AT+COPN\r");
	rig_pass(r, SEC(1));
	assert_int_equal(heard(r, 2)->longest, 100);
	rig_clear(r);
	text(r, 1, "AT+COPN\r");
	rig_pass(r, SEC(1));
	assert_int_equal(heard(r, 1)->longest, 31);
	/* 255 is the most, and 0 is nobody's */
	rig_clear(r);
	pn[4] = 0;
	pn[5] = 2;
	control(r, 0x83, pn, sizeof(pn));
	assert_int_equal((uint8_t)heard(r, 0)->text[6], 255);
	rig_clear(r);
	pn[5] = 0;
	control(r, 0x83, pn, sizeof(pn));
	assert_int_equal((uint8_t)heard(r, 0)->text[6], 255);
	rig_clear(r);
	pn[0] = 9;
	control(r, 0x83, pn, sizeof(pn));
	assert_int_equal(frames_of(r, MUX_DM, 9), 1);
}

static void damaged_messages_are_ignored(void **state)
{
	static const char *const bad[] = { "", "\x83", "\x83\x01", "\x83\x11\x01",
		"\xe3\x03\x07", "\xe3\x01", "\x82\x01", "\xe3\xfe\xfe\xfe\x01",
		"\x23\xff", "\xe3\x05\xff\x0d", "\xe3\x05\x03\x0d" };
	struct rig *r = *state;
	size_t i;

	start(r, 1);
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		frame(r, MUX_UIH, 0, bad[i], strlen(bad[i]));
	rig_pass(r, SEC(1));
	said(r, "");
	ask_dlc(r, 1, "AT\r", OK);
}

static void msc_is_repeated_until_it_is_answered(void **state)
{
	struct rig *r = *state;

	start_with(r, "AT+CMUX=0\r");
	sabm(r, 1);
	assert_int_equal(lines_of(r, 1).n, 1);
	rig_pass(r, MS(299));
	assert_int_equal(lines_of(r, 1).n, 1);
	rig_pass(r, MS(2));
	assert_int_equal(lines_of(r, 1).n, 2);
	rig_pass(r, SEC(60)); /* N2 times */
	assert_int_equal(lines_of(r, 1).n, 4);
	rig_clear(r);
	sabm(r, 2);
	control(r, 0xe1, "\x0b\x4d", 2); /* not what was said */
	rig_pass(r, MS(310));
	assert_int_equal(lines_of(r, 2).n, 2);
	control(r, 0xe1, "\x0b\x0d", 2);
	rig_pass(r, SEC(60));
	assert_int_equal(lines_of(r, 2).n, 2);
}

/* sleep */

static void it_sleeps_and_a_host_wakes_it(void **state)
{
	struct rig *r = *state;

	start(r, 1);
	put(r, "F9 03 EF 05 43 01 F2 F9");
	put(r, "F9 F9 F9 F9");
	said(r, "F9 01 EF 05 41 01 93 F9"); /* DTR keeps it awake */
	msc(r, 1, 0x09);
	rig_clear(r);
	put(r, "F9 F9 F9 F9");
	said(r, "F9");
	rig_pass(r, MS(250));
	said(r, "F9 F9");
	text(r, 1, "AT\r"); /* does not end the sleep */
	rig_pass(r, MS(100));
	said(r, "F9");
	msc(r, 1, 0x0d);
	said(r, "F9 01 EF 09 E1 05 07 0D 9A F9");
	rig_pass(r, SEC(1));
	said(r, "");
	ask_dlc(r, 1, "AT\r", OK);
}

static void flags_end_after_t3(void **state)
{
	struct rig *r = *state;

	start(r, 1);
	msc(r, 1, 0x09);
	put(r, "F9 03 EF 05 43 01 F2 F9");
	rig_clear(r);
	put(r, "F9");
	rig_pass(r, SEC(60));
	assert_int_equal(r->len, 100); /* 10 s, each 100 ms */
	rig_clear(r);
	put(r, "F9");
	said(r, "F9");
}

static void it_wakes_a_host_for_what_it_has_to_say(void **state)
{
	static const struct call_terms terms = { .gives_up = SEC(3) };
	struct rig *r = *state;

	start(r, 1);
	msc(r, 1, 0x09);
	put(r, "F9 03 EF 05 43 01 F2 F9");
	rig_pass(r, SEC(1));
	rig_clear(r);
	assert_true(call_incoming(&r->modem->calls, "+33612345678", &terms));
	while (!r->len)
		rig_pass(r, MS(10));
	rig_pass(r, MS(100));
	said(r, "F9 F9 F9 F9 F9 F9 F9 F9");
	rig_pass(r, SEC(30));
	rig_clear(r);
	rig_pass(r, SEC(30));
	said(r, ""); /* it has given up */
	assert_true(call_incoming(&r->modem->calls, "+33612345678", &terms));
	rig_pass(r, SEC(1));
	rig_clear(r);
	put(r, "F9"); /* the host has heard it */
	rig_pass(r, MS(10));
	assert_non_null(strstr(heard(r, 1)->text, "RING"));
}

static const struct CMUnitTest tests[] = {
	MUX_TEST(it_opens_byte_by_byte_as_the_reference_has_it),
	MUX_TEST(refusals_are_those_of_the_reference),
	MUX_TEST(the_read_form_shows_what_runs_and_the_speed_of_ipr),
	UNIT(another_port_may_not_start_a_second_one),
	UNIT(older_firmware_refuses_it),
	MUX_TEST(without_dlc_0_it_ends_after_30_s),
	MUX_TEST(the_end_without_dlc_0_is_error_544),
	MUX_TEST(without_another_dlc_it_ends_after_5_min),
	MUX_TEST(disc_of_dlc_0_ends_it),
	MUX_TEST(it_starts_again_and_again),
	MUX_TEST(what_is_not_open_is_answered_dm),
	MUX_TEST(sabm_without_its_bit_gets_ua_without_it),
	MUX_TEST(a_response_that_nothing_asked_for_is_ignored),
	MUX_TEST(bytes_that_are_no_frames_are_skipped),
	MUX_TEST(pn_psc_and_test_are_answered),
	MUX_TEST(what_is_not_offered_gets_nsc),
	MUX_TEST(pn_sets_n1_of_its_dlc),
	MUX_TEST(damaged_messages_are_ignored),
	MUX_TEST(msc_is_repeated_until_it_is_answered),
	MUX_TEST(it_sleeps_and_a_host_wakes_it),
	MUX_TEST(flags_end_after_t3),
	MUX_TEST(it_wakes_a_host_for_what_it_has_to_say),
};

UNIT_MAIN(tests)
