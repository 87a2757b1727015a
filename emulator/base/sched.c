/* A binary heap of timers, ordered by due time and then by the order of arming. */
#include "base/sched.h"

#include <assert.h>

static bool before(const struct timer *a, const struct timer *b)
{
	if (a->due != b->due)
		return a->due < b->due;
	return a->seq < b->seq;
}

static void put(struct sched *s, size_t i, struct timer *t)
{
	s->heap[i] = t;
	t->place = i + 1;
}

static void sift_up(struct sched *s, size_t i)
{
	struct timer *t = s->heap[i];

	while (i > 0 && before(t, s->heap[(i - 1) / 2])) {
		put(s, i, s->heap[(i - 1) / 2]);
		i = (i - 1) / 2;
	}
	put(s, i, t);
}

static void sift_down(struct sched *s, size_t i)
{
	struct timer *t = s->heap[i];
	size_t child;

	while ((child = 2 * i + 1) < s->n) {
		if (child + 1 < s->n && before(s->heap[child + 1], s->heap[child]))
			child++;
		if (!before(s->heap[child], t))
			break;
		put(s, i, s->heap[child]);
		i = child;
	}
	put(s, i, t);
}

void sched_init(struct sched *s, unsigned speed)
{
	*s = (struct sched){ .speed = speed ? speed : 1 };
}

void timer_wake(void *ctx, usec_t now)
{
	(void)ctx;
	(void)now;
}

void timer_init(struct timer *t, const char *name, enum timer_kind kind,
	void (*fire)(void *ctx, usec_t now), void *ctx)
{
	*t = (struct timer){ .name = name, .kind = kind, .fire = fire, .ctx = ctx };
}

void timer_stop(struct sched *s, struct timer *t)
{
	size_t i;

	if (!t->place)
		return;
	i = t->place - 1;
	t->place = 0;
	t->due = t->seq = 0;
	s->n--;
	if (i == s->n)
		return;
	put(s, i, s->heap[s->n]);
	sift_down(s, i);
	sift_up(s, i);
}

void timer_arm(struct sched *s, struct timer *t, usec_t delay)
{
	assert(t->fire);
	timer_stop(s, t);
	if (t->kind == TIMER_WAIT)
		delay *= s->speed;
	assert(s->n < SCHED_TIMERS);
	t->due = s->now + delay;
	t->seq = s->seq++;
	put(s, s->n++, t);
	sift_up(s, t->place - 1);
}

usec_t timer_left(const struct sched *s, const struct timer *t)
{
	if (!t->place)
		return USEC_NEVER;
	return t->due > s->now ? t->due - s->now : 0;
}

void sched_fire(struct sched *s, usec_t now)
{
	struct timer *t;

	while (s->n && s->heap[0]->due <= now) {
		t = s->heap[0];
		if (t->due > s->now)
			s->now = t->due;
		timer_stop(s, t);
		t->fire(t->ctx, s->now);
		if (s->fired)
			s->fired(s->ctx);
	}
}

usec_t sched_next_own(const struct sched *s)
{
	usec_t next = USEC_NEVER;
	size_t i;

	for (i = 0; i < s->n; i++)
		if (s->heap[i]->kind == TIMER_OWN && s->heap[i]->due < next)
			next = s->heap[i]->due;
	return next;
}

static void heapify(struct sched *s)
{
	size_t i;

	for (i = s->n / 2; i-- > 0;)
		sift_down(s, i);
}

void sched_speed(struct sched *s, unsigned speed)
{
	struct timer *t;
	size_t i;

	assert(speed >= 1);
	for (i = 0; i < s->n; i++) {
		t = s->heap[i];
		if (t->kind == TIMER_WAIT)
			t->due = s->now + timer_left(s, t) / s->speed * speed;
	}
	s->speed = speed;
	heapify(s);
}

void sched_skip(struct sched *s, usec_t to)
{
	usec_t own, step;
	size_t i;

	/* fire what is due now, also when no time is skipped */
	sched_run(s, s->now);
	while (s->now < to) {
		own = sched_next_own(s);
		if (own > to)
			own = to;
		step = own > s->now ? own - s->now : 0;
		for (i = 0; i < s->n; i++)
			if (s->heap[i]->kind == TIMER_WAIT)
				s->heap[i]->due += step;
		heapify(s);
		sched_run(s, own);
	}
}
