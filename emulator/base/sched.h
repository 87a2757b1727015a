/* Named virtual timers on one heap. No allocation: the timers are in their owners, the
 * heap in struct sched. Timers due at the same time fire in the order in which they were
 * armed, so the same calls always give the same order. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "base/usec.h"

#define SCHED_TIMERS 192

/* Which time a timer measures. --speed speeds up what the modem does by itself; what
 * waits for the host, and what repeats without end, keeps to real time. */
enum timer_kind {
	TIMER_OWN,  /* one-shot work of the modem: latency, boot, search */
	TIMER_WAIT, /* waits for the host, or repeats */
	TIMER_DATE, /* due at a virtual time, however it is reached */
};

struct timer {
	const char *name; /* shown in the log and the trace: "registration search" */
	enum timer_kind kind;
	void (*fire)(void *ctx, usec_t now);
	void *ctx;
	usec_t due; /* both 0 while it is not armed */
	uint64_t seq;
	size_t place; /* 1 + index in the heap; 0: not armed */
};

struct sched {
	struct timer *heap[SCHED_TIMERS];
	size_t n;
	uint64_t seq;
	usec_t now;
	unsigned speed; /* virtual microseconds per real microsecond, at least 1 */
	void (*fired)(void *ctx); /* called after each timer that has fired; NULL: none */
	void *ctx;
};

void sched_init(struct sched *s, unsigned speed);

/* Initialises the timer, not armed; name must outlive it. */
void timer_init(struct timer *t, const char *name, enum timer_kind kind,
	void (*fire)(void *ctx, usec_t now), void *ctx);

/* The function of a timer that only wakes: what follows is done at the end of each entry. */
void timer_wake(void *ctx, usec_t now);

/* Arms the timer to fire after a delay from the scheduler's now (in real time for
 * TIMER_WAIT); an armed timer is moved. */
void timer_arm(struct sched *s, struct timer *t, usec_t delay);
void timer_stop(struct sched *s, struct timer *t);
static inline bool timer_armed(const struct timer *t)
{
	return t->place != 0;
}

/* Time until the timer fires, 0 if due, USEC_NEVER if not armed. */
usec_t timer_left(const struct sched *s, const struct timer *t);

/* Fires everything due at or before now, in order. */
void sched_fire(struct sched *s, usec_t now);

/* The same, then sets now. Time never goes back: a
 * now in the past counts as the present. */
static inline void sched_run(struct sched *s, usec_t now)
{
	if (s->n && s->heap[0]->due <= now)
		sched_fire(s, now);
	if (now > s->now)
		s->now = now;
}

/* When the next timer is due, USEC_NEVER when none is armed. */
static inline usec_t sched_next(const struct sched *s)
{
	return s->n ? s->heap[0]->due : USEC_NEVER;
}

/* The same for the modem's own work only (TIMER_OWN). */
usec_t sched_next_own(const struct sched *s);

/* Changes the speed from now on: every TIMER_WAIT timer keeps the real time it has left.
 */
void sched_speed(struct sched *s, unsigned speed);

/* Runs to `to` as if no real time had passed: every TIMER_WAIT timer is postponed by the
 * skipped time. */
void sched_skip(struct sched *s, usec_t to);
