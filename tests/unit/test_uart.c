/* The line as a UART: character formats, RTS, and bytes beyond the input buffer. */
#include "ask.h"

#include "codec/uart_frame.h"
#include "link/link.h"
#include "modem.h"
#include "state/modem_state.h"

static struct uart_format format(const char *text)
{
	struct uart_format f = { 0 };

	assert_true(uart_format_parse(text, &f));
	return f;
}

static void formats_are_read_and_written(void **state)
{
	static const char *const good[] = { "8N1", "7E1", "7O2", "5M1", "6S2", "8E1" };
	static const char *const bad[] = { "", "8", "8N", "8N3", "4N1", "9N1", "8X1",
		"8N11", "8n1", "N81", "8N0" };
	struct uart_format f = { 1, 2, UART_MARK };
	char text[4];
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(good) / sizeof(*good); i++)
		assert_string_equal(uart_format_text(format(good[i]), text), good[i]);
	for (i = 0; i < sizeof(bad) / sizeof(*bad); i++)
		assert_false(uart_format_parse(bad[i], &f));
	assert_int_equal(f.data_bits, 1);
}

static void a_byte_is_read_in_another_format(void **state)
{
	static const struct {
		const char *from, *to;
		unsigned char byte, read;
	} cases[] = {
		{ "8N1", "8N1", 0xa5, 0xa5 },
		{ "8N2", "8N1", 0xa5, 0xa5 },
		{ "7E1", "7E1", 0xc1, 0x41 }, /* the host's bit 7 is not sent */
		{ "7E1", "8N1", 'A', 0x41 },
		{ "7E1", "8N1", 'T', 0xd4 },
		{ "7O1", "8N1", 'A', 0xc1 },
		{ "7M1", "8N1", 'A', 0xc1 },
		{ "7S1", "8N1", 'T', 'T' },
		{ "7N1", "8N1", 'A', 0xc1 }, /* bit 7 is the stop bit */
		{ "8N1", "7E1", 'T', 'T' },
		{ "8N1", "7E1", 0xd4, 'T' },
		{ "8E1", "8N1", 'T', 'T' },
		{ "5N1", "8N1", 0x01, 0xe1 },
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(*cases); i++)
		if (uart_read_as(cases[i].byte, format(cases[i].from),
			    format(cases[i].to)) != cases[i].read)
			fail_msg("%s as %s: %02x is not read as %02x", cases[i].from,
				cases[i].to, cases[i].byte, cases[i].read);
}

static void every_byte_survives_its_own_format(void **state)
{
	const struct uart_format unknown = { 0 };
	unsigned byte;

	(void)state;
	for (byte = 0; byte < 256; byte++) {
		assert_int_equal(
			uart_read_as((unsigned char)byte, format("8E1"), format("8E1")),
			byte);
		assert_int_equal(
			uart_read_as((unsigned char)byte, unknown, format("7E1")), byte);
	}
}

/* Writing to the phonebook takes 200 ms, and what comes meanwhile waits. */
#define WORK "AT+CPBW=1,\"1\"\r"

static size_t lost_of(struct rig *r, size_t sent)
{
	static char line[4096];
	size_t i;

	rig_say(r, WORK, SEC(1) / 50);
	for (i = 0; i < sent; i++)
		line[i] = "AT\r"[i % 3];
	rig_type(r, line, sent);
	rig_pass(r, SEC(10));
	i = r->len;
	rig_clear(r);
	return sent / 3 + 1 - i / (sizeof(OK) - 1);
}

static void bytes_are_lost_beyond_the_buffer(void **state)
{
	struct rig *r = *state;
	const struct uart heeds = { .flow = UART_FLOW_RTS_CTS },
			  ignores = { .flow = UART_FLOW_NONE };

	quiet(r);
	r->modem->paces = true;
	/* with flow control, as from the factory */
	assert_int_equal(lost_of(r, 3000), 0);
	modem_uart(r->modem, MODEM_UART1, r->now, &heeds);
	assert_int_equal(lost_of(r, 3000), 0);
	/* the buffer holds a third of the lines */
	modem_uart(r->modem, MODEM_UART1, r->now, &ignores);
	assert_true(lost_of(r, 3000) > 300);
	assert_int_equal(lost_of(r, LINK_FIFO / 3 * 3), 0);
	modem_uart(r->modem, MODEM_UART1, r->now, &heeds);
	rig_type(r, "AT+IFC=2,0\r", 11);
	rig_pass(r, SEC(1));
	rig_clear(r);
	assert_true(lost_of(r, 3000) > 300);
	/* without a paced line nothing is lost */
	r->modem->paces = false;
	assert_int_equal(lost_of(r, 3000), 0);
}

static void cts_goes_off_while_the_buffer_is_full(void **state)
{
	struct rig *r = *state;
	static char line[3 * LINK_FIFO];

	quiet(r);
	r->modem->paces = true;
	memset(line, '\r', sizeof(line));
	assert_true(r->v24[0] & V24_CTS);
	rig_say(r, WORK, SEC(1) / 50);
	rig_type(r, line, sizeof(line));
	rig_pass(r, SEC(3) / 20);
	assert_false(r->v24[0] & V24_CTS);
	rig_pass(r, SEC(5));
	assert_true(r->v24[0] & V24_CTS);
}

static void a_break_is_told_and_changes_nothing(void **state)
{
	struct rig *r = *state;

	rig_type(r, "ATE", 3);
	modem_break(r->modem, MODEM_UART1, r->now);
	rig_clear(r);
	ask(r, "0\r", "0\r\r\nOK\r\n");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(formats_are_read_and_written),
		cmocka_unit_test(a_byte_is_read_in_another_format),
		cmocka_unit_test(every_byte_survives_its_own_format),
		cmocka_unit_test_setup_teardown(
			bytes_are_lost_beyond_the_buffer, rig_begin, rig_end),
		cmocka_unit_test_setup_teardown(
			cts_goes_off_while_the_buffer_is_full, rig_begin, rig_end),
		cmocka_unit_test_setup_teardown(
			a_break_is_told_and_changes_nothing, rig_begin, rig_end),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
