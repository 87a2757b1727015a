/* Commands that YAML declares (profiles/README.md Commands as data): their answers, their
 * arguments, answers of C that they replace, lines of the boot and of the action say. */
#include "data_rig.h"

#include "actions/action.h"
#include "at/at.h"
#include "describe/commands.h"

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

static void a_firmware_changes_them_as_those_of_c(void **state)
{
	(void)state;
	refused("AT+XGONE\r");
	rig_say(&rig, "AT+XDEF?\r", MS(2900));
	says(&rig, "");
	rig_pass(&rig, MS(200));
	says(&rig, "\r\n+XDEF: 6,\"b\"\r\n" OK);
	refused("AT+XDEF=10\r");
	ask(&rig, "AT+XDEF=9,\"\"\r", OK);
	rig_say(&rig, "AT+XDEF?\r", SEC(4));
	says(&rig, "\r\n+XDEF: 9,\"\"\r\n" OK);
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
	T(a_firmware_changes_them_as_those_of_c),
	T(arguments_cannot_leave_their_line),
	T(preconditions_are_those_of_c),
	T(only_the_bytes_of_c_are_replaced),
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
