/* WIPsoft where the world goes wrong: packets that do not flow, resets from outside, the
 * multiplexer, downloads, older versions. */
#include "mux_rig.h"
#include "wip_rig.h"

static void trouble(struct rig *r, struct packets_trouble t)
{
	packets_trouble(&r->modem->packets, &t);
	sockets_flow(r->modem);
}

static void packets_stall(void **state)
{
	struct rig *r = *state;
	struct beyond *b;

	b = tcp_data(r, 1);
	trouble(r, (struct packets_trouble){ .fate = PACKETS_STALLED });
	type(r, "abc");
	rig_pass(r, SEC(1));
	assert_int_equal(b->len, 0);
	assert_int_equal(modem_socket_room(r->modem, id_of(r, SOCKET_TCP, 1)), 0);
	b->takes = 0;
	trouble(r, (struct packets_trouble){ .fate = PACKETS_PASS });
	PEER_HAS(b, "abc");
	assert_int_equal(b->takes, 1);
	escape(r, OK);
	trouble(r, (struct packets_trouble){ .fate = PACKETS_STALLED });
	ask(r, "AT+WIPCREATE=2,2,\"a\",80\r", OK);
	rig_pass(r, SEC(70));
	says(r, "");
	rig_pass(r, SEC(5));
	says(r, CME(842));
	assert_int_equal(beyond(r, SOCKET_TCP, 2)->opened, 0);
	type(r, "AT+WIPPING=\"a\"\r");
	rig_pass(r, SEC(3));
	says(r, OK URC("+WIPPING: 1,0,0"));
}

static void packets_reset(void **state)
{
	struct rig *r = *state;

	tcp_data(r, 1);
	trouble(r, (struct packets_trouble){ .fate = PACKETS_RESETS });
	rig_pass(r, SEC(1));
	says(r, "");
	type(r, "abc");
	rig_pass(r, SEC(1));
	says(r, "\x03" CME(843));
	assert_int_equal(beyond(r, SOCKET_TCP, 1)->closed, 1);
	ask(r, "AT+WIPCLOSE=2,1\r", OK);
	assert_int_equal(beyond(r, SOCKET_TCP, 1)->closed, 1);
	ask(r, "AT+WIPCREATE=2,2,\"a\",80\r", OK CME(843));
}

static void datagrams_are_lost(void **state)
{
	struct rig *r = *state;
	struct beyond *b;

	up(r);
	ask(r, "AT+WIPCREATE=1,1,7000,\"a\",80\r", OK);
	there(r, SOCKET_UDP, 1);
	rig_clear(r);
	b = beyond(r, SOCKET_UDP, 1);
	data_phase(r, 1, 1, 2);
	trouble(r, (struct packets_trouble){ .loss = 100 });
	type(r, "abc");
	rig_pass(r, SEC(1));
	peer_says(r, SOCKET_UDP, 1, "answer");
	rig_pass(r, SEC(1));
	assert_int_equal(b->len, 0);
	says(r, "");
	trouble(r, (struct packets_trouble){ .loss = 0 });
	type(r, "def");
	rig_pass(r, SEC(1));
	PEER_HAS(b, "def");
	peer_says(r, SOCKET_UDP, 1, "more");
	says(r, "more");
	/* TCP sends again what is lost */
	escape(r, OK);
	connected(r, 1);
	trouble(r, (struct packets_trouble){ .loss = 100 });
	data_phase(r, 2, 1, 2);
	type(r, "abc");
	rig_pass(r, SEC(1));
	PEER_HAS(beyond(r, SOCKET_TCP, 1), "abc");
}

static void names_are_not_found(void **state)
{
	struct rig *r = *state;

	up(r);
	trouble(r, (struct packets_trouble){ .no_dns = true });
	connected(r, 1);
	ask(r, "AT+WIPCREATE=2,2,\"www.test\",80\r", OK);
	rig_pass(r, SEC(20));
	says(r, CME(842));
}

static void actions_end_sockets(void **state)
{
	struct rig *r = *state;

	up(r);
	connected(r, 1);
	sockets_end(r->modem, id_of(r, SOCKET_TCP, 1), SOCKET_SHUT);
	modem_advance(r->modem, r->now);
	says(r, URC("+WIPPEERCLOSE: 2,1"));
	ask(r, "AT+WIPCLOSE=2,1\r", OK);
	connected(r, 1);
	data_phase(r, 2, 1, 1);
	sockets_end(r->modem, id_of(r, SOCKET_TCP, 1), SOCKET_RESET);
	modem_advance(r->modem, r->now);
	says(r, "\x03" CME(843));
}

/* The peer takes nothing: the host can leave all the same, and nothing is lost. */
static void escape_needs_no_room(void **state)
{
	static char text[14400];
	struct rig *r = *state;
	struct beyond *b;

	memset(text, 'x', sizeof(text));
	b = tcp_data(r, 1);
	b->room = 0;
	rig_type(r, text, 10236);
	rig_pass(r, MS(100));
	escape(r, OK);
	b->room = GOT;
	modem_socket_ready(r->modem, r->now);
	peer_has(b, text, 10236);
	ask(r, "AT+WIPCLOSE=2,1\r", OK);
	assert_int_equal(r->modem->sockets.used, 0);
}

/* ---- the multiplexer ------------------------------------------------------------------ */

static void each_dlc_has_a_socket(void **state)
{
	struct rig *r = *state;

	up(r);
	connected(r, 1);
	connected(r, 2);
	start(r, 2);
	rig_clear(r);
	ask_dlc(r, 1, "AT+WIPDATA=2,1,1\r", CONNECT);
	ask_dlc(r, 2, "AT+WIPDATA=2,1,1\r", CME(840));
	ask_dlc(r, 2, "AT+WIPDATA=2,2,1\r", CONNECT);
	text(r, 1, "one");
	text(r, 2, "two");
	rig_pass(r, MS(100));
	PEER_HAS(beyond(r, SOCKET_TCP, 1), "one");
	PEER_HAS(beyond(r, SOCKET_TCP, 2), "two");
	rig_clear(r);
	peer_says(r, SOCKET_TCP, 2, "\x03");
	rig_pass(r, MS(10));
	dlc_said(r, 2, "\x10\x03");
	dlc_said(r, 1, "");
	/* a DLC that goes leaves its socket */
	frame(r, MUX_DISC, 1, NULL, 0);
	rig_clear(r);
	peer_says(r, SOCKET_TCP, 1, "late");
	rig_pass(r, SEC(2));
	text(r, 2, "+++");
	rig_pass(r, SEC(2));
	dlc_said(r, 2, OK URC("+WIPDATA: 2,1,4"));
	ask_dlc(r, 2, "AT+WIPDATA=2,1,1\r", CONNECT "late");
}

static void mux_ends_in_the_data_phase(void **state)
{
	struct rig *r = *state;

	up(r);
	connected(r, 1);
	start(r, 1);
	rig_clear(r);
	ask_dlc(r, 1, "AT+WIPDATA=2,1,1\r", CONNECT);
	put(r, "F9 03 EF 05 C3 01 F2 F9");
	rig_pass(r, MS(10));
	rig_clear(r);
	ask(r, "AT\r", OK);
	data_phase(r, 2, 1, 1);
	peer_ends(r, SOCKET_TCP, 1, SOCKET_RESET);
	says(r, "\x03" CME(843));
}

/* ---- what ends it all ----------------------------------------------------------------- */

static void ended(struct rig *r)
{
	static const struct wip none;

	assert_int_equal(r->modem->sockets.used, 0);
	assert_memory_equal(&r->modem->cold->wip.wip, &none, sizeof(none));
	assert_false(beyond(r, SOCKET_TCP, 1)->open);
}

static void download_ends_it(void **state)
{
	struct rig *r = *state;

	up(r);
	connected(r, 1);
	type(r, "AT+WDWL\r");
	rig_pass(r, SEC(5));
	ended(r);
}

static void switching_off_ends_it(void **state)
{
	struct rig *r = *state;

	up(r);
	connected(r, 1);
	type(r, "AT+CPOF=1\r");
	rig_pass(r, SEC(20));
	ended(r);
}

static void application_goes(void **state)
{
	struct rig *r = *state;

	up(r);
	connected(r, 1);
	type(r, "AT+WOPEN=0\r");
	rig_pass(r, SEC(20));
	ended(r);
	rig_clear(r);
	ask(r, "ATE0\r", "ATE0\r" OK);
	ask(r, "AT+WIPCFG=1\r", ERROR);
}

static void radio_off_takes_the_bearer(void **state)
{
	struct rig *r = *state;

	up(r);
	connected(r, 1);
	type(r, "AT+CFUN=0\r");
	rig_pass(r, SEC(20));
	assert_non_null(strstr(r->out, "+WIPBR: 6,0"));
	rig_clear(r);
	ask(r, "AT+WIPCLOSE=2,1;+WIPCFG=0\r", OK);
	ended(r);
}

/* ---- versions ------------------------------------------------------------------------- */

static int begin_202(void **state)
{
	*state = begin_on("fastrack-supreme-20-r663", "wipsoft-202", 1);
	return 0;
}

static void old_version_knows_less(void **state)
{
	struct rig *r = *state;

	ask(r, "AT+WIPCFG=1\r", OK);
	ask(r, "AT+WIPCFG=1\r", CME(803));
	ask(r, "AT+WIPCFG=2,12,10\r", CME(800));
	ask(r, "AT+WIPCFG?\r",
		"\r\n+WIPCFG: 0,64\r\n+WIPCFG: 1,0\r\n+WIPCFG: 2,60\r\n"
		"+WIPCFG: 3,16384\r\n+WIPCFG: 4,536\r\n+WIPCFG: 5,0\r\n"
		"+WIPCFG: 6,8\r\n" OK);
	ask(r, "AT+WIPBR=1,6\r", OK);
	type(r, "AT+COPS=2\r");
	rig_pass(r, SEC(20));
	rig_clear(r);
	ask(r, "AT+WIPBR=4,6,0\r", CME(812));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		WIP_TEST(packets_stall),
		WIP_TEST(packets_reset),
		WIP_TEST(datagrams_are_lost),
		WIP_TEST(names_are_not_found),
		WIP_TEST(actions_end_sockets),
		WIP_TEST(escape_needs_no_room),
		WIP_TEST(each_dlc_has_a_socket),
		WIP_TEST(mux_ends_in_the_data_phase),
		WIP_TEST(download_ends_it),
		WIP_TEST(switching_off_ends_it),
		WIP_TEST(application_goes),
		WIP_TEST(radio_off_takes_the_bearer),
		cmocka_unit_test_setup_teardown(
			old_version_knows_less, begin_202, rig_end),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
