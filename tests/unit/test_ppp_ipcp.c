/* link/ppp: IPCP, octet by octet (gprs.md IPCP; RFC 1332, 1877). */
#include "unit.h"

#include <stdio.h>
#include <string.h>

#include "link/link.h"
#include "ppp_frames.h"
#include "state/modem_state.h"

static enum ppp_phase phase(const struct rig *r)
{
	return r->modem->channel->link->ppp.phase;
}

/* A Supreme at whose port a host has dialled and logged in. */
static int in(void **state)
{
	rig_begin(state);
	frames_dial(*state, "internet", false);
	frames_log_in(*state, "me", "pw");
	assert_int_equal(phase(*state), PPP_PHASE_NETWORK);
	return 0;
}

static void an_address_is_given_when_the_context_is_there(void **state)
{
	struct rig *r = *state;

	frames_send(r, "FF03 8021 01 01 000A 030600000000");
	frames_expect(r, "");
	rig_pass(r, MS(3499));
	frames_expect(r, "");
	rig_pass(r, MS(1)); /* attach_time and activation_time */
	frames_expect(r, "FF03 8021 01 01 000A 0306C0A86F6F");
	frames_expect(r, "FF03 8021 03 01 000A 03060A800304");
	frames_send(r, "FF03 8021 01 02 000A 03060A800304");
	frames_expect(r, "FF03 8021 02 02 000A 03060A800304");
	assert_false(r->ip.on);
	frames_send(r, "FF03 8021 02 01 000A 0306C0A86F6F");
	assert_true(r->ip.on);
	assert_int_equal(phase(r), PPP_PHASE_OPEN);
	assert_memory_equal(r->ip.link.host, "\x0a\x80\x03\x04", 4);
	assert_memory_equal(r->ip.link.peer, "\xc0\xa8\x6f\x6f", 4);
	assert_int_equal(r->ip.link.mtu, 1500);
}

/* pppd asks so. */
static void what_will_be_rejected_is_rejected_at_once(void **state)
{
	struct rig *r = *state;

	frames_send(r, "FF03 8021 01 01 0028 0206002D0F01 030600000000 810600000000 "
		       "820600000000 830600000000 840600000000");
	frames_expect(r, "FF03 8021 04 01 0016 0206002D0F01 820600000000 840600000000");
	frames_send(r, "FF03 8021 01 02 0016 030600000000 810600000000 830600000000");
	frames_expect(r, "");
	rig_pass(r, SEC(4));
	frames_expect(r, "FF03 8021 01 01 000A 0306C0A86F6F");
	frames_expect(r, "FF03 8021 03 02 0016 03060A800304 81060A80000A 83060A80000B");
	frames_send(r, "FF03 8021 01 03 0016 03060A800304 81060A80000A 83060A80000B");
	frames_expect(r, "FF03 8021 02 03 0016 03060A800304 81060A80000A 83060A80000B");
	frames_send(r, "FF03 8021 02 01 000A 0306C0A86F6F");
	assert_memory_equal(r->ip.link.dns[0], "\x0a\x80\x00\x0a", 4);
	assert_memory_equal(r->ip.link.dns[1], "\x0a\x80\x00\x0b", 4);
}

static void the_newest_request_is_answered(void **state)
{
	struct rig *r = *state;

	frames_send(r, "FF03 8021 01 01 000A 030600000000");
	rig_pass(r, SEC(3));
	frames_send(r, "FF03 8021 01 02 000A 0306C0A80001");
	rig_pass(r, SEC(1));
	frames_expect(r, "FF03 8021 01 01 000A 0306C0A86F6F");
	frames_expect(r, "FF03 8021 03 02 000A 03060A800304");
	frames_expect(r, "");
}

static void the_modem_keeps_its_address(void **state)
{
	struct rig *r = *state;

	frames_send(r, "FF03 8021 01 01 000A 030600000000");
	rig_pass(r, SEC(4));
	frames_expect(r, "FF03 8021 01 01 000A 0306C0A86F6F");
	frames_expect(r, "FF03 8021 03 01 000A 03060A800304");
	frames_send(r, "FF03 8021 03 01 000A 03060A400001");
	frames_expect(r, "FF03 8021 01 02 000A 0306C0A86F6F");
	/* a host that does not want to know it */
	frames_send(r, "FF03 8021 04 02 000A 0306C0A86F6F");
	frames_expect(r, "FF03 8021 01 03 0004");
}

/* RFC 1332 clause 3.3 */
static void a_host_that_asks_for_no_address_gets_one(void **state)
{
	struct rig *r = *state;

	frames_send(r, "FF03 8021 01 01 000A 810600000000");
	rig_pass(r, SEC(4));
	frames_expect(r, "FF03 8021 01 01 000A 0306C0A86F6F");
	frames_expect(r, "FF03 8021 03 01 0010 81060A80000A 03060A800304");
	frames_send(r, "FF03 8021 01 02 0004");
	frames_expect(r, "FF03 8021 03 02 000A 03060A800304");
	frames_send(r, "FF03 8021 01 03 000A 03060A800304");
	frames_expect(r, "FF03 8021 02 03 000A 03060A800304");
}

static void a_host_that_insists_on_none_goes_without(void **state)
{
	struct rig *r = *state;
	char request[40], nak[60];
	int i;

	frames_send(r, "FF03 8021 01 01 0004");
	rig_pass(r, SEC(4));
	frames_expect(r, "FF03 8021 01 01 000A 0306C0A86F6F");
	frames_expect(r, "FF03 8021 03 01 000A 03060A800304");
	for (i = 2; i <= 5; i++) {
		snprintf(request, sizeof(request), "FF03 8021 01 %02X 0004", i);
		snprintf(nak, sizeof(nak), "FF03 8021 03 %02X 000A 03060A800304", i);
		frames_send(r, request);
		frames_expect(r, nak);
	}
	frames_send(r, "FF03 8021 01 06 0004");
	frames_expect(r, "FF03 8021 02 06 0004");
}

static void a_host_that_begins_no_ipcp_is_left(void **state)
{
	struct rig *r = *state;

	rig_pass(r, SEC(30));
	frames_expect(r, "FF03 C021 05 02 0004");
}

static void ipcp_without_an_answer_ends_the_link(void **state)
{
	struct rig *r = *state;
	int i;

	frames_send(r, "FF03 8021 01 01 000A 030600000000");
	rig_pass(r, MS(3500));
	frames_expect(r, "FF03 8021 01 01 000A 0306C0A86F6F");
	frames_expect(r, "FF03 8021 03 01 000A 03060A800304");
	for (i = 1; i < 10; i++) {
		rig_pass(r, SEC(3));
		frames_expect(r, "FF03 8021 01 01 000A 0306C0A86F6F");
	}
	rig_pass(r, SEC(3));
	frames_expect(r, "FF03 C021 05 02 0004");
}

static void the_host_may_end_ipcp_alone(void **state)
{
	struct rig *r = *state;

	frames_get_address(r);
	assert_true(r->ip.on);
	frames_send(r, "FF03 8021 05 09 0004");
	frames_expect(r, "FF03 8021 06 09 0004");
	assert_false(r->ip.on);
	rig_pass(r, SEC(3));
	frames_expect(r, "FF03 C021 05 02 0004");
}

static void a_unit_may_answer_before_the_context_is_there(void **state)
{
	struct rig *r = *state;

	frames_send(r, "FF03 8021 01 01 0010 030600000000 810600000000");
	frames_expect(r, "FF03 8021 01 01 000A 0306C0A86F6F");
	frames_expect(r, "FF03 8021 04 01 000A 810600000000");
	frames_send(r, "FF03 8021 02 01 000A 0306C0A86F6F");
	frames_send(r, "FF03 8021 01 02 000A 030600000000");
	frames_expect(r, "FF03 8021 03 02 000A 0306C0A86F70");
	frames_send(r, "FF03 8021 01 03 000A 0306C0A86F70");
	frames_expect(r, "FF03 8021 02 03 000A 0306C0A86F70");
	/* the network does not refuse */
	assert_false(r->ip.on);
	rig_pass(r, MS(3500));
	assert_true(r->ip.on);
	assert_memory_equal(r->ip.link.host, "\xc0\xa8\x6f\x70", 4);
}

/* The quirk ppp-dummy-address. */
static int in_early(void **state)
{
	struct rig *r;

	rig_begin(state);
	r = *state;
	((struct firmware *)r->modem->fw)->quirks |= 1u << QUIRK_PPP_DUMMY_ADDRESS;
	frames_dial(r, "internet", false);
	frames_log_in(r, NULL, NULL);
	return 0;
}

#define AFTER(set_up, name) cmocka_unit_test_setup_teardown(name, set_up, rig_end)

static const struct CMUnitTest tests[] = {
	AFTER(in, an_address_is_given_when_the_context_is_there),
	AFTER(in, what_will_be_rejected_is_rejected_at_once),
	AFTER(in, the_newest_request_is_answered),
	AFTER(in, the_modem_keeps_its_address),
	AFTER(in, a_host_that_asks_for_no_address_gets_one),
	AFTER(in, a_host_that_insists_on_none_goes_without),
	AFTER(in, a_host_that_begins_no_ipcp_is_left),
	AFTER(in, ipcp_without_an_answer_ends_the_link),
	AFTER(in, the_host_may_end_ipcp_alone),
	AFTER(in_early, a_unit_may_answer_before_the_context_is_there),
};

UNIT_MAIN(tests)
