/* WIPsoft where things do not go smoothly: back-pressure, several ports, resets. */
#include "wip_rig.h"

static const char HELLO[] = "hello";

/* ---- back-pressure -------------------------------------------------------------------- */

static void octet(char *c, size_t i)
{
	*c = (char)(i * 7 + i / 251);
}

/* The world takes nothing for a while: nothing is lost, and the port stops the host. */
static void peer_is_slow(void **state)
{
	struct rig *r = *state;
	static char text[40000];
	struct beyond *b;
	size_t i, done = 0, n, room;

	for (i = 0; i < sizeof(text); i++) {
		octet(&text[i], i);
		if (text[i] == 0x03 || text[i] == 0x10 || text[i] == '+')
			text[i] = '.';
	}
	b = tcp_data(r, 1);
	b->room = 100;
	while (done < sizeof(text)) {
		room = modem_rx_room(r->modem, 0);
		n = sizeof(text) - done < room ? sizeof(text) - done : room;
		if (!n)
			break;
		modem_rx(r->modem, 0, r->now, text + done, n);
		done += n;
	}
	/* 100 left, 10 KB wait in the socket, 4 KB at the port */
	assert_in_range(done, 14000, 15000);
	assert_int_equal(b->len, 100);
	while (b->len < sizeof(text)) {
		b->room = 333;
		modem_socket_ready(r->modem, r->now);
		room = modem_rx_room(r->modem, 0);
		n = sizeof(text) - done < room ? sizeof(text) - done : room;
		if (n)
			modem_rx(r->modem, 0, r->now, text + done, n);
		done += n;
		rig_pass(r, MS(20));
	}
	peer_has(b, text, sizeof(text));
}

static size_t host_room;

static size_t tx_room(void *ctx, unsigned port)
{
	(void)ctx;
	(void)port;
	return host_room;
}

/* The host takes nothing for a while. */
static void host_is_slow(void **state)
{
	struct rig *r = *state;
	static char text[60000];
	struct beyond *b;
	unsigned id;
	size_t i, done = 0, n, room;

	for (i = 0; i < sizeof(text); i++)
		octet(&text[i], i);
	up(r);
	connected(r, 1);
	b = beyond(r, SOCKET_TCP, 1);
	id = id_of(r, SOCKET_TCP, 1);
	data_phase(r, 2, 1, 2);
	r->modem->ports.tx_room = tx_room;
	host_room = 0;
	while ((room = modem_socket_room(r->modem, id))) {
		n = sizeof(text) - done < room ? sizeof(text) - done : room;
		modem_socket_rx(r->modem, r->now, id, &peer, text + done, n);
		done += n;
		assert_true(done < sizeof(text));
	}
	while (r->len < sizeof(text)) {
		host_room = 500;
		modem_tx_ready(r->modem, 0, r->now);
		room = modem_socket_room(r->modem, id);
		n = sizeof(text) - done < room ? sizeof(text) - done : room;
		if (n)
			modem_socket_rx(r->modem, r->now, id, &peer, text + done, n);
		done += n;
	}
	assert_true(b->takes > 0);
	assert_int_equal(r->len, sizeof(text));
	assert_memory_equal(r->out, text, sizeof(text));
}

/* AT+WIPCLOSE with octets that the world does not take yet. */
static void closes_after_the_last_octet(void **state)
{
	struct rig *r = *state;
	struct beyond *b;

	b = tcp_data(r, 1);
	b->room = 0;
	type(r, "last words");
	escape(r, OK);
	ask(r, "AT+WIPCLOSE=2,1\r", OK);
	assert_int_equal(b->closed, 0);
	ask(r, "AT+WIPCLOSE?\r", OK);
	ask(r, "AT+WIPCLOSE=2,1\r", CME(831));
	b->room = 100;
	modem_socket_ready(r->modem, r->now);
	PEER_HAS(b, "last words");
	assert_int_equal(b->closed, 1);
	assert_int_equal(r->modem->sockets.used, 0);
}

/* ---- ports ---------------------------------------------------------------------------- */

static int begin_two(void **state)
{
	*state = begin_with(2);
	return 0;
}

static void at_two(struct rig *r, const char *line, const char *want)
{
	rig_type_at(r, 1, line, strlen(line));
	rig_pass(r, MS(500));
	if (r->more[0].len != strlen(want) ||
		memcmp(r->more[0].out, want, r->more[0].len) != 0)
		fail_msg("want \"%s\", got \"%.*s\"", want, (int)r->more[0].len,
			r->more[0].out);
	r->more[0].len = 0;
}

static void two_ports_two_sockets(void **state)
{
	struct rig *r = *state;

	up(r);
	at_two(r, "ATE0\r", "ATE0\r" OK);
	connected(r, 1);
	connected(r, 2);
	r->more[0].len = 0;
	data_phase(r, 2, 1, 1);
	at_two(r, "AT+WIPDATA=2,1,1\r", CME(840));
	at_two(r, "AT+WIPDATA=2,2,1\r", CONNECT);
	type(r, "one");
	at_two(r, "two", "");
	PEER_HAS(beyond(r, SOCKET_TCP, 1), "one");
	PEER_HAS(beyond(r, SOCKET_TCP, 2), "two");
	peer_says(r, SOCKET_TCP, 2, "2");
	at_two(r, "", "2");
	peer_says(r, SOCKET_TCP, 1, "1");
	says(r, "1");
	/* an end at one port is told at the other one only after its data phase */
	escape(r, OK);
	ask(r, "AT+WIPDATA?\r", URC("+WIPDATA: 2,2,1") OK);
	type(r, "AT+WIPDATA=2,2,0\r");
	rig_pass(r, MS(100));
	at_two(r, "", OK);
	says(r, OK);
	ask(r, "AT+WIPDATA=2,2,0\r", OK);
}

static void stack_ends_at_the_other_port(void **state)
{
	struct rig *r = *state;

	up(r);
	connected(r, 1);
	connected(r, 2);
	data_phase(r, 2, 1, 1);
	r->more[0].len = 0;
	at_two(r, "ATE0\r", "ATE0\r" OK);
	at_two(r, "AT+WIPCLOSE=2,1\r", OK);
	says(r, "\x03" CME(843));
	data_phase(r, 2, 2, 1);
	at_two(r, "AT+WIPCFG=0\r", OK);
	says(r, "\x03" CME(843));
	assert_int_equal(r->modem->sockets.used, 0);
	ask(r, "AT\r", OK);
}

static void dtr_leaves_the_data_phase(void **state)
{
	struct rig *r = *state;
	struct beyond *b;

	b = tcp_data(r, 1);
	assert_true(r->v24[0] & V24_DCD);
	type(r, "last\x10++");
	modem_dtr(r->modem, 0, r->now, false);
	says(r, OK);
	PEER_HAS(b, "last\x10++");
	assert_false(r->v24[0] & V24_DCD);
	modem_dtr(r->modem, 0, r->now, true);
	data_phase(r, 2, 1, 1);
	escape(r, OK);
	ask(r, "AT&D0\r", OK);
	data_phase(r, 2, 1, 1);
	modem_dtr(r->modem, 0, r->now, false);
	modem_dtr(r->modem, 0, r->now, true);
	says(r, "");
	peer_says(r, SOCKET_TCP, 1, HELLO);
	says(r, "hello");
}

/* ---- the end of everything ------------------------------------------------------------ */

static void clean(struct rig *r)
{
	static const struct wip none;
	unsigned i;

	assert_int_equal(r->modem->sockets.used, 0);
	assert_memory_equal(&r->modem->cold->wip.wip, &none, sizeof(none));
	for (i = 0; i < SOCKETS; i++)
		assert_false(out.at[i].open);
	assert_false(gprs_context(&r->modem->gprs, 1)->active);
	assert_string_equal(gprs_context(&r->modem->gprs, 1)->apn, "");
}

static void busy(struct rig *r)
{
	up(r);
	connected(r, 1);
	connected(r, 2);
	ask(r, "AT+WIPCREATE=2,3,\"a\",80\r", OK);
	type(r, "AT+WIPPING=\"a\",5\r");
	rig_pass(r, MS(50));
	says(r, OK);
	data_phase(r, 2, 1, 1);
	beyond(r, SOCKET_TCP, 1)->room = 0;
	type(r, "unsent");
}

/* The same after an escape. */
static void busy_in_at(struct rig *r)
{
	busy(r);
	rig_pass(r, SEC(2));
	type(r, "+++");
	rig_pass(r, SEC(2));
	rig_clear(r);
}

static void power_cut_cleans(void **state)
{
	struct rig *r = *state;

	busy(r);
	modem_power(r->modem, r->now, false);
	clean(r);
	modem_power(r->modem, r->now, true);
	rig_pass(r, SEC(20));
	rig_clear(r);
	quiet(r);
	ask(r, "AT+CMEE=1\r", OK);
	up(r);
	connected(r, 1);
}

/* What waits for +WIPREADY is not said when power is cut. */
static void power_cut_is_silent(void **state)
{
	struct rig *r = *state;

	up(r);
	ask(r, "AT+WIPCREATE=2,3,\"a\",80\r", OK);
	at_urc(r->modem, "+CREG: 1");
	modem_power(r->modem, r->now, false);
	says(r, "");
	clean(r);
}

static void reset_cleans(void **state)
{
	struct rig *r = *state;

	busy_in_at(r);
	type(r, "AT+CFUN=1\r");
	rig_pass(r, SEC(5));
	/* nothing is said of what the reset ends */
	assert_null(strstr(r->out, "842"));
	assert_null(strstr(r->out, "+WIPBR"));
	clean(r);
}

static void network_loss_keeps_sockets_listed(void **state)
{
	struct rig *r = *state;

	busy_in_at(r);
	type(r, "AT+COPS=2\r");
	rig_pass(r, SEC(10));
	assert_non_null(strstr(r->out, "+WIPBR: 6,0"));
	rig_clear(r);
	type(r, "AT+WIPCLOSE?\r");
	rig_pass(r, SEC(1));
	says(r, "\r\n+WIPCLOSE: 2,1\r\n+WIPCLOSE: 2,2\r\n+WIPCLOSE: 2,3\r\n" OK);
	ask(r, "AT+WIPCFG=0\r", OK);
	clean(r);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		WIP_TEST(peer_is_slow),
		WIP_TEST(host_is_slow),
		WIP_TEST(closes_after_the_last_octet),
		cmocka_unit_test_setup_teardown(
			two_ports_two_sockets, begin_two, rig_end),
		cmocka_unit_test_setup_teardown(
			stack_ends_at_the_other_port, begin_two, rig_end),
		WIP_TEST(dtr_leaves_the_data_phase),
		WIP_TEST(power_cut_cleans),
		WIP_TEST(power_cut_is_silent),
		WIP_TEST(reset_cleans),
		WIP_TEST(network_loss_keeps_sockets_listed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
