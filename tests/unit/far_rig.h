/* A modem whose data calls reach an outside that the test plays (struct far_ports). */
#pragma once

#include "ask.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "link/link.h"
#include "modem.h"
#include "state/modem_state.h"

#define NUMBER  "0123456"
#define CONNECT "\r\nCONNECT 9600\r\n"
#define LOST    "\r\nNO CARRIER\r\n"
#define TRAINED SEC(20) /* from ATD to CONNECT, with time to spare */

/* The outside. */
static struct outside {
	char text[PROFILE_FAR]; /* asked for */
	unsigned id, closed;    /* its call; how many have ended */
	size_t room;
	char got[65536];
	size_t len;
} out;

static void far_open(void *ctx, unsigned id, const char *far)
{
	(void)ctx;
	out.id = id;
	snprintf(out.text, sizeof(out.text), "%s", far);
}

static size_t far_room(void *ctx, unsigned id)
{
	(void)ctx;
	assert_int_equal(id, out.id);
	return out.room;
}

static void far_tx(void *ctx, unsigned id, const void *buf, size_t len)
{
	(void)ctx;
	assert_int_equal(id, out.id);
	assert_true(len <= out.room);
	out.room -= len;
	memcpy(out.got + out.len, buf, len);
	out.len += len;
}

static void far_close(void *ctx, unsigned id)
{
	(void)ctx;
	assert_int_equal(id, out.id);
	out.closed++;
	out.id = 0;
}

static struct profile *profile;

static void subscribe(struct subscriber *s)
{
	*s = (struct subscriber){ .number = NUMBER,
		.alert_after = SEC(2),
		.answer_after = SEC(3),
		.data = true,
		.group = GROUP_NONE,
		.far = { "tcp:127.0.0.1:4000", FAR_TCP } };
}

static int begin(void **state)
{
	struct rig *r = calloc(1, sizeof(*r));
	struct calls_conf *calls;

	if (!r)
		abort();
	profile = rig_profile("fastrack-supreme-20-r74");
	calls = &profile->network.calls;
	calls->n_numbers = 1;
	subscribe(&calls->numbers[0]);
	rig_init(r, profile);
	r->modem->ports.far = (struct far_ports){ &out, far_open, far_room, far_tx,
		far_close };
	rig_boot(r);
	out = (struct outside){ .room = sizeof(out.got) };
	quiet(r);
	*state = r;
	return 0;
}

static void type(struct rig *r, const char *text)
{
	rig_type(r, text, strlen(text));
}

static void there(struct rig *r)
{
	modem_far_there(r->modem, r->now, (int)out.id);
}

static void hangs_up(struct rig *r, enum far_ending why)
{
	modem_far_closed(r->modem, r->now, (int)out.id, why);
}

static void dials(struct rig *r, usec_t time)
{
	type(r, "ATD" NUMBER "\r");
	rig_pass(r, time);
}

/* Dials, and is online. */
static void online(struct rig *r)
{
	dials(r, SEC(3));
	there(r);
	rig_pass(r, TRAINED);
	says(r, CONNECT);
}

static void far_says(struct rig *r, const char *text)
{
	modem_far_rx(r->modem, r->now, (int)out.id, text, strlen(text));
}

static void far_has(const char *text)
{
	if (out.len != strlen(text) || memcmp(out.got, text, out.len) != 0)
		fail_msg("want \"%s\", got \"%.*s\"", text, (int)out.len, out.got);
	out.len = 0;
}

static void escape(struct rig *r)
{
	rig_pass(r, SEC(2));
	type(r, "+++");
	rig_pass(r, SEC(2));
	says(r, OK);
}

#define FAR_TEST(name) cmocka_unit_test_setup_teardown(name, begin, rig_end)
