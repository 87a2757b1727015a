/* Bytes are passed on in the callback in which they come; only then they are written down. */
#include "host/field/record.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "conf/must.h"
#include "host/field/pin_mask.h"
#include "host/loop.h"
#include "port.h"

#define PIECE 4096
#define LINES_EVERY \
	MS(20) /* a tty tells changes of its lines only to a thread that waits */
#define BREAK_TIME MS(250)

struct record {
	struct loop *loop;
	struct record_options o;
	struct port *port;
	struct loop_fd *watch;
	struct loop_timer *poll, *breaks;
	struct loop_clock *clock;
	unsigned lines;
	bool blocked; /* the device takes nothing now */
	bool stalled; /* the port takes nothing now */
	bool lost;
	uint64_t count[2];
	struct pin_mask mask[2];
};

static void write_down(struct record *r, char side, const void *buf, size_t len)
{
	struct pin_mask *mask = &r->mask[side == '<'];
	usec_t at = loop_now(r->clock);
	char text[PIECE];
	size_t i;

	r->count[side == '<'] += len;
	memcpy(text, buf, len);
	pin_mask(mask, text, len);
	for (i = 0; i < 2; i++)
		trace_bytes(r->o.trace[i], MODEM_UART1, at, side, text, len);
	if (r->o.passed)
		r->o.passed(r->o.ctx, at, side, buf, text, len);
}

static void note(struct record *r, enum notice_kind kind, const char *text)
{
	const struct notice n = { .kind = kind, .at = loop_now(r->clock), .text = text };
	size_t i;

	for (i = 0; i < 2; i++)
		trace_notice(r->o.trace[i], &n);
}

static void want(struct record *r)
{
	loop_fd_wants(r->watch,
		(r->stalled || r->lost ? 0 : LOOP_READ) | (r->blocked ? LOOP_WRITE : 0));
}

static void lose(struct record *r, const char *what)
{
	if (r->lost)
		return;
	r->lost = true;
	r->blocked = false;
	want(r);
	r->o.lost(r->o.ctx, what);
}

/* --- the host's side ------------------------------------------------------------------
 */

static size_t rx(void *ctx, const void *buf, size_t len)
{
	struct record *r = ctx;
	ssize_t n;

	if (r->lost)
		return len;
	if (r->blocked)
		return 0;
	n = device_write(r->o.device, buf, len < PIECE ? len : PIECE);
	if (n < 0 && errno != EAGAIN && errno != EINTR) {
		lose(r, strerror(errno));
		return len;
	}
	if (n < 0 || (size_t)n < len) {
		r->blocked = true;
		want(r);
	}
	if (n <= 0)
		return 0;
	write_down(r, '>', buf, (size_t)n);
	return (size_t)n;
}

static void dtr(void *ctx, bool on)
{
	struct record *r = ctx;

	device_dtr(r->o.device, on);
	note(r, NOTICE_DTR, on ? "on" : "off");
}

static void rts(void *ctx, bool on)
{
	struct record *r = ctx;

	device_rts(r->o.device, on);
	note(r, NOTICE_RTS, on ? "on" : "off");
}

static void uart(void *ctx, const struct uart *u)
{
	struct record *r = ctx;
	const struct notice n = {
		.kind = NOTICE_SPEED, .at = loop_now(r->clock), .value = (long)u->baud
	};
	size_t i;

	if (!device_set(r->o.device, u))
		log_error(r->o.log, LOG_PTY,
			"the device refuses %u bit/s or this format; it stays as it was",
			u->baud);
	for (i = 0; i < 2; i++)
		trace_notice(r->o.trace[i], &n);
}

static void end_break(void *ctx)
{
	struct record *r = ctx;

	device_break(r->o.device, false);
}

static void brk(void *ctx)
{
	struct record *r = ctx;

	device_break(r->o.device, true);
	loop_timer_set(r->breaks, BREAK_TIME);
	note(r, NOTICE_BREAK, NULL);
}

/* --- the modem's side -----------------------------------------------------------------
 */

static void look_at_lines(void *ctx)
{
	struct record *r = ctx;
	unsigned v24;
	size_t i;

	if (r->lost || !device_lines(r->o.device, &v24))
		return; /* it has none */
	if (v24 != r->lines) {
		r->lines = v24;
		port_lines(r->port, v24);
		for (i = 0; i < 2; i++)
			trace_lines(r->o.trace[i], MODEM_UART1, loop_now(r->clock), v24);
	}
	loop_timer_set(r->poll, LINES_EVERY);
}

static void from_device(struct record *r)
{
	size_t room = port_clients(r->port) ? port_tx_room(r->port) : PIECE;
	char buf[PIECE];
	ssize_t n;

	r->stalled = room < PIECE;
	if (r->stalled) {
		want(r);
		return;
	}
	n = device_read(r->o.device, buf, sizeof(buf));
	if (n > 0) {
		port_tx(r->port, buf, (size_t)n);
		port_resume(r->port);
		write_down(r, '<', buf, (size_t)n);
	} else if (!n || (errno != EAGAIN && errno != EINTR)) {
		lose(r, n ? strerror(errno) : "it has gone");
	}
}

static void on_device(void *ctx)
{
	struct record *r = ctx;

	if (r->blocked) {
		r->blocked = false;
		want(r);
		port_resume(r->port);
	}
	from_device(r);
}

static void tx_ready(void *ctx)
{
	struct record *r = ctx;

	r->stalled = false;
	want(r);
}

/* --- life -----------------------------------------------------------------------------
 */

static void on_due(void *ctx, usec_t now)
{
	(void)ctx;
	(void)now;
}

struct record *record_new(struct loop *l, const struct record_options *o)
{
	struct record *r = must(calloc(1, sizeof(*r)));

	r->loop = l;
	r->o = *o;
	r->clock = must(loop_clock_new(l, 1, on_due, r));
	r->poll = must(loop_timer_new(l, look_at_lines, r));
	r->breaks = must(loop_timer_new(l, end_break, r));
	return r;
}

struct port_events record_events(struct record *r)
{
	return (struct port_events){
		.ctx = r,
		.rx = rx,
		.tx_ready = tx_ready,
		.dtr = dtr,
		.uart = uart,
		.rts = rts,
		.brk = brk,
	};
}

void record_attach(struct record *r, struct port *p)
{
	r->port = p;
	r->watch = must(loop_fd_new(r->loop, device_fd(r->o.device), on_device, r));
	look_at_lines(r);
}

void record_count(const struct record *r, uint64_t out[2])
{
	memcpy(out, r->count, sizeof(r->count));
}

void record_free(struct record *r)
{
	if (!r)
		return;
	loop_fd_free(r->watch);
	loop_timer_free(r->poll);
	loop_timer_free(r->breaks);
	loop_clock_free(r->clock);
	free(r);
}
