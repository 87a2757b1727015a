/* Bytes that come at once are taken as the same bytes one by one; and what is answered goes
 * out as long as there is room. */
#include "unit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "rig.h"

static struct rig at_once, one_by_one;

/* Types the same on both modems, and compares what they say. */
static void type(const char *bytes, size_t len)
{
	size_t i;

	rig_type(&at_once, bytes, len);
	for (i = 0; i < len; i++)
		rig_type(&one_by_one, bytes + i, 1);
	rig_pass(&at_once, SEC(10));
	rig_pass(&one_by_one, SEC(10));
	assert_int_equal(at_once.now, one_by_one.now);
	assert_int_equal(at_once.len, one_by_one.len);
	assert_memory_equal(at_once.out, one_by_one.out, at_once.len);
	rig_clear(&at_once);
	rig_clear(&one_by_one);
}

static void say(const char *text)
{
	type(text, strlen(text));
}

static int begin(void **state)
{
	(void)state;
	rig_init(&at_once, rig_profile("fastrack-supreme-20-r74"));
	rig_init(&one_by_one, at_once.profile);
	rig_boot(&at_once);
	rig_boot(&one_by_one);
	return 0;
}

static int end(void **state)
{
	struct profile *p = (struct profile *)at_once.profile;

	(void)state;
	rig_free(&at_once);
	rig_free(&one_by_one);
	rig_profile_free(p);
	return 0;
}

static void lines_with_and_without_echo(void **state)
{
	(void)state;
	say("AT\r");
	say("AT+CSQ;+CREG?\r\n");
	say("garbage\rat+csq\rA/");
	say("ATE0\r");
	say("AT+CSQ\r");
	say("A/");
	say("ATE1\r");
	say("AT+CSQ");
	say("\r");
}

static void deleted_and_ignored_characters(void **state)
{
	(void)state;
	say("AT+CSQX\b\r");
	say("AT\b\b\b+CSQ\r");
	say("AT+\x01"
	    "C\x7fS\x1bQ\r");
	say("AT+CPBF=\"\xe9\xff\x80\"\r");
	say("ATS5=66;S3=33\r");
	say("AT+CSQxB!");
	say("ATS3=13;S5=8!");
	say("AT+CSQ\r");
}

static void lines_that_are_long(void **state)
{
	static char line[9000];
	static const size_t lengths[] = { 2044, 2045, 2046, 2047, 2048, 2049, 4000 };
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(lengths) / sizeof(lengths[0]); i++) {
		memset(line, ';', sizeof(line));
		memcpy(line, "AT", 2);
		line[lengths[i] - 1] = '\r';
		type(line, lengths[i]);
		memset(line + lengths[i] - 8, '\b', 7);
		type(line, lengths[i]);
	}
}

static void texts_at_a_prompt(void **state)
{
	(void)state;
	say("AT+CMGW=\"+1555\"\r");
	say("some text\rin two lines\x1a");
	say("AT+CMGW=\"+1555\"\r");
	say("left\x1b");
	say("AT+CMGL=\"ALL\"\r");
}

/* Lines that come while another is carried out. */
static void lines_that_are_early(void **state)
{
	(void)state;
	say("AT+COPS=?\rAT+CSQ\r");
	say("AT+CPBR=1,20\rAT+CSQ\rAT\r");
}

/* Twenty messages of 150 characters are 7 KB, more than the modem keeps for its port. No
 * other event may be needed for the second half. */
static void a_long_list_needs_no_second_push(void **state)
{
	struct rig *r = &at_once;
	usec_t end;
	char text[152];
	int i;

	(void)state;
	memset(text, 'x', sizeof(text));
	text[150] = '\x1a';
	for (i = 0; i < 20; i++) {
		rig_say(r, "AT+CMGW=\"+1555\"\r", SEC(10));
		rig_type(r, text, 151);
		rig_pass(r, SEC(10));
	}
	rig_say(r, "AT+CMGF=0\r", SEC(10));
	rig_clear(r);
	end = r->now + SEC(1);
	rig_type(r, "AT+CMGL=4\r", 10);
	while (r->len < 6 || memcmp(r->out + r->len - 6, "\r\nOK\r\n", 6) != 0) {
		assert_true(modem_next(r->modem) <= end);
		r->now = modem_next(r->modem);
		modem_advance(r->modem, r->now);
	}
	assert_true(r->len > 6000);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, begin, end)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(lines_with_and_without_echo),
		TEST(deleted_and_ignored_characters),
		TEST(lines_that_are_long),
		TEST(texts_at_a_prompt),
		TEST(lines_that_are_early),
		TEST(a_long_list_needs_no_second_push),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
