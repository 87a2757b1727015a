/* host/field/exchange: the bytes of both sides become commands and answers. */
#include "unit.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "host/field/exchange.h"

static char told[4096];

static void add(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
static void add(const char *fmt, ...)
{
	va_list ap;
	size_t n = strlen(told);

	va_start(ap, fmt);
	vsnprintf(told + n, sizeof(told) - n, fmt, ap);
	va_end(ap);
}

static void take(void *ctx, const struct exchange *x)
{
	size_t i;

	(void)ctx;
	add("%s%s", x->command, !x->command[0] || x->echoed ? "" : " (no echo)");
	if (x->text)
		add(" > %s%s", x->text, x->cancelled ? " (cancelled)" : "");
	for (i = 0; i < x->n; i++)
		add(" %c%s", x->line[i].unsolicited ? '!' : '|', x->line[i].text);
	add(" = %s", x->result ? x->result : "nothing");
	if (x->data[0] + x->data[1])
		add(" (%zu, %zu octets)", x->data[0], x->data[1]);
	add("%s\n", x->cut_short ? " cut short" : "");
}

/* Each byte in a call of its own, or all at once: what is told is the same. */
static void assert_told(const char *const *said, const char *wanted)
{
	int one;

	for (one = 0; one < 2; one++) {
		struct exchanges *e = exchanges_new(take, NULL);
		usec_t at = 0;
		size_t i, k, len;

		told[0] = '\0';
		for (i = 0; said[i]; i++) {
			len = strlen(said[i]) - 1;
			for (k = 0; one && k < len; k++)
				exchanges_bytes(
					e, ++at, said[i][0], said[i] + 1 + k, 1, i);
			if (!one)
				exchanges_bytes(e, ++at, said[i][0], said[i] + 1, len, i);
		}
		exchanges_end(e);
		exchanges_free(e);
		assert_string_equal(told, wanted);
	}
}

#define TOLD(wanted, ...) assert_told((const char *const[]){ __VA_ARGS__, NULL }, wanted)

static void a_command_has_its_answer_with_and_without_echo(void **state)
{
	(void)state;
	TOLD("AT+CSQ |+CSQ: 22,0 = OK\n", ">AT+CSQ\r",
		"<AT+CSQ\r\r\n+CSQ: 22,0\r\n\r\nOK\r\n");
	TOLD("AT+CSQ (no echo) |+CSQ: 22,0 = OK\n", ">AT+CSQ\r",
		"<\r\n+CSQ: 22,0\r\n\r\nOK\r\n");
	TOLD("ATI (no echo) |ATlas = OK\n", ">ATI\r", "<\r\nATlas\r\n\r\nOK\r\n");
	TOLD("AT+X = +CME ERROR: 3\n", ">AT+X\r\n", "<AT+X\r\r\n+CME ERROR: 3\r\n");
}

static void unsolicited_lines_are_told_apart(void **state)
{
	(void)state;
	TOLD(" !+WIND: 4 = nothing\nAT+CREG? |+CREG: 0,1 !+CREG: 1 !RING = OK\n",
		"<\r\n+WIND: 4\r\n", ">AT+CREG?\r",
		"<AT+CREG?\r\r\n+CREG: 0,1\r\n\r\n+CREG: 1\r\n\r\nRING\r\n\r\nOK\r\n");
	TOLD("AT+CREG=? |+CREG: (0-2) = OK\n", ">AT+CREG=?\r",
		"<AT+CREG=?\r\r\n+CREG: (0-2)\r\n\r\nOK\r\n");
	TOLD("AT&V |Q:0 |+CREG: 0 = OK\n", ">AT&V\r",
		"<AT&V\r\r\nQ:0\r\n+CREG: 0\r\n\r\nOK\r\n");
}

static void a_text_follows_its_prompt(void **state)
{
	(void)state;
	TOLD("AT+CMGS=\"1\" > two\\r\\nlines |+CMGS: 5 = OK\n", ">AT+CMGS=\"1\"\r",
		"<AT+CMGS=\"1\"\r\r\n> ", ">two\r\nlines\x1a",
		"<two\r\nlines\x1a\r\n+CMGS: 5\r\n\r\nOK\r\n");
	TOLD("AT+CMGS=9 (no echo) > 00 (cancelled) = OK\n", ">AT+CMGS=9\r", "<\r\n> ",
		">00\x1b", "<\r\nOK\r\n");
}

static void a_line_that_comes_too_early_cuts_the_last_one_short(void **state)
{
	(void)state;
	TOLD("AT+COPS=? (no echo) = nothing cut short\nAT (no echo) = OK\n",
		">AT+COPS=?\r", ">AT\r", "<\r\nOK\r\n");
	TOLD("AT (no echo) = nothing\n", ">AT\r");
}

static void digits_are_results_after_atv0(void **state)
{
	(void)state;
	TOLD("ATV0 = OK\nAT+X = ERROR\nATV1 = OK\nAT |4 = OK\n", ">ATV0\r", "<ATV0\r0\r",
		">AT+X\r", "<AT+X\r4\r", ">ATV1\r", "<ATV1\r\r\nOK\r\n", ">AT\r",
		"<AT\r\r\n4\r\n\r\nOK\r\n");
}

static void octets_after_connect_are_counted_not_read(void **state)
{
	(void)state;
	TOLD("ATD*99# |NO CARRIER = CONNECT 115200 (4, 5 octets)\nAT (no echo) = OK\n",
		">ATD*99#\r", "<ATD*99#\r\r\nCONNECT 115200\r\n", ">~AT\r", "<~OK\r\n",
		"<\r\nNO CARRIER\r\n", ">AT\r", "<\r\nOK\r\n");
	TOLD("ATD1 = CONNECT (2, 0 octets)\nATH (no echo) = OK\n", ">ATD1\r",
		"<ATD1\r\r\nCONNECT\r\n", ">hi+++", ">ATH\r", "<\r\nOK\r\n");
}

static const struct CMUnitTest tests[] = {
	cmocka_unit_test(a_command_has_its_answer_with_and_without_echo),
	cmocka_unit_test(unsolicited_lines_are_told_apart),
	cmocka_unit_test(a_text_follows_its_prompt),
	cmocka_unit_test(a_line_that_comes_too_early_cuts_the_last_one_short),
	cmocka_unit_test(digits_are_results_after_atv0),
	cmocka_unit_test(octets_after_connect_are_counted_not_read),
};
UNIT_MAIN(tests)
