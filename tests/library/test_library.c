/* libfauxtrack, linked as a program that uses it is. */
#include "heard.h"

#include <locale.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>

/* ---- bytes, lines, time ------------------------------------------------------------ */

static void an_answer_takes_its_time(void **state)
{
	struct fauxtrack_callbacks c = calls(&heard);
	struct fauxtrack *f = made(NULL, &c);
	uint64_t begin = fauxtrack_now(f), next;

	(void)state;
	ask(f, &heard, "AT+COPS=?\r");
	assert_null(strstr(heard.said, "OK"));
	while (!strstr(heard.said, "\r\nOK\r\n")) {
		next = fauxtrack_next(f);
		assert_true(next < begin + 60 * SECOND);
		assert_int_equal(fauxtrack_advance(f, next), 0);
	}
	assert_true(heard.last > begin + SECOND);
	assert_int_equal(heard.last, fauxtrack_now(f));
	ask(f, &heard, "AT+COPS=?\r");
	assert_true(fauxtrack_settle(f, 60 * SECOND) > begin + 2 * SECOND);
	assert_non_null(strstr(heard.said, "\r\nOK\r\n"));
	fauxtrack_free(f);
}

static void time_that_is_over_counts_as_now(void **state)
{
	struct fauxtrack_callbacks c = calls(&heard);
	struct fauxtrack *f = made(NULL, &c);
	uint64_t now = fauxtrack_now(f);

	(void)state;
	assert_int_equal(fauxtrack_advance(f, 0), 0);
	assert_int_equal(fauxtrack_rx(f, 0, 0, "AT\r", 3), 3);
	assert_int_equal(fauxtrack_now(f), now);
	assert_int_equal(fauxtrack_advance(f, FAUXTRACK_LAST + 1), -1);
	assert_non_null(strstr(fauxtrack_error(f), "is after FAUXTRACK_LAST"));
	assert_int_equal(fauxtrack_now(f), now);
	fauxtrack_free(f);
}

static void output_waits_for_room(void **state)
{
	struct fauxtrack_callbacks c = calls(&heard);
	struct fauxtrack *f;

	(void)state;
	c.room = on_room;
	heard.room = 4;
	f = made(NULL, &c);
	ask(f, &heard, "ATI3\r");
	fauxtrack_settle(f, SECOND);
	assert_int_equal(heard.len, 4);
	heard.room = 1000;
	assert_int_equal(fauxtrack_tx_ready(f, 0, fauxtrack_now(f)), 0);
	assert_non_null(strstr(heard.said, "\r\nOK\r\n"));
	fauxtrack_free(f);
}

static void input_that_does_not_fit_is_left(void **state)
{
	struct fauxtrack_callbacks c = calls(&heard);
	struct fauxtrack *f;
	static char many[100000];
	long took;

	(void)state;
	memset(many, 'A', sizeof(many));
	c.room = on_room; /* no room for the echo */
	f = made(NULL, &c);
	took = fauxtrack_rx(f, 0, fauxtrack_now(f), many, sizeof(many));
	assert_true(took > 0 && took < (long)sizeof(many));
	fauxtrack_free(f);
}

static void lines_go_both_ways(void **state)
{
	struct fauxtrack_callbacks c = calls(&heard);
	struct fauxtrack *f = made(NULL, &c);

	(void)state;
	assert_int_equal(heard.lines & FAUXTRACK_DCD, 0);
	assert_true(heard.lines & FAUXTRACK_CTS);
	heard.looked = "\"event\":\"rts\"";
	assert_int_equal(fauxtrack_lines(f, 0, 0, FAUXTRACK_DTR | FAUXTRACK_RTS), 0);
	assert_non_null(strstr(heard.event, "\"text\":\"on\""));
	heard.looked = "\"event\":\"dtr\"";
	assert_int_equal(fauxtrack_lines(f, 0, 0, FAUXTRACK_RTS), 0);
	assert_non_null(strstr(heard.event, "\"text\":\"off\""));
	heard.looked = "\"event\":\"break\"";
	assert_int_equal(fauxtrack_break(f, 0, 0), 0);
	assert_non_null(strstr(heard.event, "break"));
	assert_int_equal(fauxtrack_lines(f, 0, 0, FAUXTRACK_DCD), -1);
	assert_non_null(strstr(fauxtrack_error(f), "only FAUXTRACK_DTR"));
	assert_int_equal(fauxtrack_lines(f, 1, 0, 0), -1);
	assert_non_null(strstr(fauxtrack_error(f), "there is no port 1"));
	fauxtrack_free(f);
}

static void another_speed_is_reported(void **state)
{
	struct fauxtrack_callbacks c = calls(&heard);
	struct fauxtrack *f = made(NULL, &c);

	(void)state;
	assert_int_equal(fauxtrack_uart(f, 0, 0, 9600, "8N1"), 0);
	heard.looked = "\"event\":\"client\"";
	ask(f, &heard, "AT\r");
	assert_non_null(strstr(heard.event, "9600"));
	assert_int_equal(fauxtrack_uart(f, 0, 0, 9600, "8N9"), -1);
	assert_non_null(strstr(fauxtrack_error(f), "write it as 8N1"));
	fauxtrack_free(f);
}

/* ---- actions and state ------------------------------------------------------------- */

static void an_action_acts_or_says_why_not(void **state)
{
	struct fauxtrack_options o = options();
	struct fauxtrack_callbacks c = calls(&heard);
	struct fauxtrack *f;

	(void)state;
	o.instant = 1;
	f = made(&o, &c);
	ask(f, &heard, "AT+CNMI=2,1\r");
	assert_int_equal(
		fauxtrack_act(f, 0, "sms", "{\"from\":\"+1555\",\"text\":\"hi\"}"), 0);
	assert_non_null(strstr(heard.said, "+CMTI: \"SM\""));
	assert_int_equal(fauxtrack_act(f, 0, "smss", NULL), -1);
	assert_non_null(strstr(fauxtrack_error(f), "did you mean \"sms\""));
	assert_int_equal(fauxtrack_act(f, 0, "sms", "{\"from\":"), -1);
	assert_non_null(strstr(fauxtrack_error(f), "body:1:"));
	assert_int_equal(fauxtrack_act(f, 0, "sms", "{\"form\":\"+1\"}"), -1);
	assert_non_null(strstr(fauxtrack_error(f), "form"));
	assert_int_equal(fauxtrack_act(f, 0, NULL, NULL), -1);
	assert_int_equal(fauxtrack_act(f, 0, "answer", ""), -1);
	assert_non_null(strstr(fauxtrack_error(f), "answer: "));
	fauxtrack_free(f);
}

static void the_state_is_json_or_one_value(void **state)
{
	struct fauxtrack *f = made(NULL, NULL);
	char *text = fauxtrack_state(f);

	(void)state;
	assert_non_null(strstr(text, "\"registration\":{"));
	fauxtrack_text_free(text);
	assert_null(fauxtrack_value(f, "registraton.state"));
	assert_non_null(strstr(fauxtrack_error(f), "is not a state of a modem"));
	assert_null(fauxtrack_value(f, NULL));
	assert_null(fauxtrack_value(f, "calls.0.state"));
	assert_non_null(strstr(fauxtrack_error(f), "not known now"));
	text = fauxtrack_outbox(f);
	assert_string_equal(text, "[]");
	fauxtrack_text_free(text);
	fauxtrack_free(f);
}

static void a_call_from_a_callback_is_refused(void **state)
{
	struct fauxtrack_callbacks c = calls(&heard);
	struct fauxtrack *f = made(NULL, &c);

	(void)state;
	heard.calls = f;
	assert_non_null(strstr(ask(f, &heard, "AT\r"), "AT"));
	assert_int_equal(heard.called, -1);
	assert_non_null(strstr(fauxtrack_error(f), "called from a callback"));
	fauxtrack_free(f);
}

/* ---- memory ------------------------------------------------------------------------ */

static void records_outlive_the_modem(void **state)
{
	struct fauxtrack_options o = options();
	struct fauxtrack_callbacks c = calls(&heard);
	struct fauxtrack *f;

	(void)state;
	o.instant = 1;
	c.load = on_load;
	c.store = on_store;
	f = made(&o, &c);
	ask(f, &heard, "AT+CSCA=\"+491710760000\"\r");
	ask(f, &heard, "AT+CSAS\r");
	fauxtrack_free(f);
	assert_true(heard.records > 3);
	f = made(&o, &c);
	assert_non_null(strstr(ask(f, &heard, "AT+CSCA?\r"), "+491710760000"));
	heard.fails = 1;
	assert_non_null(strstr(ask(f, &heard, "AT&W\r"), "ERROR"));
	heard.fails = 0;
	fauxtrack_free(f);
	o.profile = "m1306b-r657";
	refused(&o, &c, "is the memory of a fastrack-supreme-20");
}

/* ---- programs ---------------------------------------------------------------------- */

static void the_same_gives_the_same(void **state)
{
	struct fauxtrack_options o = options();
	static struct heard one, two;
	struct fauxtrack_callbacks c1 = calls(&one), c2 = calls(&two);
	struct fauxtrack *f, *g;

	(void)state;
	o.seed = 7;
	f = made(&o, &c1);
	g = made(&o, &c2);
	assert_int_equal(fauxtrack_now(f), fauxtrack_now(g));
	ask(f, &one, "AT+CSQ;+CREG=2;+CREG?;+CCLK?;+CGSN\r");
	ask(g, &two, "AT+CSQ;+CREG=2;+CREG?;+CCLK?;+CGSN\r");
	fauxtrack_settle(f, SECOND);
	fauxtrack_settle(g, SECOND);
	assert_string_equal(one.said, two.said);
	assert_int_equal(one.last, two.last);
	fauxtrack_free(f);
	fauxtrack_free(g);
}

static void *in_thread(void *ctx)
{
	struct fauxtrack_options o = options();
	struct heard *h = ctx;
	struct fauxtrack_callbacks c = calls(h);
	struct fauxtrack *f;
	int i;

	o.bug = "dwl-band-reset-after-upgrade"; /* the first one makes a schema */
	fauxtrack_free(fauxtrack_new(&o, &c, NULL));
	o.bug = NULL;
	o.instant = 1;
	f = fauxtrack_new(&o, &c, NULL);
	for (i = 0; f && i < 200; i++) {
		h->len = 0;
		fauxtrack_rx(f, 0, fauxtrack_now(f), "AT+CREG?\r", 9);
	}
	fauxtrack_free(f);
	return NULL;
}

static void modems_in_two_threads_share_nothing(void **state)
{
	static struct heard h[2];
	pthread_t t[2];
	int i;

	(void)state;
	for (i = 0; i < 2; i++)
		assert_int_equal(pthread_create(&t[i], NULL, in_thread, &h[i]), 0);
	for (i = 0; i < 2; i++)
		pthread_join(t[i], NULL);
	assert_non_null(strstr(h[0].said, "+CREG: 0,1"));
	assert_string_equal(h[0].said, h[1].said);
}

/* In a Turkish locale an i without its dot is what strcasecmp() takes for an I. */
static void the_locale_of_the_program_is_left_alone(void **state)
{
	struct fauxtrack_options o = options();
	struct fauxtrack_callbacks c = calls(&heard);
	struct fauxtrack *f;

	(void)state;
	if (!setlocale(LC_ALL, "tr_TR.UTF-8")) {
		print_message("$LOCPATH has no Turkish locale\n");
		skip();
	}
	o.instant = 1;
	f = made(&o, &c);
	assert_non_null(strstr(ask(f, &heard, "at+cpin?\r"), "READY"));
	assert_string_equal(setlocale(LC_ALL, NULL), "tr_TR.UTF-8");
	assert_string_equal(localeconv()->decimal_point, ",");
	fauxtrack_free(f);
	setlocale(LC_ALL, "C");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(an_answer_takes_its_time),
		TEST(time_that_is_over_counts_as_now),
		TEST(output_waits_for_room),
		TEST(input_that_does_not_fit_is_left),
		TEST(lines_go_both_ways),
		TEST(another_speed_is_reported),
		TEST(an_action_acts_or_says_why_not),
		TEST(the_state_is_json_or_one_value),
		TEST(a_call_from_a_callback_is_refused),
		TEST(records_outlive_the_modem),
		TEST(the_same_gives_the_same),
		TEST(modems_in_two_threads_share_nothing),
		TEST(the_locale_of_the_program_is_left_alone),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
