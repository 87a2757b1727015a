/* gsm/toolkit: time, what the modem does, actions from outside, and random walks, which must
 * end in a clean state. */
#include "toolkit_rig.h"

#include "base/rand.h"

/* ---- time ------------------------------------------------------------------------ */

static void nobody_answers(void **state)
{
	struct rig r;

	(void)state;
	asking(&r, "input");
	pass(&r, SEC(30) - 1);
	assert_int_equal(newest(&r), TOOLKIT_GET_INPUT);
	pass(&r, 1);
	assert_int_equal(newest(&r), TOOLKIT_TIMED_OUT);
	pass(&r, MS(500));
	assert_int_equal(newest(&r), TOOLKIT_ENDED);
	assert_int_equal(toolkit_state(&r.t), TOOLKIT_IDLE);
}

static void a_text_that_need_not_be_cleared_goes_when_it_was_read(void **state)
{
	struct rig r;

	(void)state;
	asking(&r, "text");
	pass(&r, SEC(10));
	toolkit_fetched(&r.t, TOOLKIT_DISPLAY_TEXT);
	pass(&r, SEC(2));
	toolkit_fetched(&r.t, TOOLKIT_DISPLAY_TEXT); /* again: it stays no longer */
	pass(&r, SEC(1));
	assert_int_equal(toolkit_state(&r.t), TOOLKIT_THINKS);
	/* one that the user clears stays */
	asking(&r, "typed");
	toolkit_fetched(&r.t, TOOLKIT_DISPLAY_TEXT);
	pass(&r, SEC(29));
	assert_int_equal(toolkit_state(&r.t), TOOLKIT_ASKS);
}

static void a_tone_lasts_as_long_as_the_card_says(void **state)
{
	struct rig r;

	(void)state;
	ready(&r);
	r.conf.step[4].unit = TOOLKIT_TENTHS;
	r.conf.step[4].length = 15;
	toolkit_choose(&r.t, 5, false);
	pass(&r, MS(500));
	assert_int_equal(newest(&r), TOOLKIT_PLAY_TONE);
	pass(&r, MS(1499));
	assert_int_equal(toolkit_state(&r.t), TOOLKIT_WORKS);
	pass(&r, MS(1));
	assert_int_equal(toolkit_state(&r.t), TOOLKIT_THINKS);
}

static void a_step_may_take_its_own_time(void **state)
{
	struct rig r;

	(void)state;
	ready(&r);
	r.conf.step[0].delay = SEC(4);
	toolkit_choose(&r.t, 1, false);
	pass(&r, SEC(4) - 1);
	assert_int_equal(newest(&r), TOOLKIT_SET_UP_MENU);
	pass(&r, 1);
	assert_int_equal(newest(&r), TOOLKIT_DISPLAY_TEXT);
}

/* ---- what the modem does --------------------------------------------------------- */

static void what_the_modem_does_leads_on_or_fails(void **state)
{
	struct rig r;

	(void)state;
	asking(&r, "ussd");
	r.conf.step[8].answer = 3;
	toolkit_done(&r.t, true, "from the network");
	assert_string_equal(printed(&r, "{3}"), "from the network");
	pass(&r, SEC(1));
	assert_string_equal(r.t.step->name, "typed");
	toolkit_done(&r.t, true, NULL); /* too late: it changes nothing */
	assert_int_equal(toolkit_state(&r.t), TOOLKIT_ASKS);
	asking(&r, "sms");
	toolkit_done(&r.t, false, NULL);
	pass(&r, SEC(1));
	assert_string_equal(r.t.step->name, "bad");
}

static void what_cannot_be_done_is_not_told(void **state)
{
	struct rig r;

	(void)state;
	ready(&r);
	r.doer = TOOLKIT_BY_NOBODY;
	toolkit_order(&r.t, toolkit_find(&r.conf, "sms"));
	pass(&r, MS(1000));
	assert_int_equal(r.event[0], TOOLKIT_SET_UP_MENU);
	assert_int_equal(r.event[1], TOOLKIT_DISPLAY_TEXT);
	assert_string_equal(r.t.step->name, "bad");
}

static void a_call_is_accepted_refused_or_lost(void **state)
{
	struct rig r;

	(void)state;
	asking(&r, "call");
	answer(&r, TOOLKIT_SET_UP_CALL, TOOLKIT_GIVEN);
	assert_int_equal(toolkit_state(&r.t), TOOLKIT_WORKS);
	toolkit_done(&r.t, true, NULL);
	pass(&r, SEC(1));
	assert_string_equal(r.t.step->name, "typed");
	asking(&r, "call");
	answer(&r, TOOLKIT_SET_UP_CALL, TOOLKIT_LEAVES);
	pass(&r, SEC(1));
	assert_string_equal(r.t.step->name, "bad");
	/* nobody says what became of it */
	asking(&r, "call");
	answer(&r, TOOLKIT_SET_UP_CALL, TOOLKIT_GIVEN);
	pass(&r, SEC(121));
	assert_string_equal(r.t.step->name, "bad");
}

static void events_come_after_the_session_that_asks_for_them(void **state)
{
	struct rig r;

	(void)state;
	ready(&r);
	assert_int_equal(toolkit_report(&r.t, TOOLKIT_IDLE_SCREEN), TOOLKIT_NOTHING);
	toolkit_choose(&r.t, 10, false);
	pass(&r, SEC(2));
	assert_int_equal(newest(&r), TOOLKIT_ENDED);
	assert_int_equal(toolkit_report(&r.t, TOOLKIT_ACTIVITY), TOOLKIT_REFUSED);
	assert_int_equal(toolkit_report(&r.t, TOOLKIT_IDLE_SCREEN), TOOLKIT_TAKEN);
	pass(&r, MS(500));
	assert_string_equal(r.t.step->name, "typed");
	r.conf.step[9].user = TOOLKIT_CANCEL;
	answer(&r, TOOLKIT_DISPLAY_TEXT, TOOLKIT_LEAVES);
	pass(&r, SEC(1));
	toolkit_choose(&r.t, 10, false);
	pass(&r, SEC(2));
	assert_int_equal(toolkit_report(&r.t, TOOLKIT_IDLE_SCREEN), TOOLKIT_NOTHING);
}

/* ---- from outside ---------------------------------------------------------------- */

static void an_ordered_step_comes_next(void **state)
{
	const struct toolkit_step *bad;
	struct rig r;

	(void)state;
	begin(&r);
	bad = toolkit_find(&r.conf, "bad");
	/* before the menu: after it */
	toolkit_start(&r.t);
	assert_true(toolkit_order(&r.t, bad));
	pass(&r, SEC(1));
	assert_ptr_equal(r.t.step, bad);
	/* while it asks: after the answer */
	asking(&r, "input");
	bad = toolkit_find(&r.conf, "bad");
	assert_true(toolkit_order(&r.t, bad));
	assert_string_equal(r.t.step->name, "input");
	answer(&r, TOOLKIT_GET_INPUT, TOOLKIT_GIVEN);
	/* while it thinks: instead of what it would have said */
	assert_true(toolkit_order(&r.t, toolkit_find(&r.conf, "text")));
	pass(&r, MS(500));
	assert_string_equal(r.t.step->name, "text");
	/* an end forgets it */
	toolkit_order(&r.t, bad);
	assert_true(toolkit_end(&r.t));
	pass(&r, SEC(1));
	assert_int_equal(newest(&r), TOOLKIT_ENDED);
	assert_false(toolkit_end(&r.t));
	assert_int_equal(toolkit_state(&r.t), TOOLKIT_IDLE);
}

static void call_control_counts_while_the_card_is_in_use(void **state)
{
	struct rig r;

	(void)state;
	begin(&r);
	strcpy(r.conf.control[0].number, "0900");
	r.conf.controls = 1;
	assert_null(toolkit_control(&r.t, "0900"));
	toolkit_start(&r.t);
	assert_non_null(toolkit_control(&r.t, "0900"));
	assert_null(toolkit_control(&r.t, "09001"));
}

/* ---- any sequence ---------------------------------------------------------------- */

static void anything(struct rig *r, struct rand *x)
{
	static const char *const texts[] = { "", "1", "12345", "y", "n", NULL };
	int n = (int)rand_below(x, 12), i = (int)rand_below(x, 23);
	const char *text = texts[rand_below(x, 6)];

	switch (n) {
	case 0:
	case 1:
		toolkit_choose(&r->t, i, rand_below(x, 4) == 0);
		break;
	case 2:
		toolkit_fetched(&r->t, i % TOOLKIT_COMMANDS);
		break;
	case 3:
		toolkit_done(&r->t, i & 1, text);
		break;
	case 4:
		toolkit_report(&r->t, (enum toolkit_user)(i % 3 + 1));
		break;
	case 5:
		toolkit_order(&r->t, &r->conf.step[(size_t)i % r->conf.steps]);
		break;
	case 6:
		if (i == 0)
			toolkit_stop(&r->t);
		else if (i == 1)
			toolkit_end(&r->t);
		else
			toolkit_start(&r->t);
		break;
	case 7:
		pass(r, SEC(i));
		break;
	case 8:
		toolkit_answer(&r->t, i % TOOLKIT_COMMANDS,
			(enum toolkit_result)(95 + i % 5), NULL, 0);
		break;
	case 9:
		r->doer = (enum toolkit_doer)(1 + i % 3);
		break;
	default:
		/* mostly the right command */
		toolkit_answer(&r->t, i % 4 ? toolkit_command(&r->t) : i % 12,
			(enum toolkit_result)(i % 5 ? 1 : i % 4), text, i % 3 ? 1 : 7);
		break;
	}
}

/* Whatever was answered: what is asked fits the state, time alone leads to the end, and
 * nothing is left over. */
static void every_walk_ends_in_a_clean_state(void **state)
{
	struct rand x;
	struct rig r;
	int walk, step;

	(void)state;
	rand_init(&x, 17);
	for (walk = 0; walk < 400; walk++) {
		begin(&r);
		r.conf.again = walk & 1;
		r.conf.goes_back = walk & 2;
		toolkit_start(&r.t);
		for (step = 0; step < 200; step++) {
			anything(&r, &x);
			assert_true((toolkit_command(&r.t) >= 0) ==
				    (toolkit_state(&r.t) == TOOLKIT_ASKS ||
					    toolkit_state(&r.t) == TOOLKIT_WORKS));
			assert_true(r.t.depth <= TOOLKIT_PATH);
			if (toolkit_state(&r.t) == TOOLKIT_ASKS)
				assert_true(
					timer_armed(&r.t.user) || timer_armed(&r.t.card));
		}
		r.conf.again = false;
		for (step = 0; step < 20 && toolkit_state(&r.t) > TOOLKIT_IDLE; step++) {
			toolkit_done(&r.t, false, NULL);
			pass(&r, SEC(200));
		}
		assert_true(toolkit_state(&r.t) <= TOOLKIT_IDLE);
		assert_int_equal(r.sched.n, 0);
		toolkit_stop(&r.t);
		assert_int_equal(toolkit_state(&r.t), TOOLKIT_OFF);
		assert_string_equal(printed(&r, "{1}{2}{3}"), "");
		assert_int_equal(r.t.told, -1);
	}
}

static const struct CMUnitTest tests[] = {
	UNIT(nobody_answers),
	UNIT(a_text_that_need_not_be_cleared_goes_when_it_was_read),
	UNIT(a_tone_lasts_as_long_as_the_card_says),
	UNIT(a_step_may_take_its_own_time),
	UNIT(what_the_modem_does_leads_on_or_fails),
	UNIT(what_cannot_be_done_is_not_told),
	UNIT(a_call_is_accepted_refused_or_lost),
	UNIT(events_come_after_the_session_that_asks_for_them),
	UNIT(an_ordered_step_comes_next),
	UNIT(call_control_counts_while_the_card_is_in_use),
	UNIT(every_walk_ends_in_a_clean_state),
};

UNIT_MAIN(tests)
