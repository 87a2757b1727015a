/* at/: the command tables of every shipped firmware, the parser, the values. */
#include "unit.h"

#include <stdio.h>
#include <string.h>

#include "at/parse.h"
#include "at/tables.h"
#include "rig.h"

static struct profile *profile; /* a profile that knows every firmware */

static int begin(void **state)
{
	(void)state;
	profile = rig_profile("fastrack-supreme-20-r74");
	return 0;
}

static int end(void **state)
{
	(void)state;
	rig_profile_free(profile);
	return 0;
}

static const struct at_set *tables(void)
{
	return profile_firmware(profile, "r74")->at;
}

static const struct at_known *known(void)
{
	static struct at_known known;

	known.firmware = tables();
	return &known;
}

/* ---- legal values ---------------------------------------------------------------- */

static void ranges_and_lists_of_numbers(void **state)
{
	(void)state;
	assert_true(at_values_allow("(0-3,99)", 0));
	assert_true(at_values_allow("(0-3,99)", 3));
	assert_true(at_values_allow("(0-3,99)", 99));
	assert_false(at_values_allow("(0-3,99)", 4));
	assert_false(at_values_allow("(0-3,99)", 98));
	assert_true(at_values_allow("(5)", 5));
	assert_false(at_values_allow("(5)", 0));
	assert_false(at_values_allow("", 0));
}

static void choices_have_places(void **state)
{
	const char *values = "(\"GSM\",\"PCCP437\",\"HEX\")";
	size_t len;

	(void)state;
	assert_int_equal(at_values_place(values, "GSM", 3), 0);
	assert_int_equal(at_values_place(values, "HEX", 3), 2);
	assert_int_equal(at_values_place(values, "GS", 2), -1);
	assert_int_equal(at_values_place(values, "gsm", 3), -1);
	assert_memory_equal(at_values_text(values, 1, &len), "PCCP437", 7);
	assert_int_equal(len, 7);
	assert_null(at_values_text(values, 3, &len));
}

/* ---- rows ------------------------------------------------------------------------ */

static const struct at_entry *entry_at;

/* Calls look() for each row of every shipped firmware. */
static void each_row(void (*look)(const struct at_set *set, const struct at_entry *e))
{
	const struct firmware *fw;
	size_t f, i;

	assert_non_null(profile_nth(profile, 5));
	for (f = 0; (fw = profile_nth(profile, f)); f++) {
		const struct at_set *set = fw->at;

		assert_true(set->n > 50);
		for (i = 0; i < set->n; i++) {
			entry_at = &set->entry[i];
			look(set, entry_at);
		}
	}
}

static void found_by_its_name(const struct at_set *set, const struct at_entry *e)
{
	char small[AT_NAME_MAX + 1];
	size_t i, len = strlen(e->cmd->name);

	assert_true(len <= AT_NAME_MAX);
	for (i = 0; i < len; i++)
		small[i] = (char)(e->cmd->name[i] |
				  (e->cmd->name[i] >= 'A' && e->cmd->name[i] <= 'Z' ? 0x20
										    : 0));
	assert_ptr_equal(at_set_find(set, e->cmd->name, len), e);
	assert_ptr_equal(at_set_find(set, small, len), e);
}

static void every_row_is_found_by_its_name(void **state)
{
	(void)state;
	each_row(found_by_its_name);
}

/* The line with which a host would use a form. */
static void write_form(char *line, size_t size, const struct at_cmd *cmd, unsigned form)
{
	const char *tail = form == AT_SET           ? "=1"
			   : form == AT_READ        ? "?"
			   : form == AT_TEST        ? "=?"
			   : cmd->name[0] == '+'    ? ""
			   : cmd->flags & AT_F_REST ? "1;"
						    : "0";

	snprintf(line, size, "%s%s", cmd->name, tail);
}

static void reached_by_the_parser(const struct at_set *set, const struct at_entry *e)
{
	unsigned form;
	char line[40];

	for (form = AT_EXEC; form <= AT_TEST; form <<= 1) {
		struct at_known of_set = {
			.firmware = set, .provides = ~0u, .wip_version = 99999
		};
		struct at_call call;
		size_t pos = 0;
		enum at_parsed got;

		/* for D, a = or ? is a character of its text */
		if (e->cmd->flags & AT_F_REST && form != AT_EXEC)
			continue;
		write_form(line, sizeof(line), e->cmd, form);
		got = at_parse_next(&of_set, line, strlen(line), &pos, &call);
		if (e->absent || !(e->cmd->forms & form)) {
			assert_int_equal(got, AT_PARSED_BAD);
			continue;
		}
		assert_int_equal(got, AT_PARSED_COMMAND);
		assert_ptr_equal(call.entry, e);
		assert_int_equal(call.form, form);
		assert_int_equal(pos, strlen(line));
	}
}

static void no_row_shadows_another(void **state)
{
	(void)state;
	each_row(reached_by_the_parser);
}

static void default_is_legal(const struct at_set *set, const struct at_entry *e)
{
	size_t i, len;

	(void)set;
	for (i = 0; i < AT_PARAMS && e->cmd->param[i].name; i++) {
		if (!e->field[i] || !e->values[i])
			continue;
		if (e->cmd->param[i].type == AT_CHOICE)
			assert_non_null(at_values_text(e->values[i], e->def[i], &len));
		else
			assert_true(at_values_allow(e->values[i], e->def[i]));
	}
}

static void every_default_is_legal(void **state)
{
	(void)state;
	each_row(default_is_legal);
}

/* "(0-3,99),(\"A\",\"B\")": groups in parentheses, quotes closed. */
static void balanced(const char *text)
{
	int depth = 0, quotes = 0;

	for (; *text; text++) {
		assert_true((unsigned char)*text >= 0x20 && *text != 0x7f);
		quotes ^= *text == '"';
		depth += !quotes && *text == '(';
		depth -= !quotes && *text == ')';
		assert_in_range(depth, 0, 2); /* +CPMS=? nests */
	}
	assert_int_equal(depth, 0);
	assert_int_equal(quotes, 0);
}

static void test_text_is_sound(const struct at_set *set, const struct at_entry *e)
{
	size_t i;

	(void)set;
	if (e->test)
		balanced(e->test);
	for (i = 0; i < AT_PARAMS && e->cmd->param[i].name; i++)
		if (e->values[i])
			balanced(e->values[i]);
}

static void every_test_answer_is_sound(void **state)
{
	(void)state;
	each_row(test_text_is_sound);
}

static void row_is_whole(const struct at_set *set, const struct at_entry *e)
{
	const struct at_cmd *cmd = e->cmd;
	size_t i;

	(void)set;
	assert_true(cmd->see && cmd->see[0]);
	assert_true(cmd->forms);
	/* without a handler a row is a setting, so it must store something */
	assert_true(cmd->run || e->field[0] || cmd->flags & AT_F_REFUSED);
	for (i = 0; i < AT_PARAMS && cmd->param[i].name; i++)
		if (cmd->param[i].type == AT_INT && e->field[i])
			assert_non_null(e->values[i]);
}

static void every_row_says_where_it_comes_from(void **state)
{
	(void)state;
	each_row(row_is_whole);
}

static void no_field_belongs_to_two_rows(void **state)
{
	const struct at_set *set = tables();
	const char *owner[SETTINGS_FIELDS] = { NULL };
	size_t i, p;

	(void)state;
	for (i = 0; i < set->n; i++) {
		const struct at_entry *e = &set->entry[i];

		for (p = 0; p < AT_PARAMS && e->cmd->param[p].name; p++) {
			if (!e->field[p])
				continue;
			assert_null(owner[e->field[p]]);
			owner[e->field[p]] = e->cmd->name;
		}
	}
}

/* ---- parser ---------------------------------------------------------------------- */

static struct at_call call;

/* The result of at_parse_args() for the first command of a line. */
static int args_of(const char *line)
{
	size_t pos = 0;

	assert_int_equal(at_parse_next(known(), line, strlen(line), &pos, &call),
		AT_PARSED_COMMAND);
	return at_parse_args(&call);
}

static void arguments_are_read_by_the_row(void **state)
{
	(void)state;
	assert_int_equal(args_of("+COPS=1,2,\"20801\""), AT_OK);
	assert_int_equal(call.args, 3);
	assert_int_equal(call.arg[0].num, 1);
	assert_int_equal(call.arg[1].num, 2);
	assert_true(call.arg[2].quoted);
	assert_memory_equal(call.arg[2].text, "20801", 5);
	assert_int_equal(args_of("+COPS=1, 2 , 20801 "), AT_OK);
	assert_false(call.arg[2].quoted);
	assert_int_equal(call.arg[2].len, 5);
}

static void a_left_out_argument_is_not_given(void **state)
{
	(void)state;
	assert_int_equal(args_of("+CPOL=,2"), AT_OK);
	assert_false(at_given(&call, 0));
	assert_true(at_given(&call, 1));
	assert_false(at_given(&call, 2));
}

static void bad_arguments(void **state)
{
	(void)state;
	assert_int_equal(args_of("+CREG=9"), AT_CME(CME_NOT_ALLOWED));
	assert_int_equal(args_of("+CREG=1,2"), AT_CME(CME_NOT_ALLOWED));
	assert_int_equal(args_of("+CREG="), AT_CME(CME_NOT_ALLOWED));
	assert_int_equal(args_of("+CREG=4294967297"), AT_CME(CME_NOT_ALLOWED));
	assert_int_equal(args_of("+CREG=x"), AT_ERROR);
	assert_int_equal(args_of("+CREG=-1"), AT_ERROR);
	assert_int_equal(args_of("+CREG=\"1\""), AT_ERROR);
	assert_int_equal(args_of("+CSCS=\"GSM"), AT_ERROR);
	assert_int_equal(args_of("+CSCS=\"GSM\"x"), AT_ERROR);
	assert_int_equal(args_of("E2"), AT_ERROR);
}

static size_t commands_of(const char *line, enum at_parsed *last)
{
	size_t pos = 0, n = 0;

	while ((*last = at_parse_next(known(), line, strlen(line), &pos, &call)) ==
		AT_PARSED_COMMAND)
		n++;
	return n;
}

static void lines_are_cut_into_commands(void **state)
{
	static const struct {
		const char *line;
		size_t commands;
		enum at_parsed last;
	} cases[] = {
		{ "", 0, AT_PARSED_END },
		{ ";;", 0, AT_PARSED_END },
		{ "E0V1Q0", 3, AT_PARSED_END },
		{ "+IPR=115200;&W", 2, AT_PARSED_END },
		{ "E1+CREG?;+CMEE=1", 3, AT_PARSED_END },
		{ "+WOPN=0,\"a;b\";E0", 2, AT_PARSED_END },
		{ "S0=1S3?E1", 3, AT_PARSED_END },
		{ "&F&W", 2, AT_PARSED_END },
		{ "+CMEE=1&W", 1, AT_PARSED_END }, /* its value is "1&W" */
		{ "+CREG?E1", 0, AT_PARSED_BAD },
		{ "+CFOO", 0, AT_PARSED_BAD },
		{ "E1+CFOO", 1, AT_PARSED_BAD },
		{ "&", 0, AT_PARSED_BAD },
		{ "S", 0, AT_PARSED_BAD },
		{ "S99999=1", 0, AT_PARSED_BAD },
		{ "!", 0, AT_PARSED_BAD },
		{ "+", 0, AT_PARSED_BAD },
	};
	enum at_parsed last;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		assert_int_equal(commands_of(cases[i].line, &last), cases[i].commands);
		assert_int_equal(last, cases[i].last);
	}
}

/* ---- mistakes of the host --------------------------------------------------------- */

static char blamed[400];

static void on_notice(struct rig *r, const struct notice *n)
{
	size_t len = strlen(blamed);

	(void)r;
	if (n->kind == NOTICE_CLIENT)
		snprintf(blamed + len, sizeof(blamed) - len, "%s %s;",
			name_of(client_fault_names, (int)n->value), n->text);
}

static void each_mistake_of_a_host_is_reported_by_its_code(void **state)
{
	static const struct {
		const char *typed, *told;
	} cases[] = {
		{ "AT\r\n", "" },
		{ "AT+CSQ\r\n", "" },
		{ "AT+CSQ;+CREG?\r", "" },
		{ "AT+NONSENSE\r", "unknown AT+NONSENSE;" },
		{ "AT+CMEE=7\r", "arguments AT+CMEE=7;" },
		{ "AT\rAT\r", "early AT;" },
		{ "AT+CSQ\rAT\r", "early AT+CSQ;" },
		{ "AT+CMGF=0\r", "" },
		{ "AT+CMGF=0;+CMGS=20\r0\x1a", "text-early AT+CMGF=0;+CMGS=20;pdu " },
	};
	struct rig r;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		rig_init(&r, profile);
		rig_boot(&r);
		blamed[0] = '\0';
		r.notify = on_notice;
		rig_type(&r, cases[i].typed, strlen(cases[i].typed));
		rig_pass(&r, SEC(20));
		if (!cases[i].told[0])
			assert_string_equal(blamed, "");
		else
			assert_memory_equal(blamed, cases[i].told, strlen(cases[i].told));
		rig_free(&r);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		UNIT(ranges_and_lists_of_numbers),
		UNIT(choices_have_places),
		UNIT(every_row_is_found_by_its_name),
		UNIT(no_row_shadows_another),
		UNIT(every_default_is_legal),
		UNIT(every_test_answer_is_sound),
		UNIT(every_row_says_where_it_comes_from),
		UNIT(no_field_belongs_to_two_rows),
		UNIT(arguments_are_read_by_the_row),
		UNIT(a_left_out_argument_is_not_given),
		UNIT(bad_arguments),
		UNIT(lines_are_cut_into_commands),
		UNIT(each_mistake_of_a_host_is_reported_by_its_code),
	};

	return cmocka_run_group_tests(tests, begin, end);
}
