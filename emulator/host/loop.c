/* Wraps libevent: a loop, signals, and one timer for each virtual clock.
 *
 * The timers are the kernel's (timerfd): exact to some tens of microseconds, at the cost
 * of a system call for each change. libevent's own timers are rounded up to the 4 ms
 * tick, or cost a system call in every turn of the loop (EVENT_BASE_FLAG_PRECISE_TIMER).
 */
#include "loop.h"
#include "conf/must.h"

#include <assert.h>
#include <errno.h>
#include <event2/event.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/timerfd.h>
#include <time.h>
#include <unistd.h>

struct loop_sig {
	struct loop_sig *next;
	struct event *event;
	void (*fn)(void *ctx, int signo);
	void *ctx;
};

struct later;

struct loop {
	struct event_base *base;
	struct later *later;
	struct loop_sig *sigs;
	int status;
};

struct loop_clock {
	int fd;
	struct event *timer;
	void (*due)(void *ctx, usec_t now);
	void *ctx;
	unsigned speed;
	usec_t origin; /* real time of virtual 0, without the jumps */
	usec_t jumped; /* virtual time added by loop_jump() */
	usec_t last;   /* what loop_now() returned last */
	usec_t armed;
	usec_t set; /* what the kernel's timer is set to: never later than armed */
};

/* libevent has one log for the whole process: it goes to the log of the newest loop. */
static const struct log *event_log;

static void from_libevent(int severity, const char *text)
{
	if (severity == EVENT_LOG_DEBUG || severity == EVENT_LOG_MSG)
		log_debug(event_log, LOG_PTY, "libevent: %s", text);
	else
		log_error(event_log, LOG_PTY, "libevent: %s", text);
}

struct loop *loop_new(const struct log *log)
{
	struct event_config *config = event_config_new();
	struct loop *l = calloc(1, sizeof(*l));

	event_log = log;
	event_set_log_callback(from_libevent);
	if (l && config &&
		!event_config_set_max_dispatch_interval(
			config, NULL, LOOP_CONTROL_BUDGET, LOOP_PRIORITY_CONTROL))
		l->base = event_base_new_with_config(config);
	if (config)
		event_config_free(config);
	if (!l || !l->base || event_base_priority_init(l->base, LOOP_PRIORITIES)) {
		log_error(log, LOG_PTY, "cannot make an event loop: %s; see ulimit -n",
			strerror(errno));
		loop_free(l);
		return NULL;
	}
	return l;
}

struct later {
	void (*fn)(void *ctx);
	void *ctx;
	struct later *next;
	struct event *event;
};

static void forget_later(struct loop *l)
{
	struct later *t;

	while ((t = l->later)) {
		l->later = t->next;
		event_free(t->event);
		free(t);
	}
}

void loop_free(struct loop *l)
{
	struct loop_sig *s;

	if (!l)
		return;
	while ((s = l->sigs)) {
		l->sigs = s->next;
		event_free(s->event);
		free(s);
	}
	forget_later(l);
	if (l->base)
		event_base_free(l->base);
	event_set_log_callback(NULL);
	event_log = NULL;
	free(l);
}

struct event_base *loop_base(struct loop *l)
{
	return l->base;
}

int loop_run(struct loop *l)
{
	if (event_base_loop(l->base, EVLOOP_NO_EXIT_ON_EMPTY) < 0)
		return -EIO;
	return l->status;
}

void loop_stop(struct loop *l, int status)
{
	l->status = status;
	event_base_loopbreak(l->base);
}

static void on_signal(evutil_socket_t signo, short what, void *ctx)
{
	struct loop_sig *s = ctx;

	(void)what;
	s->fn(s->ctx, (int)signo);
}

int loop_signal(struct loop *l, int signo, void (*fn)(void *ctx, int signo), void *ctx)
{
	struct loop_sig *s = calloc(1, sizeof(*s));

	if (!s)
		return -ENOMEM;
	s->fn = fn;
	s->ctx = ctx;
	s->event = evsignal_new(l->base, signo, on_signal, s);
	if (!s->event || event_priority_set(s->event, 0) || event_add(s->event, NULL)) {
		if (s->event)
			event_free(s->event);
		free(s);
		return -EINVAL;
	}
	s->next = l->sigs;
	l->sigs = s;
	return 0;
}

static void on_later(evutil_socket_t fd, short what, void *ctx)
{
	const struct later *t = ctx;

	(void)fd;
	(void)what;
	t->fn(t->ctx);
}

void loop_later(struct loop *l, usec_t real, void (*fn)(void *ctx), void *ctx)
{
	const struct timeval after = { (time_t)(real / 1000000u),
		(suseconds_t)(real % 1000000u) };
	struct later *t = calloc(1, sizeof(*t));

	must(t);
	*t = (struct later){ fn, ctx, l->later, NULL };
	t->event = evtimer_new(l->base, on_later, t);
	if (!t->event || evtimer_add(t->event, &after))
		out_of_memory();
	l->later = t;
}

struct loop_fd {
	struct event *event;
	unsigned wants;
	void (*fn)(void *ctx);
	void *ctx;
};

static void on_fd(evutil_socket_t fd, short what, void *ctx)
{
	struct loop_fd *w = ctx;

	(void)fd;
	(void)what;
	w->fn(w->ctx);
}

static short events_of(unsigned what)
{
	int events = EV_PERSIST;

	if (what & LOOP_READ)
		events |= EV_READ;
	if (what & LOOP_WRITE)
		events |= EV_WRITE;
	return (short)events;
}

static struct loop_fd *fd_new(
	struct loop *l, int fd, unsigned what, void (*fn)(void *ctx), void *ctx)
{
	struct loop_fd *w = calloc(1, sizeof(*w));

	must(w);
	w->fn = fn;
	w->ctx = ctx;
	w->wants = what;
	w->event = event_new(l->base, fd, events_of(what), on_fd, w);
	if (w->event && !event_add(w->event, NULL))
		return w;
	loop_fd_free(w);
	return NULL;
}

struct loop_fd *loop_fd_new(struct loop *l, int fd, void (*fn)(void *ctx), void *ctx)
{
	return fd_new(l, fd, LOOP_READ, fn, ctx);
}

struct loop_fd *loop_fd_new_out(struct loop *l, int fd, void (*fn)(void *ctx), void *ctx)
{
	return fd_new(l, fd, LOOP_WRITE, fn, ctx);
}

void loop_fd_wants(struct loop_fd *w, unsigned what)
{
	if (what == w->wants)
		return;
	w->wants = what;
	event_del(w->event);
	if (event_assign(w->event, event_get_base(w->event), event_get_fd(w->event),
		    events_of(what), on_fd, w) ||
		(what && event_add(w->event, NULL)))
		abort(); /* it was added before: the system has not refused the fd */
}

void loop_fd_free(struct loop_fd *w)
{
	if (!w)
		return;
	if (w->event)
		event_free(w->event);
	free(w);
}

usec_t loop_real_now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (usec_t)t.tv_sec * 1000000u + (usec_t)t.tv_nsec / 1000u;
}

struct loop_timer {
	struct event *event;
	void (*fn)(void *ctx);
	void *ctx;
};

static void on_loop_timer(evutil_socket_t fd, short what, void *ctx)
{
	const struct loop_timer *t = ctx;

	(void)fd;
	(void)what;
	t->fn(t->ctx);
}

struct loop_timer *loop_timer_new(struct loop *l, void (*fn)(void *ctx), void *ctx)
{
	struct loop_timer *t = calloc(1, sizeof(*t));

	must(t);
	*t = (struct loop_timer){ .fn = fn, .ctx = ctx };
	t->event = must(evtimer_new(l->base, on_loop_timer, t));
	return t;
}

void loop_timer_free(struct loop_timer *t)
{
	if (!t)
		return;
	event_free(t->event);
	free(t);
}

void loop_timer_set(struct loop_timer *t, usec_t real)
{
	const struct timeval after = { (time_t)(real / 1000000u),
		(suseconds_t)(real % 1000000u) };

	if (real == USEC_NEVER)
		evtimer_del(t->event);
	else if (evtimer_add(t->event, &after))
		out_of_memory();
}

/* Sets absolute real time, rounded up; 0 disarms. An expiry not yet read is discarded. */
static void set_timer(struct loop_clock *c)
{
	c->set = c->armed;
	usec_t virtual = c->armed > c->jumped ? c->armed - c->jumped : 0;
	usec_t real = c->armed == USEC_NEVER || !c->speed
			      ? 0
			      : c->origin + (virtual + c->speed - 1) / c->speed;
	struct itimerspec at = { .it_value = { (time_t)(real / 1000000u),
					 (long)(real % 1000000u) * 1000 } };

	if (timerfd_settime(c->fd, TFD_TIMER_ABSTIME, &at, NULL))
		abort();
}

static void on_timer(evutil_socket_t fd, short what, void *ctx)
{
	struct loop_clock *c = ctx;
	usec_t now = loop_now(c);

	(void)fd;
	(void)what;
	if (now < c->armed) {
		set_timer(c);
		return;
	}
	c->armed = c->set = USEC_NEVER;
	c->due(c->ctx, now);
	if (c->armed == USEC_NEVER)
		set_timer(c);
}

struct loop_clock *loop_clock_new(
	struct loop *l, unsigned speed, void (*due)(void *ctx, usec_t now), void *ctx)
{
	struct loop_clock *c = calloc(1, sizeof(*c));

	assert(speed >= 1);
	if (!c)
		return NULL;
	c->due = due;
	c->ctx = ctx;
	c->speed = speed;
	c->origin = loop_real_now();
	c->armed = c->set = USEC_NEVER;
	c->fd = timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK | TFD_CLOEXEC);
	if (c->fd >= 0)
		c->timer = event_new(l->base, c->fd, EV_READ | EV_PERSIST, on_timer, c);
	if (c->timer && !event_add(c->timer, NULL))
		return c;
	log_error(event_log, LOG_PTY, "cannot make a timer: %s; see ulimit -n",
		strerror(errno));
	loop_clock_free(c);
	return NULL;
}

void loop_clock_free(struct loop_clock *c)
{
	if (!c)
		return;
	if (c->timer)
		event_free(c->timer);
	if (c->fd >= 0)
		close(c->fd);
	free(c);
}

usec_t loop_now(struct loop_clock *c)
{
	usec_t now = (loop_real_now() - c->origin) * c->speed + c->jumped;

	if (now > c->last)
		c->last = now;
	return c->last;
}

void loop_scale(struct loop_clock *c, unsigned speed)
{
	usec_t now = loop_now(c);

	c->origin = loop_real_now();
	c->jumped = now;
	c->speed = speed;
	set_timer(c);
}

void loop_jump(struct loop_clock *c, usec_t to)
{
	usec_t now = loop_now(c);

	if (to <= now)
		return;
	c->jumped += to - now;
	c->last = to;
	if (c->armed != USEC_NEVER)
		set_timer(c);
}

void loop_arm(struct loop_clock *c, usec_t at)
{
	c->armed = at;
	/* a later time, such as a timeout that each byte of a download extends, is set
	 * when the old one expires */
	if (at < c->set)
		set_timer(c);
}
