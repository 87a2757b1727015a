/* GPRS when the network is lost: open sessions end, waiting requests get an error. */
#include "unit.h"

#include <stdlib.h>
#include <string.h>

#include "rig.h"
#include "state/modem_state.h"

static bool said(const struct rig *r, const char *text, size_t len)
{
	return memmem(r->out, r->len, text, len) != NULL;
}

static bool said_text(const struct rig *r, const char *text)
{
	return said(r, text, strlen(text));
}

static void an_online_session_is_terminated(void **state)
{
	/* Terminate-Request, id 2 */
	static const char terminate[] = "\x7e\xff}#\xc0!}%}\"} }$Y(\x7e";
	struct rig *r = *state;

	rig_say(r, "AT+CGDCONT=1,\"IP\",\"internet\"\r", SEC(1));
	rig_say(r, "AT+CGDATA=1\r", SEC(1));
	assert_true(said_text(r, "CONNECT 115200"));
	rig_clear(r);
	net_stop(&r->modem->net);
	rig_pass(r, SEC(1));
	assert_true(said(r, terminate, sizeof(terminate) - 1));
	/* the host does not acknowledge it: tried twice, 3 s apart */
	rig_pass(r, SEC(5));
	assert_true(said_text(r, "\r\nNO CARRIER\r\n"));
	rig_clear(r);
	rig_say(r, "AT\r", SEC(1));
	assert_true(said_text(r, "\r\nOK\r\n"));
}

static void contexts_and_attach_are_reported_as_lost(void **state)
{
	struct rig *r = *state;

	rig_say(r, "AT+CGDCONT=1,\"IP\",\"internet\"\r", SEC(1));
	rig_say(r, "AT+CGEREP=2,0;+CGREG=1\r", SEC(1));
	rig_say(r, "AT+CGACT=1,1\r", SEC(10));
	rig_clear(r);
	net_stop(&r->modem->net);
	rig_pass(r, SEC(1));
	assert_true(said_text(r, "+CGEV: NW DEACT \"IP\",\"10.128.3.4\",1"));
	assert_true(said_text(r, "+CGEV: NW DETACH"));
	assert_true(said_text(r, "+CGREG: 0"));
	rig_clear(r);
	rig_say(r, "AT+CGACT?\r", SEC(1));
	assert_true(said_text(r, "+CGACT: 1,0"));
}

static void a_command_that_waits_is_answered(void **state)
{
	struct rig *r = *state;

	rig_say(r, "AT+CMEE=1\r", SEC(1));
	rig_say(r, "AT+CGATT=1\r", MS(500));
	rig_clear(r);
	net_stop(&r->modem->net);
	rig_pass(r, SEC(1));
	assert_true(said_text(r, "+CME ERROR: 30"));
}

#define ON_A_MODEM(name) cmocka_unit_test_setup_teardown(name, rig_begin, rig_end)

static const struct CMUnitTest tests[] = {
	ON_A_MODEM(an_online_session_is_terminated),
	ON_A_MODEM(contexts_and_attach_are_reported_as_lost),
	ON_A_MODEM(a_command_that_waits_is_answered),
};

UNIT_MAIN(tests)
