/* gsm/toolkit: the menu of the card, each command with each answer, and the way back. */
#include "toolkit_rig.h"

/* ---- the menu -------------------------------------------------------------------- */

static void a_card_without_a_toolkit_says_nothing(void **state)
{
	static const struct toolkit_conf none;
	struct rig r;

	(void)state;
	begin(&r);
	toolkit_init(&r.t, &none, &r.memory, &r.sched, &silent, happened, doer_of, &r);
	toolkit_start(&r.t);
	pass(&r, SEC(100));
	assert_int_equal(toolkit_state(&r.t), TOOLKIT_OFF);
	assert_int_equal(r.events, 0);
	assert_int_equal(toolkit_choose(&r.t, 1, false), TOOLKIT_NOTHING);
	assert_int_equal(answer(&r, 1, TOOLKIT_GIVEN), TOOLKIT_NOTHING);
	assert_int_equal(answer(&r, -1, TOOLKIT_ABORT), TOOLKIT_NOTHING);
	assert_int_equal(toolkit_report(&r.t, TOOLKIT_ACTIVITY), TOOLKIT_NOTHING);
	assert_false(toolkit_order(&r.t, &r.conf.step[0]));
	assert_false(toolkit_end(&r.t));
}

static void a_card_with_steps_alone_has_no_menu(void **state)
{
	struct rig r;

	(void)state;
	begin(&r);
	r.conf.menu.n = 0;
	toolkit_start(&r.t);
	pass(&r, SEC(10));
	assert_int_equal(r.events, 0);
	assert_int_equal(toolkit_state(&r.t), TOOLKIT_IDLE);
	assert_int_equal(toolkit_choose(&r.t, 1, false), TOOLKIT_NOTHING);
	assert_true(toolkit_order(&r.t, toolkit_find(&r.conf, "text")));
	pass(&r, SEC(1));
	assert_int_equal(newest(&r), TOOLKIT_DISPLAY_TEXT);
}

static void the_menu_comes_after_the_start_and_is_told_until_it_is_fetched(void **state)
{
	struct rig r;

	(void)state;
	begin(&r);
	toolkit_start(&r.t);
	assert_int_equal(toolkit_choose(&r.t, 1, false), TOOLKIT_NOTHING);
	pass(&r, MS(499));
	assert_int_equal(r.events, 0);
	pass(&r, MS(1));
	assert_int_equal(newest(&r), TOOLKIT_SET_UP_MENU);
	assert_int_equal(r.t.told, TOOLKIT_SET_UP_MENU);
	toolkit_fetched(&r.t, TOOLKIT_SET_UP_MENU);
	assert_int_equal(r.t.told, -1);
	toolkit_start(&r.t); /* again: nothing */
	pass(&r, SEC(10));
	assert_int_equal(r.events, 1);
}

static void items_have_the_card_s_own_ids(void **state)
{
	struct rig r;

	(void)state;
	ready(&r);
	assert_int_equal(toolkit_choose(&r.t, 0, false), TOOLKIT_REFUSED);
	assert_int_equal(toolkit_choose(&r.t, -1, false), TOOLKIT_REFUSED);
	assert_int_equal(toolkit_choose(&r.t, 11, false), TOOLKIT_REFUSED);
	assert_int_equal(toolkit_choose(&r.t, 2, true), TOOLKIT_REFUSED); /* no help */
	assert_int_equal(toolkit_choose(&r.t, 20, false), TOOLKIT_TAKEN);
	assert_int_equal(toolkit_choose(&r.t, 20, false), TOOLKIT_REFUSED);
	pass(&r, MS(500));
	assert_int_equal(newest(&r), TOOLKIT_SELECT_ITEM);
}

static void an_item_without_a_step_ends_at_once(void **state)
{
	struct rig r;

	(void)state;
	ready(&r);
	assert_int_equal(toolkit_choose(&r.t, 21, false), TOOLKIT_TAKEN);
	pass(&r, MS(500));
	assert_int_equal(newest(&r), TOOLKIT_ENDED);
	assert_int_equal(toolkit_state(&r.t), TOOLKIT_IDLE);
}

static void the_menu_comes_again_where_the_card_says_so(void **state)
{
	struct rig r;

	(void)state;
	ready(&r);
	r.conf.again = true;
	toolkit_choose(&r.t, 21, false);
	pass(&r, MS(500));
	assert_int_equal(newest(&r), TOOLKIT_ENDED);
	pass(&r, MS(500));
	assert_int_equal(newest(&r), TOOLKIT_SET_UP_MENU);
}

/* ---- answers --------------------------------------------------------------------- */

/* T taken, R refused; results 0 to 3, then 95 to 99. */
static void every_command_knows_its_results(void **state)
{
	static const struct {
		const char *step;
		int command;
		const char *verdicts;
	} row[] = { { "text", 1, "TTRR TTTTT" }, { "key", 2, "TTRR TTTTT" },
		{ "input", 3, "TTTR TTTTT" }, { "call", 4, "TTRR TTTTT" },
		{ "menu1", 6, "TTTT TTTTT" }, { "tone", 5, "RRRR RRRRR" },
		{ "refresh", 7, "RRRR RRRRR" }, { "ss", 8, "RRRR RRRRR" },
		{ "sms", 9, "RRRR RRRRR" }, { "ussd", 10, "RRRR RRRRR" } };
	static const enum toolkit_result results[] = { TOOLKIT_LEAVES, TOOLKIT_GIVEN,
		TOOLKIT_HELP, TOOLKIT_BACK, TOOLKIT_LEAVES, TOOLKIT_BACKWARD,
		TOOLKIT_BEYOND, TOOLKIT_UNABLE, TOOLKIT_SILENCE, TOOLKIT_ABORT };
	struct rig r;
	size_t i, k;

	(void)state;
	for (i = 0; i < sizeof(row) / sizeof(row[0]); i++)
		for (k = 0; k < sizeof(results) / sizeof(results[0]); k++) {
			if (row[i].verdicts[k] == ' ')
				continue;
			asking(&r, row[i].step);
			assert_int_equal(newest(&r), row[i].command);
			if (answer(&r, row[i].command, results[k]) !=
				(row[i].verdicts[k] == 'T' ? TOOLKIT_TAKEN
							   : TOOLKIT_REFUSED))
				fail_msg("%s, result %d", row[i].step, results[k]);
		}
}

static void an_answer_to_another_command_is_refused(void **state)
{
	struct rig r;
	int command;

	(void)state;
	asking(&r, "input");
	for (command = 0; command < TOOLKIT_COMMANDS; command++)
		if (command != TOOLKIT_GET_INPUT)
			assert_int_equal(
				answer(&r, command, TOOLKIT_GIVEN), TOOLKIT_REFUSED);
	assert_int_equal(answer(&r, TOOLKIT_GET_INPUT, TOOLKIT_GIVEN), TOOLKIT_TAKEN);
	/* the card thinks */
	assert_int_equal(answer(&r, TOOLKIT_GET_INPUT, TOOLKIT_GIVEN), TOOLKIT_REFUSED);
}

static void texts_have_a_length_and_a_format(void **state)
{
	static const struct {
		int format;
		const char *text;
		bool good;
	} row[] = { { TOOLKIT_DIGITS, "", false }, { TOOLKIT_DIGITS, "+1*#", true },
		{ TOOLKIT_DIGITS, "12345", false }, { TOOLKIT_DIGITS, "a", false },
		{ TOOLKIT_GSM, "a{\xc3\xa9~", true }, { TOOLKIT_GSM, "\xd0\x96", false },
		{ TOOLKIT_UCS2, "\xd0\x96", true }, { TOOLKIT_UNPACKED, "abcd", true },
		{ TOOLKIT_PACKED, "abcde", false } };
	struct rig r;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(row) / sizeof(row[0]); i++) {
		asking(&r, "input");
		r.conf.step[2].format = row[i].format;
		assert_int_equal(toolkit_answer(&r.t, TOOLKIT_GET_INPUT, TOOLKIT_GIVEN,
					 row[i].text, 0),
			row[i].good ? TOOLKIT_TAKEN : TOOLKIT_REFUSED);
		assert_string_equal(r.memory.answer[0], row[i].good ? row[i].text : "");
	}
	asking(&r, "input");
	assert_int_equal(toolkit_answer(&r.t, TOOLKIT_GET_INPUT, TOOLKIT_GIVEN, NULL, 0),
		TOOLKIT_REFUSED);
}

static void the_longest_answer_is_kept_whole(void **state)
{
	char text[TOOLKIT_ANSWER + 2];
	struct rig r;

	(void)state;
	asking(&r, "input");
	r.conf.step[2].max = TOOLKIT_ANSWER;
	memset(text, '1', sizeof(text) - 1);
	text[sizeof(text) - 1] = '\0';
	assert_int_equal(toolkit_answer(&r.t, TOOLKIT_GET_INPUT, TOOLKIT_GIVEN, text, 0),
		TOOLKIT_REFUSED);
	text[TOOLKIT_ANSWER] = '\0';
	assert_int_equal(toolkit_answer(&r.t, TOOLKIT_GET_INPUT, TOOLKIT_GIVEN, text, 0),
		TOOLKIT_TAKEN);
	assert_string_equal(printed(&r, "{1}"), text);
}

static void an_empty_answer_is_the_usual_one(void **state)
{
	struct rig r;

	(void)state;
	asking(&r, "input");
	strcpy(r.conf.step[2].usual, "42");
	assert_int_equal(toolkit_answer(&r.t, TOOLKIT_GET_INPUT, TOOLKIT_GIVEN, "", 0),
		TOOLKIT_TAKEN);
	assert_string_equal(printed(&r, "{1}"), "42");
}

static void yes_and_no_lead_to_different_steps(void **state)
{
	struct rig r;

	(void)state;
	asking(&r, "yes");
	assert_int_equal(toolkit_answer(&r.t, TOOLKIT_GET_INKEY, TOOLKIT_GIVEN, "x", 0),
		TOOLKIT_REFUSED);
	assert_int_equal(toolkit_answer(&r.t, TOOLKIT_GET_INKEY, TOOLKIT_GIVEN, "y", 0),
		TOOLKIT_TAKEN);
	pass(&r, SEC(1));
	assert_string_equal(r.t.step->name, "typed");
	asking(&r, "yes");
	toolkit_answer(&r.t, TOOLKIT_GET_INKEY, TOOLKIT_GIVEN, "n", 0);
	pass(&r, SEC(1));
	assert_string_equal(r.t.step->name, "bad");
}

static void answers_are_put_in_as_text(void **state)
{
	struct rig r;

	(void)state;
	asking(&r, "input");
	r.conf.step[2].format = TOOLKIT_GSM;
	toolkit_answer(&r.t, TOOLKIT_GET_INPUT, TOOLKIT_GIVEN, "{2}\\", 0);
	assert_string_equal(printed(&r, "a{1}b{2}{1}"), "a{2}\\b{2}\\");
	assert_string_equal(printed(&r, "{0}{9}{10}{{1}"), "{0}{9}{10}{{2}\\");
	assert_string_equal(printed(&r, "x\\ny{"), "x\ny{");
	assert_string_equal(printed(&r, "{1"), "{1");
}

static void a_new_session_has_no_old_answers(void **state)
{
	struct rig r;

	(void)state;
	asking(&r, "input");
	answer(&r, TOOLKIT_GET_INPUT, TOOLKIT_GIVEN);
	pass(&r, MS(500));
	answer(&r, -1, TOOLKIT_ABORT);
	pass(&r, SEC(1));
	assert_string_equal(printed(&r, "{1}"), "1");
	toolkit_choose(&r.t, 1, false);
	assert_string_equal(printed(&r, "{1}"), "");
}

static void a_chosen_item_is_an_answer(void **state)
{
	struct rig r;

	(void)state;
	asking(&r, "menu1");
	assert_int_equal(
		toolkit_answer(&r.t, TOOLKIT_SELECT_ITEM, TOOLKIT_GIVEN, NULL, 2),
		TOOLKIT_REFUSED);
	toolkit_answer(&r.t, TOOLKIT_SELECT_ITEM, TOOLKIT_GIVEN, NULL, 7);
	assert_string_equal(printed(&r, "{2}"), "value");
	asking(&r, "menu1");
	toolkit_answer(&r.t, TOOLKIT_SELECT_ITEM, TOOLKIT_GIVEN, NULL, 1);
	assert_string_equal(printed(&r, "{2}"), "Below");
}

static void help_comes_before_the_question_again(void **state)
{
	struct rig r;

	(void)state;
	asking(&r, "input");
	assert_int_equal(answer(&r, TOOLKIT_GET_INPUT, TOOLKIT_HELP), TOOLKIT_TAKEN);
	assert_int_equal(newest(&r), TOOLKIT_DISPLAY_TEXT);
	assert_string_equal(r.t.help, "Help of the step");
	assert_int_equal(answer(&r, TOOLKIT_DISPLAY_TEXT, TOOLKIT_GIVEN), TOOLKIT_TAKEN);
	pass(&r, MS(500));
	assert_int_equal(newest(&r), TOOLKIT_GET_INPUT);
	asking(&r, "menu1");
	answer(&r, TOOLKIT_SELECT_ITEM, TOOLKIT_HELP);
	assert_string_equal(r.t.help, "Help of the item");
	ready(&r);
	assert_int_equal(toolkit_choose(&r.t, 1, true), TOOLKIT_TAKEN);
	assert_string_equal(r.t.help, "Help of the menu");
	answer(&r, TOOLKIT_DISPLAY_TEXT, TOOLKIT_GIVEN);
	pass(&r, MS(500));
	assert_int_equal(newest(&r), TOOLKIT_ENDED);
}

/* ---- the way back ---------------------------------------------------------------- */

static void menus_lead_back_as_far_as_the_path_goes(void **state)
{
	struct rig r;
	int i;

	(void)state;
	asking(&r, "menu1");
	for (i = 1; i <= MENUS; i++) {
		toolkit_answer(&r.t, TOOLKIT_SELECT_ITEM, TOOLKIT_GIVEN, NULL, 1);
		pass(&r, MS(500));
	}
	assert_string_equal(r.t.step->name, "input");
	assert_int_equal(r.t.depth, TOOLKIT_PATH);
	/* from the text to the last menu, and from menu to menu; the first was forgotten */
	for (i = MENUS; i > 1; i--) {
		assert_int_equal(answer(&r, -1, TOOLKIT_BACKWARD), TOOLKIT_TAKEN);
		pass(&r, MS(500));
		assert_int_equal(newest(&r), TOOLKIT_SELECT_ITEM);
	}
	assert_string_equal(r.t.step->name, "menu2");
	answer(&r, TOOLKIT_SELECT_ITEM, TOOLKIT_BACK);
	pass(&r, MS(500));
	assert_int_equal(newest(&r), TOOLKIT_ENDED);
}

static void an_abort_ends_or_goes_back_as_the_card_says(void **state)
{
	struct rig r;

	(void)state;
	asking(&r, "menu1");
	toolkit_answer(&r.t, TOOLKIT_SELECT_ITEM, TOOLKIT_GIVEN, NULL, 1);
	pass(&r, MS(500));
	answer(&r, -1, TOOLKIT_ABORT);
	pass(&r, MS(500));
	assert_int_equal(newest(&r), TOOLKIT_ENDED);
	assert_int_equal(answer(&r, -1, TOOLKIT_ABORT), TOOLKIT_REFUSED);
	asking(&r, "menu1");
	r.conf.goes_back = true;
	toolkit_answer(&r.t, TOOLKIT_SELECT_ITEM, TOOLKIT_GIVEN, NULL, 1);
	pass(&r, MS(500));
	answer(&r, -1, TOOLKIT_ABORT);
	pass(&r, MS(500));
	assert_string_equal(r.t.step->name, "menu1");
	answer(&r, -1, TOOLKIT_ABORT);
	pass(&r, MS(500));
	assert_int_equal(newest(&r), TOOLKIT_ENDED);
}

static const struct CMUnitTest tests[] = {
	UNIT(a_card_without_a_toolkit_says_nothing),
	UNIT(a_card_with_steps_alone_has_no_menu),
	UNIT(the_menu_comes_after_the_start_and_is_told_until_it_is_fetched),
	UNIT(items_have_the_card_s_own_ids),
	UNIT(an_item_without_a_step_ends_at_once),
	UNIT(the_menu_comes_again_where_the_card_says_so),
	UNIT(every_command_knows_its_results),
	UNIT(an_answer_to_another_command_is_refused),
	UNIT(texts_have_a_length_and_a_format),
	UNIT(the_longest_answer_is_kept_whole),
	UNIT(an_empty_answer_is_the_usual_one),
	UNIT(yes_and_no_lead_to_different_steps),
	UNIT(answers_are_put_in_as_text),
	UNIT(a_new_session_has_no_old_answers),
	UNIT(a_chosen_item_is_an_answer),
	UNIT(help_comes_before_the_question_again),
	UNIT(menus_lead_back_as_far_as_the_path_goes),
	UNIT(an_abort_ends_or_goes_back_as_the_card_says),
};

UNIT_MAIN(tests)
