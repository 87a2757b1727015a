/* Commands that YAML declares (profiles/README.md Commands as data): their answers, their
 * arguments, what they keep and for how long, and answers of C that they replace. */
#include "unit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "actions/action.h"
#include "ask.h"
#include "at/kept.h"
#include "at/known.h"
#include "at/store.h"
#include "chapters/boot/lines.h"
#include "describe/commands.h"
#include "rig.h"
#include "state/application.h"
#include "state/modem_state.h"

static const char told[] =
	"title: told\n"
	"inherits: fastrack-supreme-20-r74\n"
	"firmware:\n"
	"  inherits: r74\n"
	"  identity: { model: { text: \" METER\" } }\n"
	"  commands:\n"
	"    \"+XONE\":\n"
	"      see: the meter's sheet\n"
	"      forms:\n"
	"        exec: \"+XONE: 1\"\n"
	"        read: { lines: [\"+XONE: a\", \"+XONE: b\"], latency: 2s }\n"
	"        set: { lines: \"+XONE: {1},{2},<{1}>{0x\", result: OK }\n"
	"        test: {}\n"
	"    \"+XBAD\":\n"
	"      forms:\n"
	"        exec: { result: ERROR }\n"
	"        read: { result: \"+CME ERROR: 515\" }\n"
	"        set: { lines: \"+XBAD: {3}\", result: NO CARRIER }\n"
	"        test: { result: none }\n"
	"    \"+XRAW\":\n"
	"      forms:\n"
	"        exec: { raw: '<00>\\r\\n+XRAW\\nOK\\r' }\n"
	"        set: { raw: '({1})\\r\\n' }\n"
	"    \"^SYSTEM\": { forms: { exec: \"^SYSTEM: 5\" } }\n"
	"    \"%XY\": { forms: { exec: xy } }\n"
	"    \"G\": { forms: { exec: ring } }\n"
	"    \"S99\": { params: { value: { values: (0-9), kept: ram, default: 7 } } }\n"
	"    \"+XRAM\": { params: { value: { values: (0-9), kept: ram, default: 5 } } }\n"
	"    \"+XSAVED\":\n"
	"      view: true\n"
	"      params:\n"
	"        one: { values: (0-99), kept: AT&W, default: 10, restored: true }\n"
	"        two: { values: '(\"A\",\"B\")', type: choice, kept: AT&W, default: A,\n"
	"               optional: true }\n"
	"    \"+XHOST\":\n"
	"      params:\n"
	"        name: { type: text, kept: at once, default: none.test, restored: true "
	"}\n"
	"        port: { values: (1-65535), kept: at once, default: 80, optional: true "
	"}\n"
	"    \"+XMODE\":\n"
	"      params: { mode: { values: (0-2), kept: at once, default: 0 } }\n"
	"      forms: { set: \"+XMODE: now {1}\", exec: \"+XMODE: ?\" }\n"
	"    \"+XCHECK\":\n"
	"      params: { n: (0-3) }\n      forms: { set: {} }\n"
	"    \"+XSIM\": { needs: [sim], open: [read], forms: { exec: {}, read: {} } }\n"
	"    \"+CMEE\": { forms: { set: \"+CMEE is {1}\", read: \"+CMEE: nine\" } }\n"
	"    \"+CSQ\": { forms: { exec: { raw: '\\n+CSQ:31,0\\n' } } }\n"
	"    \"+COPS\": { forms: { test: \"+COPS: none found\" } }\n"
	"  says: { hot: \"^HOT: 1\" }\n"
	"  boot:\n"
	"    - { at: ready, after: 1s, say: ^BOOT }\n"
	"    - { at: power, say: \"^POWER\" }\n"
	"    - { at: files, say: ^READY }\n"
	"    - { at: network, say: ^NET }\n"
	"memory: { \"+XSAVED.two\": B, \"+XHOST\": meter.test }\n";

static const char other[] = "title: other\n"
			    "inherits: fastrack-supreme-20-r74\n";

/* the application that runs, for libmodem */

static const struct application *running;
const struct application *__wrap_application_running(const struct modem *m);

const struct application *__wrap_application_running(const struct modem *m)
{
	(void)m;
	return running;
}

static struct profile *profile, *plain;
static struct rig_store store;
static struct rig rig;

static struct profile *make_profile(const char *text)
{
	char path[] = "/tmp/fauxtrack-test-XXXXXX.yaml";
	int fd = mkstemps(path, 5);
	struct profile *p;

	assert_true(fd >= 0);
	assert_int_equal(write(fd, text, strlen(text)), strlen(text));
	close(fd);
	p = rig_profile(path);
	unlink(path);
	return p;
}

static void start(const struct profile *p)
{
	void *mem = malloc(modem_size(p, 1));

	assert_non_null(mem);
	assert_true(rig_init_on(&rig, p, &store, mem));
	rig_boot(&rig);
	rig_say(&rig, "ATE0\r", SEC(1));
	rig_clear(&rig);
}

static void again(const struct profile *p)
{
	modem_close(rig.modem, rig.now);
	rig_free(&rig);
	start(p);
}

static int begin(void **state)
{
	(void)state;
	if (!profile)
		profile = make_profile(told);
	if (!plain)
		plain = make_profile(other);
	running = NULL;
	start(profile);
	return 0;
}

static int end(void **state)
{
	(void)state;
	rig_free(&rig);
	rig_store_clear(&store);
	return 0;
}

static void refused(const char *line)
{
	ask(&rig, line, ERROR);
}

/* ---- answers --------------------------------------------------------------------- */

static void each_form_has_its_answer(void **state)
{
	(void)state;
	ask(&rig, "AT+XONE\r", "\r\n+XONE: 1\r\n" OK);
	ask(&rig, "at+xone\r", "\r\n+XONE: 1\r\n" OK);
	ask(&rig, "AT+XONE=?\r", OK);
	ask(&rig, "AT+XBAD\r", ERROR);
	ask(&rig, "AT+XBAD?\r", ERROR);
	ask(&rig, "AT+XBAD=1,2,3\r", "\r\n+XBAD: 3\r\n\r\nNO CARRIER\r\n");
	ask(&rig, "AT+XBAD=?\r", "");
	refused("AT+XRAW?\r");
	ask(&rig, "AT+CGMM\r", "\r\n METER\r\n" OK);
	/* several commands on a line, in numbers */
	ask(&rig, "AT+XONE;+XONE\r", "\r\n+XONE: 1\r\n\r\n+XONE: 1\r\n" OK);
	ask(&rig, "ATV0\r", "0\r");
	ask(&rig, "AT+XONE\r", "+XONE: 1\r\n0\r");
	ask(&rig, "AT+XBAD=,,\r", "+XBAD: \r\n3\r");
}

static void an_answer_takes_its_time(void **state)
{
	(void)state;
	rig_say(&rig, "AT+XONE?\r", MS(1900));
	says(&rig, "");
	rig_pass(&rig, MS(200));
	says(&rig, "\r\n+XONE: a\r\n+XONE: b\r\n" OK);
}

static void raw_bytes_are_sent_as_they_are(void **state)
{
	static const char want[] = "\0\r\n+XRAW\nOK\r";

	(void)state;
	rig_say(&rig, "AT+XRAW\r", SEC(1));
	assert_int_equal(rig.len, sizeof(want) - 1);
	assert_memory_equal(rig.out, want, sizeof(want) - 1);
	rig_clear(&rig);
	ask(&rig, "ATV0Q1\r", "");
	ask(&rig, "AT+XRAW=7;+XONE\r", "(7)\r\n"); /* the line ends there */
}

static void names_of_other_makers_are_reached(void **state)
{
	(void)state;
	ask(&rig, "AT^SYSTEM\r", "\r\n^SYSTEM: 5\r\n" OK);
	ask(&rig, "AT^system;+XONE\r", "\r\n^SYSTEM: 5\r\n\r\n+XONE: 1\r\n" OK);
	refused("AT^SYSTE\r");
	ask(&rig, "AT%XY\r", "\r\nxy\r\n" OK);
	ask(&rig, "AT%C0\r", OK); /* a command of C that begins like them */
	ask(&rig, "ATG\r", "\r\nring\r\n" OK);
	ask(&rig, "ATS99?\r", "\r\nS99: 7\r\n" OK);
	ask(&rig, "ATS99=3S99?\r", "\r\nS99: 3\r\n" OK);
}

static void arguments_cannot_leave_their_line(void **state)
{
	char line[AT_LINE_MAX], want[AT_LINE_MAX];
	char longest[1500];

	(void)state;
	ask(&rig, "AT+XONE=1,\"two\"\r", "\r\n+XONE: 1,two,<1>{0x\r\n" OK);
	ask(&rig, "AT+XONE=\r", "\r\n+XONE: ,,<>{0x\r\n" OK);
	ask(&rig, "AT+XONE={2},{1}\r", "\r\n+XONE: {2},{1},<{2}>{0x\r\n" OK);
	ask(&rig, "AT+XONE=%s%n,\\r\\n\r", "\r\n+XONE: %s%n,\\r\\n,<%s%n>{0x\r\n" OK);
	ask(&rig, "AT+XONE=\"a\nb\x01\x7f\",c\r", "\r\n+XONE: ab,c,<ab>{0x\r\n" OK);
	refused("AT+XONE=a\"b\"\r");
	refused("AT+XONE=1,2,3,4,5\r");
	/* a line end that the host has chosen */
	ask(&rig, "ATS4=66\r", "\rBOK\rB");
	ask(&rig, "AT+XONE=xBy,z\r", "\rB+XONE: xy,z,<xy>{0x\rB\rBOK\rB");
	ask(&rig, "ATS4=10\r", OK);
	ask(&rig, "AT+XRAW=<0D>\\r\r", "(<0D>\\r)\r\n");
	/* long ones are cut, and nothing else happens */
	memset(longest, 'a', sizeof(longest));
	longest[sizeof(longest) - 1] = '\0';
	snprintf(line, sizeof(line), "AT+XBAD=,,%s\r", longest);
	snprintf(want, sizeof(want), "\r\n+XBAD: %s\r\n\r\nNO CARRIER\r\n", longest);
	ask(&rig, line, want);
	snprintf(line, sizeof(line), "AT+XONE=%s\r", longest);
	rig_say(&rig, line, SEC(1));
	assert_true(rig.len < 2100);
	assert_memory_equal(rig.out + rig.len - 6, OK, 6);
	rig_clear(&rig);
}

static void preconditions_are_those_of_c(void **state)
{
	char text[sizeof(told) + 8];
	struct profile *p;

	ask(&rig, "AT+XSIM\r", OK);
	snprintf(text, sizeof(text),
		"title: x\ninherits: fastrack-supreme-20-r74-no-sim\n%s",
		strstr(told, "firmware:"));
	p = make_profile(text);
	end(state);
	start(p);
	ask(&rig, "AT+XSIM?\r", OK);
	ask(&rig, "AT+CMEE=1\r", "\r\n+CMEE is 1\r\n" OK);
	ask(&rig, "AT+XSIM\r", "\r\n+CME ERROR: 10\r\n");
	rig_free(&rig);
	rig_profile_free(p);
	start(profile);
}

/* ---- answers of C ---------------------------------------------------------------- */

static void only_the_bytes_of_c_are_replaced(void **state)
{
	(void)state;
	ask(&rig, "AT+CMEE=1\r", "\r\n+CMEE is 1\r\n" OK);
	ask(&rig, "AT+XBAD?\r", "\r\n+CME ERROR: 515\r\n"); /* the effect */
	ask(&rig, "AT+CMEE?\r", "\r\n+CMEE: nine\r\n" OK);
	ask(&rig, "AT+CMEE=?\r", "\r\n+CMEE: (0,1)\r\n" OK); /* not told: its own */
	ask(&rig, "AT+CMEE=7\r", "\r\n+CME ERROR: 3\r\n");   /* it failed: its own */
	ask(&rig, "AT+CMEE=0\r", "\r\n+CMEE is 0\r\n" OK);
	refused("AT+CMEE=7\r");
	ask(&rig, "AT+CSQ;+CMEE?\r", "\n+CSQ:31,0\n");
	/* one that works for a while first */
	rig_say(&rig, "AT+COPS=?\r", SEC(60));
	says(&rig, "\r\n+COPS: none found\r\n" OK);
	ask(&rig, "AT+XONE\r", "\r\n+XONE: 1\r\n" OK);
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

static void an_application_brings_commands_and_takes_them_away(void **state)
{
	static struct application app;
	struct command_conf *c = app.commands;
	char why[256];
	void *mem;

	(void)state;
	memset(&app, 0, sizeof(app));
	app.n_commands = 3;
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
	text(app.says.say[0].name, SAY_NAME, "hello");
	text(app.says.say[0].text, SAY_TEXT, "^HELLO");
	app.says.n = 1;
	app.says.boot[0].at = STAGE_READY;
	text(app.says.boot[0].text, SAY_TEXT, "^APP");
	app.says.boots = 1;
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

/* ---- lines ----------------------------------------------------------------------- */

static void boot_lines_come_at_their_stages(void **state)
{
	static const char *const order[] = { "^POWER", "^BOOT", "^NET", "^READY" };
	const char *at;
	size_t i;

	(void)state;
	rig_say(&rig, "AT+CFUN=1\r", SEC(60));
	rig.out[rig.len] = '\0';
	at = rig.out;
	for (i = 0; i < 4; i++) {
		at = strstr(at, order[i]);
		assert_non_null(at);
		assert_memory_equal(at - 2, "\r\n", 2);
		assert_memory_equal(at + strlen(order[i]), "\r\n", 2);
		at++;
		assert_null(strstr(at, order[i])); /* once */
	}
}

static void an_action_says_a_line(void **state)
{
	const struct action_row *say = action_find("say");
	char args[64] = "hot";

	(void)state;
	assert_non_null(say);
	assert_null(say->apply(rig.modem, args));
	rig_pass(&rig, MS(1));
	says(&rig, "\r\n^HOT: 1\r\n");
	strcpy(args, "cold");
	assert_non_null(say->apply(rig.modem, args));
}

/* ---- lists ----------------------------------------------------------------------- */

static void lists_say_where_a_command_is_from(void **state)
{
	const struct firmware *f = profile_at(profile, profile->installed);
	struct command_row row;
	size_t i, found = 0;

	(void)state;
	for (i = 0; commands_row(f, i, &row); i++) {
		if (!strcmp(row.name, "+XONE")) {
			found++;
			assert_true(row.data);
			assert_string_equal(row.forms, "ESRT");
			assert_string_equal(row.status, "works");
			assert_non_null(strstr(row.source, ".yaml:7; the meter's sheet"));
		} else if (!strcmp(row.name, "+XHOST")) {
			found++;
			assert_string_equal(row.forms, "-SRT");
			assert_string_equal(row.stored, "at once");
			assert_string_equal(row.status, "kept");
		} else if (!strcmp(row.name, "+CMEE")) {
			found++;
			assert_false(row.data);
			assert_non_null(strstr(row.source, "; answers: "));
		}
	}
	assert_int_equal(found, 3);
}

#define T(name) cmocka_unit_test_setup_teardown(name, begin, end)

static const struct CMUnitTest tests[] = {
	T(each_form_has_its_answer),
	T(an_answer_takes_its_time),
	T(raw_bytes_are_sent_as_they_are),
	T(names_of_other_makers_are_reached),
	T(arguments_cannot_leave_their_line),
	T(preconditions_are_those_of_c),
	T(only_the_bytes_of_c_are_replaced),
	T(values_are_checked_and_shown),
	T(values_live_as_long_as_they_say),
	T(texts_do_not_run_out),
	T(values_survive_a_firmware_without_their_command),
	T(a_value_that_the_firmware_refuses_is_the_factorys),
	T(an_application_brings_commands_and_takes_them_away),
	T(rows_of_an_application_need_it),
	T(boot_lines_come_at_their_stages),
	T(an_action_says_a_line),
	T(lists_say_where_a_command_is_from),
};

int main(void)
{
	int failed = cmocka_run_group_tests(tests, NULL, NULL);

	rig_profile_free(profile);
	rig_profile_free(plain);
	return failed;
}
