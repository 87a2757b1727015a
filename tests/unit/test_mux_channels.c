/* The DLCs of a multiplexed port as channels: conversations side by side, lines by MSC,
 * flow control, calls and PPP, what ends them. */
#include "fault_rig.h"
#include "mux_rig.h"

/* conversations */

static void each_dlc_is_a_conversation(void **state)
{
	struct rig *r = *state;

	start(r, 4);
	text(r, 1, "AT+CM");
	text(r, 2, "AT+CS");
	text(r, 1, "GF?\r");
	text(r, 2, "CS?\r");
	rig_pass(r, SEC(1));
	dlc_said(r, 1, "\r\n+CMGF: 1\r\n" OK);
	dlc_said(r, 2, "\r\n+CSCS: \"PCCP437\"\r\n" OK);
	dlc_said(r, 3, "");
	rig_clear(r);
	text(r, 1, "A/");
	rig_pass(r, SEC(1));
	dlc_said(r, 1, "\r\n+CMGF: 1\r\n" OK);
	dlc_said(r, 2, "");
}

static void settings_of_the_port_are_common(void **state)
{
	struct rig *r = *state;

	start(r, 2);
	ask_dlc(r, 1, "ATE1V0\r", "0\r");
	ask_dlc(r, 2, "AT\r", "AT\r0\r");
	sabm(r, 3);
	ask_dlc(r, 3, "AT\r", "AT\r0\r");
	ask_dlc(r, 3, "ATE0V1;+CMEE=0\r", "ATE0V1;+CMEE=0\r" OK);
	ask_dlc(r, 1, "AT+CPBR=1000\r", ERROR);
	put(r, "F9 03 EF 05 C3 01 F2 F9");
	rig_clear(r);
	ask(r, "AT\r", OK);
}

static void urcs_go_to_every_open_dlc(void **state)
{
	static const struct call_terms terms = { .gives_up = SEC(3) };
	struct rig *r = *state;

	start(r, 3);
	frame(r, MUX_DISC, 2, NULL, 0);
	rig_clear(r);
	assert_true(call_incoming(&r->modem->calls, "+33612345678", &terms));
	rig_pass(r, SEC(2));
	dlc_said(r, 1, "\r\nRING\r\n");
	dlc_said(r, 2, "");
	dlc_said(r, 3, "\r\nRING\r\n");
	rig_pass(r, SEC(10));
	/* none has waited at the port */
	put(r, "F9 03 EF 05 C3 01 F2 F9");
	rig_pass(r, MS(10));
	rig_clear(r);
	ask(r, "AT\r", OK);
}

static void a_class_of_commands_is_locked_by_another_dlc(void **state)
{
	struct rig *r = *state;

	start(r, 2);
	text(r, 1, "AT+CMGS=\"+33600000001\"\r");
	rig_pass(r, SEC(1));
	ask_dlc(r, 2, "AT+CMGF?\r", "\r\n+CME ERROR: 536\r\n");
	ask_dlc(r, 2, "AT+CMEE?\r", "\r\n+CMEE: 1\r\n" OK);
	text(r, 1, "x\x1a");
	rig_pass(r, SEC(20));
	ask_dlc(r, 2, "AT+CMGF?\r", "\r\n+CMGF: 1\r\n" OK);
}

static void a_long_answer_is_cut_into_frames_and_waits_for_the_port(void **state)
{
	struct rig *r = *state;
	struct heard *h;

	start(r, 2);
	rig_clear(r);
	text(r, 1, "AT+COPN\r");
	rig_pass(r, SEC(1));
	h = heard(r, 1);
	assert_int_equal(h->longest, 31);
	assert_non_null(strstr(h->text, OK));
	assert_true(h->len > 3000);
}

static void a_reopened_dlc_begins_anew(void **state)
{
	struct rig *r = *state;

	start(r, 1);
	text(r, 1, "AT+CMGS=\"+33600000001\"\r");
	rig_pass(r, SEC(1));
	sabm(r, 1);
	ask_dlc(r, 1, "AT+CMGF?\r", "\r\n+CMGF: 1\r\n" OK);
	text(r, 1, "AT+CM");
	frame(r, MUX_DISC, 1, NULL, 0);
	sabm(r, 1);
	ask_dlc(r, 1, "AT+CMGF?\r", "\r\n+CMGF: 1\r\n" OK);
}

/* lines and flow control */

static void ring_and_carrier_go_as_msc(void **state)
{
	static const struct call_terms terms = { .gives_up = SEC(3) };
	struct rig *r = *state;

	start(r, 2);
	assert_true(call_incoming(&r->modem->calls, "+33612345678", &terms));
	rig_pass(r, MS(500));
	assert_int_equal(lines_of(r, 1).signals, 0x4d);
	assert_int_equal(lines_of(r, 2).signals, 0x4d);
	answer_msc(r);
	rig_pass(r, SEC(10));
	assert_int_equal(lines_of(r, 1).signals, 0x0d);
	answer_msc(r);
	text(r, 1, "ATD0458783786\r");
	rig_pass(r, SEC(15));
	assert_int_equal(lines_of(r, 1).signals, 0x8d);
	assert_int_equal(lines_of(r, 2).n, 0);
}

static void fc_stops_one_dlc_and_fcoff_all(void **state)
{
	struct rig *r = *state;

	start(r, 2);
	msc(r, 1, 0x0f);
	rig_clear(r);
	text(r, 1, "AT\r");
	rig_pass(r, SEC(1));
	said(r, "");
	ask_dlc(r, 2, "AT\r", OK);
	msc(r, 1, 0x0d);
	dlc_said(r, 1, OK);
	rig_clear(r);
	put(r, "F9 03 EF 05 63 01 F2 F9"); /* FCoff */
	said(r, "F9 01 EF 05 61 01 93 F9");
	text(r, 1, "AT\r");
	text(r, 2, "AT\r");
	rig_pass(r, SEC(1));
	said(r, "");
	put(r, "F9 03 EF 05 A3 01 F2 F9"); /* FCon */
	dlc_said(r, 1, OK);
	dlc_said(r, 2, OK);
	assert_string_equal(heard(r, 0)->text, "\xa1\x01");
	/* RTR holds what AT+IFC lets it hold */
	msc(r, 1, 0x05);
	rig_clear(r);
	text(r, 1, "AT\r");
	rig_pass(r, SEC(1));
	said(r, "");
	msc(r, 1, 0x0d);
	dlc_said(r, 1, OK);
}

static void a_dlc_that_cannot_take_more_says_so(void **state)
{
	struct rig *r = *state;
	char line[32];
	int i;

	start(r, 2);
	text(r, 1, "ATD0458783786\r"); /* the far end is an echo */
	rig_pass(r, SEC(15));
	answer_msc(r);
	memset(line, 'x', 31);
	line[31] = '\0';
	msc(r, 1, 0x0f);
	rig_clear(r);
	for (i = 0; i < 300; i++)
		text(r, 1, line);
	dlc_said(r, 1, "");
	assert_int_equal(lines_of(r, 1).signals, 0x8f);
	ask_dlc(r, 2, "AT\r", OK);
	/* nothing is lost */
	msc(r, 1, 0x0d);
	rig_pass(r, MS(10));
	assert_int_equal(heard(r, 1)->len, 300 * 31);
	assert_int_equal(lines_of(r, 1).signals, 0x8d);
}

/* A host that does not heed FC waits, as for CTS. */
static void a_host_without_flow_control_waits_and_loses_nothing(void **state)
{
	struct rig *r = *state;
	char line[32];
	size_t sent = 0;
	unsigned i;

	start(r, 1);
	text(r, 1, "ATD0458783786\r");
	rig_pass(r, SEC(15));
	answer_msc(r);
	memset(line, 'x', 31);
	line[31] = '\0';
	control(r, 0x63, NULL, 0); /* nothing leaves */
	while (modem_rx_room(r->modem, 0) >= 2 * MUX_FRAME_MAX) {
		text(r, 1, line);
		sent += 31;
	}
	assert_true(sent > 12000);
	rig_clear(r);
	/* the port is stuck, but it is the host that stopped it */
	r->modem->mux->stopped = false;
	rig_pass(r, MS(10));
	for (i = 0; i < 10; i++)
		rig_pass(r, MS(10));
	assert_int_equal(heard(r, 1)->len, sent);
}

static void dtr_of_a_dlc_ends_its_call(void **state)
{
	struct rig *r = *state;

	start(r, 2);
	text(r, 1, "ATD0458783786\r");
	rig_pass(r, SEC(15));
	rig_clear(r);
	text(r, 1, "hello");
	rig_pass(r, SEC(1));
	dlc_said(r, 1, "hello");
	msc(r, 2, 0x09); /* another's changes nothing */
	rig_clear(r);
	text(r, 1, "again");
	rig_pass(r, SEC(1));
	dlc_said(r, 1, "again");
	msc(r, 1, 0x09);
	rig_pass(r, SEC(1));
	assert_non_null(strstr(heard(r, 1)->text, "\r\nNO CARRIER\r\n"));
	assert_false(calls_any(&r->modem->calls));
	assert_int_equal(lines_of(r, 1).signals, 0x0d);
}

static void the_ports_own_dtr_is_ignored(void **state)
{
	struct rig *r = *state;

	start(r, 2);
	text(r, 1, "ATD0458783786\r");
	rig_pass(r, SEC(15));
	modem_dtr(r->modem, 0, r->now, false);
	rig_pass(r, SEC(1));
	modem_dtr(r->modem, 0, r->now, true);
	rig_clear(r);
	text(r, 1, "hello");
	rig_pass(r, SEC(1));
	dlc_said(r, 1, "hello");
	ask_dlc(r, 2, "AT\r", OK);
}

/* calls and PPP */

static void data_passes_in_one_while_another_takes_commands(void **state)
{
	char out[MODEM_FAR_KEPT], line[32];
	struct rig *r = *state;
	size_t len;
	int i;

	start(r, 2);
	text(r, 1, "ATD0458783786\r");
	rig_pass(r, SEC(15));
	dlc_said(r, 1, "\r\nCONNECT 9600\r\n");
	rig_clear(r);
	for (i = 0; i < 200; i++) {
		sprintf(line, "line %03d of the first DLC......", i);
		text(r, 1, line);
		if (i % 20 == 0)
			text(r, 2, "AT\r");
		rig_pass(r, MS(10));
	}
	rig_pass(r, SEC(1));
	assert_int_equal(heard(r, 1)->len, 200 * 31);
	assert_int_equal(heard(r, 2)->len, 10 * 6);
	assert_int_equal(modem_far_received(r->modem, out, &len), 200 * 31);
	rig_clear(r);
	rig_pass(r, SEC(2));
	text(r, 1, "+++");
	rig_pass(r, SEC(2));
	assert_non_null(strstr(heard(r, 1)->text, OK));
	ask_dlc(r, 1, "ATH\r", OK);
}

static void ppp_is_spoken_on_a_dlc(void **state)
{
	struct rig *r = *state;
	struct heard *h;

	start(r, 2);
	ask_dlc(r, 2, "AT+CGDCONT=1,\"IP\",\"internet\"\r", OK);
	rig_clear(r);
	text(r, 1, "ATD*99***1#\r");
	rig_pass(r, SEC(2));
	h = heard(r, 1);
	assert_non_null(strstr(h->text, "CONNECT"));
	assert_non_null(strchr(h->text, 0x7e));
	assert_int_equal(lines_of(r, 1).signals, 0x8d);
	answer_msc(r);
	rig_clear(r);
	text(r, 2, "AT+CREG?\r");
	rig_pass(r, SEC(1));
	dlc_said(r, 2, "\r\n+CREG: 0,1\r\n" OK);
	frame(r, MUX_DISC, 1, NULL, 0);
	rig_pass(r, SEC(1));
	assert_null(link_speaks_ppp(r->modem));
	sabm(r, 1);
	ask_dlc(r, 1, "AT\r", OK);
}

static void s0_answers_on_the_first_open_dlc(void **state)
{
	static const struct call_terms terms = { .bearer = BEARER_DATA,
		.gives_up = SEC(60) };
	struct rig *r = *state;

	start_with(r, "AT+CMUX=0\r");
	sabm(r, 3);
	ask_dlc(r, 3, "ATS0=1\r", OK);
	assert_true(call_incoming(&r->modem->calls, "+33612345678", &terms));
	rig_pass(r, SEC(15));
	assert_non_null(strstr(heard(r, 3)->text, "CONNECT"));
	assert_true(mux_runs(r->modem));
}

static void a_download_is_refused(void **state)
{
	struct rig *r = *state;

	start(r, 1);
	ask_dlc(r, 1, "AT+WDWL\r", "\r\n+CME ERROR: 3\r\n");
}

/* ends */

static void closing_in_a_call_leaves_a_clean_port(void **state)
{
	static const char *const ends[] = { "F9 03 EF 05 C3 01 F2 F9",
		"F9 03 53 01 FD F9" };
	struct rig *r = *state;
	size_t i;

	for (i = 0; i < 2; i++) {
		start(r, 3);
		text(r, 1, "ATD0458783786\r");
		text(r, 2, "AT+CMGS=\"+33600000001\"\r");
		rig_pass(r, i ? SEC(15) : SEC(1)); /* connected, or dialling */
		put(r, ends[i]);
		rig_pass(r, SEC(1));
		assert_false(calls_any(&r->modem->calls));
		assert_null(link_online(r->modem));
		rig_clear(r);
		ask(r, "AT+CMGF?\r", "\r\n+CMGF: 1\r\n" OK);
		rig_pass(r, SEC(120));
		rig_clear(r);
	}
}

static void power_off_ends_it(void **state)
{
	struct rig *r = *state;

	start(r, 4);
	text(r, 1, "ATD0458783786\r");
	rig_pass(r, SEC(15));
	modem_power(r->modem, r->now, false);
	rig_pass(r, SEC(1));
	assert_false(mux_runs(r->modem));
	rig_boot(r);
	rig_pass(r, SEC(60));
	rig_clear(r);
	rig_say(r, "AT\r", SEC(1));
	assert_non_null(strstr(r->out, "OK"));
}

static void unplugging_leaves_it_running(void **state)
{
	struct rig *r = *state;

	start(r, 1);
	link_unplug(&r->modem->channel[0], SEC(5), CABLE_IN);
	rig_pass(r, SEC(10));
	rig_clear(r);
	ask_dlc(r, 1, "AT\r", OK);
}

static void cfun_1_starts_it_again_and_opens_the_dlcs(void **state)
{
	struct rig *r = *state;

	start_with(r, "AT+CMUX=0,0,5,64\r");
	sabm(r, 1);
	sabm(r, 3);
	rig_pass(r, MS(10));
	answer_msc(r);
	text(r, 3, "AT+WIND=4;&W\r");
	rig_pass(r, SEC(1));
	rig_clear(r);
	text(r, 3, "AT+CFUN=1\r");
	rig_pass(r, SEC(1));
	dlc_said(r, 3, OK);
	rig_clear(r);
	while (!r->len)
		rig_pass(r, MS(10));
	said(r, "F9 01 3F 01 7D F9"); /* the modem's SABM */
	put(r, "F9 03 73 01 D7 F9");  /* gsm0710muxd sets C/R in responses too */
	assert_int_equal(frames_of(r, MUX_SABM, 1), 1);
	assert_int_equal(frames_of(r, MUX_SABM, 2), 0);
	assert_int_equal(frames_of(r, MUX_SABM, 3), 1);
	frame(r, MUX_UA, 1, NULL, 0);
	frame(r, MUX_UA, 3, NULL, 0);
	rig_pass(r, MS(10));
	/* what came meanwhile has waited */
	dlc_said(r, 1, "\r\n+WIND: 3\r\n");
	dlc_said(r, 3, "\r\n+WIND: 3\r\n");
	answer_msc(r);
	rig_pass(r, SEC(30));
	ask_dlc(r, 1, "AT+CMUX?\r", "\r\n+CMUX: 0,0,5,64,5,3,15,5\r\n" OK);
}

static void a_host_that_refuses_after_a_restart_gets_543(void **state)
{
	struct rig *r = *state;

	start(r, 1);
	ask_dlc(r, 1, "ATE0;&W\r", OK);
	text(r, 1, "AT+CFUN=1\r");
	rig_pass(r, SEC(1));
	rig_clear(r);
	while (!r->len)
		rig_pass(r, MS(10));
	rig_clear(r);
	r->modem->live.cmee = 1;
	frame(r, MUX_DM, 0, NULL, 0);
	assert_memory_equal(r->out, "\r\n+CME ERROR: 543\r\n", 19);
	assert_false(mux_runs(r->modem));
	rig_pass(r, SEC(60));
	rig_clear(r);
	ask(r, "AT\r", OK);
}

static void a_host_that_is_silent_after_a_restart_may_open_it_itself(void **state)
{
	struct rig *r = *state;

	start(r, 2);
	text(r, 1, "AT+CFUN=1\r");
	rig_pass(r, SEC(1));
	rig_clear(r);
	while (!r->len)
		rig_pass(r, MS(10));
	rig_pass(r, SEC(10));
	assert_int_equal(frames_of(r, MUX_SABM, 0), 4); /* N2 repetitions */
	rig_clear(r);
	sabm(r, 0);
	sabm(r, 1);
	rig_pass(r, SEC(20));
	rig_clear(r);
	ask_dlc(r, 1, "ATE0\r", "ATE0\r" OK);
	ask_dlc(r, 1, "AT\r", OK);
}

static void a_reset_by_the_modem_ends_it(void **state)
{
	struct rig *r = *state;

	start(r, 2);
	session_restart(r->modem);
	rig_pass(r, SEC(60));
	assert_false(mux_runs(r->modem));
	rig_clear(r);
	rig_say(r, "AT\r", SEC(1));
	assert_memory_equal(r->out, "AT\r" OK, 9);
}

static void rules_of_a_bad_line_act_on_the_port(void **state)
{
	struct rig *r = *state;

	start(r, 1);
	arm(r, "faults:\n"
	       "- { corrupt: { how: drop, direction: to-host, only: \"O\", one_in: 1 }, "
	       "times: 1 }\n");
	text(r, 1, "AT\r");
	rig_pass(r, SEC(1));
	/* one octet is lost from a frame, which the host skips */
	assert_int_equal(r->len, 11);
}

static const struct CMUnitTest tests[] = {
	MUX_TEST(each_dlc_is_a_conversation),
	MUX_TEST(settings_of_the_port_are_common),
	MUX_TEST(urcs_go_to_every_open_dlc),
	MUX_TEST(a_class_of_commands_is_locked_by_another_dlc),
	MUX_TEST(a_long_answer_is_cut_into_frames_and_waits_for_the_port),
	MUX_TEST(a_reopened_dlc_begins_anew),
	MUX_TEST(ring_and_carrier_go_as_msc),
	MUX_TEST(fc_stops_one_dlc_and_fcoff_all),
	MUX_TEST(a_dlc_that_cannot_take_more_says_so),
	MUX_TEST(a_host_without_flow_control_waits_and_loses_nothing),
	MUX_TEST(dtr_of_a_dlc_ends_its_call),
	MUX_TEST(the_ports_own_dtr_is_ignored),
	MUX_TEST(data_passes_in_one_while_another_takes_commands),
	MUX_TEST(ppp_is_spoken_on_a_dlc),
	MUX_TEST(s0_answers_on_the_first_open_dlc),
	MUX_TEST(a_download_is_refused),
	MUX_TEST(closing_in_a_call_leaves_a_clean_port),
	MUX_TEST(power_off_ends_it),
	MUX_TEST(unplugging_leaves_it_running),
	MUX_TEST(cfun_1_starts_it_again_and_opens_the_dlcs),
	MUX_TEST(a_host_that_refuses_after_a_restart_gets_543),
	MUX_TEST(a_host_that_is_silent_after_a_restart_may_open_it_itself),
	MUX_TEST(a_reset_by_the_modem_ends_it),
	MUX_TEST(rules_of_a_bad_line_act_on_the_port),
};

UNIT_MAIN(tests)
