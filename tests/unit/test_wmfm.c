/* +WMFM (wavecom.md +WMFM): ports that are opened and closed, and where data go. */
#include "fault_rig.h"

#include "link/link.h"
#include "modem.h"

enum {
	UART1 = MODEM_UART1,
	UART2 = MODEM_UART2,
	USB = MODEM_USB,
};

static int begin(void **state)
{
	struct rig *r = calloc(1, sizeof(*r));

	if (!r)
		abort();
	rig_init_ports(r, rig_profile("fastrack-supreme-20-r74"), MODEM_NAMED);
	rig_boot(r);
	*state = r;
	return 0;
}

/* What a port has said since rig_clear(). */
static void assert_port(const struct rig *r, unsigned port, const char *want)
{
	size_t len = port ? r->more[port - 1].len : r->len;
	const char *out = port ? r->more[port - 1].out : r->out;

	if (len != strlen(want) || memcmp(out, want, len) != 0)
		fail_msg("port %u: want \"%s\", got \"%.*s\"", port, want, (int)len, out);
}

static void type_at(struct rig *r, unsigned port, const char *text)
{
	rig_type_at(r, port, text, strlen(text));
}

/* Types a line at a port; the others are silent. */
static void ask_at(struct rig *r, unsigned port, const char *line, const char *want)
{
	unsigned other;

	type_at(r, port, line);
	rig_pass(r, SEC(1));
	for (other = 0; other < MODEM_NAMED; other++)
		assert_port(r, other, other == port ? want : "");
	rig_clear(r);
}

static void all_open(struct rig *r)
{
	quiet(r);
	ask_at(r, UART1, "AT+WIND=0;+CMEE=1;&W\r", OK);
	ask_at(r, UART1, "AT+WMFM=0,1,2;+WMFM=0,1,3\r", OK);
}

static void a_closed_port_hears_and_says_nothing(void **state)
{
	struct rig *r = *state;

	ask_at(r, UART2, "AT\r", "");
	ask_at(r, USB, "AT+CFUN=1\r", "");
	assert_int_equal(r->v24[UART2], 0);
	ask_at(r, UART1, "AT+CREG=1\r", "AT+CREG=1\r" OK "\r\n+CREG: 1\r\n");
}

static void an_opened_port_answers_at_once(void **state)
{
	struct rig *r = *state;

	all_open(r);
	ask_at(r, UART2, "AT+CMGF?\r", "\r\n+CMGF: 1\r\n" OK);
	ask_at(r, USB, "AT\r", OK);
	assert_true(r->v24[USB] & V24_CTS);
	ask_at(r, UART1, "AT+WMFM=0,2\r",
		"\r\n+WMFM: 0,2,1,1\r\n+WMFM: 0,2,2,1\r\n+WMFM: 0,2,3,1\r\n" OK);
}

static void bytes_before_the_opening_are_lost(void **state)
{
	struct rig *r = *state;

	type_at(r, USB, "AT+CM");
	all_open(r);
	ask_at(r, USB, "AT\r", OK);
}

static void a_port_that_is_closed_falls_silent_in_the_middle_of_a_line(void **state)
{
	struct rig *r = *state;

	all_open(r);
	type_at(r, USB, "AT+CM");
	ask_at(r, UART1, "AT+WMFM=0,0,3\r", OK);
	ask_at(r, USB, "GF?\r", "");
	assert_int_equal(r->v24[USB], 0);
	ask_at(r, UART1, "AT+WMFM=0,1,3\r", OK);
	ask_at(r, USB, "AT\r", OK);
}

static void uart1_is_closed_and_opened_by_another_port(void **state)
{
	struct rig *r = *state;

	all_open(r);
	ask_at(r, USB, "AT+WMFM=0,0,1\r", OK);
	ask_at(r, UART1, "AT\r", "");
	ask_at(r, USB, "AT+WMFM=0,2,1\r", "\r\n+WMFM: 0,2,1,0\r\n" OK);
	ask_at(r, USB, "AT+WMFM=0,1,1\r", OK);
	ask_at(r, UART1, "AT\r", OK);
}

static void a_port_cannot_close_itself(void **state)
{
	struct rig *r = *state;

	all_open(r);
	ask_at(r, UART1, "AT+WMFM=0,0,1\r", "\r\n+CME ERROR: 3\r\n");
	ask_at(r, USB, "AT+WMFM=0,0,3\r", "\r\n+CME ERROR: 3\r\n");
}

static void at_f_closes_the_port_after_its_ok(void **state)
{
	struct rig *r = *state;

	all_open(r);
	ask_at(r, USB, "AT&F\r", OK);
	ask_at(r, USB, "AT\r", "");
	ask_at(r, UART2, "AT\r", "");
	ask_at(r, UART1, "AT\r", OK);
}

static void a_port_in_use_is_not_closed(void **state)
{
	struct rig *r = *state;

	all_open(r);
	type_at(r, USB, "AT+CMGS=\"+33600000001\"\r");
	rig_pass(r, SEC(1));
	assert_port(r, USB, "\r\n> ");
	rig_clear(r);
	ask_at(r, UART1, "AT+WMFM=0,0,3\r", "\r\n+CME ERROR: 558\r\n");
	type_at(r, USB, "\x1b");
	rig_pass(r, SEC(1));
	rig_clear(r);
	ask_at(r, UART1, "AT+WMFM=0,0,3\r", OK);
	type_at(r, UART2, "ATD0458783786\r");
	rig_pass(r, SEC(15));
	assert_port(r, UART2, "\r\nCONNECT 9600\r\n");
	rig_clear(r);
	ask_at(r, UART1, "AT+WMFM=0,0,2\r", "\r\n+CME ERROR: 558\r\n");
}

static void the_map_outlives_a_reset_and_power(void **state)
{
	struct rig *r = *state;

	all_open(r);
	ask_at(r, USB, "AT+WMFM=0,0,1\r", OK);
	type_at(r, USB, "AT+CFUN=1\r");
	rig_pass(r, SEC(60));
	rig_clear(r);
	ask_at(r, UART1, "AT\r", "");
	ask_at(r, USB, "AT\r", OK);
	modem_power(r->modem, r->now, false);
	rig_pass(r, SEC(1));
	modem_power(r->modem, r->now, true);
	rig_pass(r, SEC(60));
	assert_port(r, UART1, "");
	rig_clear(r);
	ask_at(r, USB, "AT\r", OK);
}

static void boot_urcs_go_to_open_ports(void **state)
{
	struct rig *r = *state;

	all_open(r);
	ask_at(r, UART1, "AT+WIND=4;+WMFM=0,0,2\r", OK);
	type_at(r, UART1, "AT+CFUN=1\r");
	rig_pass(r, SEC(60));
	assert_port(r, UART1, OK "\r\n+WIND: 3\r\n");
	assert_port(r, UART2, "");
	assert_port(r, USB, "\r\n+WIND: 3\r\n");
}

static void cmee_is_common(void **state)
{
	struct rig *r = *state;

	all_open(r);
	ask_at(r, USB, "AT+CMEE=0\r", OK);
	ask_at(r, UART1, "AT+WMFM=0,0,1\r", ERROR);
}

static void bound_data_are_refused_elsewhere(void **state)
{
	struct rig *r = *state;

	all_open(r);
	ask_at(r, UART1, "AT+WMFM=1,1,3,0\r", OK);
	ask_at(r, UART1, "AT+WMFM=1,2\r", "\r\n+WMFM: 1,2,3,0\r\n+WMFM: 1,2,4,1\r\n" OK);
	ask_at(r, UART1, "ATD0458783786\r", "\r\n+CME ERROR: 558\r\n");
	ask_at(r, UART1, "AT+WMFM=1,1,2,1\r", OK);
	ask_at(r, UART1, "ATD*99#\r", "\r\n+CME ERROR: 558\r\n");
	type_at(r, USB, "ATD0458783786\r");
	rig_pass(r, SEC(15));
	assert_port(r, USB, "\r\nCONNECT 9600\r\n");
	rig_clear(r);
	/* they flow there */
	ask_at(r, UART1, "AT+WMFM=1,1,2,0\r", "\r\n+CME ERROR: 558\r\n");
}

static void a_data_call_is_answered_at_the_port_it_is_bound_to(void **state)
{
	static const struct call_terms terms = { .bearer = BEARER_DATA };
	struct rig *r = *state;

	all_open(r);
	ask_at(r, UART1, "ATS0=1;+WMFM=1,1,3,0\r", OK);
	assert_true(call_incoming(&r->modem->calls, "0458783786", &terms));
	rig_pass(r, SEC(15));
	assert_ptr_equal(link_online(r->modem), channel_of_port(r->modem, USB));
	assert_port(r, UART1, "\r\nRING\r\n");
}

static void a_rule_for_a_port_leaves_the_others_alone(void **state)
{
	struct rig *r = *state;

	all_open(r);
	arm(r, "faults:\n"
	       "- { port: usb, mute: lost }\n"
	       "- { port: [uart1, usb], answer: { result: ERROR, commands: [+CSQ] } }\n"
	       "- { port: uart2, corrupt: { how: double, direction: to-host, only: "
	       "\"K\", "
	       "one_in: 1 } }\n");
	ask_at(r, USB, "AT\r", "");
	ask_at(r, UART1, "AT\r", OK);
	ask_at(r, UART1, "AT+CSQ\r", ERROR);
	ask_at(r, UART2, "AT+CSQ\r", "\r\n+CSQ: 22,0\r\n\r\nOKK\r\n");
}

static void a_port_that_the_device_lacks_does_not_exist(void **state)
{
	struct rig *r = *state;

	quiet(r);
	ask_at(r, UART1, "AT+CMEE=1\r", OK);
	/* profiles are shared: given back below */
	((struct profile *)r->profile)->device.n_ports = 0;
	ask_at(r, UART1, "AT+WMFM=0,1,3\r", "\r\n+CME ERROR: 3\r\n");
	ask_at(r, UART1, "AT+WMFM=0,2\r", "\r\n+WMFM: 0,2,1,1\r\n" OK);
	((struct profile *)r->profile)->device.n_ports = MODEM_NAMED;
}

#define WMFM_TEST(name) cmocka_unit_test_setup_teardown(name, begin, rig_end)

int main(void)
{
	static const struct CMUnitTest tests[] = {
		WMFM_TEST(a_closed_port_hears_and_says_nothing),
		WMFM_TEST(an_opened_port_answers_at_once),
		WMFM_TEST(bytes_before_the_opening_are_lost),
		WMFM_TEST(a_port_that_is_closed_falls_silent_in_the_middle_of_a_line),
		WMFM_TEST(uart1_is_closed_and_opened_by_another_port),
		WMFM_TEST(a_port_cannot_close_itself),
		WMFM_TEST(at_f_closes_the_port_after_its_ok),
		WMFM_TEST(a_port_in_use_is_not_closed),
		WMFM_TEST(the_map_outlives_a_reset_and_power),
		WMFM_TEST(boot_urcs_go_to_open_ports),
		WMFM_TEST(cmee_is_common),
		WMFM_TEST(bound_data_are_refused_elsewhere),
		WMFM_TEST(a_data_call_is_answered_at_the_port_it_is_bound_to),
		WMFM_TEST(a_rule_for_a_port_leaves_the_others_alone),
		WMFM_TEST(a_port_that_the_device_lacks_does_not_exist),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
