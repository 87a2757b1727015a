/* A PPP session and what it depends on: the context, the network, the port; and its IP
 * packets (gprs.md Session end). PPP itself is in test_ppp.c. */
#include "unit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <nettle/md5.h>

#include "link/link.h"
#include "ppp_frames.h"
#include "state/modem_state.h"

#define TERMINATE     "FF03 C021 05 02 0004"
#define TERMINATE_ACK "FF03 C021 06 02 0004"

static bool said(const struct rig *r, const char *text)
{
	return memmem(r->out, r->len, text, strlen(text)) != NULL;
}

static void says(struct rig *r, const char *line, const char *answer)
{
	rig_clear(r);
	rig_say(r, line, SEC(5));
	assert_true(said(r, answer));
}

static enum ppp_phase phase(const struct rig *r)
{
	return r->modem->channel->link->ppp.phase;
}

static int begin_with(void **state, const char *apn, bool cgdata)
{
	struct rig *r;

	rig_begin(state);
	r = *state;
	rig_say(r, "AT+CMEE=1;+CGEREP=2,0\r", SEC(1));
	frames_dial(r, apn, cgdata);
	return 0;
}

static int dialled(void **state)
{
	return begin_with(state, "internet", false);
}

/* IP packets pass. */
static int open_session(void **state)
{
	dialled(state);
	frames_log_in(*state, "", "");
	frames_get_address(*state);
	assert_int_equal(phase(*state), PPP_PHASE_OPEN);
	return 0;
}

static int open_by_cgdata(void **state)
{
	begin_with(state, "internet", true);
	frames_log_in(*state, "", "");
	frames_get_address(*state);
	return 0;
}

static void escape(struct rig *r)
{
	rig_pass(r, SEC(2));
	rig_clear(r);
	rig_say(r, "+++", SEC(2));
	assert_true(said(r, "\r\nOK\r\n"));
}

/* ---- the context ------------------------------------------------------------------ */

static void the_session_has_the_context(void **state)
{
	struct rig *r = *state;

	escape(r);
	says(r, "AT+CGATT?\r", "+CGATT: 1");
	says(r, "AT+CGACT?\r", "+CGACT: 1,1");
	says(r, "AT+CGPADDR=1\r", "+CGPADDR: 1,\"10.128.3.4\"");
	says(r, "ATO\r", "CONNECT 115200");
	/* held all the while */
	frames_send(r, "FF03 C021 09 00 0008 00000000");
	assert_string_not_equal(frames_next(r), "");
	escape(r);
	says(r, "ATH\r", "\r\nOK\r\n");
	assert_false(r->ip.on);
	says(r, "AT+CGACT?\r", "+CGACT: 1,0");
	says(r, "AT+CGATT?\r", "+CGATT: 1");
	says(r, "ATO\r", "NO CARRIER");
}

static void a_context_that_is_active_is_used(void **state)
{
	struct rig *r = *state;

	rig_say(r, "AT+CGDCONT=1,\"IP\",\"internet\"\r", SEC(1));
	rig_say(r, "AT+CGACT=1,1\r", SEC(5));
	frames_dial(r, NULL, false);
	frames_log_in(r, "", "");
	frames_send(r, "FF03 8021 01 01 000A 030600000000");
	frames_expect(r, "FF03 8021 01 01 000A 0306C0A86F6F");
	frames_expect(r, "FF03 8021 03 01 000A 03060A800304");
}

static void without_a_cid_an_empty_context_is_activated(void **state)
{
	struct rig *r = *state;

	rig_say(r, "ATD*99#\r", MS(10));
	frames_log_in(r, "", "");
	frames_get_address(r);
	assert_true(r->ip.on);
}

/* As pppd sees a refusal, whatever its error. */
static void refused(struct rig *r, const char *user, const char *password, usec_t after)
{
	frames_log_in(r, user, password);
	frames_send(r, "FF03 8021 01 01 000A 030600000000");
	rig_pass(r, after);
	frames_expect(r, user ? "FF03 C021 05 02 0004" : "FF03 C021 05 03 0004");
	assert_false(said(r, "NO CARRIER"));
	frames_send(r, user ? "FF03 C021 06 02 0004" : "FF03 C021 06 03 0004");
	assert_true(said(r, "\r\nNO CARRIER\r\n"));
	assert_false(r->ip.on);
}

static void a_refused_activation_ends_the_session(void **state)
{
	struct rig *r = *state;

	((struct profile *)r->profile)->network.gprs.activation_error = 133;
	refused(r, "", "", MS(3500));
	says(r, "AT+CEER\r", "235");
	says(r, "AT+CGACT?\r", "+CGACT: 1,0");
}

static void a_refused_attach_ends_the_session(void **state)
{
	struct rig *r = *state;

	((struct profile *)r->profile)->network.gprs.attach_error = 111;
	refused(r, "", "", SEC(2));
	says(r, "AT+CEER\r", "227");
}

static void the_login_is_judged_by_the_network(void **state)
{
	struct rig *r = *state;

	begin_with(state, "corporate", false);
	r = *state;
	refused(r, "me", "wrong", MS(3500));
	says(r, "AT+CEER\r", "235");
	frames_dial(r, NULL, false);
	refused(r, NULL, NULL, MS(1500));
	says(r, "AT+CGACT=1,1\r", "+CME ERROR: 149");
	frames_dial(r, NULL, false);
	frames_log_in(r, "me", "secret");
	frames_get_address(r);
	assert_true(r->ip.on);
}

/* RFC 1994 clause 4.1: MD5 of identifier, password, challenge. */
static void chap(struct rig *r, const char *password)
{
	struct md5_ctx md5;
	const struct gprs_login *l = ppp_login(r->modem->channel);
	uint8_t id = 1, digest[16];
	char hex[200];
	size_t i, n;

	frames_next(r);
	frames_send(r, "FF03 C021 03 01 0009 0305C22305");
	frames_next(r);
	frames_send(r, "FF03 C021 02 02 001D 010405DC 020600000000 050600000000 07020802 "
		       "0305C22305");
	frames_send(r, "FF03 C021 01 01 0004");
	frames_next(r);
	frames_next(r);
	md5_init(&md5);
	md5_update(&md5, 1, &id);
	md5_update(&md5, strlen(password), (const uint8_t *)password);
	md5_update(&md5, 16, l->challenge);
	md5_digest(&md5, 16, digest);
	n = (size_t)snprintf(hex, sizeof(hex), "FF03 C223 02 01 0017 10 ");
	for (i = 0; i < 16; i++)
		n += (size_t)snprintf(hex + n, sizeof(hex) - n, "%02X", digest[i]);
	snprintf(hex + n, sizeof(hex) - n, " 6D65");
	frames_send(r, hex);
	frames_expect(r, "FF03 C223 03 01 0004");
	frames_send(r, "FF03 8021 01 01 000A 030600000000");
}

static void a_response_is_judged_by_the_network(void **state)
{
	struct rig *r;

	begin_with(state, "corporate", false);
	r = *state;
	chap(r, "wrong");
	rig_pass(r, MS(3500));
	frames_expect(r, "FF03 C021 05 03 0004");
	frames_send(r, "FF03 C021 06 03 0004");
	frames_dial(r, NULL, false);
	chap(r, "secret");
	rig_pass(r, SEC(2));
	frames_expect(r, "FF03 8021 01 01 000A 0306C0A86F6F");
}

static void another_request_under_way_is_waited_for(void **state)
{
	struct rig *r = *state;

	frames_log_in(r, "", "");
	/* as if it had been asked for at another port */
	gprs_attach(&r->modem->gprs);
	rig_pass(r, SEC(1));
	frames_send(r, "FF03 8021 01 01 000A 030600000000");
	rig_pass(r, MS(2499));
	frames_expect(r, "");
	rig_pass(r, MS(1));
	frames_expect(r, "FF03 8021 01 01 000A 0306C0A86F6F");
}

static void a_session_that_ends_early_gives_up_its_request(void **state)
{
	struct rig *r = *state;

	frames_log_in(r, "", "");
	frames_send(r, "FF03 8021 01 01 000A 030600000000");
	rig_pass(r, SEC(1));
	frames_send(r, "FF03 C021 05 02 0004");
	assert_true(said(r, "NO CARRIER"));
	assert_false(gprs_busy(&r->modem->gprs));
	says(r, "AT+CGATT?\r", "+CGATT: 0");
	says(r, "AT+CGACT?\r", "+CGACT: 1,0");
	says(r, "AT+CGATT=1\r", "\r\nOK\r\n");
}

/* ---- how it ends ------------------------------------------------------------------ */

static void cgdata_ends_with_ok(void **state)
{
	struct rig *r = *state;

	frames_send(r, "FF03 C021 05 07 0004");
	frames_expect(r, "FF03 C021 06 07 0004");
	assert_true(said(r, "\r\nOK\r\n"));
	assert_false(said(r, "NO CARRIER"));
	assert_false(r->ip.on);
	assert_false(r->v24[0] & V24_DCD);
	says(r, "AT+CGACT?\r", "+CGACT: 1,0");
}

static void loss_of_coverage_terminates_the_link(void **state)
{
	struct rig *r = *state;

	net_stop(&r->modem->net);
	rig_pass(r, MS(1));
	frames_expect(r, TERMINATE);
	assert_false(r->ip.on);
	assert_false(said(r, "NO CARRIER"));
	frames_send(r, TERMINATE_ACK);
	assert_true(said(r, "\r\nNO CARRIER\r\n"));
	rig_pass(r, SEC(1));
	assert_true(said(r, "+CGEV: NW DEACT \"IP\",\"10.128.3.4\",1"));
	assert_true(said(r, "+CGEV: NW DETACH"));
}

/* `ctl context dropped`. */
static void the_network_deactivates_the_context(void **state)
{
	struct rig *r = *state;

	assert_true(gprs_drop(&r->modem->gprs));
	rig_pass(r, MS(1));
	frames_expect(r, TERMINATE);
	assert_false(r->ip.on);
	frames_send(r, TERMINATE_ACK);
	assert_true(said(r, "\r\nNO CARRIER\r\n"));
	rig_pass(r, SEC(1));
	assert_true(said(r, "+CGEV: NW DEACT \"IP\",\"10.128.3.4\",1"));
	says(r, "AT+CEER\r", "229");
	says(r, "AT+CGATT?\r", "+CGATT: 1");
	assert_false(gprs_drop(&r->modem->gprs));
}

static void a_context_may_have_its_time(void **state)
{
	struct rig *r = *state;
	usec_t *time = &((struct profile *)r->profile)->network.gprs.drop_after;

	*time = 600 * SEC(1);
	frames_log_in(r, "", "");
	frames_get_address(r);
	rig_pass(r, 599 * SEC(1));
	frames_expect(r, "");
	rig_pass(r, SEC(1));
	frames_expect(r, TERMINATE);
	frames_send(r, TERMINATE_ACK);
	/* the next one begins anew; one that is closed in time is not dropped later */
	frames_dial(r, NULL, false);
	frames_log_in(r, "", "");
	frames_get_address(r);
	rig_pass(r, 300 * SEC(1));
	frames_send(r, "FF03 C021 05 02 0004");
	assert_false(timer_armed(&r->modem->gprs.drop));
}

static void an_unanswered_terminate_request_is_repeated_once(void **state)
{
	struct rig *r = *state;

	net_stop(&r->modem->net);
	rig_pass(r, MS(1));
	frames_expect(r, TERMINATE);
	rig_pass(r, SEC(3));
	frames_expect(r, "FF03 C021 05 03 0004");
	rig_pass(r, SEC(3));
	assert_true(said(r, "\r\nNO CARRIER\r\n"));
}

static void deactivation_while_escaped_ends_it_at_once(void **state)
{
	struct rig *r = *state;

	escape(r);
	says(r, "AT+CGACT=0,1\r", "NO CARRIER");
	assert_true(said(r, "\r\nOK\r\n"));
	assert_false(r->ip.on);
	says(r, "ATO\r", "NO CARRIER");
}

static void a_detach_while_escaped_ends_it_too(void **state)
{
	struct rig *r = *state;

	escape(r);
	says(r, "AT+CGATT=0\r", "NO CARRIER");
	assert_false(r->ip.on);
}

static void dtr_ends_it_by_d2(void **state)
{
	struct rig *r = *state;

	escape(r);
	says(r, "AT&D2;O\r", "CONNECT");
	assert_true(r->v24[0] & V24_DCD);
	rig_clear(r);
	modem_dtr(r->modem, 0, r->now, false);
	rig_pass(r, SEC(1));
	assert_false(r->ip.on);
	assert_int_equal(phase(r), PPP_PHASE_DEAD);
	modem_dtr(r->modem, 0, r->now, true);
	says(r, "AT+CGACT?\r", "+CGACT: 1,0");
}

static void dtr_holds_it_by_d1(void **state)
{
	struct rig *r = *state;

	escape(r);
	says(r, "AT&D1;O\r", "CONNECT");
	modem_dtr(r->modem, 0, r->now, false);
	rig_pass(r, SEC(1));
	modem_dtr(r->modem, 0, r->now, true);
	assert_true(r->ip.on);
	says(r, "AT+CGACT?\r", "+CGACT: 1,1");
	says(r, "ATO\r", "CONNECT");
}

static void dtr_is_ignored_by_d0(void **state)
{
	struct rig *r = *state;

	escape(r);
	says(r, "AT&D0;O\r", "CONNECT");
	modem_dtr(r->modem, 0, r->now, false);
	rig_pass(r, SEC(1));
	modem_dtr(r->modem, 0, r->now, true);
	assert_true(r->ip.on);
	frames_send(r, "FF03 C021 09 00 0008 00000000");
	frames_expect(r, "FF03 C021 0A 00 0008 00000000");
}

static void a_reset_ends_it(void **state)
{
	struct rig *r = *state;

	escape(r);
	rig_say(r, "AT+CFUN=1\r", SEC(10));
	assert_false(r->ip.on);
	assert_int_equal(phase(r), PPP_PHASE_DEAD);
}

static void a_power_cut_ends_it(void **state)
{
	struct rig *r = *state;

	modem_power(r->modem, r->now, false);
	assert_false(r->ip.on);
	modem_power(r->modem, r->now, true);
	rig_pass(r, SEC(60));
	frames_dial(r, NULL, false);
	frames_log_in(r, "", "");
	frames_get_address(r);
}

static void a_second_session_is_like_the_first(void **state)
{
	struct rig *r = *state;
	int i;

	for (i = 0; i < 100; i++) {
		frames_send(r, "FF03 C021 05 02 0004");
		assert_true(said(r, "NO CARRIER"));
		frames_dial(r, NULL, false);
		frames_log_in(r, "", "");
		frames_get_address(r);
		assert_true(r->ip.on);
	}
}

/* AT+WGPRS=3,1 */
static void a_silent_modem_waits_for_the_host(void **state)
{
	struct rig *r = *state;

	rig_say(r, "AT+WGPRS=3,1\r", SEC(1));
	frames_dial(r, "internet", false);
	rig_pass(r, SEC(60));
	frames_expect(r, "");
	frames_send(r, "FF03 C021 01 01 0004");
	frames_expect(r,
		"FF03 C021 01 01 001C 010405DC 020600000000 050600000000 0702 0802 "
		"0304C023");
	frames_expect(r, "FF03 C021 02 01 0004");
}

/* ---- IP packets ------------------------------------------------------------------- */

static void packets_pass_both_ways(void **state)
{
	struct rig *r = *state;

	frames_send(r, "FF03 0021 4500001C");
	assert_int_equal(r->ip.packets, 1);
	assert_int_equal(r->ip.len, 4);
	assert_memory_equal(r->ip.last, "\x45\0\0\x1c", 4);
	assert_true(modem_packet(r->modem, r->now, "\x45\0\1\x7e", 4));
	frames_expect(r, "FF03 0021 4500017E");
}

/* The host has asked for both compressions, no escapes, and 600 octets at most. */
static void what_the_host_has_asked_for_is_used(void **state)
{
	static const char packet[601] = { 0x45, 0, 1, 0x11, 0x13, 0x7d };
	struct rig *r = *state;
	size_t before;

	frames_next(r);
	frames_send(r, "FF03 C021 01 01 0012 01040258 020600080000 0702 0802");
	frames_expect(r, "FF03 C021 02 01 0012 01040258 020600080000 0702 0802");
	frames_send(r, "FF03 C021 02 01 001C 010405DC 020600000000 050600000000 07020802 "
		       "0304C023");
	frames_send_as(r, 0, "C023 01 01 0006 0000");
	frames_expect(r, "C023 02 01 0005 00");
	frames_send_as(r, 0, "8021 01 01 000A 030600000000");
	rig_pass(r, SEC(4));
	frames_expect(r, "8021 01 01 000A 0306C0A86F6F");
	frames_expect(r, "8021 03 01 000A 03060A800304");
	frames_send_as(r, 0, "8021 02 01 000A 0306C0A86F6F");
	frames_send_as(r, 0, "8021 01 02 000A 03060A800304");
	frames_expect(r, "8021 02 02 000A 03060A800304");
	assert_int_equal(r->ip.link.mtu, 600);
	frames_send_as(r, 0, "21 450001");
	assert_int_equal(r->ip.packets, 1);
	/* only 13 of the map, and what must be, is escaped */
	assert_true(modem_packet(r->modem, r->now, packet, 6));
	assert_memory_equal(r->out, "~!E\0\1\x11}\x33}]", 10);
	frames_expect(r, "21 45000111137D");
	/* longer than the host takes: lost */
	before = r->len;
	assert_true(modem_packet(r->modem, r->now, packet, 601));
	assert_int_equal(r->len, before);
	assert_true(modem_packet(r->modem, r->now, packet, 600));
	assert_true(r->len > before + 600);
	/* LCP stays as it was */
	rig_clear(r);
	frames_send(r, "FF03 C021 05 02 0004");
	frames_expect(r, "FF03 C021 06 02 0004");
}

static void packets_without_a_session_are_lost(void **state)
{
	struct rig *r = *state;

	rig_clear(r);
	assert_true(modem_packet(r->modem, r->now, "\x45", 1));
	assert_int_equal(r->len, 0);
	escape(r);
	rig_clear(r);
	assert_true(modem_packet(r->modem, r->now, "\x45", 1));
	assert_int_equal(r->len, 0);
}

static size_t no_room(void *ctx, unsigned port)
{
	(void)ctx;
	(void)port;
	return 0;
}

/* A port that takes nothing: packets wait outside when the modem's output is full, and
 * none is cut. */
static void a_full_port_holds_packets_back(void **state)
{
	static const char packet[1500] = { 0 };
	struct rig *r = *state;
	size_t (*room)(void *ctx, unsigned port) = r->modem->ports.tx_room;
	int i, taken = 0;

	r->modem->ports.tx_room = no_room;
	rig_clear(r);
	for (i = 0; i < 20; i++)
		taken += modem_packet(r->modem, r->now, packet, sizeof(packet));
	assert_in_range(taken, 1, 6);
	assert_int_equal(r->len, 0);
	r->modem->ports.tx_room = room;
	modem_tx_ready(r->modem, 0, r->now);
	for (i = 0; i < taken; i++)
		assert_int_equal(strlen(frames_next(r)), 2 * (4 + 1500));
	frames_expect(r, "");
	assert_true(modem_packet(r->modem, r->now, packet, sizeof(packet)));
}

/* Nothing is timed while packets could pass: pppd's echoes are its own. */
static void an_open_session_has_no_timers(void **state)
{
	struct rig *r = *state;

	rig_pass(r, SEC(10)); /* +CGREG after the attach */
	assert_false(timer_armed(&r->modem->channel->link->ppp.restart));
	rig_clear(r);
	rig_pass(r, 3600 * SEC(1));
	assert_int_equal(r->len, 0);
	assert_int_equal(phase(r), PPP_PHASE_OPEN);
}

#define AFTER(set_up, name) cmocka_unit_test_setup_teardown(name, set_up, rig_end)

static const struct CMUnitTest tests[] = {
	AFTER(open_session, the_session_has_the_context),
	AFTER(rig_begin, a_context_that_is_active_is_used),
	AFTER(rig_begin, without_a_cid_an_empty_context_is_activated),
	AFTER(dialled, a_refused_activation_ends_the_session),
	AFTER(dialled, a_refused_attach_ends_the_session),
	AFTER(NULL, the_login_is_judged_by_the_network),
	AFTER(NULL, a_response_is_judged_by_the_network),
	AFTER(dialled, another_request_under_way_is_waited_for),
	AFTER(dialled, a_session_that_ends_early_gives_up_its_request),
	AFTER(open_by_cgdata, cgdata_ends_with_ok),
	AFTER(open_session, loss_of_coverage_terminates_the_link),
	AFTER(open_session, the_network_deactivates_the_context),
	AFTER(dialled, a_context_may_have_its_time),
	AFTER(open_session, an_unanswered_terminate_request_is_repeated_once),
	AFTER(open_session, deactivation_while_escaped_ends_it_at_once),
	AFTER(open_session, a_detach_while_escaped_ends_it_too),
	AFTER(open_session, dtr_ends_it_by_d2),
	AFTER(open_session, dtr_holds_it_by_d1),
	AFTER(open_session, dtr_is_ignored_by_d0),
	AFTER(open_session, a_reset_ends_it),
	AFTER(open_session, a_power_cut_ends_it),
	AFTER(open_session, a_second_session_is_like_the_first),
	AFTER(rig_begin, a_silent_modem_waits_for_the_host),
	AFTER(open_session, packets_pass_both_ways),
	AFTER(dialled, what_the_host_has_asked_for_is_used),
	AFTER(dialled, packets_without_a_session_are_lost),
	AFTER(open_session, a_full_port_holds_packets_back),
	AFTER(open_session, an_open_session_has_no_timers),
};

UNIT_MAIN(tests)
