/* libfauxtrack: how a modem is made, and structs of other versions. */
#include "heard.h"

#include <string.h>

/* ---- birth ----------------------------------------------------------------------- */

static void without_anything_it_is_the_default_modem(void **state)
{
	struct fauxtrack *f = made(NULL, NULL);
	char *text = fauxtrack_value(f, "registration.state");

	(void)state;
	assert_string_equal(text, "home");
	fauxtrack_text_free(text);
	assert_true(fauxtrack_now(f) > SECOND);
	assert_true(fauxtrack_next(f) > fauxtrack_now(f));
	fauxtrack_free(f);
	fauxtrack_free(NULL);
}

static void set_options_and_clock_apply(void **state)
{
	const char *const set[] = { "sim.pin=1234", "sim.pin_enabled=true", NULL };
	struct fauxtrack_options o = options();
	struct fauxtrack_callbacks c = calls(&heard);
	struct fauxtrack *f;

	(void)state;
	o.set = set;
	o.instant = 1;
	o.clock = 1500000000;
	f = made(&o, &c);
	assert_non_null(strstr(ask(f, &heard, "AT+CPIN?\r"), "+CPIN: SIM PIN"));
	assert_non_null(strstr(ask(f, &heard, "AT+CPIN=\"1234\"\r"), "\r\nOK\r\n"));
	assert_non_null(strstr(ask(f, &heard, "AT+CCLK?\r"), "\"17/07/14,"));
	fauxtrack_free(f);
}

static void a_cold_modem_boots_at_the_first_dtr(void **state)
{
	struct fauxtrack_options o = options();
	struct fauxtrack_callbacks c = calls(&heard);
	const char *const set[] = { "memory.+WIND=255", NULL };
	struct fauxtrack *f;

	(void)state;
	o.cold = 1;
	o.set = set;
	f = made(&o, &c);
	assert_int_equal(fauxtrack_now(f), 0);
	assert_int_equal(fauxtrack_advance(f, 10 * SECOND), 0);
	assert_int_equal(heard.len, 0);
	assert_int_equal(fauxtrack_lines(f, 0, 10 * SECOND, FAUXTRACK_DTR), 0);
	assert_int_equal(fauxtrack_advance(f, 40 * SECOND), 0);
	assert_non_null(strstr(heard.said, "+WIND: 4"));
	assert_true(heard.last > 10 * SECOND && heard.last < 40 * SECOND);
	fauxtrack_free(f);
}

static void a_field_bug_is_armed(void **state)
{
	struct fauxtrack_options o = options();
	struct fauxtrack_callbacks c = calls(&heard);
	struct fauxtrack *f;
	char *text;

	(void)state;
	o.bug = "dwl-band-reset-after-upgrade";
	f = made(&o, &c);
	text = fauxtrack_value(f, "registration.registered");
	assert_string_equal(text, "false");
	fauxtrack_text_free(text);
	fauxtrack_free(f);
}

static void what_is_wrong_is_said(void **state)
{
	struct fauxtrack_options o = options();
	struct fauxtrack_callbacks c = calls(&heard);
	const char *const no_value[] = { "sim.pin", NULL };
	const char *const unknown[] = { "sim.pinn=1234", NULL };

	(void)state;
	o.profile = "fastrack-supreme-20-r75";
	refused(&o, &c, "profile: there is no profile \"fastrack-supreme-20-r75\"");
	o.profile = "/nowhere/at.yaml";
	refused(&o, &c, "/nowhere/at.yaml");
	o = options();
	o.set = no_value;
	refused(&o, &c, "set \"sim.pin\": not PATH=VALUE; write it as");
	o.set = unknown;
	refused(&o, &c, "set sim.pinn: ");
	o = options();
	o.bug = "dwl-band-reset";
	refused(&o, &c, "bug: there is no field bug \"dwl-band-reset\"");
	o = options();
	o.ports = 9;
	refused(&o, &c, "set ports to ");
	o = options();
	c.load = on_load;
	refused(&o, &c, "load without store");
	assert_null(fauxtrack_new(&o, &c, NULL));
}

/* ---- structs of other versions ----------------------------------------------------- */

static void an_older_struct_is_shorter(void **state)
{
	struct fauxtrack_options o = options();
	struct fauxtrack_callbacks c = calls(&heard);
	struct fauxtrack *f;

	(void)state;
	o.instant = 1;
	o.clock = -1; /* is not looked at */
	o.size = offsetof(struct fauxtrack_options, clock);
	c.size = offsetof(struct fauxtrack_callbacks, load);
	c.load = on_load;
	f = made(&o, &c);
	assert_non_null(strstr(ask(f, &heard, "AT+CCLK?\r"), "\"10/01/01,"));
	fauxtrack_free(f);
}

static void a_newer_struct_is_longer(void **state)
{
	struct {
		struct fauxtrack_options o;
		uint64_t more;
	} n = { .o = { .size = sizeof(n) }, .more = 0 };
	struct fauxtrack *f;

	(void)state;
	f = made(&n.o, NULL);
	fauxtrack_free(f);
	n.more = 1;
	refused(&n.o, NULL, "does not know; leave it zero, or install a newer");
	n.o.size = 0;
	refused(&n.o, NULL, "size is not set");
	n.o.size = SIZE_MAX;
	refused(&n.o, NULL, "size is not set");
}

/* These numbers are in compiled programs: they must never change. */
static void the_abi_is_the_same(void **state)
{
	(void)state;
#if UINTPTR_MAX == UINT64_MAX
	assert_int_equal(sizeof(struct fauxtrack_options), 72);
	assert_int_equal(offsetof(struct fauxtrack_options, profile), 8);
	assert_int_equal(offsetof(struct fauxtrack_options, profiles), 16);
	assert_int_equal(offsetof(struct fauxtrack_options, set), 24);
	assert_int_equal(offsetof(struct fauxtrack_options, bug), 32);
	assert_int_equal(offsetof(struct fauxtrack_options, seed), 40);
	assert_int_equal(offsetof(struct fauxtrack_options, ports), 48);
	assert_int_equal(offsetof(struct fauxtrack_options, cold), 52);
	assert_int_equal(offsetof(struct fauxtrack_options, instant), 56);
	assert_int_equal(offsetof(struct fauxtrack_options, clock), 64);
	assert_int_equal(sizeof(struct fauxtrack_callbacks), 72);
	assert_int_equal(offsetof(struct fauxtrack_callbacks, ctx), 8);
	assert_int_equal(offsetof(struct fauxtrack_callbacks, bytes), 16);
	assert_int_equal(offsetof(struct fauxtrack_callbacks, room), 24);
	assert_int_equal(offsetof(struct fauxtrack_callbacks, lines), 32);
	assert_int_equal(offsetof(struct fauxtrack_callbacks, event), 40);
	assert_int_equal(offsetof(struct fauxtrack_callbacks, log), 48);
	assert_int_equal(offsetof(struct fauxtrack_callbacks, load), 56);
	assert_int_equal(offsetof(struct fauxtrack_callbacks, store), 64);
#endif
	assert_string_equal(fauxtrack_version(), FAUXTRACK_VERSION);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(without_anything_it_is_the_default_modem),
		TEST(set_options_and_clock_apply),
		TEST(a_cold_modem_boots_at_the_first_dtr),
		TEST(a_field_bug_is_armed),
		TEST(what_is_wrong_is_said),
		TEST(an_older_struct_is_shorter),
		TEST(a_newer_struct_is_longer),
		TEST(the_abi_is_the_same),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
