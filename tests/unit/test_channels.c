/* Two conversations with one modem: what is each port's own, and what both share. */
#include "fault_rig.h"

#include "at/reply.h"
#include "link/link.h"
#include "modem.h"

static int begin(void **state)
{
	struct rig *r = calloc(1, sizeof(*r));

	if (!r)
		abort();
	rig_init_ports(r, rig_profile("fastrack-supreme-20-r74"), 2);
	r->modem->user.common.port_open[MODEM_UART2] = true; /* as AT+WMFM=0,1,2 */
	rig_boot(r);
	*state = r;
	return 0;
}

static const char *output(const struct rig *r, unsigned port, size_t *len)
{
	*len = port ? r->more[port - 1].len : r->len;
	return port ? r->more[port - 1].out : r->out;
}

static void assert_port(const struct rig *r, unsigned port, const char *want)
{
	size_t len;
	const char *out = output(r, port, &len);

	if (len != strlen(want) || memcmp(out, want, len) != 0)
		fail_msg("port %u: want \"%s\", got \"%.*s\"", port, want, (int)len, out);
}

/* All output of both ports since the last call. */
static void both_say(struct rig *r, const char *first, const char *second)
{
	assert_port(r, 0, first);
	assert_port(r, 1, second);
	rig_clear(r);
}

static void type_at(struct rig *r, unsigned port, const char *text)
{
	rig_type_at(r, port, text, strlen(text));
}

/* Types a line at a port; the other one is silent. */
static void ask_at(struct rig *r, unsigned port, const char *line, const char *want)
{
	type_at(r, port, line);
	rig_pass(r, SEC(1));
	both_say(r, port ? "" : want, port ? want : "");
}

static void both_quiet(struct rig *r)
{
	quiet(r);
	ask_at(r, 1, "ATE0\r", "ATE0\r" OK);
}

/* A call comes in and rings once. */
static void ring(struct rig *r)
{
	static const struct call_terms terms = { .gives_up = SEC(3) };

	assert_true(call_incoming(&r->modem->calls, "+33612345678", &terms));
	rig_pass(r, SEC(2));
}

/* what each port has of its own */

static void echo_form_and_line_ends_are_a_ports_own(void **state)
{
	struct rig *r = *state;

	ask_at(r, 0, "ATE0V0\r", "ATE0V0\r0\r");
	ask_at(r, 1, "AT\r", "AT\r" OK);
	ask_at(r, 0, "AT+CMGF?\r", "+CMGF: 1\r\n0\r");
	ask_at(r, 1, "ATE0;S4=36\r", "ATE0;S4=36\r\r$OK\r$");
	ask_at(r, 1, "AT+CMGF?\r", "\r$+CMGF: 1\r$\r$OK\r$");
	ask_at(r, 0, "ATV1;S4?\r", "\r\n010\r\n" OK);
}

static void a_quiet_port_still_gets_its_answers_text(void **state)
{
	struct rig *r = *state;

	both_quiet(r);
	ask_at(r, 0, "ATQ1\r", "");
	ask_at(r, 0, "AT+CMGF?\r", "\r\n+CMGF: 1\r\n");
	ask_at(r, 1, "AT+CMGF?\r", "\r\n+CMGF: 1\r\n" OK);
}

static void circuits_follow_their_port(void **state)
{
	struct rig *r = *state;

	ask_at(r, 1, "ATE0&C0\r", "ATE0&C0\r" OK);
	assert_false(r->v24[0] & V24_DCD);
	assert_true(r->v24[1] & V24_DCD);
}

static void atz_and_at_w_take_the_settings_of_their_port(void **state)
{
	struct rig *r = *state;

	ask_at(r, 1, "ATE0\r", "ATE0\r" OK);
	ask_at(r, 0, "ATZ\r", "ATZ\r" OK);
	ask_at(r, 1, "AT\r", OK);
	ask_at(r, 1, "AT&W\r", OK);
	ask_at(r, 0, "AT\r", "AT\r" OK);
	ask_at(r, 0, "ATZ\r", "ATZ\r" OK);
	ask_at(r, 0, "AT\r", OK);
}

static void a_line_may_be_half_typed_at_each(void **state)
{
	struct rig *r = *state;

	both_quiet(r);
	type_at(r, 0, "AT+CM");
	type_at(r, 1, "AT+CS");
	type_at(r, 0, "GF?\r");
	type_at(r, 1, "CS?\r");
	rig_pass(r, SEC(1));
	both_say(r, "\r\n+CMGF: 1\r\n" OK, "\r\n+CSCS: \"PCCP437\"\r\n" OK);
	type_at(r, 0, "A/");
	rig_pass(r, SEC(1));
	both_say(r, "\r\n+CMGF: 1\r\n" OK, "");
}

static void a_prompt_is_one_ports_and_the_other_goes_on(void **state)
{
	struct modem_sent sent = { .id = 0 };
	struct rig *r = *state;

	both_quiet(r);
	type_at(r, 0, "AT+CMGS=\"+33600000001\"\r");
	rig_pass(r, SEC(1));
	both_say(r, "\r\n> ", "");
	type_at(r, 0, "from ");
	ask_at(r, 1, "AT+CSCS?\r", "\r\n+CSCS: \"PCCP437\"\r\n" OK);
	type_at(r, 0, "the first\x1a");
	rig_pass(r, SEC(20));
	both_say(r, "\r\n+CMGS: 0\r\n" OK, "");
	assert_true(modem_outbox_next(r->modem, 0, &sent));
	assert_string_equal(sent.text, "from the first");
}

/* errors.md Class lock */
static void a_command_locks_its_class_at_the_other(void **state)
{
	struct rig *r = *state;

	both_quiet(r);
	ask_at(r, 0, "AT+CMEE=1\r", OK);
	type_at(r, 0, "AT+CMGS=\"+33600000001\"\r");
	rig_pass(r, SEC(1));
	rig_clear(r);
	ask_at(r, 1, "AT+CMGS=\"+33600000002\"\r", "\r\n+CME ERROR: 536\r\n");
	ask_at(r, 1, "AT+CMGF?\r", "\r\n+CME ERROR: 536\r\n");
	type_at(r, 0, "x\x1a");
	ask_at(r, 1, "AT+CMGF?\r", "\r\n+CME ERROR: 536\r\n");
	rig_pass(r, SEC(20));
	both_say(r, "\r\n+CMGS: 0\r\n" OK, "");
	ask_at(r, 1, "AT+CMGF?\r", "\r\n+CMGF: 1\r\n" OK);
}

static void one_may_hang_up_at_its_prompt(void **state)
{
	struct rig *r = *state;

	both_quiet(r);
	type_at(r, 0, "AT+CMGS=\"+33600000001\"\r");
	rig_pass(r, SEC(1));
	modem_dtr(r->modem, 0, r->now, false);
	rig_pass(r, SEC(1));
	type_at(r, 1, "AT+CMGS=\"+33600000002\"\r");
	rig_pass(r, SEC(1));
	rig_clear(r);
	type_at(r, 1, "still here\x1a");
	rig_pass(r, SEC(20));
	both_say(r, "", "\r\n+CMGS: 0\r\n" OK);
}

/* what they share */

static void common_settings_hold_at_both(void **state)
{
	struct rig *r = *state;

	both_quiet(r);
	ask_at(r, 0, "AT+CMGF=0;+CMEE=1\r", OK);
	ask_at(r, 1, "AT+CMGF?\r", "\r\n+CMGF: 0\r\n" OK);
	ask_at(r, 1, "AT+CPBR=1000\r", "\r\n+CME ERROR: 21\r\n");
}

static void an_unsolicited_line_reaches_both_in_their_own_form(void **state)
{
	struct rig *r = *state;

	both_quiet(r);
	ask_at(r, 1, "ATV0\r", "0\r");
	ask_at(r, 1, "AT+CLIP=1;+WIND=0\r", "0\r");
	ring(r);
	both_say(r, "\r\nRING\r\n\r\n+CLIP: \"+33612345678\",145,,,\"Alice\"\r\n",
		"2\r\r\n+CLIP: \"+33612345678\",145,,,\"Alice\"\r\n");
}

static void a_message_is_shown_with_each_ports_line_ends(void **state)
{
	struct rig *r = *state;

	both_quiet(r);
	ask_at(r, 0, "AT+CNMI=2,2\r", OK);
	ask_at(r, 1, "ATS4=36\r", "\r$OK\r$");
	rig_type_at(r, 0, "AT\r", 3);
	rig_clear(r);
	at_urc_lines(r->modem, "+X: 1", 5, "text", 4);
	rig_pass(r, SEC(1));
	both_say(r, "\r\n+X: 1\r\ntext\r\n", "\r$+X: 1\r$text\r$");
}

static void it_waits_only_where_a_line_is_in_progress(void **state)
{
	struct rig *r = *state;

	both_quiet(r);
	ask_at(r, 0, "AT+WIND=0\r", OK);
	type_at(r, 0, "AT+CM");
	ring(r);
	both_say(r, "", "\r\nRING\r\n");
	type_at(r, 0, "GF?\r");
	rig_pass(r, MS(500));
	both_say(r, "\r\nRING\r\n\r\n+CMGF: 1\r\n" OK, "");
}

static void a_data_call_belongs_to_the_port_that_dialled(void **state)
{
	struct rig *r = *state;

	both_quiet(r);
	ask_at(r, 0, "AT+WIND=0\r", OK);
	type_at(r, 1, "ATD0458783786\r");
	rig_pass(r, SEC(15));
	both_say(r, "", "\r\nCONNECT 9600\r\n");
	assert_false(r->v24[0] & V24_DCD);
	assert_true(r->v24[1] & V24_DCD);
	ask_at(r, 0, "AT+CMGF?\r", "\r\n+CMGF: 1\r\n" OK);
	modem_dtr(r->modem, 0, r->now, false);
	rig_pass(r, SEC(1));
	type_at(r, 1, "hello");
	rig_pass(r, SEC(1));
	both_say(r, "", "hello");
	ask_at(r, 0, "ATO\r", "\r\nNO CARRIER\r\n");
	modem_dtr(r->modem, 1, r->now, false);
	rig_pass(r, SEC(1));
	assert_false(calls_any(&r->modem->calls));
}

static void one_waits_for_its_call_while_the_other_works(void **state)
{
	struct rig *r = *state;

	both_quiet(r);
	ask_at(r, 0, "AT+WIND=0\r", OK);
	type_at(r, 1, "ATD0146290802;\r"); /* nobody answers */
	rig_pass(r, SEC(1));
	ask_at(r, 0, "AT+CMGF?\r", "\r\n+CMGF: 1\r\n" OK);
	type_at(r, 0, "ATH\r");
	rig_pass(r, SEC(1));
	both_say(r, OK, "\r\nNO CARRIER\r\n");
}

static void a_reset_at_one_silences_and_starts_both(void **state)
{
	struct rig *r = *state;

	both_quiet(r);
	ask_at(r, 0, "AT+WIND=4\r", OK);
	ask_at(r, 0, "AT&W\r", OK);
	type_at(r, 1, "AT+CMGS=\"1\"\r");
	rig_pass(r, SEC(1));
	rig_clear(r);
	type_at(r, 0, "AT+CFUN=1\r");
	rig_pass(r, SEC(1));
	type_at(r, 1, "AT\r");
	both_say(r, OK, "");
	rig_pass(r, SEC(30));
	both_say(r, "\r\n+WIND: 3\r\n", "\r\n+WIND: 3\r\n");
}

static void power_off_at_one_silences_both(void **state)
{
	struct rig *r = *state;

	both_quiet(r);
	ask_at(r, 0, "AT+WIND=0\r", OK);
	type_at(r, 1, "AT+CMGS=\"1\"\r");
	rig_pass(r, SEC(1));
	rig_clear(r);
	type_at(r, 0, "AT+CPOF=1\r");
	rig_pass(r, SEC(15));
	both_say(r, OK, "");
	type_at(r, 1, "x\x1a");
	type_at(r, 0, "AT\r");
	type_at(r, 1, "AT\r");
	rig_pass(r, SEC(60));
	both_say(r, "", "");
}

static void a_download_at_one_leaves_the_other_alone(void **state)
{
	struct rig *r = *state;

	both_quiet(r);
	ask_at(r, 1, "AT+CMEE=1\r", OK);
	ask_at(r, 1, "AT+WDWL\r", "\r\n+CME ERROR: 3\r\n"); /* download.md +WDWL */
	type_at(r, 0, "AT+WDWL\r");
	rig_pass(r, SEC(10));
	assert_int_equal(r->more[0].len, 0);
	assert_true(r->len > 0);
	rig_clear(r);
	type_at(r, 1, "AT+CMGF?\r");
	rig_pass(r, SEC(1));
	assert_int_equal(r->more[0].len, 0);
}

static void a_fault_acts_where_it_is_triggered(void **state)
{
	struct rig *r = *state;

	both_quiet(r);
	arm(r, "faults:\n"
	       "- { when: { at: result, command: \"+CMGF\" }, say: here }\n"
	       "- { answer: { result: ERROR, commands: [\"+CSQ\"] }, times: 1 }\n");
	ask_at(r, 1, "AT+CMGF?\r", "\r\n+CMGF: 1\r\n\r\nhere\r\n" OK);
	ask_at(r, 0, "AT+CMGF?\r", "\r\n+CMGF: 1\r\n\r\nhere\r\n" OK);
	type_at(r, 0, "AT+CSQ\r");
	type_at(r, 1, "AT+CMGF?\r");
	rig_pass(r, SEC(1));
	both_say(r, ERROR, "\r\n+CMGF: 1\r\n\r\nhere\r\n" OK);
}

#define CHANNEL_TEST(name) cmocka_unit_test_setup_teardown(name, begin, rig_end)

int main(void)
{
	static const struct CMUnitTest tests[] = {
		CHANNEL_TEST(echo_form_and_line_ends_are_a_ports_own),
		CHANNEL_TEST(a_quiet_port_still_gets_its_answers_text),
		CHANNEL_TEST(circuits_follow_their_port),
		CHANNEL_TEST(atz_and_at_w_take_the_settings_of_their_port),
		CHANNEL_TEST(a_line_may_be_half_typed_at_each),
		CHANNEL_TEST(a_prompt_is_one_ports_and_the_other_goes_on),
		CHANNEL_TEST(a_command_locks_its_class_at_the_other),
		CHANNEL_TEST(one_may_hang_up_at_its_prompt),
		CHANNEL_TEST(common_settings_hold_at_both),
		CHANNEL_TEST(an_unsolicited_line_reaches_both_in_their_own_form),
		CHANNEL_TEST(a_message_is_shown_with_each_ports_line_ends),
		CHANNEL_TEST(it_waits_only_where_a_line_is_in_progress),
		CHANNEL_TEST(a_data_call_belongs_to_the_port_that_dialled),
		CHANNEL_TEST(one_waits_for_its_call_while_the_other_works),
		CHANNEL_TEST(a_reset_at_one_silences_and_starts_both),
		CHANNEL_TEST(power_off_at_one_silences_both),
		CHANNEL_TEST(a_download_at_one_leaves_the_other_alone),
		CHANNEL_TEST(a_fault_acts_where_it_is_triggered),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
