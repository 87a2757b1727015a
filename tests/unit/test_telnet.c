/* pty/telnet, as pty/rfc2217 uses it: RFC 854 to 858. */
#include "rfc2217_rig.h"

static void the_server_asks_for_its_options(void **state)
{
	(void)state;
	rfc2217_init(&r, &events, 0);
	SAYS(IAC, WILL, 1, IAC, WILL, 3, IAC, DO, 3, IAC, WILL, 0, IAC, DO, 0, IAC, DO,
		COM);
}

static void an_answer_is_not_answered(void **state)
{
	(void)state;
	GET(IAC, DO, 1, IAC, DO, 3, IAC, WILL, 3, IAC, DO, 0, IAC, WILL, 0);
	SAYS_NOTHING();
	GET(IAC, DO, 1, IAC, WILL, 0);
	SAYS_NOTHING();
	assert_true(telnet_we(&r.telnet, TELNET_ECHO));
	assert_true(telnet_we(&r.telnet, TELNET_BINARY));
	assert_true(telnet_they(&r.telnet, TELNET_BINARY));
}

static void a_refused_option_stays_off(void **state)
{
	(void)state;
	GET(IAC, DONT, 0, IAC, WONT, 0, IAC, WONT, COM);
	SAYS_NOTHING();
	assert_false(telnet_we(&r.telnet, TELNET_BINARY));
	assert_false(telnet_they(&r.telnet, TELNET_BINARY));
}

static void an_option_is_switched_off_and_on_again(void **state)
{
	(void)state;
	GET(IAC, DO, 0, IAC, DONT, 0);
	SAYS(IAC, WONT, 0);
	GET(IAC, DONT, 0);
	SAYS_NOTHING();
	GET(IAC, DO, 0);
	SAYS(IAC, WILL, 0);
}

static void unknown_options_are_refused(void **state)
{
	(void)state;
	GET(IAC, WILL, 24, IAC, DO, 31, IAC, WONT, 24, IAC, DONT, 31, IAC, WILL, 255);
	SAYS(IAC, DONT, 24, IAC, WONT, 31, IAC, DONT, 255);
	/* the modem echoes, not the client */
	GET(IAC, WILL, 1);
	SAYS(IAC, DONT, 1);
}

static void every_byte_passes_both_ways(void **state)
{
	unsigned char all[256], twice[257];
	int i;

	(void)state;
	for (i = 0; i < 256; i++)
		all[i] = twice[i] = (unsigned char)i;
	twice[256] = IAC;
	get(twice, sizeof(twice));
	assert_int_equal(data_len, 256);
	assert_memory_equal(data, all, 256);
	assert_int_equal(rfc2217_write(&r, all, sizeof(all)), sizeof(all));
	assert_int_equal(rfc2217_waiting(&r), sizeof(twice));
	assert_memory_equal(r.out, twice, sizeof(twice));
}

static void without_binary_a_cr_alone_is_cr_nul(void **state)
{
	(void)state;
	get("AT\r\0AT\r\nA\0", 10);
	assert_int_equal(data_len, 9);
	assert_memory_equal(data, "AT\rAT\r\nA\0", 9);
	assert_int_equal(rfc2217_write(&r, "AT\r", 3), 3);
	assert_int_equal(rfc2217_write(&r, "\r\nOK\r", 5), 5);
	assert_int_equal(rfc2217_write(&r, "\n", 1), 1);
	assert_int_equal(rfc2217_waiting(&r), 10);
	assert_memory_equal(r.out, "AT\r\0\r\nOK\r\n", 10);
}

static void break_and_are_you_there_are_commands_of_telnet(void **state)
{
	(void)state;
	GET('a', IAC, 243, 'b', IAC, 241, 'c', IAC, 246);
	HEARS("break ");
	assert_int_equal(data_len, 3);
	assert_memory_equal(data, "abc", 3);
	SAYS('\r', '\n', '[', 'y', 'e', 's', ']', '\r', '\n');
}

static void input_may_be_cut_anywhere(void **state)
{
	static const unsigned char all[] = { 'A', IAC, IAC, IAC, SB, COM, 1, 0, 0, IAC,
		IAC, 0, IAC, SE, IAC, DO, 24, 'T', '\r' };
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(all); i++)
		rfc2217_read(&r, all + i, 1);
	assert_int_equal(data_len, 4);
	assert_memory_equal(data, "A\377T\r", 4);
	assert_int_equal(uart.baud, 0xff00);
	SAYS(IAC, SB, COM, 101, 0, 0, IAC, IAC, 0, IAC, SE, IAC, WONT, 24);
}

static void a_suboption_too_long_or_without_end_is_skipped(void **state)
{
	unsigned char text[3000];

	(void)state;
	memset(text, 7, sizeof(text));
	GET(IAC, SB, COM);
	get(text, sizeof(text));
	GET(IAC, SE, 'x');
	GET(IAC, SB, COM, 1, 0, IAC, DO, 24, 'y');
	GET(IAC, SB, IAC, SE, IAC, SB, COM, IAC, SE, 'z');
	assert_int_equal(data_len, 3);
	assert_memory_equal(data, "xyz", 3);
	SAYS(IAC, WONT, 24);
	HEARS("");
}

static const struct CMUnitTest tests[] = {
	UNIT(the_server_asks_for_its_options),
	FRESH(an_answer_is_not_answered),
	FRESH(a_refused_option_stays_off),
	FRESH(an_option_is_switched_off_and_on_again),
	FRESH(unknown_options_are_refused),
	AGREED(every_byte_passes_both_ways),
	FRESH(without_binary_a_cr_alone_is_cr_nul),
	FRESH(break_and_are_you_there_are_commands_of_telnet),
	AGREED(input_may_be_cut_anywhere),
	AGREED(a_suboption_too_long_or_without_end_is_skipped),
};

UNIT_MAIN(tests)
