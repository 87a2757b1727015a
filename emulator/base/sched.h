/* Named virtual timers on one heap. No allocation: the timers live in their owners, the
 * heap in struct sched. Timers due at the same time fire in the order in which they were
 * armed, so the same calls give the same firings. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "base/usec.h"

#define SCHED_TIMERS 192

/* Whose time a timer measures. --speed hastens what the modem does by itself; what waits
 * for the host, and what repeats for ever, keeps to real time. */
enum timer_kind {
	TIMER_OWN,  /* one-shot work of the modem: latency, boot, search */
	TIMER_WAIT, /* waits for the host, or repeats */
	TIMER_DATE, /* due at a time of the virtual clock, however that is reached */
};

struct timer {
	const char *name; /* in words, for the log and the trace: "registration search" */
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
	unsigned speed;           /* virtual microseconds per real one, at least 1 */
	void (*fired)(void *ctx); /* NULL, or called after each timer that has fired */
	void *ctx;
};

void sched_init(struct sched *s, unsigned speed);

/* Makes the timer; name must outlive it. It is not armed. */
void timer_init(struct timer *t, const char *name, enum timer_kind kind,
	void (*fire)(void *ctx, usec_t now), void *ctx);

/* Arms the timer to fire after a delay from sched's now (in real time for TIMER_WAIT);
 * an armed timer is moved. */
void timer_arm(struct sched *s, struct timer *t, usec_t delay);
void timer_stop(struct sched *s, struct timer *t);
bool timer_armed(const struct timer *t);

/* How long until the timer fires, 0 if due, USEC_NEVER if not armed. */
usec_t timer_left(const struct sched *s, const struct timer *t);

/* Fires everything due at or before now, in order, then sets now. Time never goes back:
 * an earlier now is taken as the present one. */
void sched_run(struct sched *s, usec_t now);

/* When the next timer is due, USEC_NEVER when none is armed. */
usec_t sched_next(const struct sched *s);

/* The same for the modem's own work only (TIMER_OWN). */
usec_t sched_next_own(const struct sched *s);

/* Another speed from now on: every TIMER_WAIT timer keeps the real time it has left. */
void sched_speed(struct sched *s, unsigned speed);

/* Runs to `to` as if no real time had passed: every TIMER_WAIT timer is put off by as
 * much. */
void sched_skip(struct sched *s, usec_t to);
