/* GPRS when the network goes: what is open ends, what waits is told. */
#include "unit.h"

#include <stdlib.h>
#include <string.h>

#include "rig.h"
#include "state/modem_state.h"

static struct profile *profile;

static int begin(void **state)
{
	struct rig *r = calloc(1, sizeof(*r));

	profile = rig_profile("fastrack-supreme-20-r74");
	rig_init(r, profile);
	rig_boot(r);
	*state = r;
	return 0;
}

static int end(void **state)
{
	rig_free(*state);
	rig_profile_free(profile);
	free(*state);
	return 0;
}

static void type(struct rig *r, const char *line, usec_t time)
{
	rig_type(r, line, strlen(line));
	rig_pass(r, time);
}

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

	type(r, "AT+CGDCONT=1,\"IP\",\"internet\"\r", SEC(1));
	type(r, "AT+CGDATA=1\r", SEC(1));
	assert_true(said_text(r, "CONNECT 115200"));
	rig_clear(r);
	net_stop(&r->modem->net);
	rig_pass(r, SEC(1));
	assert_true(said(r, terminate, sizeof(terminate) - 1));
	assert_true(said_text(r, "\r\nNO CARRIER\r\n"));
	rig_clear(r);
	type(r, "AT\r", SEC(1));
	assert_true(said_text(r, "\r\nOK\r\n"));
}

static void contexts_and_attach_are_told_as_gone(void **state)
{
	struct rig *r = *state;

	type(r, "AT+CGDCONT=1,\"IP\",\"internet\"\r", SEC(1));
	type(r, "AT+CGEREP=2,0;+CGREG=1\r", SEC(1));
	type(r, "AT+CGACT=1,1\r", SEC(10));
	rig_clear(r);
	net_stop(&r->modem->net);
	rig_pass(r, SEC(1));
	assert_true(said_text(r, "+CGEV: NW DEACT \"IP\",\"10.128.3.4\",1"));
	assert_true(said_text(r, "+CGEV: NW DETACH"));
	assert_true(said_text(r, "+CGREG: 0"));
	rig_clear(r);
	type(r, "AT+CGACT?\r", SEC(1));
	assert_true(said_text(r, "+CGACT: 1,0"));
}

static void a_command_that_waits_is_answered(void **state)
{
	struct rig *r = *state;

	type(r, "AT+CMEE=1\r", SEC(1));
	type(r, "AT+CGATT=1\r", MS(500));
	rig_clear(r);
	net_stop(&r->modem->net);
	rig_pass(r, SEC(1));
	assert_true(said_text(r, "+CME ERROR: 30"));
}

#define ON_A_MODEM(name) cmocka_unit_test_setup_teardown(name, begin, end)

static const struct CMUnitTest tests[] = {
	ON_A_MODEM(an_online_session_is_terminated),
	ON_A_MODEM(contexts_and_attach_are_told_as_gone),
	ON_A_MODEM(a_command_that_waits_is_answered),
};

UNIT_MAIN(tests)
