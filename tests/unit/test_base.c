/* base/: timers, buffers, names, random numbers, state machines, log. */
#include "unit.h"

#include <string.h>

#include "base/buf.h"
#include "base/fsm.h"
#include "base/rand.h"
#include "base/sched.h"

static char fired[64];

static void note(void *ctx, usec_t now)
{
	(void)now;
	strcat(fired, ctx);
}

static void timers_fire_in_order_of_due_time_and_of_arming(void **state)
{
	struct timer a, b, c, d;
	struct sched s;

	(void)state;
	fired[0] = '\0';
	sched_init(&s, 1);
	timer_init(&a, "a", TIMER_OWN, note, (void *)"a");
	timer_init(&b, "b", TIMER_OWN, note, (void *)"b");
	timer_init(&c, "c", TIMER_OWN, note, (void *)"c");
	timer_init(&d, "d", TIMER_OWN, note, (void *)"d");
	timer_arm(&s, &d, MS(30));
	timer_arm(&s, &c, MS(20));
	timer_arm(&s, &b, MS(20));
	timer_arm(&s, &a, MS(10));
	assert_int_equal(sched_next(&s), MS(10));
	sched_run(&s, MS(25));
	assert_string_equal(fired, "acb");
	assert_int_equal(timer_left(&s, &d), MS(5));
	timer_stop(&s, &d);
	sched_run(&s, SEC(1));
	assert_string_equal(fired, "acb");
	assert_int_equal(sched_next(&s), USEC_NEVER);
}

static void time_never_goes_back(void **state)
{
	struct sched s;

	(void)state;
	sched_init(&s, 1);
	sched_run(&s, SEC(2));
	sched_run(&s, SEC(1));
	assert_int_equal(s.now, SEC(2));
}

static struct sched *again_sched;
static struct timer again_timer;
static int again_count;

static void again(void *ctx, usec_t now)
{
	(void)ctx;
	(void)now;
	if (++again_count < 5)
		timer_arm(again_sched, &again_timer, MS(10));
}

static void a_timer_may_arm_itself_and_sees_its_own_time(void **state)
{
	struct sched s;

	(void)state;
	sched_init(&s, 1);
	again_sched = &s;
	again_count = 0;
	timer_init(&again_timer, "again", TIMER_OWN, again, NULL);
	timer_arm(&s, &again_timer, MS(10));
	sched_run(&s, MS(35));
	assert_int_equal(again_count, 3);
	assert_int_equal(timer_left(&s, &again_timer), MS(5));
}

static void speed_affects_the_modem_and_not_the_host(void **state)
{
	struct timer own, wait;
	struct sched s;

	(void)state;
	fired[0] = '\0';
	sched_init(&s, 10);
	timer_init(&own, "own", TIMER_OWN, note, (void *)"o");
	timer_init(&wait, "wait", TIMER_WAIT, note, (void *)"w");
	timer_arm(&s, &own, SEC(1));
	timer_arm(&s, &wait, SEC(1));
	sched_run(&s, SEC(9));
	assert_string_equal(fired, "o");
	sched_run(&s, SEC(10));
	assert_string_equal(fired, "ow");
}

/* What waits for the host keeps its real time when the modem is sped up. */
static void a_change_of_speed_moves_only_waiting_timers(void **state)
{
	struct timer own, wait, later;
	struct sched s;

	(void)state;
	fired[0] = '\0';
	sched_init(&s, 1);
	timer_init(&own, "own", TIMER_OWN, note, (void *)"o");
	timer_init(&wait, "wait", TIMER_WAIT, note, (void *)"w");
	timer_init(&later, "later", TIMER_WAIT, note, (void *)"l");
	timer_arm(&s, &wait, SEC(1));
	timer_arm(&s, &own, SEC(5));
	sched_speed(&s, 10);
	assert_int_equal(timer_left(&s, &wait), SEC(10));
	assert_int_equal(timer_left(&s, &own), SEC(5));
	timer_arm(&s, &later, MS(600));
	sched_run(&s, SEC(6));
	assert_string_equal(fired, "ol");
	sched_speed(&s, 1);
	assert_int_equal(timer_left(&s, &wait), MS(400));
	sched_run(&s, SEC(7));
	assert_string_equal(fired, "olw");
}

static void a_skip_passes_no_real_time(void **state)
{
	struct timer own, wait;
	struct sched s;

	(void)state;
	fired[0] = '\0';
	sched_init(&s, 1);
	timer_init(&own, "own", TIMER_OWN, note, (void *)"o");
	timer_init(&wait, "wait", TIMER_WAIT, note, (void *)"w");
	timer_arm(&s, &own, 0);
	sched_skip(&s, 0);
	assert_string_equal(fired, "o");
	fired[0] = '\0';
	timer_arm(&s, &wait, SEC(1));
	timer_arm(&s, &own, SEC(60));
	sched_skip(&s, SEC(60));
	assert_string_equal(fired, "o");
	assert_int_equal(timer_left(&s, &wait), SEC(1));
	sched_run(&s, SEC(61));
	assert_string_equal(fired, "ow");
}

static void random_timers_keep_the_heap_in_order(void **state)
{
	struct timer t[SCHED_TIMERS];
	struct sched s;
	struct rand r;
	usec_t last = 0;
	int i;

	(void)state;
	rand_init(&r, 7);
	sched_init(&s, 1);
	for (i = 0; i < SCHED_TIMERS; i++) {
		timer_init(&t[i], "t", TIMER_OWN, note, (void *)"");
		timer_arm(&s, &t[i], rand_below(&r, 1000));
	}
	for (i = 0; i < SCHED_TIMERS; i += 3)
		timer_stop(&s, &t[i]);
	while (sched_next(&s) != USEC_NEVER) {
		assert_true(sched_next(&s) >= last);
		last = sched_next(&s);
		sched_run(&s, last);
	}
}

static void a_buffer_takes_all_or_nothing(void **state)
{
	char mem[8];
	struct buf b;

	(void)state;
	buf_init(&b, mem, sizeof(mem));
	assert_true(buf_puts(&b, "12345"));
	assert_false(buf_puts(&b, "6789"));
	assert_true(b.full);
	assert_int_equal(b.len, 5);
	assert_true(buf_printf(&b, "%d", 67));
	assert_memory_equal(b.data, "1234567", 7);
	buf_take(&b, 3);
	assert_memory_equal(b.data, "4567", 4);
}

static void bytes_are_made_visible(void **state)
{
	char mem[64];
	struct buf b;

	(void)state;
	buf_init(&b, mem, sizeof(mem));
	buf_put_visible(&b, "\r\nA\\\x1a\xff", 6);
	assert_int_equal(b.len, strlen("\\r\\nA\\\\<1A><FF>"));
	assert_memory_equal(b.data, "\\r\\nA\\\\<1A><FF>", b.len);
}

/* A text that looks like a code is told apart from the octet with that code. */
static void what_is_visible_reads_as_the_same_bytes(void **state)
{
	char text[4] = { '<', 0, 0, '>' }, shown[32], back[8];
	struct buf b, c;
	unsigned i;

	(void)state;
	for (i = 0; i < 0x10000; i++) {
		text[1] = (char)(i >> 8);
		text[2] = (char)i;
		buf_init(&b, shown, sizeof(shown) - 1);
		assert_true(buf_put_visible(&b, text, sizeof(text)));
		shown[b.len] = '\0';
		buf_init(&c, back, sizeof(back));
		assert_true(buf_put_escaped(&c, shown));
		assert_int_equal(c.len, sizeof(text));
		assert_memory_equal(back, text, sizeof(text));
	}
}

static void the_same_seed_gives_the_same_numbers(void **state)
{
	struct rand a, b;
	int i;

	(void)state;
	rand_init(&a, 1);
	rand_init(&b, 1);
	for (i = 0; i < 100; i++)
		assert_int_equal(rand_next(&a), rand_next(&b));
	for (i = 0; i < 1000; i++)
		assert_true(rand_below(&a, 7) < 7);
	/* the first output of SplitMix64 for seed 1, from its published definition */
	rand_init(&a, 1);
	assert_int_equal(rand_next(&a), UINT64_C(0x910a2dec89025cc1));
}

static char logged[128];

static void keep_line(void *ctx, enum log_cat cat, enum log_level level, const char *text)
{
	(void)ctx;
	(void)cat;
	(void)level;
	strcpy(logged, text);
}

static void a_forbidden_change_of_state_is_refused_and_logged(void **state)
{
	static const struct fsm_state states[] = {
		{ "off", FSM_TO(1) },
		{ "on", FSM_TO(2) },
		{ "broken", 0 },
	};
	struct log l = { .line = keep_line };
	struct fsm f = { "lamp", states, LOG_MODEM, 0 };

	(void)state;
	assert_false(fsm_go(&f, &l, 2));
	assert_string_equal(logged, "lamp{off}: must not become broken");
	assert_true(fsm_go(&f, &l, 1));
	assert_string_equal(fsm_name(&f), "on");
	assert_true(fsm_go(&f, &l, 1));
}

static const struct CMUnitTest tests[] = {
	UNIT(timers_fire_in_order_of_due_time_and_of_arming),
	UNIT(time_never_goes_back),
	UNIT(a_timer_may_arm_itself_and_sees_its_own_time),
	UNIT(speed_affects_the_modem_and_not_the_host),
	UNIT(a_change_of_speed_moves_only_waiting_timers),
	UNIT(a_skip_passes_no_real_time),
	UNIT(random_timers_keep_the_heap_in_order),
	UNIT(a_buffer_takes_all_or_nothing),
	UNIT(bytes_are_made_visible),
	UNIT(what_is_visible_reads_as_the_same_bytes),
	UNIT(the_same_seed_gives_the_same_numbers),
	UNIT(a_forbidden_change_of_state_is_refused_and_logged),
};

UNIT_MAIN(tests)
