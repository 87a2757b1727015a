/* WIPsoft's commands: stack, bearer, sockets (wip.md), against an outside that the test
 * plays. The data phase is in test_wip_data.c. */
#include "wip_rig.h"

/* ---- the stack ----------------------------------------------------------------------- */

static void stack_starts_once(void **state)
{
	struct rig *r = *state;

	ask(r, "AT+WIPCFG=2,0,5\r", CME(803));
	ask(r, "AT+WIPBR=1,6\r", CME(803));
	ask(r, "AT+WIPBR?\r", CME(803));
	ask(r, "AT+WIPCREATE=2,1,\"a\",80\r", CME(803));
	ask(r, "AT+WIPCREATE?\r", CME(803));
	ask(r, "AT+WIPCLOSE=2,1\r", CME(803));
	ask(r, "AT+WIPDATA=2,1,1\r", CME(803));
	ask(r, "AT+WIPOPT=2,1,1,0\r", CME(803));
	ask(r, "AT+WIPPING=\"a\"\r", CME(803));
	ask(r, "at+wipcfg=1\r\n", OK);
	ask(r, "AT+WIPCFG=1\r", CME(844));
	ask(r, "AT+WIPCFG=0\r", OK);
	ask(r, "AT+WIPCFG=0\r", OK);
	ask(r, "AT+WIPCFG?\r", CME(803));
	ask(r, "AT+WIPCFG=1\r", OK);
}

static void stack_has_options(void **state)
{
	struct rig *r = *state;

	ask(r, "AT+WIPCFG=1\r", OK);
	ask(r, "AT+WIPCFG?\r",
		"\r\n+WIPCFG: 0,64\r\n+WIPCFG: 1,0\r\n+WIPCFG: 2,60\r\n"
		"+WIPCFG: 3,16384\r\n+WIPCFG: 4,536\r\n+WIPCFG: 5,0\r\n"
		"+WIPCFG: 6,8\r\n+WIPCFG: 12,0\r\n+WIPCFG: 13,0\r\n" OK);
	ask(r, "AT+WIPCFG=2,12,10\r", OK);
	ask(r, "AT+WIPCFG=2,4,535\r", CME(801));
	ask(r, "AT+WIPCFG=2,7,1\r", CME(800));
	ask(r, "AT+WIPCFG=2,4\r", ERROR);
	ask(r, "AT+WIPCFG=2,x,1\r", ERROR);
	ask(r, "AT+WIPCFG=7\r", CME(801));
	ask(r, "AT+WIPCFG=?\r", URC("+WIPCFG: (0-4)") OK);
	ask(r, "AT+CMEE=0\r", OK);
	ask(r, "AT+WIPCFG=1\r", ERROR);
	/* a restart forgets what was not stored */
	ask(r, "AT+WIPCFG=0\r", OK);
	ask(r, "AT+WIPCFG=1\r", OK);
	type(r, "AT+WIPCFG?\r");
	rig_pass(r, SEC(1));
	assert_non_null(strstr(r->out, "+WIPCFG: 12,0\r\n"));
}

static void stack_has_a_version(void **state)
{
	struct rig *r = *state;

	ask(r, "AT+WIPCFG=3\r",
		"\r\nWIP soft v542 on Open AT OS v630 Dec 12 2008 14:25:03\r\n"
		"WIPlib:v542 Dec 12 2008 14:16:28\r\n" OK);
}

static void configuration_is_stored(void **state)
{
	struct rig *r = *state;

	ask(r, "AT+WIPCFG=1;+WIPCFG=2,12,3;+WIPCFG=4,1\r", OK);
	ask(r, "AT+WIPCFG=4,2\r", CME(801));
	ask(r, "AT+WIPBR=1,6;+WIPBR=2,6,11,\"apn\";+WIPBR=2,6,12,2;+WIPBR=6,6,1\r", OK);
	ask(r, "AT+WIPCFG=0;+WIPCFG=1;+WIPBR=1,6\r", OK);
	ask(r, "AT+WIPBR=3,6,11\r", URC("+WIPBR: 6,11,\"apn\"") OK);
	ask(r, "AT+WIPBR=3,6,12\r", URC("+WIPBR: 6,12,2") OK);
	ask(r, "AT+WIPCFG=2,12,4;+WIPCFG=0;+WIPCFG=1\r", OK);
	type(r, "AT+WIPCFG?\r");
	rig_pass(r, SEC(1));
	assert_non_null(strstr(r->out, "+WIPCFG: 12,3\r\n"));
	rig_clear(r);
	ask(r, "AT+WIPBR=1,6;+WIPBR=6,6,0;+WIPCFG=4,0;+WIPCFG=0;+WIPCFG=1\r", OK);
	ask(r, "AT+WIPBR=1,6;+WIPBR=3,6,11\r", URC("+WIPBR: 6,11,\"\"") OK);
}

/* ---- the bearer ---------------------------------------------------------------------- */

static void bearer_starts_and_stops(void **state)
{
	struct rig *r = *state;

	ask(r, "AT+WIPCFG=1\r", OK);
	ask(r, "AT+WIPBR?\r", OK);
	ask(r, "AT+WIPBR=4,6,0\r", CME(803));
	ask(r, "AT+WIPBR=0,6\r", CME(803));
	ask(r, "AT+WIPBR=1,6\r", OK);
	ask(r, "AT+WIPBR=1,6\r", CME(804));
	ask(r, "AT+WIPBR?\r", URC("+WIPBR: 6,0") OK);
	ask(r, "AT+WIPBR=2,6,11,\"internet\"\r", OK);
	ask(r, "AT+WIPBR=2,6,0,\"\"\r", OK);
	ask(r, "AT+WIPBR=2,6,1,\"\"\r", OK);
	ask(r, "AT+WIPBR=5,6\r", CME(803));
	ask(r, "AT+WIPBR=4,6,1\r", CME(834));
	ask(r, "AT+WIPBR=4,6,2\r", CME(801));
	type(r, "AT+WIPBR=4,6\r");
	rig_pass(r, SEC(10));
	says(r, OK);
	ask(r, "AT+WIPBR?\r", URC("+WIPBR: 6,1") OK);
	ask(r, "AT+WIPBR=4,6,0\r", CME(803));
	ask(r, "AT+WIPBR=2,6,11,\"x\"\r", CME(803));
	ask(r, "AT+WIPBR=3,6,15\r", URC("+WIPBR: 6,15,\"10.128.3.4\"") OK);
	ask(r, "AT+CGDCONT?\r", URC("+CGDCONT: 1,\"IP\",\"internet\",,0,0") OK);
	ask(r, "ATD*99***1#\r", CME(3));
	ask(r, "AT+WIPBR=5,6\r", OK);
	ask(r, "AT+CGDCONT?\r", OK);
	ask(r, "AT+WIPBR?\r", URC("+WIPBR: 6,0") OK);
	type(r, "AT+WIPBR=4,6,0\r");
	rig_pass(r, SEC(10));
	says(r, OK);
	ask(r, "AT+WIPBR=0,6\r", OK);
	ask(r, "AT+WIPBR?\r", OK);
	assert_false(r->modem->s.wip_context);
}

static void bearer_has_options(void **state)
{
	struct rig *r = *state;

	ask(r, "AT+WIPCFG=1;+WIPBR=1,6\r", OK);
	ask(r, "AT+WIPBR=2, 6, 0, \"user\"\r", OK);
	ask(r, "AT+WIPBR=2,6,11,my.apn\r", OK);
	ask(r, "AT+WIPBR=3,6,0\r", URC("+WIPBR: 6,0,\"user\"") OK);
	ask(r, "AT+WIPBR=3,6,11\r", URC("+WIPBR: 6,11,\"my.apn\"") OK);
	ask(r, "AT+WIPBR=3,6,7\r", URC("+WIPBR: 6,7,1") OK);
	ask(r, "AT+WIPBR=3,6,15\r", URC("+WIPBR: 6,15,\"0.0.0.0\"") OK);
	ask(r, "AT+WIPBR=3,6,99\r", CME(800));
	ask(r, "AT+WIPBR=2,6,99,1\r", CME(800));
	ask(r, "AT+WIPBR=2,6,15,\"1.2.3.4\"\r", CME(835));
	ask(r, "AT+WIPBR=2,6,12,5\r", CME(801));
	ask(r, "AT+WIPBR=2,6,12,\"5\"\r", ERROR);
	ask(r, "AT+WIPBR=2,6,2,\"012345678901234567890123456789012\"\r", CME(801));
	ask(r, "AT+WIPBR=2,6\r", ERROR);
	ask(r, "AT+WIPBR=7,6\r", CME(801));
	ask(r, "AT+WIPBR=1\r", ERROR);
	ask(r, "AT+WIPBR=1,4\r", CME(805));
	ask(r, "AT+WIPBR=4,5,0\r", CME(803));
	ask(r, "AT+WIPBR=?\r", OK);
}

/* wip.md +WIPBR: never two OKs */
static void second_start_is_busy(void **state)
{
	struct rig *r = *state;

	ask(r, "AT+WIPCFG=1;+WIPBR=1,6\r", OK);
	type(r, "AT+WIPBR=4,6,0\r");
	rig_pass(r, MS(500));
	says(r, "");
	type(r, "AT+WIPBR=4,6,0\r");
	rig_pass(r, MS(100));
	says(r, CME(515));
	rig_pass(r, SEC(10));
	says(r, OK);
}

static void bearer_start(struct rig *r, const char *want)
{
	ask(r, "AT+WIPCFG=0;+WIPCFG=1;+WIPBR=1,6\r", OK);
	type(r, "AT+WIPBR=4,6,0\r");
	rig_pass(r, SEC(20));
	says(r, want);
}

static void bearer_fails(void **state)
{
	struct rig *r = *state;
	struct gprs_conf *world = &((struct profile *)r->profile)->network.gprs;

	world->activation_error = 133;
	bearer_start(r, CME(812));
	world->activation_error = 0;
	strcpy(world->logins[0].apn, "");
	strcpy(world->logins[0].user, "u");
	strcpy(world->logins[0].password, "p");
	world->logins[0].way = LOGIN_ANY;
	bearer_start(r, CME(814));
	ask(r, "AT+WIPBR=2,6,0,\"u\";+WIPBR=2,6,1,\"p\"\r", OK);
	type(r, "AT+WIPBR=4,6,0\r");
	rig_pass(r, SEC(20));
	says(r, OK);
	world->logins[0].way = LOGIN_CHAP;
	ask(r, "AT+WIPBR=5,6\r", OK);
	type(r, "AT+WIPBR=4,6,0\r");
	rig_pass(r, SEC(20));
	says(r, CME(814));
	ask(r, "AT+WIPBR=2,6,7,0\r", OK);
	type(r, "AT+WIPBR=4,6,0\r");
	rig_pass(r, SEC(20));
	says(r, OK);
	ask(r, "AT+WIPCFG=0\r", OK);
	type(r, "AT+COPS=2\r");
	rig_pass(r, SEC(30));
	rig_clear(r);
	bearer_start(r, CME(848));
}

static void sim_is_missing(void **state)
{
	struct rig *r = *state;

	ask(r, "AT+WIPCFG=1;+WIPBR=1,6\r", OK);
	sim_insert(&r->modem->sim, false);
	rig_pass(r, SEC(1));
	rig_clear(r);
	ask(r, "AT+WIPBR=4,6,0\r", CME(810));
	ask(r, "AT+WIPCREATE=2,1,\"a\",80\r", CME(810));
	/* what ends things works from any state */
	ask(r, "AT+WIPCLOSE=2,1\r", CME(831));
	ask(r, "AT+WIPCFG=0\r", OK);
	ask(r, "AT+WIPCFG=1\r", CME(810));
}

static void network_takes_the_bearer(void **state)
{
	struct rig *r = *state;

	up(r);
	connected(r, 1);
	gprs_drop(&r->modem->gprs);
	rig_pass(r, SEC(1));
	says(r, URC("+WIPBR: 6,0"));
	ask(r, "AT+WIPCREATE=2,1,\"a\",80\r", CME(803));
	ask(r, "AT+WIPDATA=2,1,1\r", CME(803));
	ask(r, "AT+WIPCLOSE=2,1\r", OK);
	type(r, "AT+WIPBR=4,6,0\r");
	rig_pass(r, SEC(10));
	says(r, OK);
	connected(r, 1);
}

/* ---- sockets ------------------------------------------------------------------------- */

static void create_checks_its_arguments(void **state)
{
	struct rig *r = *state;

	ask(r, "AT+WIPCFG=1;+WIPBR=1,6\r", OK);
	ask(r, "AT+WIPCREATE=2,1,\"a\",80\r", CME(803));
	ask(r, "AT+WIPCFG=0\r", OK);
	up(r);
	ask(r, "AT+WIPCREATE=2\r", ERROR);
	ask(r, "AT+WIPCREATE=2,1\r", ERROR);
	ask(r, "AT+WIPCREATE=2,1,\"a\"\r", ERROR);
	ask(r, "AT+WIPCREATE=2,1,\"a\",x\r", ERROR);
	ask(r, "AT+WIPCREATE=2,1,\"a\",0\r", CME(832));
	ask(r, "AT+WIPCREATE=2,1,\"a\",65536\r", CME(832));
	ask(r, "AT+WIPCREATE=2,0,\"a\",80\r", CME(830));
	ask(r, "AT+WIPCREATE=2,9,\"a\",80\r", CME(830));
	ask(r, "AT+WIPCREATE=9,1,\"a\",80\r", CME(837));
	ask(r, "AT+WIPCREATE=1,1\r", ERROR);
	ask(r, "AT+WIPCREATE=1,1,,\"a\"\r", ERROR);
	ask(r, "AT+WIPCREATE=3,5,80,1,2\r", CME(830));
	ask(r, "AT+WIPCREATE=3,1,80,0,2\r", CME(830));
	ask(r, "AT+WIPCREATE=3,1,80,3,2\r", CME(830));
	ask(r, "AT+WIPCREATE=3,1,80,1,9\r", CME(830));
	ask(r, "AT+WIPCREATE=3,1,80,1\r", ERROR);
	assert_int_equal(r->modem->sockets.used, 0);
}

/* Nothing comes between OK and +WIPREADY. */
static void ready_follows_ok(void **state)
{
	struct rig *r = *state;

	up(r);
	ask(r, "AT+WIPCREATE=2,1,\"www.example.org\",80\r", OK);
	at_urc(r->modem, "+CREG: 1");
	modem_advance(r->modem, r->now);
	says(r, "");
	there(r, SOCKET_TCP, 1);
	says(r, URC("+WIPREADY: 2,1") URC("+CREG: 1"));
	ask(r, "AT+WIPCREATE=2,1,\"a\",80\r", CME(840));
	ask(r, "AT+WIPCREATE?\r", URC("+WIPCREATE: 2,1,1024,\"192.0.2.10\",5000") OK);
	ask(r, "AT+WIPCLOSE?\r", URC("+WIPCLOSE: 2,1") OK);
}

static void others_wait_two_seconds(void **state)
{
	struct rig *r = *state;

	up(r);
	ask(r, "AT+WIPCREATE=2,1,\"www.example.org\",80\r", OK);
	at_urc(r->modem, "+CREG: 1");
	rig_pass(r, SEC(3));
	says(r, URC("+CREG: 1"));
}

/* wip.md D12 */
static void connection_fails(void **state)
{
	struct rig *r = *state;

	up(r);
	ask(r, "AT+WIPCREATE=2,1,\"192.0.2.10\",5000\r", OK);
	ask(r, "AT+WIPDATA=2,1,1\r", CME(831));
	peer_ends(r, SOCKET_TCP, 1, SOCKET_UNREACHABLE);
	says(r, CME(842));
	ask(r, "AT+WIPDATA=2,1,1\r", CME(831));
	ask(r, "AT+WIPCLOSE=2,1\r", OK);
	ask(r, "AT+WIPCREATE=2,1,\"192.0.2.10\",5000\r", OK);
	peer_ends(r, SOCKET_TCP, 1, SOCKET_REFUSED);
	says(r, CME(843));
	/* without a close */
	ask(r, "AT+CMEE=0\r", OK);
	ask(r, "AT+WIPCREATE=2,1,\"192.0.2.10\",5000\r", OK);
	peer_ends(r, SOCKET_TCP, 1, SOCKET_NO_NAME);
	says(r, ERROR);
	ask(r, "AT+WIPCREATE=2,1,\"192.0.2.10\",5000\r", OK);
	/* one that connects can be closed */
	ask(r, "AT+WIPCLOSE=2,1\r", OK);
	assert_false(beyond(r, SOCKET_TCP, 1)->open);
}

static void nobody_is_outside(void **state)
{
	struct rig *r = *state;

	r->modem->ports.sockets = (struct socket_ports){ .ctx = NULL };
	up(r);
	type(r, "AT+WIPCREATE=2,1,\"a\",80\r");
	rig_pass(r, SEC(2));
	says(r, OK CME(842));
	ask(r, "AT+WIPCLOSE=2,1\r", OK);
	type(r, "AT+WIPPING=\"a\"\r");
	rig_pass(r, SEC(5));
	says(r, OK URC("+WIPPING: 1,0,0"));
}

static void index_spaces_are_apart(void **state)
{
	struct rig *r = *state;
	char line[80];
	int i;

	up(r);
	for (i = 1; i <= 8; i++) {
		connected(r, i);
		snprintf(line, sizeof(line), "AT+WIPCREATE=1,%d,%d\r", i, 5000 + i);
		ask(r, line, OK);
		there(r, SOCKET_UDP, i);
		snprintf(line, sizeof(line), "\r\n+WIPREADY: 1,%d\r\n", i);
		says(r, line);
	}
	assert_int_equal(r->modem->sockets.used, 16);
	assert_int_equal(beyond(r, SOCKET_UDP, 7)->order.local, 5007);
	ask(r, "AT+WIPCFG=0\r", OK);
	assert_int_equal(r->modem->sockets.used, 0);
	assert_false(beyond(r, SOCKET_UDP, 7)->open);
}

static void stack_allows_fewer(void **state)
{
	struct rig *r = *state;

	up(r);
	ask(r, "AT+WIPCFG=2,6,1\r", OK);
	connected(r, 3);
	ask(r, "AT+WIPCREATE=2,4,\"a\",80\r", CME(838));
}

/* wip.md D11 */
static void server_accepts(void **state)
{
	struct rig *r = *state;
	unsigned id;

	up(r);
	ask(r, "AT+WIPCREATE=3,1,80,5,6\r", OK);
	there(r, SOCKET_SERVER, 1);
	says(r, "");
	id = id_of(r, SOCKET_SERVER, 1);
	assert_int_equal(accept_at(r, id), id_of(r, SOCKET_TCP, 5));
	says(r, URC("+WIPACCEPT: 1,5"));
	ask(r, "AT+WIPCREATE=2,6,\"192.0.2.10\",80\r", CME(845));
	ask(r, "AT+WIPCREATE=3,2,81,6,7\r", CME(845));
	ask(r, "AT+WIPDATA=3,1,1\r", CME(837));
	assert_int_equal(accept_at(r, id), id_of(r, SOCKET_TCP, 6));
	assert_int_equal(accept_at(r, id), -1);
	says(r, URC("+WIPACCEPT: 1,6"));
	data_phase(r, 2, 5, 1);
	type(r, "hello");
	rig_pass(r, MS(100));
	PEER_HAS(&out.at[id_of(r, SOCKET_TCP, 5)], "hello");
	escape(r, OK);
	ask(r, "AT+WIPCLOSE=3,1\r", OK);
	ask(r, "AT+WIPCLOSE=3,1\r", CME(831));
	ask(r, "AT+WIPCREATE=2,7,\"192.0.2.10\",80\r", OK);
	ask(r, "AT+WIPCREATE=2,5,\"192.0.2.10\",80\r", CME(845));
	ask(r, "AT+WIPCLOSE=2,5\r", OK);
	ask(r, "AT+WIPCREATE=2,5,\"192.0.2.10\",80\r", CME(845));
	ask(r, "AT+WIPCLOSE=2,6\r", OK);
	ask(r, "AT+WIPCREATE=2,5,\"192.0.2.10\",80\r", OK);
}

static void options_of_sockets(void **state)
{
	struct rig *r = *state;

	up(r);
	ask(r, "AT+WIPOPT=2,1,1,0\r", CME(831));
	connected(r, 1);
	ask(r, "AT+WIPOPT=2,1,1,0\r", URC("+WIPOPT: 2,0,1024") OK);
	ask(r, "AT+WIPOPT=2,1,1,1\r", URC("+WIPOPT: 2,1,5000") OK);
	ask(r, "AT+WIPOPT=2,1,1,2\r", URC("+WIPOPT: 2,2,\"192.0.2.10\"") OK);
	ask(r, "AT+WIPOPT=2,1,1,3\r", CME(800));
	ask(r, "AT+WIPOPT=2,1,1,4\r", URC("+WIPOPT: 2,4,10240") OK);
	ask(r, "AT+WIPOPT=2,1,2,4,536\r", OK);
	ask(r, "AT+WIPOPT=2,1,2,4,535\r", CME(801));
	ask(r, "AT+WIPOPT=2,1,1,4\r", URC("+WIPOPT: 2,4,536") OK);
	ask(r, "AT+WIPOPT=2,1,2,5,1000\r", OK);
	assert_int_equal(modem_socket_room(r->modem, id_of(r, SOCKET_TCP, 1)), 1000);
	ask(r, "AT+WIPOPT=2,1,2,7,1\r", OK);
	ask(r, "AT+WIPOPT=2,1,2,8,32\r", OK);
	ask(r, "AT+WIPOPT=2,1,2,9,256\r", CME(801));
	assert_int_equal(beyond(r, SOCKET_TCP, 1)->ttl, 32);
	assert_true(beyond(r, SOCKET_TCP, 1)->no_delay);
	ask(r, "AT+WIPOPT=2,1,2,0,5\r", CME(835));
	ask(r, "AT+WIPOPT=2,1,3,0\r", CME(801));
	ask(r, "AT+WIPOPT=2,1,1\r", ERROR);
	ask(r, "AT+WIPOPT?\r", ERROR);
	peer_says(r, SOCKET_TCP, 1, "12345");
	says(r, URC("+WIPDATA: 2,1,5"));
	ask(r, "AT+WIPOPT=2,1,1,6\r", URC("+WIPOPT: 2,6,5") OK);
	ask(r, "AT+WIPCREATE=1,2,,\"192.0.2.10\",5000\r", OK);
	there(r, SOCKET_UDP, 2);
	says(r, URC("+WIPREADY: 1,2"));
	ask(r, "AT+WIPOPT=1,2,1,3\r", URC("+WIPOPT: 1,3,1") OK);
}

/* ---- ping ---------------------------------------------------------------------------- */

static void pings_are_answered(void **state)
{
	struct rig *r = *state;
	int one, ms;

	up(r);
	type(r, "AT+WIPPING=\"192.0.2.10\",3,1000\r");
	rig_pass(r, SEC(1));
	assert_int_equal(
		sscanf(r->out, "\r\nOK\r\n\r\n+WIPPING: 0,%d,%d\r\n", &one, &ms), 2);
	assert_int_equal(one, 0);
	rig_clear(r);
	type(r, "AT+WIPPING=\"a\"\r");
	rig_pass(r, MS(50));
	says(r, CME(819));
	rig_pass(r, SEC(3));
	assert_non_null(strstr(r->out, "+WIPPING: 0,2,"));
	rig_clear(r);
	rig_pass(r, SEC(5));
	says(r, "");
	type(r, "AT+WIPPING=\"a\",1,1000,10\r");
	rig_pass(r, SEC(1));
	says(r, OK URC("+WIPPING: 1,0,0"));
	ask(r, "AT+WIPPING=\"a\",0\r", CME(801));
	ask(r, "AT+WIPPING=\"a\",1,1,1,1501\r", CME(801));
	ask(r, "AT+WIPPING=\"a\",x\r", ERROR);
	ask(r, "AT+WIPPING=\r", ERROR);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		WIP_TEST(stack_starts_once),
		WIP_TEST(stack_has_options),
		WIP_TEST(stack_has_a_version),
		WIP_TEST(configuration_is_stored),
		WIP_TEST(bearer_starts_and_stops),
		WIP_TEST(bearer_has_options),
		WIP_TEST(second_start_is_busy),
		WIP_TEST(bearer_fails),
		WIP_TEST(sim_is_missing),
		WIP_TEST(network_takes_the_bearer),
		WIP_TEST(create_checks_its_arguments),
		WIP_TEST(ready_follows_ok),
		WIP_TEST(others_wait_two_seconds),
		WIP_TEST(connection_fails),
		WIP_TEST(nobody_is_outside),
		WIP_TEST(index_spaces_are_apart),
		WIP_TEST(stack_allows_fewer),
		WIP_TEST(server_accepts),
		WIP_TEST(options_of_sockets),
		WIP_TEST(pings_are_answered),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
