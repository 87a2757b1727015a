/* The data phase of WIPsoft's sockets, byte by byte (wip.md +WIPDATA). */
#include "wip_rig.h"

#include "base/rand.h"

static const char HELLO[] = "hello";

/* wip.md D1 and D4 */
static void client_talks(void **state)
{
	struct rig *r = *state;
	struct beyond *b;

	up(r);
	connected(r, 1);
	b = beyond(r, SOCKET_TCP, 1);
	assert_string_equal(b->host, "192.0.2.10");
	assert_int_equal(b->order.port, 5000);
	data_phase(r, 2, 1, 1);
	type(r, "AB\x10\x03\x10\x10");
	rig_pass(r, MS(100));
	PEER_HAS(b, "AB\x03\x10");
	peer_says(r, SOCKET_TCP, 1, "x\x03y\x10z");
	says(r, "x\x10\x03y\x10\x10z");
	type(r, "\x03");
	assert_true(b->shut);
	says(r, "");
	peer_ends(r, SOCKET_TCP, 1, SOCKET_SHUT);
	says(r, SHUTDOWN);
	escape(r, URC("+WIPPEERCLOSE: 2,1") OK);
	ask(r, "AT+WIPCLOSE=2,1\r", OK);
	assert_int_equal(b->closed, 1);
	ask(r, "AT+WIPCLOSE=2,1\r", CME(831));
}

/* Each escape split at each place. */
static void escapes_are_split(void **state)
{
	static const char typed[] = "a\x10\x03\x10\x10"
				    "b\x10\x03\x03";
	struct rig *r = *state;
	struct beyond *b;
	size_t at;

	up(r);
	b = beyond(r, SOCKET_TCP, 1);
	for (at = 0; at < sizeof(typed); at++) {
		connected(r, 1);
		data_phase(r, 2, 1, 1);
		rig_type(r, typed, at);
		rig_pass(r, MS(500));
		rig_type(r, typed + at, sizeof(typed) - 1 - at);
		rig_pass(r, MS(500));
		PEER_HAS(b, "a\x03\x10"
			    "b\x03");
		assert_true(b->shut);
		escape(r, OK);
		ask(r, "AT+WIPCLOSE=2,1\r", OK);
	}
}

static void odd_dle_is_data(void **state)
{
	struct rig *r = *state;
	struct beyond *b;

	b = tcp_data(r, 1);
	type(r, "\x10x\x10");
	rig_pass(r, MS(100));
	PEER_HAS(b, "\x10x");
	escape(r, OK);
	PEER_HAS(b, "\x10");
}

static void transparent_mode_has_no_escapes(void **state)
{
	struct rig *r = *state;
	struct beyond *b;

	b = tcp_data(r, 2);
	type(r, "\x03\x10\x03");
	rig_pass(r, MS(100));
	PEER_HAS(b, "\x03\x10\x03");
	peer_says(r, SOCKET_TCP, 1, "\x03\x10");
	says(r, "\x03\x10");
	peer_ends(r, SOCKET_TCP, 1, SOCKET_SHUT);
	says(r, "");
	escape(r, URC("+WIPPEERCLOSE: 2,1") OK);
}

/* wip.md D5 */
static void peer_resets(void **state)
{
	struct rig *r = *state;

	tcp_data(r, 1);
	peer_says(r, SOCKET_TCP, 1, HELLO);
	peer_ends(r, SOCKET_TCP, 1, SOCKET_RESET);
	says(r, "hello\x03" CME(843));
	ask(r, "AT\r", OK);
	ask(r, "AT+WIPDATA=2,1,1\r", CME(843));
	ask(r, "AT+WIPCREATE=2,1,\"a\",80\r", CME(840));
	ask(r, "AT+WIPCLOSE=2,1\r", OK);
	connected(r, 1);
	data_phase(r, 2, 1, 2);
	peer_ends(r, SOCKET_TCP, 1, SOCKET_RESET);
	says(r, CME(843));
}

static void bearer_is_lost_in_the_data_phase(void **state)
{
	struct rig *r = *state;

	tcp_data(r, 1);
	gprs_drop(&r->modem->gprs);
	modem_advance(r->modem, r->now);
	says(r, "\x03" CME(843) URC("+WIPBR: 6,0"));
	ask(r, "AT+WIPDATA=2,1,1\r", CME(803));
	ask(r, "AT+WIPCLOSE=2,1\r", OK);
}

/* wip.md D3: what came before is read first; the URC is not repeated. */
static void octets_wait_for_the_data_phase(void **state)
{
	struct rig *r = *state;

	up(r);
	connected(r, 1);
	peer_says(r, SOCKET_TCP, 1, "220 mail");
	says(r, URC("+WIPDATA: 2,1,8"));
	peer_says(r, SOCKET_TCP, 1, " ready\r\n");
	says(r, "");
	/* the LF of the line is no data */
	type(r, "AT+WIPDATA=2,1,1\r\n");
	rig_pass(r, MS(100));
	says(r, CONNECT "220 mail ready\r\n");
	escape(r, OK);
	PEER_HAS(beyond(r, SOCKET_TCP, 1), "");
	peer_says(r, SOCKET_TCP, 1, HELLO);
	says(r, URC("+WIPDATA: 2,1,5"));
	peer_ends(r, SOCKET_TCP, 1, SOCKET_SHUT);
	says(r, URC("+WIPPEERCLOSE: 2,1"));
	/* unread octets may still be read */
	type(r, "AT+WIPDATA=2,1,1\r");
	rig_pass(r, MS(100));
	says(r, CONNECT "hello" SHUTDOWN);
	escape(r, OK);
	ask(r, "AT+WIPCLOSE=2,1\r", OK);
}

static void pluses_without_pauses_are_data(void **state)
{
	struct rig *r = *state;
	struct beyond *b;

	b = tcp_data(r, 1);
	type(r, "a+++b");
	rig_pass(r, SEC(2));
	PEER_HAS(b, "a+++b");
	type(r, "+");
	rig_pass(r, MS(100));
	PEER_HAS(b, "");
	rig_pass(r, SEC(3));
	PEER_HAS(b, "+");
	type(r, "++");
	rig_pass(r, MS(100));
	type(r, "x");
	rig_pass(r, MS(100));
	PEER_HAS(b, "++x");
	rig_pass(r, SEC(2));
	type(r, "+++");
	rig_pass(r, MS(500));
	type(r, "+");
	rig_pass(r, SEC(3));
	says(r, "");
	PEER_HAS(b, "++++");
	escape(r, OK);
	PEER_HAS(b, "");
}

/* Option 12: one segment when the delay is over, or 1460 octets. */
static void segments_wait_for_the_delay(void **state)
{
	struct rig *r = *state;
	static char text[4000];
	struct beyond *b;

	memset(text, 'x', sizeof(text));
	up(r);
	ask(r, "AT+WIPCFG=2,12,30\r", OK);
	connected(r, 1);
	b = beyond(r, SOCKET_TCP, 1);
	data_phase(r, 2, 1, 1);
	type(r, "one");
	rig_pass(r, MS(200));
	type(r, "two");
	assert_int_equal(b->len, 0);
	rig_pass(r, MS(110));
	assert_int_equal(b->pieces, 1);
	PEER_HAS(b, "onetwo");
	rig_type(r, text, 3000);
	assert_int_equal(b->pieces, 2);
	assert_int_equal(b->piece[0], 1460);
	assert_int_equal(b->piece[1], 1460);
	rig_pass(r, SEC(1));
	assert_int_equal(b->piece[2], 80);
}

/* ---- UDP ----------------------------------------------------------------------------- */

static void udp_open(struct rig *r, const char *line)
{
	ask(r, line, OK);
	there(r, SOCKET_UDP, 1);
	says(r, URC("+WIPREADY: 1,1"));
}

/* wip.md D7 */
static void datagrams_come(void **state)
{
	struct rig *r = *state;
	struct beyond *b;

	up(r);
	udp_open(r, "AT+WIPCREATE=1,1,80\r");
	b = beyond(r, SOCKET_UDP, 1);
	peer_says(r, SOCKET_UDP, 1, "twelve chars");
	says(r, URC("+WIPDATA: 1,1,12,\"192.0.2.10\",5000"));
	peer_says(r, SOCKET_UDP, 1, "");
	peer_says(r, SOCKET_UDP, 1, "next");
	says(r, "");
	ask(r, "AT+WIPOPT=1,1,1,6\r", URC("+WIPOPT: 1,6,12") OK);
	type(r, "AT+WIPDATA=1,1,1\r");
	rig_pass(r, MS(100));
	says(r, CONNECT "twelve charsnext");
	/* a listening socket cannot send */
	type(r, "x\x03");
	rig_pass(r, MS(100));
	says(r, OK);
	PEER_HAS(b, "");
}

static void datagrams_leave(void **state)
{
	struct rig *r = *state;
	static char text[1472];
	struct beyond *b;

	memset(text, 'y', sizeof(text));
	up(r);
	udp_open(r, "AT+WIPCREATE=1,1,14555,\"192.0.2.10\",14550\r");
	b = beyond(r, SOCKET_UDP, 1);
	data_phase(r, 1, 1, 1);
	type(r, "one");
	rig_pass(r, SEC(5));
	PEER_HAS(b, "");
	type(r, "two\x03\r\n");
	rig_pass(r, MS(100));
	/* an empty line after the ETX is nothing */
	says(r, OK);
	PEER_HAS(b, "onetwo");
	data_phase(r, 1, 1, 1);
	type(r, "three");
	escape(r, OK);
	PEER_HAS(b, "three");
	data_phase(r, 1, 1, 1);
	rig_type(r, text, sizeof(text));
	assert_int_equal(b->pieces, 1);
	assert_int_equal(b->piece[0], 1472);
	b->len = b->pieces = 0;
	rig_type(r, text, 1471);
	type(r, "++x");
	rig_pass(r, MS(10));
	type(r, "\x03");
	rig_pass(r, MS(100));
	says(r, OK);
	assert_int_equal(b->len, 1474);
	data_phase(r, 1, 1, 2);
	b->len = 0;
	type(r, "a\x03z");
	rig_pass(r, MS(100));
	PEER_HAS(b, "a\x03z");
}

/* A datagram that the world does not take yet is whole in the end. */
static void datagram_waits(void **state)
{
	struct rig *r = *state;
	struct beyond *b;

	up(r);
	udp_open(r, "AT+WIPCREATE=1,1,14555,\"192.0.2.10\",14550\r");
	b = beyond(r, SOCKET_UDP, 1);
	data_phase(r, 1, 1, 1);
	b->room = 2;
	type(r, "abc\x03"
		"AT\r");
	rig_pass(r, SEC(1));
	says(r, "");
	assert_int_equal(b->len, 0);
	b->room = GOT;
	modem_socket_ready(r->modem, r->now);
	rig_pass(r, SEC(1));
	PEER_HAS(b, "abc");
	says(r, OK OK);
}

/* Bytes in = bytes out, in both directions, in pieces of random length. */
static void random_octets_pass(void **state)
{
	struct rig *r = *state;
	static char plain[3000], coded[6000];
	struct rand rand;
	struct beyond *b;
	size_t i, n, at, len, round;

	rand_init(&rand, 7);
	b = tcp_data(r, 1);
	for (round = 0; round < 40; round++) {
		len = 1 + rand_below(&rand, sizeof(plain));
		for (i = n = 0; i < len; i++) {
			static const char some[] = "\x03\x10+\r\nx";

			plain[i] = round & 1 ? some[rand_below(&rand, 6)]
					     : (char)rand_below(&rand, 256);
			if (plain[i] == 0x03 || plain[i] == 0x10)
				coded[n++] = 0x10;
			coded[n++] = plain[i];
		}
		for (at = 0; at < n; at += i) {
			i = 1 + rand_below(&rand, 700);
			i = i < n - at ? i : n - at;
			rig_type(r, coded + at, i);
			rig_pass(r, MS(rand_below(&rand, 40)));
		}
		rig_pass(r, MS(500));
		peer_has(b, plain, len);
		peer_sends(r, SOCKET_TCP, 1, plain, len);
		assert_int_equal(r->len, n);
		assert_memory_equal(r->out, coded, n);
		rig_clear(r);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		WIP_TEST(client_talks),
		WIP_TEST(escapes_are_split),
		WIP_TEST(odd_dle_is_data),
		WIP_TEST(transparent_mode_has_no_escapes),
		WIP_TEST(peer_resets),
		WIP_TEST(bearer_is_lost_in_the_data_phase),
		WIP_TEST(octets_wait_for_the_data_phase),
		WIP_TEST(pluses_without_pauses_are_data),
		WIP_TEST(segments_wait_for_the_delay),
		WIP_TEST(datagrams_come),
		WIP_TEST(datagrams_leave),
		WIP_TEST(datagram_waits),
		WIP_TEST(random_octets_pass),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
