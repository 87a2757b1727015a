/* What commands from YAML keep, and for how long; commands that an application brings. */
#include "data_rig.h"

#include "actions/action.h"
#include "at/kept.h"
#include "at/known.h"
#include "at/store.h"
#include "chapters/boot/lines.h"
#include "describe/commands.h"

/* The same unit at its next start, perhaps with another profile. */
static void again(const struct profile *p)
{
	modem_close(rig.modem, rig.now);
	rig_free(&rig);
	start(p);
}

/* ---- kept values ----------------------------------------------------------------- */

static void values_are_checked_and_shown(void **state)
{
	(void)state;
	ask(&rig, "AT+XSAVED=?\r", "\r\n+XSAVED: (0-99),(\"A\",\"B\")\r\n" OK);
	ask(&rig, "AT+XSAVED?\r", "\r\n+XSAVED: 10,\"B\"\r\n" OK); /* memory */
	ask(&rig, "AT+XSAVED=11\r", OK);
	ask(&rig, "AT+XSAVED?\r", "\r\n+XSAVED: 11,\"B\"\r\n" OK);
	refused("AT+XSAVED=100\r");
	refused("AT+XSAVED=1,\"C\"\r");
	refused("AT+XSAVED=\r");
	refused("AT+XSAVED\r");
	ask(&rig, "AT+XHOST?\r", "\r\n+XHOST: \"meter.test\",80\r\n" OK);
	ask(&rig, "AT+XHOST=\"a b\",8080\r", OK);
	ask(&rig, "AT+XHOST?\r", "\r\n+XHOST: \"a b\",8080\r\n" OK);
	assert_false(at_kept_fits("a\nb", 3));
	assert_false(at_kept_fits("\x01", 1));
	assert_false(at_kept_fits("a\"b", 3));
	assert_true(at_kept_fits("", 0));
	refused("AT+XHOST=\"0123456789012345678901234567890123456789012345678901234567890"
		"1234\"\r");
	ask(&rig, "AT+XHOST?\r", "\r\n+XHOST: \"a b\",8080\r\n" OK);
	ask(&rig, "AT+XMODE=2\r", "\r\n+XMODE: now 2\r\n" OK);
	ask(&rig, "AT+XMODE?\r", "\r\n+XMODE: 2\r\n" OK);
	ask(&rig, "AT+XMODE\r", "\r\n+XMODE: ?\r\n" OK);
	refused("AT+XMODE=3\r");
	ask(&rig, "AT+XMODE?\r", "\r\n+XMODE: 2\r\n" OK);
	ask(&rig, "AT+XCHECK=3\r", OK);
	refused("AT+XCHECK=4\r");
	refused("AT+XCHECK?\r");
	ask(&rig, "AT+XCHECK=?\r", "\r\n+XCHECK: (0-3)\r\n" OK);
	rig_say(&rig, "AT&V\r", SEC(1));
	rig.out[rig.len] = '\0';
	assert_non_null(strstr(rig.out, "\r\n+XSAVED:11,\"B\"\r\n"));
	assert_null(strstr(rig.out, "+XHOST"));
	rig_clear(&rig);
}

static void change_all(void)
{
	ask(&rig, "AT+XRAM=1;+XSAVED=1,\"A\";+XHOST=\"x\",1\r", OK);
}

static void are(const char *ram, const char *saved, const char *host)
{
	char want[200];

	snprintf(want, sizeof(want),
		"\r\n+XRAM: %s\r\n\r\n+XSAVED: %s\r\n\r\n+XHOST: %s\r\n" OK, ram, saved,
		host);
	ask(&rig, "AT+XRAM?;+XSAVED?;+XHOST?\r", want);
}

static void restart(void)
{
	rig_say(&rig, "AT+CFUN=1\r", SEC(30));
	rig_say(&rig, "ATE0\r", SEC(1));
	rig_clear(&rig);
}

static void values_live_as_long_as_they_say(void **state)
{
	(void)state;
	are("5", "10,\"B\"", "\"meter.test\",80");
	change_all();
	restart();
	are("5", "10,\"B\"", "\"x\",1");
	change_all();
	ask(&rig, "ATZE0\r", OK);
	are("1", "10,\"B\"", "\"x\",1");
	change_all();
	ask(&rig, "AT&W\r", OK);
	restart();
	are("5", "1,\"A\"", "\"x\",1");
	ask(&rig, "AT&F\r", OK);
	are("5", "10,\"A\"", "\"none.test\",1");
	restart();
	are("5", "10,\"A\"", "\"none.test\",1");
	again(profile);
	are("5", "10,\"A\"", "\"none.test\",1");
	change_all();
	ask(&rig, "AT&W\r", OK);
	again(profile);
	are("5", "1,\"A\"", "\"x\",1");
	assert_int_equal(store.damaged, 0);
}

static void texts_do_not_run_out(void **state)
{
	char line[40], want[60];
	int i;

	(void)state;
	for (i = 0; i < 5 * KEPT_TEXTS; i++) {
		snprintf(line, sizeof(line), "AT+XHOST=\"h%d\",%d\r", i, i + 1);
		ask(&rig, line, OK);
		snprintf(want, sizeof(want), "\r\n+XHOST: \"h%d\",%d\r\n" OK, i, i + 1);
		ask(&rig, "AT+XHOST?\r", want);
	}
}

static void values_survive_a_firmware_without_their_command(void **state)
{
	(void)state;
	change_all();
	ask(&rig, "AT&W\r", OK);
	again(plain);
	refused("AT+XHOST?\r");
	ask(&rig, "AT+CMEE=1;&W\r", OK); /* the record is written */
	again(profile);
	are("5", "1,\"A\"", "\"x\",1");
}

static void a_value_that_the_firmware_refuses_is_the_factorys(void **state)
{
	struct rig_record *r;
	char *at;

	(void)state;
	ask(&rig, "AT+XSAVED=77;&W\r", OK);
	modem_close(rig.modem, rig.now);
	r = rig_record(&store, "settings");
	at = memmem(r->data, r->len, "+XSAVED 77\n", 11);
	assert_non_null(at);
	assert_non_null(memmem(r->data, r->len, "+XHOST \"meter.test\n", 19));
	again(profile);
	are("5", "77,\"B\"", "\"meter.test\",80");
}

/* ---- an application -------------------------------------------------------------- */

static void text(char *to, size_t size, const char *from)
{
	snprintf(to, size, "%s", from);
}

static void write_application(struct application *app)
{
	struct command_conf *c = app->commands;

	memset(app, 0, sizeof(*app));
	app->n_commands = 3;
	text(c[0].name, sizeof(c[0].name), "+XAPP");
	text(c[0].param[0].name, sizeof(c[0].param[0].name), "n");
	text(c[0].param[0].values, sizeof(c[0].param[0].values), "(0-9)");
	text(c[0].param[0].def, sizeof(c[0].param[0].def), "4");
	c[0].param[0].kept = KEEPS_AT_ONCE;
	c[0].params = 1;
	text(c[1].name, sizeof(c[1].name), "+XONE"); /* also of the firmware */
	text(c[1].answer[COMMAND_EXEC].line[0], COMMAND_LINE, "+XONE: app");
	c[1].answer[COMMAND_EXEC].lines = 1;
	text(c[1].answer[COMMAND_EXEC].result, 24, "OK");
	text(c[2].name, sizeof(c[2].name), "+CGMI"); /* of C */
	text(c[2].answer[COMMAND_EXEC].line[0], COMMAND_LINE, "ACME");
	c[2].answer[COMMAND_EXEC].lines = 1;
	c[2].answer[COMMAND_EXEC].latency = SEC(2);
	text(c[2].answer[COMMAND_EXEC].result, 24, "OK");
	text(app->says.say[0].name, SAY_NAME, "hello");
	text(app->says.say[0].text, SAY_TEXT, "^HELLO");
	app->says.n = 1;
	app->says.boot[0].at = STAGE_READY;
	text(app->says.boot[0].text, SAY_TEXT, "^APP");
	app->says.boots = 1;
}

static void an_application_brings_commands_and_takes_them_away(void **state)
{
	static struct application app;
	struct command_conf *c = app.commands;
	char why[256];
	void *mem;

	(void)state;
	write_application(&app);
	mem = calloc(1, commands_own_size(c, app.n_commands));
	app.at = commands_own_init(c, app.n_commands, mem);
	assert_true(commands_check_own(c, 3, &c[0], why, sizeof(why)));
	assert_true(commands_check_own(c, 3, &c[2], why, sizeof(why)));
	refused("AT+XAPP?\r");
	running = &app;
	at_store_application(rig.modem);
	boot_lines(rig.modem);
	rig_pass(&rig, SEC(1));
	says(&rig, "\r\n^APP\r\n");
	ask(&rig, "AT+XAPP?\r", "\r\n+XAPP: 4\r\n" OK);
	ask(&rig, "AT+XAPP=7\r", OK);
	ask(&rig, "AT+XONE\r", "\r\n+XONE: app\r\n" OK);
	refused("AT+XONE?\r"); /* the application's command hides the firmware's */
	rig_say(&rig, "AT+CGMI\r", MS(1900));
	says(&rig, "");
	rig_pass(&rig, MS(200));
	says(&rig, "\r\nACME\r\n" OK);
	assert_null(action_find("say")->apply(
		rig.modem, &(char[64]){ 'h', 'e', 'l', 'l', 'o' }));
	rig_pass(&rig, SEC(1));
	says(&rig, "\r\n^HELLO\r\n");
	running = NULL;
	refused("AT+XAPP?\r");
	ask(&rig, "AT+XONE\r", "\r\n+XONE: 1\r\n" OK);
	ask(&rig, "AT&W\r", OK);
	again(profile);
	refused("AT+XAPP?\r");
	running = &app;
	ask(&rig, "AT&W\r", OK); /* before it has got its values */
	at_store_application(rig.modem);
	ask(&rig, "AT+XAPP?\r", "\r\n+XAPP: 7\r\n" OK);
	running = NULL;
	free(mem);
}

static void rows_of_an_application_need_it(void **state)
{
	static const struct at_cmd row = {
		.name = "+XWIP", .provided = 1 << PROVIDES_WIP, .since = 311
	};

	(void)state;
	assert_false(at_provided(&row, 0, 0));
	assert_false(at_provided(&row, 1 << PROVIDES_WIP, 310));
	assert_true(at_provided(&row, 1 << PROVIDES_WIP, 311));
	assert_true(at_provided(&(struct at_cmd){ .name = "+X" }, 0, 0));
}

#define T(name) cmocka_unit_test_setup_teardown(name, begin, end)

static const struct CMUnitTest tests[] = {
	T(values_are_checked_and_shown),
	T(values_live_as_long_as_they_say),
	T(texts_do_not_run_out),
	T(values_survive_a_firmware_without_their_command),
	T(a_value_that_the_firmware_refuses_is_the_factorys),
	T(an_application_brings_commands_and_takes_them_away),
	T(rows_of_an_application_need_it),
};

int main(void)
{
	int failed = cmocka_run_group_tests(tests, NULL, NULL);

	rig_profile_free(profile);
	rig_profile_free(plain);
	return failed;
}
