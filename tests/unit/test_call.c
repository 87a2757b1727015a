/* gsm/call: the life of calls, alone and several at once, with the services that the
 * network keeps. */
#include "unit.h"

#include <string.h>

#include "gsm/call.h"

static const struct calls_conf world = {
	.subscribers = {
		{ .number = "100", .alert_after = SEC(2), .answer_after = SEC(3) },
		{ .number = "101", .behaviour = SUBSCRIBER_BUSY, .alert_after = SEC(2) },
		{ .number = "102", .alert_after = SEC(2), .answer_after = SEC(3),
			.data = true, .hang_up_after = SEC(20) },
		{ .number = "103", .alert_after = SEC(2), .answer_after = SEC(3),
			.group = 4, .holds_after = SEC(5), .holds_for = SEC(7),
			.conference = true },
		{ .number = "104", .alert_after = SEC(2), .forwards_to = "101" },
		{ .number = "105", .alert_after = SEC(2), .behaviour = SUBSCRIBER_REJECTS,
			.answer_after = SEC(1), .calls_back = SEC(10),
			.calls_as = CALLER_UNSAID, .rings_for = SEC(12) },
		{ .number = "+33146290800", .alert_after = SEC(2),
			.answer_after = SEC(3) },
		{ .number = "106", .alert_after = SEC(2), .forwards_to = "0999999999" },
		{ .number = "107", .behaviour = SUBSCRIBER_UNOBTAINABLE,
			.alert_after = SEC(2) },
	},
	.n_subscribers = 9,
	.others = { .behaviour = SUBSCRIBER_NO_ANSWER, .alert_after = SEC(2),
		.data = true, .group = GROUP_NONE },
	.no_answer = SEC(30),
	.training = SEC(10),
};
static const struct services_conf subscription = { .barring_password = "0000" };
static const struct call_terms voice = { .bearer = BEARER_VOICE, .group = GROUP_NONE };
static const struct call_terms data = { .bearer = BEARER_DATA, .group = GROUP_NONE };
static const struct log silent;

static struct sched sched;
static struct ss ss;
static int unsaid;
static struct calls calls;
static struct call each[CALLS];
static char events[128]; /* a letter and the call's id per event */

static void on_event(void *ctx, enum call_event e, const struct call *c)
{
	size_t len = strlen(events);

	(void)ctx;
	if (len + 2 < sizeof(events)) {
		events[len] = "carwChET"[e];
		events[len + 1] = (char)('0' + c->id);
		events[len + 2] = '\0';
	}
}

static int begin(void **state)
{
	(void)state;
	sched_init(&sched, 1);
	ss_init(&ss, &subscription);
	unsaid = 0;
	memset(each, 0, sizeof(each));
	calls_init(&calls, each, &world, &ss, &unsaid, &sched, &silent, on_event, NULL);
	calls_network(&calls, true, false);
	events[0] = '\0';
	return 0;
}

static void pass(usec_t time)
{
	sched_run(&sched, sched.now + time);
}

static void happened(const char *want)
{
	assert_string_equal(events, want);
	events[0] = '\0';
}

static enum call_state state_of(int id)
{
	return call_state(&calls.call[id - 1]);
}

static void active(const char *number)
{
	assert_non_null(call_dial(&calls, number, &voice));
	pass(SEC(5));
	events[0] = '\0';
}

/* ---- one call ---------------------------------------------------------------------- */

static void the_far_end_rings_and_answers(void **state)
{
	(void)state;
	assert_non_null(call_dial(&calls, "100", &voice));
	happened("c1");
	pass(SEC(2) - 1);
	happened("");
	pass(1);
	happened("a1");
	assert_int_equal(state_of(1), CALL_ALERTING);
	pass(SEC(3));
	happened("C1");
	calls_release(&calls, CAUSE_NORMAL);
	happened("E1");
	assert_int_equal(calls.cause, CAUSE_NORMAL);
	assert_false(calls_any(&calls));
}

static void a_number_matches_with_and_without_country_code(void **state)
{
	(void)state;
	assert_ptr_equal(
		call_dial(&calls, "0146290800", &voice)->who, &world.subscribers[6]);
	calls_release(&calls, CAUSE_NORMAL);
	assert_ptr_equal(call_dial(&calls, "0146290801", &voice)->who, &world.others);
}

/* Not even at full speed does it end before an action from outside could have answered
 * it. */
static void an_unlisted_number_rings_in_real_time(void **state)
{
	(void)state;
	sched_speed(&sched, 1000);
	assert_non_null(call_dial(&calls, "0146290801", &data));
	pass(SEC(2));
	happened("c1a1");
	assert_int_equal(sched_next(&sched) - sched.now, 1000 * SEC(30));
	assert_true(calls_far_answer(&calls));
	pass(SEC(10));
	happened("C1");
	calls_release(&calls, CAUSE_NORMAL);
}

static void forwarding_to_an_unlisted_number_rings_there(void **state)
{
	(void)state;
	assert_non_null(call_dial(&calls, "106", &voice));
	pass(SEC(2));
	happened("c1h1a1");
	assert_string_equal(calls.call[0].reached, "0999999999");
	pass(SEC(30));
	assert_int_equal(calls.cause, CAUSE_NO_ANSWER);
}

static void a_number_that_nobody_has(void **state)
{
	(void)state;
	assert_non_null(call_dial(&calls, "107", &voice));
	pass(SEC(2));
	happened("c1E1");
	assert_int_equal(calls.cause, CAUSE_UNALLOCATED);
}

static void data_trains_before_it_is_connected(void **state)
{
	(void)state;
	assert_non_null(call_dial(&calls, "102", &data));
	pass(SEC(5));
	assert_int_equal(state_of(1), CALL_TRAINING);
	events[0] = '\0';
	pass(SEC(10));
	happened("C1");
	pass(SEC(20));
	happened("E1");
}

static void data_for_a_phone_fails(void **state)
{
	(void)state;
	assert_non_null(call_dial(&calls, "100", &data));
	pass(SEC(15));
	assert_int_equal(calls.cause, CAUSE_BEARER);
}

static void forwarding_is_reported_and_followed(void **state)
{
	const struct call *c;

	(void)state;
	c = call_dial(&calls, "104", &voice);
	assert_non_null(c);
	pass(SEC(2));
	happened("c1h1E1");
	assert_int_equal(c->hint, HINT_FORWARDED);
	assert_int_equal(calls.cause, CAUSE_BUSY);
}

static void a_group_has_members_and_others(void **state)
{
	struct call_terms group = { .group = 4, .group_only = true };
	const struct call *c;

	(void)state;
	c = call_dial(&calls, "103", &group);
	pass(SEC(2));
	happened("c1h1a1");
	assert_int_equal(c->hint, HINT_GROUP);
	calls_release(&calls, CAUSE_NORMAL);
	assert_non_null(call_dial(&calls, "100", &group));
	pass(SEC(2));
	assert_int_equal(calls.cause, CAUSE_NOT_IN_GROUP);
	/* outside the group it is an ordinary call */
	group.group_only = false;
	c = call_dial(&calls, "100", &group);
	pass(SEC(2));
	assert_int_equal(call_state(c), CALL_ALERTING);
	assert_int_equal(c->group, GROUP_NONE);
}

static void the_far_end_holds_and_retrieves(void **state)
{
	const struct call *c;

	(void)state;
	active("103");
	c = &calls.call[0];
	pass(SEC(5));
	happened("h1");
	assert_int_equal(c->hint, HINT_HELD);
	pass(SEC(7));
	happened("h1h1");
	assert_int_equal(c->hint, HINT_CONFERENCE);
	pass(SEC(100));
	happened("");
}

static void emergencies_outlive_the_registration(void **state)
{
	static const struct call_terms emergency = { .group = GROUP_NONE,
		.emergency = true };

	(void)state;
	active("100");
	assert_non_null(call_dial(&calls, "112", &emergency));
	pass(SEC(2));
	assert_int_equal(state_of(1), CALL_HELD);
	assert_int_equal(state_of(2), CALL_ACTIVE);
	calls_lost_but_emergencies(&calls, CAUSE_DETACHED);
	assert_int_equal(state_of(1), CALL_FREE);
	assert_int_equal(state_of(2), CALL_ACTIVE);
	calls_lost(&calls, CAUSE_LOWER_LAYER);
	assert_false(calls_any(&calls));
}

/* ---- calls that come in -------------------------------------------------------------
 */

static void a_call_rings_until_the_caller_gives_up(void **state)
{
	struct call_terms terms = { .group = GROUP_NONE, .gives_up = SEC(12) };

	(void)state;
	assert_non_null(call_incoming(&calls, "100", &terms));
	happened("c1r1");
	pass(SEC(11));
	happened("r1r1");
	pass(SEC(1));
	happened("E1");
	assert_false(calls.call[0].local_end);
}

static void barred_calls_and_calls_without_service_do_not_ring(void **state)
{
	(void)state;
	calls_network(&calls, false, false);
	assert_null(call_incoming(&calls, "100", &voice));
	calls_network(&calls, true, true);
	assert_int_equal(ss_bar(&ss, SS_IR, true, SS_VOICE, "0000"), SS_GOOD);
	assert_null(call_incoming(&calls, "100", &voice));
	calls_network(&calls, true, false);
	assert_non_null(call_incoming(&calls, "100", &voice));
	calls_release(&calls, CAUSE_NORMAL);
	assert_int_equal(ss_bar(&ss, SS_AI, true, SS_VOICE, "0000"), SS_GOOD);
	assert_null(call_incoming(&calls, "100", &voice));
	assert_non_null(call_incoming(&calls, "102", &data));
}

static void forwarding_on_no_reply_ends_the_ringing(void **state)
{
	(void)state;
	ss_register(&ss, SS_NO_REPLY, SS_VOICE, "999", 129, 7);
	assert_non_null(call_incoming(&calls, "100", &voice));
	pass(SEC(7) - 1);
	assert_int_equal(state_of(1), CALL_INCOMING);
	pass(1);
	assert_int_equal(state_of(1), CALL_FREE);
}

static void a_busy_modem_forwards_unless_calls_wait(void **state)
{
	(void)state;
	ss_register(&ss, SS_BUSY, SS_VOICE, "999", 129, 0);
	active("100");
	assert_non_null(call_incoming(&calls, "101", &voice));
	happened("c2w2");
	/* two calls cannot wait */
	assert_null(call_incoming(&calls, "102", &voice));
	happened("h1");
	assert_int_equal(calls.call[0].hint, HINT_SENT_ON);
	call_release(&calls.call[1], CAUSE_BUSY);
	ss_wait(&ss, false, SS_VOICE);
	events[0] = '\0';
	assert_null(call_incoming(&calls, "101", &voice));
	happened("h1");
	ss_erase(&ss, SS_BUSY, SS_VOICE);
	assert_null(call_incoming(&calls, "101", &voice));
	happened("");
}

static void a_call_without_a_bearer_follows_csns(void **state)
{
	static const struct {
		int csns;
		enum call_bearer bearer;
	} rows[] = { { 0, BEARER_VOICE }, { 2, BEARER_FAX }, { 4, BEARER_DATA } };
	size_t i;

	(void)state;
	for (i = 0; i < 3; i++) {
		unsaid = rows[i].csns;
		assert_int_equal(
			calls_bearer(&calls, CALLER_UNSAID, true), rows[i].bearer);
	}
	assert_int_equal(calls_bearer(&calls, CALLER_USUAL, true), BEARER_DATA);
	assert_int_equal(calls_bearer(&calls, CALLER_USUAL, false), BEARER_VOICE);
	unsaid = 2;
	assert_non_null(call_dial(&calls, "105", &voice));
	pass(SEC(3));
	events[0] = '\0';
	pass(SEC(10));
	happened("c1r1");
	assert_int_equal(calls.call[0].bearer, BEARER_FAX);
}

static void a_waiting_call_rings_when_it_is_alone(void **state)
{
	(void)state;
	active("100");
	assert_non_null(call_incoming(&calls, "101", &voice));
	events[0] = '\0';
	call_release(&calls.call[0], CAUSE_NORMAL);
	assert_int_equal(state_of(2), CALL_INCOMING);
	pass(0);
	happened("E1r2");
	assert_true(call_answer(&calls));
	assert_int_equal(state_of(2), CALL_ACTIVE);
}

/* ---- several at once ----------------------------------------------------------------
 */

static void there_is_one_active_and_one_held(void **state)
{
	(void)state;
	active("100");
	active("+33146290800");
	assert_int_equal(state_of(1), CALL_HELD);
	assert_int_equal(state_of(2), CALL_ACTIVE);
	assert_null(call_dial(&calls, "103", &voice));
	assert_true(calls_hold(&calls, 2, 0));
	assert_int_equal(state_of(1), CALL_ACTIVE);
	assert_int_equal(state_of(2), CALL_HELD);
	assert_true(calls_hold(&calls, 3, 0));
	assert_true(calls.call[0].multiparty && calls.call[1].multiparty);
	assert_true(calls_hold(&calls, 2, 1));
	assert_int_equal(state_of(2), CALL_HELD);
	assert_false(calls.call[0].multiparty || calls.call[1].multiparty);
	assert_true(calls_hold(&calls, 4, 0));
	assert_false(calls_any(&calls));
	assert_false(calls_hold(&calls, 2, 0));
}

static void a_third_call_waits_and_the_first_is_replaced(void **state)
{
	(void)state;
	active("100");
	active("+33146290800");
	assert_non_null(call_incoming(&calls, "101", &voice));
	assert_false(calls_hold(&calls, 2, 0)); /* no room to hold another */
	assert_true(calls_hold(&calls, 1, 0));
	assert_int_equal(state_of(1), CALL_HELD);
	assert_int_equal(state_of(2), CALL_FREE);
	assert_int_equal(state_of(3), CALL_ACTIVE);
	assert_true(calls_hold(&calls, 1, 3));
	assert_true(calls_hold(&calls, 0, 0));
	assert_false(calls_any(&calls));
}

static void a_training_call_is_not_held(void **state)
{
	(void)state;
	active("100");
	assert_non_null(call_incoming(&calls, "102", &voice));
	calls_release(&calls, CAUSE_NORMAL);
	assert_non_null(call_dial(&calls, "102", &data));
	pass(SEC(6));
	assert_int_equal(state_of(1), CALL_TRAINING);
	assert_false(calls_hold(&calls, 2, 0));
	assert_null(call_dial(&calls, "100", &voice));
	assert_null(call_incoming(&calls, "100", &voice));
	assert_int_equal(state_of(1), CALL_TRAINING);
}

static void a_stop_drops_calls_without_events(void **state)
{
	(void)state;
	active("103");
	active("100");
	calls_stop(&calls);
	pass(SEC(1000));
	happened("");
	assert_false(calls_any(&calls));
	assert_int_equal(calls.cause, CAUSE_NONE);
}

#define CALL(name) cmocka_unit_test_setup(name, begin)

static const struct CMUnitTest tests[] = {
	CALL(the_far_end_rings_and_answers),
	CALL(a_number_matches_with_and_without_country_code),
	CALL(an_unlisted_number_rings_in_real_time),
	CALL(forwarding_to_an_unlisted_number_rings_there),
	CALL(a_number_that_nobody_has),
	CALL(data_trains_before_it_is_connected),
	CALL(data_for_a_phone_fails),
	CALL(forwarding_is_reported_and_followed),
	CALL(a_group_has_members_and_others),
	CALL(the_far_end_holds_and_retrieves),
	CALL(emergencies_outlive_the_registration),
	CALL(a_call_rings_until_the_caller_gives_up),
	CALL(barred_calls_and_calls_without_service_do_not_ring),
	CALL(forwarding_on_no_reply_ends_the_ringing),
	CALL(a_busy_modem_forwards_unless_calls_wait),
	CALL(a_call_without_a_bearer_follows_csns),
	CALL(a_waiting_call_rings_when_it_is_alone),
	CALL(there_is_one_active_and_one_held),
	CALL(a_third_call_waits_and_the_first_is_replaced),
	CALL(a_training_call_is_not_held),
	CALL(a_stop_drops_calls_without_events),
};

UNIT_MAIN(tests)
