/* host/field/shadow: a real modem that answers as its bytes here say, and ours beside it. */
#include "unit.h"

#include <stdio.h>
#include <string.h>

#include "host/field/shadow.h"
#include "host/read/command_tables.h"
#include "host/read/library.h"

static struct library *library;
static struct profile *profile;
static char told[2000];

static void on_pair(void *ctx, const struct shadow_pair *p)
{
	size_t n = strlen(told);

	(void)ctx;
	snprintf(told + n, sizeof(told) - n, "%s: %s\n", p->command,
		name_of(difference_names, (int)p->difference.kind));
}

static void on_urc(void *ctx, const struct shadow_urc *u)
{
	size_t n = strlen(told);

	(void)ctx;
	if (!u->ours)
		snprintf(told + n, sizeof(told) - n, "real says %s\n", u->text);
}

/* Each text begins with its side; some time passes before each of the host. */
static void assert_shadow(
	const char *const *said, const char *wanted, const struct shadow_count *count)
{
	const struct shadow_options o = { .profile = profile,
		.seed = 1,
		.clock = 1262347200,
		.pair = on_pair,
		.urc = on_urc };
	struct shadow *s = shadow_new(&o);
	usec_t at = 0;

	told[0] = '\0';
	for (; *said; said++) {
		at += **said == '>' ? MS(300) : MS(1);
		shadow_bytes(s, at, **said, *said + 1, strlen(*said) - 1);
	}
	shadow_end(s);
	assert_string_equal(told, wanted);
	if (count) {
		assert_int_equal(shadow_counted(s)->interrupted, count->interrupted);
		assert_int_equal(shadow_counted(s)->differ, count->differ);
	}
	shadow_free(s);
}

#define SHADOW(wanted, count, ...) \
	assert_shadow((const char *const[]){ __VA_ARGS__, NULL }, wanted, count)

static void answers_are_compared(void **state)
{
	(void)state;
	SHADOW("AT: none\nAT+CGMR: text\nAT+CMEE=7: result\nAT+CMGF=?: number of lines\n",
		NULL, ">AT\r", "<AT\r\r\nOK\r\n", ">AT+CGMR\r",
		"<AT+CGMR\r\r\nMADE UP\r\n\r\nOK\r\n", ">AT+CMEE=7\r",
		"<AT+CMEE=7\r\r\nOK\r\n", ">AT+CMGF=?\r", "<AT+CMGF=?\r\r\nOK\r\n");
	SHADOW("AT: echo\n", NULL, ">AT\r", "<\r\nOK\r\n");
}

static void what_belongs_to_a_unit_has_only_a_form(void **state)
{
	(void)state;
	SHADOW("AT+CGSN: none\nAT+CSQ: none\nAT+CSQ: text\n", NULL, ">AT+CGSN\r",
		"<AT+CGSN\r\r\n490154203237518\r\n\r\nOK\r\n", ">AT+CSQ\r",
		"<AT+CSQ\r\r\n+CSQ: 9,99\r\n\r\nOK\r\n", ">AT+CSQ\r",
		"<AT+CSQ\r\r\n+CSQ: 9\r\n\r\nOK\r\n");
}

static void a_pin_is_not_told(void **state)
{
	(void)state;
	SHADOW("AT+CPIN=0000: none\n", NULL, ">AT+CPIN=4321\r",
		"<AT+CPIN=4321\r\r\nOK\r\n");
}

static void a_command_that_the_host_interrupts_is_not_compared(void **state)
{
	static const struct shadow_count count = { .interrupted = 1 };

	(void)state;
	SHADOW("AT: none\n", &count, ">AT+CGMR\r", "<AT+CGMR\r", ">AT\r",
		"<AT\r\r\nOK\r\n");
}

static void a_text_at_a_prompt_is_no_command(void **state)
{
	(void)state;
	/* only the real one asks for it */
	SHADOW("AT+CMGF=1: none\nAT+CMGW=?????: result\nAT+CGMI: none\n", NULL,
		">AT+CMGF=1\r", "<AT+CMGF=1\r\r\nOK\r\n", ">AT+CMGW=?????\r",
		"<AT+CMGW=?????\r\r\n> ", ">ATH\rATZ\x1a",
		"<ATH\r\n> ATZ\r\n+CMGW: 1\r\n\r\nOK\r\n", ">AT+CGMI\r",
		"<AT+CGMI\r\r\n WAVECOM MODEM\r\n\r\nOK\r\n");
}

static void data_of_a_call_is_no_command(void **state)
{
	(void)state;
	SHADOW("ATD0612345678: none\nAT+CGMI: none\n", NULL, ">ATD0612345678\r",
		"<ATD0612345678\r\r\nCONNECT 9600\r\n", ">AT+CMGD=1\rATZ\r", "<hello",
		"<\r\nNO CARRIER\r\n", ">AT+CGMI\r",
		"<AT+CGMI\r\r\n WAVECOM MODEM\r\n\r\nOK\r\n");
}

static void unsolicited_lines_are_told_and_not_compared(void **state)
{
	(void)state;
	SHADOW("real says RING\nAT: none\n", NULL, "<\r\nRING\r\n", ">AT\r",
		"<AT\r\r\nOK\r\n");
}

static int begin(void **state)
{
	struct doc_errors e;

	(void)state;
	doc_errors_init(&e);
	library = library_new(NULL);
	library_hook(library, &tables_hook);
	profile = profile_load(library, LIBRARY_PROFILE, NULL, 0, &e);
	doc_errors_print(&e, stderr);
	doc_errors_clear(&e);
	if (!profile)
		return -1;
	tables_build(profile);
	return 0;
}

static int finish(void **state)
{
	(void)state;
	tables_free(profile);
	profile_free(profile);
	library_free(library);
	return 0;
}

static const struct CMUnitTest tests[] = {
	UNIT(answers_are_compared),
	UNIT(what_belongs_to_a_unit_has_only_a_form),
	UNIT(a_pin_is_not_told),
	UNIT(a_command_that_the_host_interrupts_is_not_compared),
	UNIT(a_text_at_a_prompt_is_no_command),
	UNIT(data_of_a_call_is_no_command),
	UNIT(unsolicited_lines_are_told_and_not_compared),
};

int main(void)
{
	return cmocka_run_group_tests(tests, begin, finish);
}
