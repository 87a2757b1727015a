/* link/ppp: LCP and the login, octet by octet (gprs.md PPP; RFC 1661, 1334, 1994). IPCP is
 * in test_ppp_ipcp.c, what follows in the network in test_ppp_context.c. */
#include "unit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "link/link.h"
#include "ppp_frames.h"
#include "state/modem_state.h"

/* What a Q26xx asks for: as Q2686 was seen to (gprs.md LCP request), and without a login. */
#define MRU_ACCM "010405DC 020600000000"
#define MAGIC    "050600000000"
#define PFC_ACFC "0702 0802"
#define REQUEST  "FF03 C021 01 01 001C " MRU_ACCM MAGIC PFC_ACFC "0304C023"
#define ACK      "FF03 C021 02 01 001C " MRU_ACCM MAGIC PFC_ACFC "0304C023"

static bool said(const struct rig *r, const char *text)
{
	return memmem(r->out, r->len, text, strlen(text)) != NULL;
}

static enum ppp_phase phase(const struct rig *r)
{
	return r->modem->channel->link->ppp.phase;
}

static int begin_on(void **state, const char *profile)
{
	struct rig *r = calloc(1, sizeof(*r));

	assert_non_null(r);
	rig_init(r, rig_profile(profile));
	rig_boot(r);
	frames_dial(r, "internet", false);
	*state = r;
	return 0;
}

/* A Supreme that has just said CONNECT. */
static int dialled(void **state)
{
	return begin_on(state, "fastrack-supreme-20-r74");
}

/* The same of an M1306B: without a magic number. */
static int dialled_m1306b(void **state)
{
	return begin_on(state, "m1306b-r657");
}

/* Its LCP request has been seen. */
static int asked(void **state)
{
	dialled(state);
	frames_expect(*state, REQUEST);
	return 0;
}

/* LCP is up, PAP is next. */
static int up(void **state)
{
	struct rig *r;

	asked(state);
	r = *state;
	frames_send(r, ACK);
	frames_send(r, "FF03 C021 01 01 0004");
	frames_expect(r, "FF03 C021 02 01 0004");
	assert_int_equal(phase(r), PPP_PHASE_AUTHENTICATE);
	return 0;
}

/* ... and the host has logged in. */
static int in(void **state)
{
	dialled(state);
	frames_log_in(*state, "me", "pw");
	assert_int_equal(phase(*state), PPP_PHASE_NETWORK);
	return 0;
}

/* ---- LCP -------------------------------------------------------------------------- */

static void ten_requests_with_one_identifier_then_no_carrier(void **state)
{
	struct rig *r = *state;
	int i;

	frames_expect(r, REQUEST);
	for (i = 1; i < 10; i++) {
		rig_pass(r, SEC(3) - MS(11));
		frames_expect(r, "");
		rig_pass(r, MS(11)); /* CONNECT came within the last 10 ms */
		frames_expect(r, REQUEST);
	}
	rig_pass(r, SEC(3) - MS(11));
	assert_int_equal(r->len, 0);
	rig_pass(r, MS(11));
	assert_true(said(r, "\r\nNO CARRIER\r\n"));
	assert_int_equal(phase(r), PPP_PHASE_DEAD);
}

/* gprs.md LCP answers: the dump of an M1206B, both directions. */
static void a_q24_rejects_the_magic_number(void **state)
{
	struct rig *r = *state;

	frames_expect(r, "FF03 C021 01 01 0016 " MRU_ACCM PFC_ACFC "0304C023");
	frames_send(
		r, "FF03 C021 01 01 0018 01040258 020600000000 05060FA4FA00 07020802");
	frames_expect(r, "FF03 C021 04 01 000A 05060FA4FA00");
	frames_send(r, "FF03 C021 01 02 0012 01040258 020600000000 07020802");
	frames_expect(r, "FF03 C021 02 02 0012 01040258 020600000000 07020802");
	frames_send(r, "FF03 C021 02 01 0016 " MRU_ACCM PFC_ACFC "0304C023");
	assert_int_equal(phase(r), PPP_PHASE_AUTHENTICATE);
}

static void options_of_the_host_are_acknowledged(void **state)
{
	struct rig *r = *state;

	frames_send(
		r, "FF03 C021 01 05 0018 01040258 0206000A0000 05060FA4FA00 0702 0802");
	frames_expect(
		r, "FF03 C021 02 05 0018 01040258 0206000A0000 05060FA4FA00 0702 0802");
}

static void what_is_not_known_is_rejected_and_nothing_else(void **state)
{
	struct rig *r = *state;

	/* authentication of the modem, quality, callback, MRRU, endpoint, type 0 */
	frames_send(r, "FF03 C021 01 07 0026 010405DC 0304C023 0404C025 0D0306 110405DC "
		       "13070100000000 0002 050612345678");
	frames_expect(r, "FF03 C021 04 07 001C 0304C023 0404C025 0D0306 110405DC "
			 "13070100000000 0002");
	/* a known type of another length */
	frames_send(r, "FF03 C021 01 08 000A 0103FF 0703FF");
	frames_expect(r, "FF03 C021 04 08 000A 0103FF 0703FF");
}

static void an_mru_below_that_of_ip_is_not_taken(void **state)
{
	struct rig *r = *state;

	frames_send(r, "FF03 C021 01 01 0008 01040020");
	frames_expect(r, "FF03 C021 03 01 0008 010405DC");
	frames_send(r, "FF03 C021 01 02 0008 01040044");
	frames_expect(r, "FF03 C021 02 02 0008 01040044");
}

/* RFC 1661 clause 4.6, Max-Failure. */
static void after_five_naks_it_rejects(void **state)
{
	struct rig *r = *state;
	int i;

	for (i = 0; i < 5; i++) {
		frames_send(r, "FF03 C021 01 01 0008 01040020");
		frames_expect(r, "FF03 C021 03 01 0008 010405DC");
	}
	frames_send(r, "FF03 C021 01 01 0008 01040020");
	frames_expect(r, "FF03 C021 04 01 0008 01040020");
}

static void its_options_follow_naks_and_rejects(void **state)
{
	struct rig *r = *state;

	/* ACCM and magic number as the host proposes */
	frames_send(r, "FF03 C021 03 01 0010 0206000A0000 050612345678");
	frames_expect(r,
		"FF03 C021 01 02 001C 010405DC 0206000A0000 050612345678 " PFC_ACFC
		"0304C023");
	frames_send(r, "FF03 C021 04 02 000A 0702 0802 0508");
	frames_expect(r, ""); /* not whole */
	frames_send(r, "FF03 C021 04 02 000E 050612345678 0702 0802");
	frames_expect(r, "FF03 C021 01 03 0012 010405DC 0206000A0000 0304C023");
	frames_send(r, "FF03 C021 03 03 0008 01040240");
	frames_expect(r, "FF03 C021 01 04 0012 01040240 0206000A0000 0304C023");
	/* more than the modem has room for: not asked for */
	frames_send(r, "FF03 C021 03 04 0008 01040800");
	frames_expect(r, "FF03 C021 01 05 000E 0206000A0000 0304C023");
}

static void an_ack_must_repeat_the_request(void **state)
{
	struct rig *r = *state;

	frames_send(r, "FF03 C021 01 01 0004");
	frames_expect(r, "FF03 C021 02 01 0004");
	frames_send(r, "FF03 C021 02 02 001C " MRU_ACCM MAGIC PFC_ACFC "0304C023");
	frames_send(r, "FF03 C021 02 01 001C " MRU_ACCM MAGIC PFC_ACFC "0304C223");
	frames_send(r, "FF03 C021 02 01 0018 " MRU_ACCM MAGIC PFC_ACFC);
	assert_int_equal(phase(r), PPP_PHASE_ESTABLISH);
	frames_send(r, ACK);
	assert_int_equal(phase(r), PPP_PHASE_AUTHENTICATE);
	/* once more is discarded */
	frames_send(r, ACK);
	assert_int_equal(phase(r), PPP_PHASE_AUTHENTICATE);
	frames_expect(r, "");
}

static void a_host_that_refuses_without_end_is_left(void **state)
{
	struct rig *r = *state;
	char hex[80];
	int i;

	for (i = 1; i <= 10; i++) {
		snprintf(hex, sizeof(hex), "FF03 C021 03 %02X 0008 01040%03X", i,
			0x400 + i);
		frames_send(r, hex);
		assert_string_not_equal(frames_next(r), "");
	}
	frames_send(r, "FF03 C021 03 0B 0008 01040400");
	frames_expect(r, "FF03 C021 05 0C 0004");
	frames_send(r, "FF03 C021 06 0C 0004");
	assert_true(said(r, "NO CARRIER"));
}

static void echo_requests_are_answered(void **state)
{
	struct rig *r = *state;

	/* pppd sends its magic number and nothing else */
	frames_send(r, "FF03 C021 09 00 0008 12345678");
	frames_expect(r, "FF03 C021 0A 00 0008 00000000");
	frames_send(r, "FF03 C021 09 01 000C 12345678 DEADBEEF");
	frames_expect(r, "FF03 C021 0A 01 000C 00000000 DEADBEEF");
	/* without a magic number it is malformed */
	frames_send(r, "FF03 C021 09 02 0004");
	/* these want no answer */
	frames_send(r, "FF03 C021 0A 03 0008 12345678");
	frames_send(r, "FF03 C021 0B 04 0008 12345678");
	frames_expect(r, "");
}

static void an_echo_before_lcp_is_up_is_not_answered(void **state)
{
	struct rig *r = *state;

	frames_send(r, "FF03 C021 09 00 0008 12345678");
	frames_expect(r, "");
}

static void unknown_codes_are_rejected(void **state)
{
	struct rig *r = *state;

	/* Windows identifies itself (RFC 1570) */
	frames_send(r, "FF03 C021 0C 05 000C 00000000 4D535241");
	frames_expect(r, "FF03 C021 07 02 0010 0C05000C000000004D535241");
	frames_send(r, "FF03 C021 00 06 0004");
	frames_expect(r, "FF03 C021 07 03 0008 00060004");
	/* that the host knows no Echo-Reply is no harm */
	frames_send(r, "FF03 C021 07 01 0008 0A000004");
	assert_int_equal(phase(r), PPP_PHASE_AUTHENTICATE);
	/* but without a Configure-Request there is no link */
	frames_send(r, "FF03 C021 07 01 0008 01010004");
	frames_expect(r, "FF03 C021 05 04 0004");
}

static void unknown_protocols_are_rejected(void **state)
{
	struct rig *r = *state;

	frames_send(r, "FF03 80FD 01 01 000F 1A0478001803 780015");
	frames_expect(r, "FF03 C021 08 02 0013 80FD 0101000F1A0478001803780015");
	frames_send(r, "FF03 8057 01 01 000E 010A DDAB65D571F7B286");
	frames_expect(r, "FF03 C021 08 03 0014 8057 0101000E010ADDAB65D571F7B286");
	/* a host that was let in without CHAP, VJ headers, IPv6 */
	frames_send(r, "FF03 C223 01 01 0005 00");
	frames_expect(r, "FF03 C021 08 04 000B C223 0101000500");
	frames_send(r, "FF03 2D 4500");
	frames_expect(r, "FF03 C021 08 05 0008 002D 4500");
	frames_send(r, "FF03 0057 60");
	frames_expect(r, "FF03 C021 08 06 0007 0057 60");
}

static void before_the_login_other_protocols_are_discarded(void **state)
{
	struct rig *r = *state;

	frames_send(r, "FF03 8021 01 01 000A 030600000000");
	frames_send(r, "FF03 80FD 01 01 0004");
	frames_send(r, "FF03 0021 4500");
	frames_expect(r, "");
	assert_int_equal(phase(r), PPP_PHASE_AUTHENTICATE);
}

static void a_protocol_reject_of_what_is_needed_ends_the_link(void **state)
{
	struct rig *r = *state;

	frames_send(r, "FF03 C021 08 01 000A 80FD 01010004");
	frames_expect(r, "");
	frames_send(r, "FF03 C021 08 01 000A 8021 01010004");
	frames_expect(r, "FF03 C021 05 02 0004");
	frames_send(r, "FF03 C021 06 02 0004");
	assert_true(said(r, "\r\nNO CARRIER\r\n"));
}

static void the_host_ends_the_link(void **state)
{
	struct rig *r = *state;

	/* pppd gives its reason */
	frames_send(r, "FF03 C021 05 02 0010 55736572 20726571 75657374");
	frames_expect(r, "FF03 C021 06 02 0004");
	assert_true(said(r, "\r\nNO CARRIER\r\n"));
	assert_int_equal(phase(r), PPP_PHASE_DEAD);
	rig_clear(r);
	rig_say(r, "AT\r", SEC(1));
	assert_true(said(r, "\r\nOK\r\n"));
}

static void a_new_request_of_the_host_starts_lcp_again(void **state)
{
	struct rig *r = *state;

	frames_send(r, "FF03 C021 01 09 0008 010405DC");
	frames_expect(r, "FF03 C021 01 02 001C " MRU_ACCM MAGIC PFC_ACFC "0304C023");
	frames_expect(r, "FF03 C021 02 09 0008 010405DC");
	assert_int_equal(phase(r), PPP_PHASE_ESTABLISH);
	frames_send(r, "FF03 C021 02 02 001C " MRU_ACCM MAGIC PFC_ACFC "0304C023");
	assert_int_equal(phase(r), PPP_PHASE_AUTHENTICATE);
	frames_send(r, "FF03 C023 01 01 0006 0000");
	frames_expect(r, "FF03 C023 02 01 0005 00");
	assert_int_equal(phase(r), PPP_PHASE_NETWORK);
}

static void malformed_packets_are_discarded(void **state)
{
	struct rig *r = *state;

	frames_send(r, "FF03 C021 01 01 0003");
	frames_send(r, "FF03 C021 01 01 0009 010405DC");
	frames_send(r, "FF03 C021 01");
	frames_send(r, "FF03 C021 01 01 0006 0101");
	frames_send(r, "FF03 C021 01 01 0006 0704");
	frames_send(r, "FF03 C020 01 01 0004");
	frames_send(r, "FF04 C021 01 01 0004");
	frames_expect(r, "");
	frames_send(r, "C021 01 01 0004 FFFF"); /* without address, and with padding */
	frames_expect(r, "FF03 C021 02 01 0004");
}

/* A host that echoes all it reads gets no endless answers. */
static void a_looped_line_comes_to_rest(void **state)
{
	struct rig *r = *state;
	char back[512];
	size_t len;
	int i;

	for (i = 0; i < 100 && r->len; i++) {
		len = r->len < sizeof(back) ? r->len : sizeof(back);
		memcpy(back, r->out, len);
		rig_clear(r);
		rig_type(r, back, len);
	}
	assert_true(i < 100);
}

/* ---- the login -------------------------------------------------------------------- */

static void pap_takes_any_login(void **state)
{
	struct rig *r = *state;
	const struct gprs_login *l = ppp_login(r->modem->channel);

	frames_send(r, "FF03 C023 01 03 000B 03 6A6F65 02 7077 ");
	frames_send(r, "FF03 C023 01 03 000B 03 6A6F65 04 7077"); /* cut off */
	frames_send(r, "FF03 C023 01 04 000B 09 6A6F65 02 7077"); /* cut off */
	frames_send(r, "FF03 C023 01 04 0004");
	frames_send(r, "FF03 C023 02 04 0005 00");
	frames_expect(r, "FF03 C023 02 03 0005 00");
	frames_expect(r, "");
	assert_int_equal(phase(r), PPP_PHASE_NETWORK);
	assert_int_equal(l->by, GPRS_LOGIN_PAP);
	assert_string_equal(l->user, "joe");
	assert_string_equal(l->password, "pw");
	/* the host has not seen the answer */
	frames_send(r, "FF03 C023 01 04 000B 03 6A6F65 02 7077");
	frames_expect(r, "FF03 C023 02 04 0005 00");
	assert_int_equal(phase(r), PPP_PHASE_NETWORK);
}

static void a_host_that_does_not_log_in_is_left(void **state)
{
	struct rig *r = *state;

	rig_pass(r, SEC(30) - 1);
	frames_expect(r, "");
	rig_pass(r, 1);
	frames_expect(r, "FF03 C021 05 02 0004");
	rig_pass(r, SEC(3));
	frames_expect(r, "FF03 C021 05 03 0004");
	rig_pass(r, SEC(3));
	assert_true(said(r, "\r\nNO CARRIER\r\n"));
}

static void a_host_may_refuse_to_log_in(void **state)
{
	struct rig *r = *state;

	frames_log_in(r, NULL, NULL);
	assert_int_equal(phase(r), PPP_PHASE_NETWORK);
	assert_int_equal(ppp_login(r->modem->channel)->by, GPRS_LOGIN_NONE);
	/* then PAP is a protocol like any other */
	frames_send(r, "FF03 C023 01 01 0006 0000");
	frames_expect(r, "FF03 C021 08 03 000C C023 010100060000");
}

static void chap_instead_of_pap(void **state)
{
	struct rig *r = *state;
	const struct gprs_login *l = ppp_login(r->modem->channel);
	const char *challenge;
	char first[128];

	frames_send(r, "FF03 C021 03 01 0009 0305C22305");
	frames_expect(r, "FF03 C021 01 02 001D " MRU_ACCM MAGIC PFC_ACFC "0305C22305");
	frames_send(r, "FF03 C021 02 02 001D " MRU_ACCM MAGIC PFC_ACFC "0305C22305");
	frames_send(r, "FF03 C021 01 01 0004");
	frames_expect(r, "FF03 C021 02 01 0004");
	challenge = frames_next(r);
	assert_int_equal(strlen(challenge), 2 * (4 + 5 + 16 + 7));
	assert_memory_equal(challenge, "FF03C2230101001C10", 18);
	assert_string_equal(challenge + 50, "57415645434F4D");
	snprintf(first, sizeof(first), "%s", challenge);
	/* it is repeated as it is */
	rig_pass(r, SEC(3));
	frames_expect(r, first);
	/* another identifier, another length */
	frames_send(r, "FF03 C223 02 02 0018 10 00112233445566778899AABBCCDDEEFF 6A6F65");
	frames_send(r, "FF03 C223 02 01 0017 0F 00112233445566778899AABBCCDDEE 6A6F65");
	frames_send(r, "FF03 C223 02 01 0014 10 00112233445566778899AABBCCDDEE");
	frames_expect(r, "");
	frames_send(r, "FF03 C223 02 01 0018 10 00112233445566778899AABBCCDDEEFF 6A6F65");
	frames_expect(r, "FF03 C223 03 01 0004");
	assert_int_equal(phase(r), PPP_PHASE_NETWORK);
	assert_int_equal(l->by, GPRS_LOGIN_CHAP);
	assert_string_equal(l->user, "joe");
	assert_memory_equal(l->response, "\x00\x11\x22\x33", 4);
	rig_pass(r, SEC(9));
	frames_expect(r, "");
}

static void ten_challenges_without_an_answer_end_the_link(void **state)
{
	struct rig *r = *state;
	int i;

	frames_send(r, "FF03 C021 03 01 0009 0305C22305");
	frames_expect(r, "FF03 C021 01 02 001D " MRU_ACCM MAGIC PFC_ACFC "0305C22305");
	frames_send(r, "FF03 C021 02 02 001D " MRU_ACCM MAGIC PFC_ACFC "0305C22305");
	frames_send(r, "FF03 C021 01 01 0004");
	frames_expect(r, "FF03 C021 02 01 0004");
	for (i = 0; i < 10; i++) {
		assert_memory_equal(frames_next(r), "FF03C2230101001C10", 18);
		rig_pass(r, SEC(3));
	}
	frames_expect(r, "FF03 C021 05 03 0004");
}

/* MS-CHAP and EAP are not here: CHAP with MD5 is tried, then nothing is asked for. */
static void a_host_that_knows_neither_is_let_in(void **state)
{
	struct rig *r = *state;

	frames_send(r, "FF03 C021 03 01 0009 0305C22381");
	frames_expect(r, "FF03 C021 01 02 001D " MRU_ACCM MAGIC PFC_ACFC "0305C22305");
	frames_send(r, "FF03 C021 03 02 0008 0304C227");
	frames_expect(r, "FF03 C021 01 03 0018 " MRU_ACCM MAGIC PFC_ACFC);
}

#define AFTER(set_up, name) cmocka_unit_test_setup_teardown(name, set_up, rig_end)

static const struct CMUnitTest tests[] = {
	AFTER(dialled, ten_requests_with_one_identifier_then_no_carrier),
	AFTER(dialled_m1306b, a_q24_rejects_the_magic_number),
	AFTER(asked, options_of_the_host_are_acknowledged),
	AFTER(asked, what_is_not_known_is_rejected_and_nothing_else),
	AFTER(asked, an_mru_below_that_of_ip_is_not_taken),
	AFTER(asked, after_five_naks_it_rejects),
	AFTER(asked, its_options_follow_naks_and_rejects),
	AFTER(asked, an_ack_must_repeat_the_request),
	AFTER(asked, a_host_that_refuses_without_end_is_left),
	AFTER(asked, an_echo_before_lcp_is_up_is_not_answered),
	AFTER(asked, malformed_packets_are_discarded),
	AFTER(dialled, a_looped_line_comes_to_rest),
	AFTER(up, echo_requests_are_answered),
	AFTER(up, unknown_codes_are_rejected),
	AFTER(up, before_the_login_other_protocols_are_discarded),
	AFTER(up, the_host_ends_the_link),
	AFTER(up, a_new_request_of_the_host_starts_lcp_again),
	AFTER(up, pap_takes_any_login),
	AFTER(up, a_host_that_does_not_log_in_is_left),
	AFTER(dialled, a_host_may_refuse_to_log_in),
	AFTER(asked, chap_instead_of_pap),
	AFTER(asked, ten_challenges_without_an_answer_end_the_link),
	AFTER(asked, a_host_that_knows_neither_is_let_in),
	AFTER(in, unknown_protocols_are_rejected),
	AFTER(in, a_protocol_reject_of_what_is_needed_ends_the_link),
};

UNIT_MAIN(tests)
