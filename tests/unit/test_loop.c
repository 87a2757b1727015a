/* host/loop: virtual time. The only unit test that takes real time, a few milliseconds.
 */
#include "unit.h"

#include <errno.h>
#include <signal.h>
#include <string.h>

#include "host/loop.h"

static const struct log quiet = { 0 };

struct watch {
	struct loop *loop;
	struct loop_clock *clock;
	usec_t fired, again;
	int times;
};

static void fire(void *ctx, usec_t now)
{
	struct watch *w = ctx;

	w->times++;
	w->fired = now;
	if (w->again) {
		loop_arm(w->clock, w->again);
		w->again = 0;
		return;
	}
	loop_stop(w->loop, 7);
}

static void start(struct watch *w, unsigned speed)
{
	memset(w, 0, sizeof(*w));
	w->loop = loop_new(&quiet);
	assert_non_null(w->loop);
	w->clock = loop_clock_new(w->loop, speed, fire, w);
	assert_non_null(w->clock);
}

static void finish(struct watch *w)
{
	loop_clock_free(w->clock);
	loop_free(w->loop);
}

static void a_timer_fires_at_its_virtual_time_and_not_before(void **state)
{
	struct watch w;

	(void)state;
	start(&w, 1);
	loop_arm(w.clock, 3000);
	assert_int_equal(loop_run(w.loop), 7);
	assert_true(w.fired >= 3000);
	finish(&w);
}

static void speed_makes_virtual_time_run(void **state)
{
	struct watch w;

	(void)state;
	start(&w, 1000);
	w.again = SEC(5);
	loop_arm(w.clock, SEC(2));
	loop_run(w.loop);
	assert_int_equal(w.times, 2);
	assert_true(w.fired >= SEC(5));
	finish(&w);
}

static void a_jump_takes_no_time_and_only_leads_forward(void **state)
{
	struct watch w;

	(void)state;
	start(&w, 1);
	loop_arm(w.clock, SEC(3600));
	loop_jump(w.clock, SEC(3599));
	loop_jump(w.clock, SEC(10));
	assert_true(loop_now(w.clock) >= SEC(3599));
	assert_true(loop_now(w.clock) < SEC(3600));
	loop_jump(w.clock, SEC(3600) - 500);
	loop_run(w.loop);
	assert_true(w.fired >= SEC(3600));
	finish(&w);
}

static void a_clock_stands_still_and_goes_on(void **state)
{
	struct watch w;
	usec_t now;

	(void)state;
	start(&w, 1000);
	loop_scale(w.clock, 0);
	now = loop_now(w.clock);
	loop_arm(w.clock, now + SEC(10));
	loop_jump(w.clock, now + SEC(4));
	assert_int_equal(loop_now(w.clock), now + SEC(4));
	loop_scale(w.clock, 1000);
	loop_run(w.loop);
	assert_int_equal(w.times, 1);
	assert_true(w.fired >= now + SEC(10));
	finish(&w);
}

static void what_is_due_fires_at_once_and_what_is_disarmed_never(void **state)
{
	struct watch w, other;

	(void)state;
	start(&w, 1);
	other = w;
	other.clock = loop_clock_new(w.loop, 1, fire, &other);
	loop_arm(other.clock, 1000);
	loop_arm(other.clock, USEC_NEVER);
	loop_jump(w.clock, SEC(1));
	w.again = loop_now(w.clock) + 3000;
	loop_arm(w.clock, 1);
	loop_run(w.loop);
	assert_int_equal(w.times, 2);
	assert_int_equal(other.times, 0);
	loop_clock_free(other.clock);
	finish(&w);
}

static void what_is_put_off_fires_once_at_its_last_time(void **state)
{
	struct watch w;

	(void)state;
	start(&w, 1);
	loop_arm(w.clock, 1000);
	loop_arm(w.clock, 5000);
	loop_arm(w.clock, 3000);
	loop_run(w.loop);
	assert_int_equal(w.times, 1);
	assert_true(w.fired >= 3000);
	finish(&w);
}

static void on_signal(void *ctx, int signo)
{
	loop_stop(ctx, signo);
}

static void signals_come_in_the_loop(void **state)
{
	struct watch w;

	(void)state;
	start(&w, 1);
	assert_int_equal(loop_signal(w.loop, SIGUSR1, on_signal, w.loop), 0);
	assert_int_equal(loop_signal(w.loop, 9999, on_signal, w.loop), -EINVAL);
	raise(SIGUSR1);
	assert_int_equal(loop_run(w.loop), SIGUSR1);
	finish(&w);
}

static const struct CMUnitTest tests[] = {
	UNIT(a_timer_fires_at_its_virtual_time_and_not_before),
	UNIT(speed_makes_virtual_time_run),
	UNIT(a_jump_takes_no_time_and_only_leads_forward),
	UNIT(a_clock_stands_still_and_goes_on),
	UNIT(what_is_due_fires_at_once_and_what_is_disarmed_never),
	UNIT(what_is_put_off_fires_once_at_its_last_time),
	UNIT(signals_come_in_the_loop),
};
UNIT_MAIN(tests)
