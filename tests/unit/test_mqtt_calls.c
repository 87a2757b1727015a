/* Calls between modems of several processes, over a broker in memory that loses, repeats
 * and delays: A is in the first process, B and C in the second. */
#include "unit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "host/exchange/mqtt_call_json.h"
#include "host/exchange/neighbours.h"
#include "mqtt_rig.h"
#include "rig.h"
#include "state/modem_state.h"
#include "state/unit_numbers.h"

#define MODEMS    3
#define PROCESSES 2
#define STEP      MS(100)
#define A         "+33600000000"
#define B         "+33600000010"
#define C         "+33600000011"
#define OK        "\r\nOK\r\n"
#define LOST      "\r\nNO CARRIER\r\n"
#define DIAL      SEC(5)
#define TRAIN     SEC(20)

struct far {
	struct profile *profile;
	struct mqtt_rig *w;
	struct rig r[MODEMS];
	struct neighbours *n[PROCESSES];
	bool woken[PROCESSES];
};

static const struct {
	unsigned process, modem;
	const char *number;
} place[MODEMS] = { { 0, 0, A }, { 1, 0, B }, { 1, 1, C } };

static struct modem *enter(void *ctx, usec_t *now)
{
	struct rig *r = ctx;

	*now = r->now;
	return r->modem;
}

static void leave(void *ctx)
{
	(void)ctx;
}

static const struct modem *peek(void *ctx)
{
	const struct rig *r = ctx;

	return r->modem;
}

static void wake(void *ctx)
{
	*(bool *)ctx = true;
}

static void make(struct far *f, int i)
{
	struct unit_numbers numbers = unit_numbers_of(f->profile);
	struct neighbours *n = f->n[place[i].process];

	snprintf(numbers.own, sizeof(numbers.own), "%s", place[i].number);
	rig_init_unit(&f->r[i], f->profile, &numbers);
	f->r[i].modem->ports.neighbours = neighbours_ports(n, place[i].modem);
	f->r[i].modem->ports.neighbours.enquires = SEC(10);
	neighbours_attach(n, place[i].modem,
		&(struct neighbour_modem){
			&f->r[i], enter, leave, NULL, peek, NULL, NULL });
}

static void pass_on(struct far *f)
{
	int i, k;

	for (i = 0; i < MODEMS; i++)
		neighbours_settled(f->n[place[i].process], place[i].modem);
	for (k = 0; k < PROCESSES; k++) {
		while (f->woken[k]) {
			f->woken[k] = false;
			while (neighbours_run(f->n[k], 1))
				;
		}
	}
}

static void pass(struct far *f, usec_t time)
{
	int i;

	for (; time; time -= STEP) {
		for (i = 0; i < MODEMS; i++)
			rig_pass(&f->r[i], STEP);
		pass_on(f);
		mqtt_rig_run(f->w, STEP);
		pass_on(f);
	}
}

static void say(struct far *f, int i, const char *text, usec_t time)
{
	rig_type(&f->r[i], text, strlen(text));
	pass(f, time);
}

/* The exchange of a process begins, with the name `first` for its lives. */
static void join(struct far *f, unsigned k, uint64_t first)
{
	struct mqtt_rig_process *p = &f->w->p[k];
	struct beyond b;

	neighbours_begin_lives(f->n[k], first);
	p->calls = f->n[k];
	mqtt_rig_start(f->w, k);
	b = mqtt_beyond(p->m);
	neighbours_set_beyond(f->n[k], &b);
}

static void new_process(struct far *f, unsigned k)
{
	unsigned a, b;
	int i;

	f->n[k] = neighbours_new(MQTT_RIG_MODEMS, wake, &f->woken[k]);
	for (i = 0; i < MODEMS; i++)
		if (place[i].process == k)
			neighbours_set_number(f->n[k], place[i].modem, place[i].number);
	assert_true(neighbours_settle(f->n[k], &a, &b));
	for (i = 0; i < MODEMS; i++)
		if (place[i].process == k)
			make(f, i);
}

static void boot(struct far *f, int i)
{
	rig_boot(&f->r[i]);
	say(f, i, "ATE0;+CLIP=1;+COLP=1;+CSSN=1,1;+CCWA=1;+CMEE=1;X4\r", SEC(2));
	rig_clear(&f->r[i]);
}

static int begin(void **state)
{
	struct far *f = calloc(1, sizeof(*f));
	unsigned k;
	int i;

	if (!f)
		abort();
	f->profile = rig_profile("fastrack-supreme-20-r74");
	f->w = mqtt_rig_new();
	for (k = 0; k < PROCESSES; k++) {
		new_process(f, k);
		join(f, k, k + 1);
	}
	for (i = 0; i < MODEMS; i++)
		boot(f, i);
	assert_true(mqtt_settled(f->w->p[0].m) && mqtt_settled(f->w->p[1].m));
	*state = f;
	return 0;
}

static int end(void **state)
{
	struct far *f = *state;
	int i;

	for (i = 0; i < PROCESSES; i++)
		neighbours_free(f->n[i]);
	for (i = 0; i < MODEMS; i++)
		rig_free(&f->r[i]);
	mqtt_rig_free(f->w);
	rig_profile_free(f->profile);
	free(f);
	return 0;
}

/* The second process is killed, and begins anew as the same units. */
static void kill_second(struct far *f)
{
	mqtt_rig_stop(f->w, 1);
	neighbours_set_beyond(f->n[1], NULL);
	f->w->p[1].calls = NULL;
}

static void begin_second(struct far *f, uint64_t first)
{
	int i;

	neighbours_free(f->n[1]);
	f->woken[1] = false;
	for (i = 1; i < MODEMS; i++)
		rig_free(&f->r[i]);
	new_process(f, 1);
	join(f, 1, first);
	for (i = 1; i < MODEMS; i++)
		boot(f, i);
}

static int count(const struct rig *r, const char *what)
{
	size_t n = strlen(what), i;
	int found = 0;

	for (i = 0; i + n <= r->len; i++)
		found += !memcmp(r->out + i, what, n);
	return found;
}

static void has(const struct rig *r, const char *what, int times)
{
	int found = count(r, what);

	if (found != times)
		fail_msg("\"%s\" is there %d times: %.*s", what, found, (int)r->len,
			r->out);
}

static void heard(struct rig *r, const char *want)
{
	if (r->len != strlen(want) || memcmp(r->out, want, r->len) != 0)
		fail_msg("want \"%s\", got \"%.*s\"", want, (int)r->len, r->out);
	rig_clear(r);
}

static void talk(struct far *f, int i, int to)
{
	char line[64];

	snprintf(line, sizeof(line), "ATD%s;\r", place[to].number);
	rig_clear(&f->r[i]);
	rig_clear(&f->r[to]);
	say(f, i, line, DIAL);
	say(f, to, "ATA\r", SEC(1));
	has(&f->r[to], OK, 1);
	has(&f->r[i], OK, 1);
	rig_clear(&f->r[i]);
	rig_clear(&f->r[to]);
}

static void online(struct far *f)
{
	say(f, 0, "ATD" B "\r", DIAL);
	has(&f->r[1], "RING", 1);
	say(f, 1, "ATA\r", TRAIN);
	has(&f->r[1], "\r\nCONNECT 9600\r\n", 1);
	has(&f->r[0], "\r\nCONNECT 9600\r\n", 1);
	rig_clear(&f->r[0]);
	rig_clear(&f->r[1]);
}

static void ceer(struct far *f, int i, int cause)
{
	char text[60];

	rig_clear(&f->r[i]);
	say(f, i, "AT+CEER\r", SEC(1));
	snprintf(text, sizeof(text), "\r\n+CEER: Error %d\r\n" OK, cause);
	heard(&f->r[i], text);
}

static void clcc(struct far *f, int i, const char *want)
{
	char text[300];

	rig_clear(&f->r[i]);
	say(f, i, "AT+CLCC\r", SEC(1));
	snprintf(text, sizeof(text), "%s%s%s" OK, want[0] ? "\r\n" : "", want,
		want[0] ? "\r\n" : "");
	heard(&f->r[i], text);
}

/* ---- voice --------------------------------------------------------------------------- */

static void a_voice_call_is_seen_the_same_by_both(void **state)
{
	struct far *f = *state;

	say(f, 0, "ATD" B ";\r", DIAL);
	has(&f->r[1], "RING\r\n\r\n+CLIP: \"" A "\",145", 1);
	clcc(f, 0, "+CLCC: 1,0,3,0,0,\"" B "\",145");
	rig_clear(&f->r[1]);
	say(f, 1, "ATA\r", SEC(1));
	heard(&f->r[0], "\r\n+COLP: \"" B "\",145\r\n" OK);
	clcc(f, 0, "+CLCC: 1,0,0,0,0,\"" B "\",145");
	clcc(f, 1, "+CLCC: 1,1,0,0,0,\"" A "\",145");
	pass(f, SEC(100));
	rig_clear(&f->r[0]);
	say(f, 1, "ATH\r", SEC(1));
	heard(&f->r[0], LOST);
	ceer(f, 0, 16);
	ceer(f, 1, 16);
	clcc(f, 0, "");
	clcc(f, 1, "");
	/* and by the caller */
	talk(f, 0, 1);
	say(f, 0, "ATH\r", SEC(1));
	heard(&f->r[1], LOST);
	ceer(f, 1, 16);
}

static void one_in_a_call_is_busy(void **state)
{
	struct far *f = *state;

	talk(f, 1, 2);
	say(f, 1, "AT+CCWA=1,0\r", SEC(1));
	say(f, 0, "ATD" B ";\r", DIAL);
	heard(&f->r[0], "\r\nBUSY\r\n");
	ceer(f, 0, 17);
}

static void the_caller_gives_up(void **state)
{
	struct far *f = *state;

	say(f, 0, "ATD" B ";\r", DIAL);
	rig_clear(&f->r[1]);
	say(f, 0, "ATH\r", SEC(1));
	heard(&f->r[0], OK LOST);
	heard(&f->r[1], LOST);
}

/* B has A in another process and C in its own; then those two talk. */
static void a_transfer_connects_two_processes(void **state)
{
	struct far *f = *state;

	talk(f, 0, 1);
	say(f, 1, "AT+CHLD=2\r", SEC(1));
	talk(f, 1, 2);
	say(f, 1, "AT+CHLD=4\r", SEC(1));
	clcc(f, 1, "");
	pass(f, SEC(60));
	clcc(f, 0, "+CLCC: 1,0,0,0,0,\"" B "\",145");
	clcc(f, 2, "+CLCC: 1,1,0,0,0,\"" B "\",145");
	say(f, 0, "ATH\r", SEC(1));
	heard(&f->r[2], LOST);
}

/* A has both others, of one process. */
static void a_transfer_connects_two_of_another_process(void **state)
{
	struct far *f = *state;

	talk(f, 0, 1);
	say(f, 0, "AT+CHLD=2\r", SEC(1));
	talk(f, 0, 2);
	say(f, 0, "AT+CHLD=4\r", SEC(1));
	clcc(f, 0, "");
	pass(f, SEC(60));
	rig_clear(&f->r[1]);
	rig_clear(&f->r[2]);
	say(f, 1, "ATH\r", SEC(1));
	heard(&f->r[2], LOST);
}

static void a_call_is_forwarded_to_another_process(void **state)
{
	struct far *f = *state;

	say(f, 1, "AT+CCFC=0,3,\"" C "\",145\r", SEC(3));
	say(f, 0, "ATD" B ";\r", 2 * DIAL);
	assert_true(count(&f->r[2], "+CLIP: \"" A "\",145") > 0);
	say(f, 2, "ATA\r", SEC(1));
	has(&f->r[0], OK, 1);
}

/* ---- what goes wrong ------------------------------------------------------------------- */

static void signals_that_are_lost_or_come_twice_change_nothing(void **state)
{
	struct far *f = *state;
	int i;

	f->w->lose = 15;
	f->w->twice = 30;
	f->w->delay = MS(500);
	for (i = 0; i < 30; i++) {
		rig_clear(&f->r[1]);
		say(f, 0, "ATD" B ";\r", SEC(25));
		assert_true(count(&f->r[1], "+CLIP: \"" A "\",145") > 0);
		say(f, 1, "ATA\r", SEC(15));
		rig_clear(&f->r[0]);
		rig_clear(&f->r[1]);
		say(f, i % 2, "ATH\r", SEC(15));
		heard(&f->r[!(i % 2)], LOST);
		rig_clear(&f->r[i % 2]);
	}
}

static void a_process_that_is_away_gives_no_answer(void **state)
{
	struct far *f = *state;

	kill_second(f);
	pass(f, SEC(1));
	say(f, 0, "ATD" B ";\r", DIAL);
	heard(&f->r[0], "\r\nNO ANSWER\r\n");
	ceer(f, 0, 18);
}

static void a_process_that_is_killed_ends_the_call(void **state)
{
	struct far *f = *state;

	talk(f, 0, 1);
	kill_second(f);
	pass(f, SEC(25));
	heard(&f->r[0], LOST);
	ceer(f, 0, 27);
}

/* It is another unit then, and says so. */
static void one_that_was_killed_and_is_back_does_not_have_the_call(void **state)
{
	struct far *f = *state;

	talk(f, 0, 1);
	kill_second(f);
	begin_second(f, 77);
	pass(f, SEC(12));
	heard(&f->r[0], LOST);
	heard(&f->r[1], "");
	talk(f, 0, 1);
}

/* The broker keeps what was for the process that is gone, and brings it to the next one. */
static void what_the_broker_has_kept_does_not_ring(void **state)
{
	struct far *f = *state;

	f->w->p[1].connected = false; /* nobody has noticed yet */
	say(f, 0, "ATD" B ";\r", SEC(40));
	heard(&f->r[0], "\r\nNO ANSWER\r\n");
	ceer(f, 0, 18);
	kill_second(f);
	begin_second(f, 77);
	pass(f, SEC(30));
	heard(&f->r[1], "");
	clcc(f, 1, "");
}

static void without_the_broker_nobody_answers_and_a_call_ends(void **state)
{
	struct far *f = *state;

	talk(f, 0, 1);
	mqtt_rig_restart_broker(f->w, SEC(1)); /* back before it is missed */
	pass(f, SEC(60));
	heard(&f->r[0], "");
	f->w->away = true;
	mqtt_down(f->w->p[0].m, "the connection was lost");
	mqtt_down(f->w->p[1].m, "the connection was lost");
	f->w->p[0].connected = f->w->p[1].connected = false;
	pass(f, SEC(25));
	heard(&f->r[0], LOST);
	heard(&f->r[1], LOST);
	say(f, 0, "ATD" B ";\r", SEC(40));
	heard(&f->r[0], "\r\nNO ANSWER\r\n");
}

static void one_that_is_made_anew_ends_the_call(void **state)
{
	struct far *f = *state;

	talk(f, 0, 1);
	neighbours_renewed(f->n[1], 0);
	rig_free(&f->r[1]);
	make(f, 1);
	rig_boot(&f->r[1]);
	f->r[1].now = f->r[0].now;
	pass(f, SEC(1));
	heard(&f->r[0], LOST);
	ceer(f, 0, 27);
}

/* ---- octets ---------------------------------------------------------------------------- */

static uint32_t seed = 1;

static unsigned any(unsigned below)
{
	seed = seed * 1664525u + 1013904223u;
	return (seed >> 8) % below;
}

#define SIZE 20000

static void octets_arrive_once_each_and_in_order(void **state)
{
	struct far *f = *state;
	static char sent[2][SIZE], got[2][SIZE];
	size_t out[2] = { 0 }, in[2] = { 0 }, n;
	int i, turns;

	online(f);
	f->w->lose = 10;
	f->w->twice = 20;
	f->w->delay = MS(300);
	for (turns = 0; in[0] < SIZE || in[1] < SIZE; turns++) {
		if (turns == 20000)
			fail_msg("sent %zu and %zu, got %zu and %zu", out[0], out[1],
				in[1], in[0]);
		for (i = 0; i < 2; i++) {
			n = any(300);
			if (n > SIZE - out[i])
				n = SIZE - out[i];
			if (n > modem_rx_room(f->r[i].modem, 0))
				n = 0;
			for (size_t k = 0; k < n; k++)
				sent[i][out[i] + k] = (char)('a' + any(26));
			rig_type(&f->r[i], sent[i] + out[i], n);
			out[i] += n;
		}
		pass(f, STEP);
		for (i = 0; i < 2; i++) {
			assert_true(in[i] + f->r[i].len <= SIZE);
			memcpy(got[i] + in[i], f->r[i].out, f->r[i].len);
			in[i] += f->r[i].len;
			rig_clear(&f->r[i]);
		}
	}
	assert_memory_equal(got[1], sent[0], SIZE);
	assert_memory_equal(got[0], sent[1], SIZE);
	/* and what was sent before the end comes before it */
	rig_type(&f->r[0], "last words", 10);
	modem_dtr(f->r[0].modem, 0, f->r[0].now, false);
	pass(f, SEC(60));
	heard(&f->r[1], "last words" LOST);
}

/* ---- any order of things ---------------------------------------------------------------- */

static void act(struct far *f, int i)
{
	static const char *const lines[] = { "ATH\r", "ATA\r", "ATA\r", "ATA\r",
		"AT+CHLD=0\r", "AT+CHLD=1\r", "AT+CHLD=2\r", "AT+CHLD=3\r", "AT+CHLD=4\r",
		"AT+VTS=1\r", "AT+WATH=17\r", "AT+CCFC=0,4\r", "AT+CCFC=0,3,\"" A "\"\r",
		"AT+CCFC=1,3,\"" C "\",145\r" };
	char line[40];

	if (any(3))
		snprintf(line, sizeof(line), "%s",
			lines[any(sizeof(lines) / sizeof(*lines))]);
	else
		snprintf(line, sizeof(line), "ATD%s;\r", place[any(MODEMS)].number);
	rig_type(&f->r[i], line, strlen(line));
}

static bool fits(const struct call *x, const struct call *y)
{
	enum call_state a = call_state(x), b = call_state(y);

	if (a == CALL_ALERTING)
		return b == CALL_INCOMING || b == CALL_WAITING;
	if (b == CALL_ALERTING)
		return a == CALL_INCOMING || a == CALL_WAITING;
	return a >= CALL_TRAINING && b >= CALL_TRAINING && x->bearer == y->bearer &&
	       x->held_there == (b == CALL_HELD) && y->held_there == (a == CALL_HELD);
}

static unsigned ends;

static void agree(const struct far *f, unsigned step)
{
	int i, j, found;
	size_t k, l;

	for (i = 0; i < MODEMS; i++)
		for (k = 0; k < f->r[i].modem->calls.made; k++) {
			const struct call *x = &f->r[i].modem->calls.call[k];

			if (!x->linked || call_state(x) == CALL_DIALING)
				continue;
			ends++;
			for (found = j = 0; j < MODEMS; j++)
				for (l = 0; l < f->r[j].modem->calls.made; l++) {
					const struct call *y =
						&f->r[j].modem->calls.call[l];

					found += j != i && y->linked && fits(x, y) &&
						 y->key.ref == x->line.key.ref &&
						 x->key.ref == y->line.key.ref;
				}
			if (!found)
				fail_msg("seed %u, step %u: call %d of modem %d (%s) has "
					 "no other end",
					seed, step, x->id, i, call_state_name(x));
		}
}

static void any_order_leaves_both_ends_agreeing(void **state)
{
	struct far *f = *state;
	unsigned step;
	int i;

	for (step = 0; step < 400; step++) {
		f->w->lose = f->w->twice = any(2) ? 15 : 0;
		f->w->delay = any(2) ? MS(400) : 0;
		act(f, (int)any(MODEMS));
		act(f, (int)any(MODEMS));
		pass(f, STEP * any(20));
		f->w->lose = 0;
		pass(f, SEC(22)); /* repeats, and one enquiry */
		agree(f, step);
		for (i = 0; i < MODEMS; i++)
			rig_clear(&f->r[i]);
	}
	for (i = 0; i < MODEMS; i++)
		rig_type(&f->r[i], "ATH\r", 4);
	pass(f, SEC(400));
	for (i = 0; i < MODEMS; i++)
		assert_false(calls_any(&f->r[i].modem->calls));
	assert_true(ends > 50);
}

#define FAR_CALL(name) cmocka_unit_test_setup_teardown(name, begin, end)

int main(void)
{
	const struct CMUnitTest tests[] = {
		FAR_CALL(a_voice_call_is_seen_the_same_by_both),
		FAR_CALL(one_in_a_call_is_busy),
		FAR_CALL(the_caller_gives_up),
		FAR_CALL(a_transfer_connects_two_processes),
		FAR_CALL(a_transfer_connects_two_of_another_process),
		FAR_CALL(a_call_is_forwarded_to_another_process),
		FAR_CALL(signals_that_are_lost_or_come_twice_change_nothing),
		FAR_CALL(a_process_that_is_away_gives_no_answer),
		FAR_CALL(a_process_that_is_killed_ends_the_call),
		FAR_CALL(one_that_was_killed_and_is_back_does_not_have_the_call),
		FAR_CALL(what_the_broker_has_kept_does_not_ring),
		FAR_CALL(without_the_broker_nobody_answers_and_a_call_ends),
		FAR_CALL(one_that_is_made_anew_ends_the_call),
		FAR_CALL(octets_arrive_once_each_and_in_order),
		FAR_CALL(any_order_leaves_both_ends_agreeing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
