/* The event loop, and virtual time on top of it. This file and the port (pty/) are the
 * only ones that know libevent. One thread; everything below is called from the loop. */
#pragma once

#include "base/log.h"
#include "base/usec.h"

struct event_base;
struct loop;
struct loop_clock;

/* Events of priority 0 are handled before those of priority 1, the default. Events of the
 * control interface come last, and only a few in each turn of the loop, so that ports are
 * served in between. */
#define LOOP_PRIORITIES       3
#define LOOP_PRIORITY_CONTROL 2
#define LOOP_CONTROL_BUDGET   4 /* events of that priority per turn */

/* An empty loop; NULL (logged) if the system refuses. log must outlive the loop. */
struct loop *loop_new(const struct log *log);
void loop_free(struct loop *l);
struct event_base *loop_base(struct loop *l);

/* Runs until loop_stop(); returns its status, or -EIO. */
int loop_run(struct loop *l);
void loop_stop(struct loop *l, int status);

/* Calls fn in the loop each time the signal comes. Returns 0 or -errno. */
int loop_signal(struct loop *l, int signo, void (*fn)(void *ctx, int signo), void *ctx);

/* Calls fn once, after `real` microseconds of real time, unless the loop is freed before.
 */
void loop_later(struct loop *l, usec_t real, void (*fn)(void *ctx), void *ctx);

/* Real time, in microseconds: for what waits for other programs of this machine. */
usec_t loop_real_now(void);

/* A timer in real time, rounded up to some milliseconds; not set. Must be freed before the
 * loop. */
struct loop_timer;
struct loop_timer *loop_timer_new(struct loop *l, void (*fn)(void *ctx), void *ctx);
void loop_timer_free(struct loop_timer *t); /* NULL is allowed */

/* Calls fn once, after `real` microseconds; USEC_NEVER: not at all. Replaces what was set.
 */
void loop_timer_set(struct loop_timer *t, usec_t real);

/* Calls fn whenever fd is readable, until loop_fd_free(), which fn may call and which
 * must come before loop_free(). NULL if the system refuses. The caller still owns fd. */
struct loop_fd;
struct loop_fd *loop_fd_new(struct loop *l, int fd, void (*fn)(void *ctx), void *ctx);
void loop_fd_free(struct loop_fd *w); /* NULL is allowed */

/* The same while fd can be written to, such as a socket whose connection is complete or
 * has failed. */
struct loop_fd *loop_fd_new_out(struct loop *l, int fd, void (*fn)(void *ctx), void *ctx);

/* Calls fn whenever fd is ready for what is set here, a LOOP_READ and LOOP_WRITE set; 0:
 * not at all. Costs nothing when unchanged. */
#define LOOP_READ  1u
#define LOOP_WRITE 2u
void loop_fd_wants(struct loop_fd *w, unsigned what);

/* Virtual time of one modem: real time since the clock was made, times `speed` (at least
 * 1), plus the jumps. due() is called when the time set with loop_arm() has come. */
struct loop_clock *loop_clock_new(
	struct loop *l, unsigned speed, void (*due)(void *ctx, usec_t now), void *ctx);
void loop_clock_free(struct loop_clock *c);

/* Virtual microseconds now; never goes back. */
usec_t loop_now(struct loop_clock *c);

/* Sets the speed from now on; 0: time stands still except for jumps. */
void loop_scale(struct loop_clock *c, unsigned speed);

/* Sets the time to `to`; a time in the past is ignored. */
void loop_jump(struct loop_clock *c, usec_t to);

/* Sets when to call due(); USEC_NEVER: not at all. Costs nothing when unchanged. */
void loop_arm(struct loop_clock *c, usec_t at);
