/* Tests C code against a modem inside of this program: no port, no process, no waiting.
 * cc test_sms.c $(pkg-config --cflags --libs fauxtrack cmocka) && ./a.out */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#include <fauxtrack/fauxtrack.h>

/* ---- the code under test: replace it with your own -------------------------------- */

/* A line to a modem: sends the text, and returns what the modem has answered to it. */
struct line {
	const char *(*ask)(void *ctx, const char *text);
	void *ctx;
};

/* Returns 1 if the modem has taken the message, else 0. */
static int send_sms(const struct line *l, const char *number, const char *text)
{
	char command[200];

	if (!strstr(l->ask(l->ctx, "AT+CMGF=1\r"), "OK"))
		return 0;
	snprintf(command, sizeof(command), "AT+CMGS=\"%s\"\r", number);
	if (!strstr(l->ask(l->ctx, command), "> "))
		return 0;
	snprintf(command, sizeof(command), "%s\x1a", text);
	return strstr(l->ask(l->ctx, command), "+CMGS: ") != NULL;
}

/* ---- the fixture ----------------------------------------------------------------- */

struct fixture {
	struct fauxtrack *modem;
	char answer[2000];
	size_t len;
};

static struct fixture fixture;

static void said(void *ctx, unsigned port, uint64_t at, const void *bytes, size_t len)
{
	struct fixture *f = ctx;

	(void)port, (void)at;
	if (len > sizeof(f->answer) - 1 - f->len)
		len = sizeof(f->answer) - 1 - f->len;
	memcpy(f->answer + f->len, bytes, len);
	f->len += len;
	f->answer[f->len] = '\0';
}

static const char *ask(void *ctx, const char *text)
{
	struct fixture *f = ctx;

	f->len = 0;
	f->answer[0] = '\0';
	fauxtrack_rx(
		f->modem, FAUXTRACK_UART1, fauxtrack_now(f->modem), text, strlen(text));
	return f->answer;
}

static int make(const char *set)
{
	const char *const sets[] = { set, NULL };
	const struct fauxtrack_options o = {
		.size = sizeof(o), .set = sets, .instant = 1
	};
	const struct fauxtrack_callbacks c = {
		.size = sizeof(c), .ctx = &fixture, .bytes = said
	};
	char *error;

	fixture.modem = fauxtrack_new(&o, &c, &error);
	if (fixture.modem)
		return 0;
	fprintf(stderr, "%s\n", error);
	fauxtrack_text_free(error);
	return -1;
}

static int healthy(void **state)
{
	(void)state;
	return make(NULL);
}

static int without_sim(void **state)
{
	(void)state;
	return make("sim.inserted=false");
}

static int stop(void **state)
{
	(void)state;
	fauxtrack_free(fixture.modem);
	return 0;
}

/* ---- tests ----------------------------------------------------------------------- */

static const struct line line = { ask, &fixture };

static void a_message_goes_out(void **state)
{
	char *sent;

	(void)state;
	assert_true(send_sms(&line, "+33612345678", "hello"));
	sent = fauxtrack_outbox(fixture.modem);
	assert_non_null(strstr(sent, "\"text\":\"hello\""));
	fauxtrack_text_free(sent);
}

static void without_a_sim_none_goes_out(void **state)
{
	(void)state;
	assert_false(send_sms(&line, "+33612345678", "hello"));
}

static void a_message_comes_in(void **state)
{
	(void)state;
	ask(&fixture, "AT+CNMI=2,1\r");
	assert_int_equal(fauxtrack_act(fixture.modem, fauxtrack_now(fixture.modem), "sms",
				 "{\"from\": \"+1555\", \"text\": \"hi there\"}"),
		0);
	assert_non_null(strstr(fixture.answer, "+CMTI: \"SM\","));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(a_message_goes_out, healthy, stop),
		cmocka_unit_test_setup_teardown(
			without_a_sim_none_goes_out, without_sim, stop),
		cmocka_unit_test_setup_teardown(a_message_comes_in, healthy, stop),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
