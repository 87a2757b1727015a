/* pty/rfc2217: each clause of what a client says of its serial line and is told. */
#include "rfc2217_rig.h"

/* ---- RFC 2217 section 3 ------------------------------------------------------------ */

static void the_first_agreement_brings_the_lines(void **state)
{
	(void)state;
	GET(IAC, WILL, COM);
	ANSWER(107, 32 | 16);
	GET(IAC, DO, COM);
	SAYS(IAC, WILL, COM);
}

static void a_client_may_ask_for_the_option_the_other_way(void **state)
{
	(void)state;
	GET(IAC, DO, COM);
	SAYS(IAC, WILL, COM, IAC, SB, COM, 107, 32 | 16, IAC, SE);
}

static void without_the_option_commands_are_nothing(void **state)
{
	(void)state;
	ASK(1, 0, 0, 37, 128);
	SAYS_NOTHING();
	assert_int_equal(uart.baud, 0);
}

static void the_signature_is_told_when_asked(void **state)
{
	(void)state;
	ASK(0);
	assert_memory_equal(r.out, "\377\372\54\144Fauxtrack ", 14);
	forget();
	ASK(0, 'm', 'e');
	SAYS_NOTHING();
}

static void the_speed_is_set_asked_and_kept(void **state)
{
	(void)state;
	ASK(1, 0, 0, 0, 0);
	ANSWER(101, 0, 1, 0xc2, 0);
	assert_int_equal(uart.baud, 0);
	ASK(1, 0, 0, 0x25, 0x80);
	ANSWER(101, 0, 0, 0x25, 0x80);
	assert_int_equal(uart.baud, 9600);
	assert_int_equal(uart.data_bits, 0);
	/* no UART has these */
	ASK(1, 0, 0, 0, 1);
	ANSWER(101, 0, 0, 0x25, 0x80);
	GET(IAC, SB, COM, 1, IAC, IAC, IAC, IAC, IAC, IAC, IAC, IAC, IAC, SE);
	ANSWER(101, 0, 0, 0x25, 0x80);
	/* too short */
	ASK(1, 0, 0, 1);
	SAYS_NOTHING();
	assert_int_equal(uart.baud, 9600);
}

static void the_format_is_set_asked_and_kept(void **state)
{
	(void)state;
	ASK(2, 0);
	ANSWER(102, 8);
	ASK(3, 0);
	ANSWER(103, 1);
	ASK(4, 0);
	ANSWER(104, 1);
	assert_int_equal(uart.data_bits, 0);
	ASK(2, 7);
	ANSWER(102, 7);
	ASK(3, 3);
	ANSWER(103, 3);
	assert_int_equal(uart.data_bits, 7);
	assert_int_equal(uart.parity, UART_EVEN);
	assert_int_equal(uart.stop_bits, 1);
	ASK(4, 2);
	ANSWER(104, 2);
	assert_int_equal(uart.stop_bits, 2);
	ASK(4, 3);
	ANSWER(104, 3);
	/* no UART has these */
	ASK(2, 9);
	ANSWER(102, 7);
	ASK(3, 6);
	ANSWER(103, 3);
	ASK(4, 4);
	ANSWER(104, 3);
	ASK(2);
	SAYS_NOTHING();
}

static void each_parity_is_understood(void **state)
{
	static const enum uart_parity is[] = { UART_NONE, UART_ODD, UART_EVEN, UART_MARK,
		UART_SPACE };
	unsigned char i;

	(void)state;
	for (i = 0; i < 5; i++) {
		ASK(3, (unsigned char)(i + 1));
		ANSWER(103, (unsigned char)(i + 1));
		assert_int_equal(uart.parity, is[i]);
	}
}

static void flow_control_is_set_and_asked(void **state)
{
	(void)state;
	ASK(5, 0);
	ANSWER(105, 1);
	ASK(5, 3);
	ANSWER(105, 3);
	assert_int_equal(uart.flow, UART_FLOW_RTS_CTS);
	ASK(5, 13);
	ANSWER(105, 16);
	ASK(5, 2);
	ANSWER(105, 2);
	assert_int_equal(uart.flow, UART_FLOW_UNKNOWN);
	ASK(5, 1);
	ANSWER(105, 1);
	assert_int_equal(uart.flow, UART_FLOW_NONE);
	ASK(5, 15);
	ANSWER(105, 15);
	ASK(5, 13);
	ANSWER(105, 15);
	/* DCD, DTR, DSR: the answer says what holds */
	ASK(5, 17);
	ANSWER(105, 1);
	ASK(5, 18);
	ANSWER(105, 15);
	ASK(5, 19);
	ANSWER(105, 1);
	ASK(5, 20);
	SAYS_NOTHING();
}

static void break_dtr_and_rts_are_set_and_asked(void **state)
{
	(void)state;
	ASK(5, 4);
	ANSWER(105, 6);
	ASK(5, 5);
	ANSWER(105, 5);
	ASK(5, 5);
	ANSWER(105, 5);
	ASK(5, 4);
	ANSWER(105, 5);
	HEARS("break ");
	ASK(5, 6);
	ANSWER(105, 6);
	HEARS("");
	ASK(5, 7);
	ANSWER(105, 8);
	ASK(5, 9);
	ANSWER(105, 9);
	ASK(5, 7);
	ANSWER(105, 9);
	ASK(5, 8);
	ANSWER(105, 8);
	HEARS("dtr- dtr+ ");
	ASK(5, 10);
	ANSWER(105, 11);
	ASK(5, 12);
	ANSWER(105, 12);
	ASK(5, 10);
	ANSWER(105, 12);
	ASK(5, 11);
	ANSWER(105, 11);
	HEARS("rts- rts+ ");
}

static void suspend_and_resume_have_no_answer(void **state)
{
	(void)state;
	ASK(8);
	ASK(9);
	SAYS_NOTHING();
	HEARS("suspend+ suspend- ");
}

static void purging_names_what_is_dropped(void **state)
{
	(void)state;
	ASK(12, 1);
	ANSWER(112, 1);
	ASK(12, 2);
	ANSWER(112, 2);
	ASK(12, 3);
	ANSWER(112, 3);
	HEARS("to-client+ to-modem- to-client- to-modem+ to-client+ to-modem+ ");
	ASK(12, 0);
	ASK(12, 4);
	ASK(13, 1);
	SAYS_NOTHING();
	HEARS("");
}

/* ---- notifications ----------------------------------------------------------------- */

static void each_line_and_its_change_is_told(void **state)
{
	(void)state;
	rfc2217_lines(&r, V24_DSR | V24_CTS | V24_DCD);
	ANSWER(107, 128 | 32 | 16 | 8);
	rfc2217_lines(&r, V24_DSR | V24_DCD);
	ANSWER(107, 128 | 32 | 1);
	rfc2217_lines(&r, V24_DCD);
	ANSWER(107, 128 | 2);
	rfc2217_lines(&r, 0);
	ANSWER(107, 8);
	/* only the end of a ring is a change */
	rfc2217_lines(&r, V24_RI);
	ANSWER(107, 64);
	rfc2217_lines(&r, 0);
	ANSWER(107, 4);
	rfc2217_lines(&r, 0);
	SAYS_NOTHING();
}

static void the_mask_says_which_are_told(void **state)
{
	(void)state;
	ASK(11, 128 | 8);
	ANSWER(111, 128 | 8);
	rfc2217_lines(&r, V24_DSR);
	SAYS_NOTHING();
	rfc2217_lines(&r, V24_DSR | V24_DCD);
	ANSWER(107, 128 | 8);
	rfc2217_lines(&r, V24_DSR);
	ANSWER(107, 8);
	ASK(11, 0);
	ANSWER(111, 0);
	rfc2217_lines(&r, V24_DCD);
	SAYS_NOTHING();
	/* a new mask shows what holds now */
	ASK(11, IAC, IAC);
	SAYS(IAC, SB, COM, 111, IAC, IAC, IAC, SE, IAC, SB, COM, 107, 128, IAC, SE);
}

static void a_client_may_ask_for_the_lines(void **state)
{
	(void)state;
	ASK(7);
	ANSWER(107, 32 | 16);
	ASK(6);
	ANSWER(106, 0);
}

static void an_empty_transmitter_is_told_where_it_is_asked_for(void **state)
{
	(void)state;
	rfc2217_drained(&r, false);
	rfc2217_drained(&r, true);
	SAYS_NOTHING();
	ASK(10, 64);
	SAYS(IAC, SB, COM, 110, 64, IAC, SE, IAC, SB, COM, 106, 64, IAC, SE);
	rfc2217_drained(&r, false);
	SAYS_NOTHING();
	rfc2217_drained(&r, true);
	ANSWER(106, 64);
	rfc2217_drained(&r, true);
	SAYS_NOTHING();
}

static void before_the_agreement_no_line_is_told(void **state)
{
	(void)state;
	rfc2217_lines(&r, 0);
	SAYS_NOTHING();
	GET(IAC, WILL, COM);
	ANSWER(107, 0);
}

/* ---- limits ------------------------------------------------------------------------ */

static void answers_never_exceed_their_room(void **state)
{
	static const unsigned char asks[][7] = { { IAC, SB, COM, 0, IAC, SE },
		{ IAC, 246, IAC, 246, IAC, 246 }, { IAC, DO, 24, IAC, DO, 31 },
		{ IAC, SB, COM, 7, IAC, SE }, { IAC, SB, COM, 0, IAC, SE } };
	unsigned char flood[RFC2217_READ_MAX];
	size_t i, n;

	(void)state;
	for (i = 0; i < sizeof(asks) / sizeof(asks[0]); i++) {
		forget();
		for (n = 0; n + 6 <= sizeof(flood); n += 6)
			memcpy(flood + n, asks[i], 6);
		rfc2217_read(&r, flood, n);
		assert_true(rfc2217_waiting(&r) <= RFC2217_ANSWERS);
	}
}

static void a_client_that_does_not_read_is_told_the_sum_later(void **state)
{
	unsigned char text[RFC2217_OUT];

	(void)state;
	memset(text, 'x', sizeof(text));
	rfc2217_write(&r, text, sizeof(text));
	while (rfc2217_may_read(&r))
		ASK(0);
	forget();
	memset(heard, 0, sizeof(heard));
	rfc2217_write(&r, text, sizeof(text));
	while (rfc2217_may_read(&r))
		ASK(0);
	assert_false(rfc2217_may_read(&r));
	rfc2217_lines(&r, 0);
	rfc2217_lines(&r, V24_CTS);
	rfc2217_sent(&r, rfc2217_waiting(&r));
	ANSWER(107, 16 | 2);
}

static void data_leaves_room_for_answers(void **state)
{
	unsigned char text[RFC2217_OUT];
	size_t used;

	(void)state;
	memset(text, IAC, sizeof(text));
	used = rfc2217_write(&r, text, sizeof(text));
	assert_true(used > 1000 && used <= (RFC2217_OUT - RFC2217_ANSWERS) / 2);
	assert_true(rfc2217_may_read(&r));
	assert_int_equal(rfc2217_write(&r, text, 1), 0);
}

static const struct CMUnitTest tests[] = {
	FRESH(the_first_agreement_brings_the_lines),
	FRESH(a_client_may_ask_for_the_option_the_other_way),
	FRESH(without_the_option_commands_are_nothing),
	AGREED(the_signature_is_told_when_asked),
	AGREED(the_speed_is_set_asked_and_kept),
	AGREED(the_format_is_set_asked_and_kept),
	AGREED(each_parity_is_understood),
	AGREED(flow_control_is_set_and_asked),
	AGREED(break_dtr_and_rts_are_set_and_asked),
	AGREED(suspend_and_resume_have_no_answer),
	AGREED(purging_names_what_is_dropped),
	AGREED(each_line_and_its_change_is_told),
	AGREED(the_mask_says_which_are_told),
	AGREED(a_client_may_ask_for_the_lines),
	AGREED(an_empty_transmitter_is_told_where_it_is_asked_for),
	FRESH(before_the_agreement_no_line_is_told),
	AGREED(answers_never_exceed_their_room),
	AGREED(a_client_that_does_not_read_is_told_the_sum_later),
	AGREED(data_leaves_room_for_answers),
};

UNIT_MAIN(tests)
