/* The exchange over MQTT (host/exchange/mqtt.h), with a broker in memory. */
#include "unit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "mqtt_rig.h"

/* A message that the modem does not keep. */
static void send_one(
	struct mqtt_rig_process *p, unsigned modem, const char *to, usec_t left)
{
	struct sms_post post = { .left = left,
		.sender = p->unit[modem].id,
		.ref = ++p->unit[modem].last_ref };
	struct beyond b = mqtt_beyond(p->m);

	address_parse(&post.to, to, strlen(to), 0);
	tpdu_init(&post.t, TPDU_DELIVER);
	address_parse(
		&post.t.address, p->unit[modem].number, strlen(p->unit[modem].number), 0);
	b.send(b.ctx, modem, &post);
}

/* n messages, of the first `modems` in turn. */
static void send_many(struct mqtt_rig_process *p, unsigned modems, unsigned n,
	const char *to, usec_t left)
{
	unsigned i;

	for (i = 0; i < n; i++)
		send_one(p, i % modems, to, left);
}

static void a_message_arrives_and_its_end_comes_back(void **state)
{
	struct mqtt_rig *w = mqtt_rig_two();
	struct mqtt_counts c;

	(void)state;
	assert_true(mqtt_rig_send(&w->p[0], 0, "+33600000010", USEC_NEVER));
	assert_true(mqtt_rig_send(&w->p[0], 1, "0600000011", USEC_NEVER));
	mqtt_rig_run(w, SEC(1));
	assert_int_equal(w->p[1].unit[0].got, 1);
	assert_int_equal(w->p[1].unit[1].got, 1);
	assert_int_equal(w->p[0].unit[0].done[0], 1);
	c = mqtt_counts(w->p[0].m);
	assert_int_equal(c.sent, 2);
	assert_int_equal(c.waiting, 0);
	assert_int_equal(c.numbers, 4);
	assert_int_equal(w->p[0].log_lines + w->p[1].log_lines, 0);
	mqtt_rig_free(w);
}

static void a_number_that_nobody_has_is_not_beyond(void **state)
{
	struct mqtt_rig *w = mqtt_rig_two();

	(void)state;
	assert_false(mqtt_rig_send(&w->p[0], 0, "+33699999999", USEC_NEVER));
	assert_false(mqtt_rig_send(
		&w->p[0], 0, "+33600000001", USEC_NEVER)); /* of this process */
	mqtt_rig_free(w);
}

static void without_the_broker_all_numbers_are_away_and_one_line_says_so(void **state)
{
	struct mqtt_rig *w = mqtt_rig_two();
	struct beyond b = mqtt_beyond(w->p[0].m);

	(void)state;
	assert_false(b.away(b.ctx, 0));
	mqtt_rig_restart_broker(w, SEC(300));
	assert_true(b.away(b.ctx, 0));
	assert_int_equal(w->p[0].log_lines, 1);
	assert_non_null(strstr(w->p[0].log_text, "is away"));
	mqtt_rig_run(w, SEC(90));
	assert_false(b.away(b.ctx, 0));
	assert_int_equal(w->p[0].log_lines, 2);
	assert_non_null(strstr(w->p[0].log_text, "is back"));
	mqtt_rig_free(w);
}

/* A broker that is killed may have lost them, and the receiver comes back later. */
static void a_broker_that_forgets_numbers_costs_no_message(void **state)
{
	struct mqtt_rig *w = mqtt_rig_two();

	(void)state;
	memset(w->kept, 0, sizeof(w->kept));
	mqtt_rig_restart_broker(w, SEC(1));
	w->p[1].connects = w->p[1].wake = USEC_NEVER; /* not yet */
	mqtt_rig_run(w, SEC(5));
	assert_true(mqtt_settled(w->p[0].m));
	assert_true(mqtt_rig_send(&w->p[0], 0, "+33600000010", USEC_NEVER));
	mqtt_rig_run(w, SEC(5));
	assert_int_equal(w->p[0].unit[0].done[0], 0);
	w->p[1].wake = w->now;
	mqtt_rig_run(w, SEC(60));
	assert_int_equal(w->p[1].unit[0].got, 1);
	assert_int_equal(w->p[0].unit[0].done[0], 1);
	mqtt_rig_free(w);
}

static void a_receiver_that_is_off_gets_it_when_it_is_back(void **state)
{
	struct mqtt_rig *w = mqtt_rig_two();

	(void)state;
	mqtt_rig_stop(w, 1);
	assert_true(mqtt_rig_send(&w->p[0], 0, "+33600000010", SEC(7200)));
	mqtt_rig_run(w, SEC(3600));
	assert_true(mqtt_counts(w->p[0].m).published <= 2); /* the broker is not filled */
	mqtt_rig_start(w, 1);
	mqtt_rig_run(w, SEC(20));
	assert_int_equal(w->p[1].unit[0].got, 1);
	assert_int_equal(w->p[0].unit[0].done[0], 1);
	mqtt_rig_free(w);
}

static void it_expires_when_its_validity_is_over(void **state)
{
	struct mqtt_rig *w = mqtt_rig_two();

	(void)state;
	mqtt_rig_stop(w, 1);
	assert_true(mqtt_rig_send(&w->p[0], 0, "+33600000010", SEC(300)));
	mqtt_rig_run(w, SEC(290));
	assert_int_equal(w->p[0].unit[0].done[1], 0);
	mqtt_rig_run(w, SEC(30));
	assert_int_equal(w->p[0].unit[0].done[1], 1);
	mqtt_rig_start(w, 1); /* the broker still has it */
	mqtt_rig_run(w, SEC(20));
	assert_int_equal(w->p[1].unit[0].got, 0);
	mqtt_rig_free(w);
}

/* The receiver had it in time; its ack was lost: it is asked once more. */
static void what_came_in_time_is_not_reported_as_expired(void **state)
{
	struct mqtt_rig *w = mqtt_rig_two();

	(void)state;
	w->p[1].unit[0].silent = true;
	assert_true(mqtt_rig_send(&w->p[0], 0, "+33600000010", SEC(60)));
	mqtt_rig_run(w, SEC(59));
	assert_int_equal(w->p[1].unit[0].got, 1);
	w->p[1].unit[0].silent = false;
	mqtt_rig_run(w, SEC(10));
	assert_int_equal(w->p[0].unit[0].done[0], 1);
	assert_int_equal(w->p[0].unit[0].done[1], 0);
	mqtt_rig_free(w);
}

static void no_room_is_told_and_the_modem_sends_again(void **state)
{
	struct mqtt_rig *w = mqtt_rig_two();

	(void)state;
	w->p[1].unit[0].full = true;
	assert_true(mqtt_rig_send(&w->p[0], 0, "+33600000010", USEC_NEVER));
	mqtt_rig_run(w, SEC(2));
	assert_int_equal(w->p[0].unit[0].done[2], 1);
	assert_int_equal(mqtt_counts(w->p[0].m).waiting, 0);
	w->p[1].unit[0].full = false;
	mqtt_rig_again(&w->p[0], 0, 0);
	mqtt_rig_run(w, SEC(2));
	assert_int_equal(w->p[0].unit[0].done[0], 1);
	mqtt_rig_free(w);
}

/* Property: whatever is lost, repeated, delayed or forgotten, and who ends when, each
 * message arrives, and its sender hears of that. The modems recognise repeats. */
static void none_is_lost_none_is_twice(void **state)
{
	const char *tests = getenv("FAUXTRACK_TESTS");
	const unsigned seeds = tests && !strcmp(tests, "full") ? 200 : 6;
	unsigned seed, step, i, k, sent, done, got;
	struct mqtt_rig_process *p;
	char to[MQTT_NUMBER];
	struct mqtt_rig *w;

	(void)state;
	for (seed = 1; seed <= seeds; seed++) {
		w = mqtt_rig_new();
		rand_init(&w->rand, seed);
		w->lose = seed % 4 * 15;
		w->twice = seed % 3 * 20;
		w->delay = seed % 5 * SEC(1);
		sent = done = got = 0;
		for (i = 0; i < MQTT_RIG_PROCESSES; i++) {
			w->p[i].kept = seed % 2;
			mqtt_rig_start(w, i);
		}
		mqtt_rig_run(w, SEC(3));
		for (step = 0; step < 200; step++) {
			p = &w->p[rand_below(&w->rand, MQTT_RIG_PROCESSES)];
			i = rand_below(&w->rand, 40);
			if (i == 0)
				mqtt_rig_restart_broker(
					w, SEC(rand_below(&w->rand, 60) + 1));
			else if (i < 4 && p->m)
				mqtt_rig_stop(w, p->index);
			else if (!p->m)
				mqtt_rig_start(w, p->index);
			snprintf(to, sizeof(to), "+336000000%u%u",
				rand_below(&w->rand, MQTT_RIG_PROCESSES),
				rand_below(&w->rand, 2));
			if (p->m)
				sent += mqtt_rig_send(
					p, rand_below(&w->rand, 2), to, USEC_NEVER);
			mqtt_rig_run(w, MS(100) * (1 + rand_below(&w->rand, 30)));
		}
		for (i = 0; i < MQTT_RIG_PROCESSES; i++)
			if (!w->p[i].m)
				mqtt_rig_start(w, i);
		w->lose = 0;
		mqtt_rig_run(w, SEC(1000));
		for (i = 0; i < MQTT_RIG_PROCESSES; i++)
			for (k = 0; k < MQTT_RIG_MODEMS; k++) {
				done += w->p[i].unit[k].done[0];
				got += w->p[i].unit[k].got;
			}
		assert_true(sent > 50);
		assert_int_equal(done, sent);
		assert_int_equal(got, sent);
		mqtt_rig_free(w);
	}
}

static void another_unit_with_that_number_is_refused(void **state)
{
	struct mqtt_rig *w = mqtt_rig_two();
	struct mqtt_state holder;

	(void)state;
	memcpy(w->p[2].modem[1].number, "0600000010", 11);
	mqtt_rig_start(w, 2);
	mqtt_rig_run(w, SEC(1));
	assert_true(mqtt_settled(w->p[2].m));
	assert_int_equal(mqtt_refused(w->p[2].m, 0, &holder), 1);
	assert_int_equal(holder.unit, w->p[1].unit[0].id);
	assert_string_equal(holder.name, "modem 0 of 1");
	assert_int_equal(mqtt_refused(w->p[1].m, 0, &holder), -1);
	/* the first one goes: the other takes it */
	mqtt_rig_stop(w, 1);
	mqtt_rig_run(w, SEC(1));
	assert_int_equal(mqtt_refused(w->p[2].m, 0, &holder), -1);
	mqtt_rig_free(w);
}

static void of_two_that_start_at_once_one_has_the_number(void **state)
{
	struct mqtt_rig *w = mqtt_rig_new();
	struct mqtt_state holder;
	int a, b;

	(void)state;
	memcpy(w->p[1].modem[0].number, w->p[0].modem[0].number, MQTT_NUMBER);
	mqtt_rig_start(w, 0);
	mqtt_rig_start(w, 1);
	mqtt_rig_run(w, SEC(6));
	assert_true(mqtt_settled(w->p[0].m) && mqtt_settled(w->p[1].m));
	a = mqtt_refused(w->p[0].m, 0, &holder);
	b = mqtt_refused(w->p[1].m, 0, &holder);
	assert_true((a == 0) != (b == 0));
	mqtt_rig_free(w);
}

/* The broker was down when a process ended: it never told its last will. */
static void what_only_the_broker_says_blocks_nobody(void **state)
{
	struct mqtt_rig *w = mqtt_rig_two();
	struct mqtt_state holder;

	(void)state;
	w->p[1].connected = false;
	mqtt_rig_stop(w, 1);
	memcpy(w->p[2].modem[0].number, w->p[1].modem[0].number, MQTT_NUMBER);
	mqtt_rig_start(w, 2);
	mqtt_rig_run(w, SEC(1));
	assert_false(mqtt_settled(w->p[2].m));
	mqtt_rig_run(w, SEC(4));
	assert_true(mqtt_settled(w->p[2].m));
	assert_int_equal(mqtt_refused(w->p[2].m, 0, &holder), -1);
	mqtt_rig_free(w);
}

static void the_same_unit_takes_its_number_over(void **state)
{
	struct mqtt_rig *w = mqtt_rig_two();

	(void)state;
	w->p[1].connected = false;
	mqtt_rig_stop(w, 1);
	mqtt_rig_start(w, 1);
	mqtt_rig_run(w, SEC(1));
	assert_true(mqtt_settled(w->p[1].m));
	mqtt_rig_free(w);
}

static void a_number_that_does_not_come_back_is_forgotten(void **state)
{
	struct mqtt_rig *w = mqtt_rig_two();

	(void)state;
	w->p[1].modem[0].kept = false;
	mqtt_leave(w->p[1].m);
	mqtt_rig_run(w, SEC(1));
	mqtt_rig_stop(w, 1);
	assert_int_equal(mqtt_counts(w->p[0].m).numbers, 3);
	assert_false(mqtt_rig_send(&w->p[0], 0, "+33600000010", USEC_NEVER));
	assert_true(mqtt_rig_send(&w->p[0], 0, "+33600000011", USEC_NEVER));
	mqtt_rig_free(w);
}

static void rubbish_is_counted_and_one_line_says_so(void **state)
{
	static const char *const topics[] = { "fauxtrack/1/33600000010/sms",
		"fauxtrack/1/33600000010/ack", "fauxtrack/1/33600000010/state",
		"fauxtrack/1/process/0000000000000001", "fauxtrack/1/process/x",
		"fauxtrack/1/33600000010/other", "fauxtrack/1/x/state",
		"fauxtrack/2/1/sms", "", "fauxtrack/1/1/sms",
		"fauxtrack/1/33600000010/sms/more" };
	static const char *const payloads[] = { "", "{", "[]", "null",
		"{\"v\":2,\"text\":\"a\"}", "{\"v\":1}", "{\"v\":1,\"text\":7}",
		"{\"v\":1,\"number\":\"+1\",\"unit\":\"0000000000000001\"}",
		"{\"v\":1,\"id\":\"0000000000000009-7\",\"status\":900}",
		"{\"v\":1,\"pdu\":\"00\"}" };
	struct mqtt_rig *w = mqtt_rig_two();
	size_t i, k;
	uint64_t before;

	(void)state;
	for (i = 0; i < sizeof(topics) / sizeof(topics[0]); i++) {
		for (k = 0; k < sizeof(payloads) / sizeof(payloads[0]); k++) {
			before = mqtt_counts(w->p[1].m).refused;
			mqtt_message(
				w->p[1].m, topics[i], payloads[k], strlen(payloads[k]));
			if (k) /* an empty one clears a topic */
				assert_int_equal(
					mqtt_counts(w->p[1].m).refused, before + 1);
		}
	}
	assert_int_equal(w->p[1].log_lines, 1);
	/* an ack of a message that nobody has sent does nothing */
	mqtt_message(w->p[1].m, topics[1],
		"{\"v\":1,\"id\":\"0000000000000009-7\",\"status\":0}", 44);
	assert_true(mqtt_rig_send(&w->p[0], 0, "+33600000010", USEC_NEVER));
	mqtt_rig_run(w, SEC(1));
	assert_int_equal(w->p[1].unit[0].got, 1);
	mqtt_rig_free(w);
}

static void a_text_of_another_program_arrives_in_parts_once(void **state)
{
	static const char *const topic = "fauxtrack/1/33600000010/sms";
	struct mqtt_rig *w = mqtt_rig_two();
	char payload[900] =
		"{\"v\":1,\"id\":\"00000000000000aa-1\",\"from\":\"+4915\",\"text\":\"";
	size_t n = strlen(payload);

	(void)state;
	memset(payload + n, 'x', 400);
	strcpy(payload + n + 400, "\"}");
	mqtt_message(w->p[1].m, topic, payload, strlen(payload));
	mqtt_message(w->p[1].m, topic, payload, strlen(payload));
	assert_int_equal(w->p[1].unit[0].got, 3);
	assert_int_equal(w->p[1].unit[0].repeats, 3);
	mqtt_rig_free(w);
}

/* What a broker keeps for a slow client is bounded. */
static void no_more_are_on_their_way_than_a_broker_keeps(void **state)
{
	struct mqtt_rig *w = mqtt_rig_two();

	(void)state;
	w->p[1].kept = true;
	mqtt_rig_stop(w, 1);
	mqtt_rig_run(w, SEC(1));
	send_many(&w->p[0], 2, 1000, "+33600000010", USEC_NEVER);
	mqtt_rig_run(w, SEC(100));
	assert_int_equal(mqtt_counts(w->p[0].m).published, 400);
	mqtt_rig_start(w, 1);
	mqtt_rig_run(w, SEC(10));
	assert_int_equal(w->p[1].unit[0].got, 1000);
	assert_int_equal(mqtt_counts(w->p[0].m).sent, 1000);
	/* what it gets before it knows who is there is not acknowledged, and comes again */
	assert_int_equal(mqtt_counts(w->p[0].m).published, 1400);
	mqtt_rig_free(w);
}

static void those_that_wait_expire_too(void **state)
{
	struct mqtt_rig *w = mqtt_rig_two();

	(void)state;
	w->p[1].unit[0].silent = true;
	send_many(&w->p[0], 1, 500, "+33600000010", SEC(60));
	mqtt_rig_run(w, SEC(90));
	assert_int_equal(mqtt_counts(w->p[0].m).sent, 500);
	send_one(&w->p[0], 0, "+33600000010", SEC(60)); /* they take no place any more */
	mqtt_rig_run(w, SEC(1));
	w->p[1].unit[0].silent = false;
	send_one(&w->p[0], 0, "+33600000010", SEC(60));
	mqtt_rig_run(w, SEC(1));
	assert_int_equal(mqtt_counts(w->p[0].m).sent, 501);
	mqtt_rig_free(w);
}

static void with_more_processes_each_has_a_smaller_share(void **state)
{
	struct mqtt_rig *w = mqtt_rig_two();

	(void)state;
	mqtt_rig_start(w, 2);
	mqtt_rig_start(w, 3);
	mqtt_rig_run(w, SEC(5));
	w->p[1].unit[0].silent = true;
	send_many(&w->p[0], 1, 500, "+33600000010", USEC_NEVER);
	send_one(&w->p[0], 0, "+33600000020", USEC_NEVER); /* waits for none of them */
	mqtt_rig_run(w, SEC(1));
	assert_int_equal(w->p[1].unit[0].got, 400 / 3);
	assert_int_equal(w->p[2].unit[0].got, 1);
	mqtt_rig_free(w);
}

/* Without --state a process is another one after its next start. */
static void a_message_waits_for_the_number_not_for_the_process(void **state)
{
	struct mqtt_rig *w = mqtt_rig_two();

	(void)state;
	mqtt_rig_stop(w, 1);
	assert_true(mqtt_rig_send(&w->p[0], 0, "+33600000010", USEC_NEVER));
	mqtt_rig_run(w, SEC(10));
	w->p[1].modem[0].unit ^= 0x100; /* of which the rig makes the process, too */
	w->p[1].modem[1].unit ^= 0x100;
	mqtt_rig_start(w, 1);
	mqtt_rig_run(w, SEC(20));
	assert_int_equal(w->p[1].unit[0].got, 1);
	assert_int_equal(w->p[0].unit[0].done[0], 1);
	mqtt_rig_free(w);
}

static void topics_have_the_prefix(void **state)
{
	struct mqtt_rig *w = mqtt_rig_new();
	int i;

	(void)state;
	w->prefix = "farm/a";
	mqtt_rig_start(w, 0);
	mqtt_rig_start(w, 1);
	mqtt_rig_run(w, SEC(1));
	assert_true(mqtt_rig_send(&w->p[0], 0, "+33600000010", USEC_NEVER));
	mqtt_rig_run(w, SEC(1));
	assert_int_equal(w->p[1].unit[0].got, 1);
	for (i = 0; i < MQTT_RIG_RETAINED; i++)
		assert_true(!w->kept[i].topic[0] ||
			    !strncmp(w->kept[i].topic, "farm/a/fauxtrack/1/", 19));
	mqtt_rig_free(w);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_message_arrives_and_its_end_comes_back),
		cmocka_unit_test(a_number_that_nobody_has_is_not_beyond),
		cmocka_unit_test(
			without_the_broker_all_numbers_are_away_and_one_line_says_so),
		cmocka_unit_test(a_broker_that_forgets_numbers_costs_no_message),
		cmocka_unit_test(a_receiver_that_is_off_gets_it_when_it_is_back),
		cmocka_unit_test(it_expires_when_its_validity_is_over),
		cmocka_unit_test(what_came_in_time_is_not_reported_as_expired),
		cmocka_unit_test(no_room_is_told_and_the_modem_sends_again),
		cmocka_unit_test(none_is_lost_none_is_twice),
		cmocka_unit_test(another_unit_with_that_number_is_refused),
		cmocka_unit_test(of_two_that_start_at_once_one_has_the_number),
		cmocka_unit_test(what_only_the_broker_says_blocks_nobody),
		cmocka_unit_test(the_same_unit_takes_its_number_over),
		cmocka_unit_test(a_number_that_does_not_come_back_is_forgotten),
		cmocka_unit_test(rubbish_is_counted_and_one_line_says_so),
		cmocka_unit_test(a_text_of_another_program_arrives_in_parts_once),
		cmocka_unit_test(no_more_are_on_their_way_than_a_broker_keeps),
		cmocka_unit_test(those_that_wait_expire_too),
		cmocka_unit_test(with_more_processes_each_has_a_smaller_share),
		cmocka_unit_test(a_message_waits_for_the_number_not_for_the_process),
		cmocka_unit_test(topics_have_the_prefix),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
