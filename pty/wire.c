/* Connects port, modem and trace. The modem calls back only to enqueue bytes; after each
 * entry into the modem the timer is set to when it must be called next, and the port
 * continues. */
#include "wire.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "conf/must.h"
#include "host/loop.h"
#include "trace.h"

#define BOOT_MAX SEC(120)

struct wire {
	struct wire_options o;
	struct loop_clock *clock;
	struct port *port;
	struct trace *trace;
	const struct profile *profile;
	void *mem; /* of the modem */
	size_t mem_size;
	struct modem *modem;
	struct wire_watch watch[WIRE_WATCHES];
	size_t watches;
	usec_t now; /* of the present entry */
	unsigned speed;
	struct uart uart;
	unsigned v24;
	bool powered, dtr;
	bool rts, carries_rts;
	bool unheard; /* the modem's output is lost: it boots */
	bool unplugged;
};

/* --- what the modem calls ------------------------------------------------------------
 */

/* Bytes have gone over the port. */
static void passed(struct wire *w, char direction, usec_t at, const void *buf, size_t len)
{
	size_t i;

	trace_bytes(w->trace, at, direction, buf, len);
	for (i = 0; i < w->watches; i++)
		if (w->watch[i].bytes)
			w->watch[i].bytes(w->watch[i].ctx, at, direction, buf, len);
}

static size_t tx_room(void *ctx, unsigned port)
{
	struct wire *w = ctx;

	(void)port;
	return w->port ? port_tx_room(w->port) : PORT_TX_MAX;
}

static void tx(void *ctx, unsigned port, const void *buf, size_t len)
{
	struct wire *w = ctx;

	(void)port;
	if (!w->port || !port_clients(w->port) || w->unheard)
		return;
	passed(w, '<', modem_now(w->modem), buf, len);
	port_tx(w->port, buf, len);
}

/* The port acts after this entry. */
static void plug(void *ctx, unsigned port, enum cable to)
{
	struct wire *w = ctx;

	(void)port;
	w->unplugged = to == CABLE_OUT;
	trace_note(w->trace, w->now, "cable: %s",
		to == CABLE_OUT  ? "unplugged"
		: to == CABLE_IN ? "plugged"
				 : "plugged elsewhere");
	if (w->port && to == CABLE_MOVED)
		port_move(w->port);
	if (w->port)
		port_plug(w->port, to != CABLE_OUT);
}

static void lines(void *ctx, unsigned port, unsigned v24)
{
	struct wire *w = ctx;

	(void)port;
	w->v24 = v24;
	if (w->port)
		port_lines(w->port, v24);
}

static void notify(void *ctx, const struct notice *n)
{
	struct wire *w = ctx;
	size_t i;

	trace_notice(w->trace, n);
	for (i = 0; i < w->watches; i++)
		if (w->watch[i].notice)
			w->watch[i].notice(w->watch[i].ctx, n);
}

/* --- time ----------------------------------------------------------------------------
 */

static usec_t enter(struct wire *w)
{
	w->now = loop_now(w->clock);
	return w->now;
}

/* The modem's own work is completed at once. */
static void settle(struct wire *w)
{
	w->now = modem_settle(w->modem, BOOT_MAX);
	loop_jump(w->clock, w->now);
}

static void leave(struct wire *w)
{
	size_t i;

	if (w->o.settle)
		settle(w);
	loop_arm(w->clock, modem_next(w->modem));
	if (w->trace)
		trace_flush(w->trace);
	for (i = 0; i < w->watches; i++)
		if (w->watch[i].settled)
			w->watch[i].settled(w->watch[i].ctx);
}

static void on_due(void *ctx, usec_t now)
{
	struct wire *w = ctx;

	w->now = now;
	modem_advance(w->modem, now);
	leave(w);
	if (w->port)
		port_resume(w->port);
}

/* --- what the port calls -------------------------------------------------------------
 */

static void take(struct wire *w, const char *buf, size_t len)
{
	passed(w, '>', w->now, buf, len);
	modem_rx(w->modem, MODEM_UART1, w->now, buf, len);
}

/* At --speed max a line is carried out before the next byte is taken. */
static size_t take_settling(struct wire *w, const char *buf, size_t len)
{
	size_t done = 0, room, n;

	while (done < len && (room = modem_rx_room(w->modem, MODEM_UART1))) {
		n = modem_line_len(w->modem, MODEM_UART1, buf + done,
			len - done < room ? len - done : room);
		take(w, buf + done, n);
		done += n;
		if (!modem_line_done(w->modem, MODEM_UART1))
			continue;
		settle(w);
		enter(w);
	}
	return done;
}

static size_t on_rx(void *ctx, const void *buf, size_t len)
{
	struct wire *w = ctx;
	size_t room = modem_rx_room(w->modem, MODEM_UART1);

	enter(w);
	if (len > room)
		len = room;
	if (!len)
		return 0;
	if (w->o.settle)
		len = take_settling(w, buf, len);
	else
		take(w, buf, len);
	leave(w);
	return len;
}

static void on_tx_ready(void *ctx)
{
	struct wire *w = ctx;

	modem_tx_ready(w->modem, MODEM_UART1, enter(w));
	leave(w);
}

static void power_on(struct wire *w, usec_t now)
{
	w->powered = true;
	modem_power(w->modem, now, true);
}

static void on_dtr(void *ctx, bool on)
{
	struct wire *w = ctx;

	enter(w);
	w->dtr = on;
	modem_dtr(w->modem, MODEM_UART1, w->now, on);
	if (on && !w->powered)
		power_on(w, w->now);
	leave(w);
}

static void on_uart(void *ctx, const struct uart *u)
{
	struct wire *w = ctx;

	enter(w);
	w->uart = *u;
	modem_uart(w->modem, MODEM_UART1, w->now, u);
	leave(w);
}

static void on_rts(void *ctx, bool on)
{
	struct wire *w = ctx;

	enter(w);
	w->rts = on;
	w->carries_rts = true;
	modem_rts(w->modem, MODEM_UART1, w->now, on);
	leave(w);
}

static void on_break(void *ctx)
{
	struct wire *w = ctx;

	modem_break(w->modem, MODEM_UART1, enter(w));
	leave(w);
}

/* --- birth ---------------------------------------------------------------------------
 */

/* A modem writes a small part of its memory until it is used: the system gives the pages
 * as they are written, and no huge ones for the memory of many modems. */
static void *memory_new(size_t size)
{
	void *mem = mmap(
		NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (mem == MAP_FAILED)
		out_of_memory();
	madvise(mem, size, MADV_NOHUGEPAGE);
	return mem;
}

/* All zero again; the pages go back to the system. */
static void memory_clear(void *mem, size_t size)
{
	if (madvise(mem, size, MADV_DONTNEED))
		memset(mem, 0, size);
}

static struct modem *make(struct wire *w)
{
	const struct ports ports = {
		.ctx = w,
		.tx_room = tx_room,
		.tx = tx,
		.lines = lines,
		.plug = plug,
		.far = w->o.far,
		.notify = notify,
		.nv = w->o.nv,
	};
	struct modem *m;
	unsigned aside;

	do {
		aside = w->o.nv_aside ? w->o.nv_aside(w->o.nv.ctx) : 0;
		memory_clear(w->mem, w->mem_size);
		m = modem_init(w->mem, w->profile, &ports, &w->o.modem);
		/* damaged records may have been set aside by now */
	} while (!m && w->o.nv_aside && w->o.nv_aside(w->o.nv.ctx) != aside);
	return m;
}

static void boot(struct wire *w, usec_t now)
{
	w->unheard = true;
	power_on(w, now);
	settle(w);
	w->unheard = false;
}

struct wire *wire_new(
	struct loop *l, const struct profile *profile, const struct wire_options *options)
{
	struct wire *w = calloc(1, sizeof(*w));

	if (!w)
		out_of_memory();
	w->mem_size = modem_size(profile, 1);
	w->mem = memory_new(w->mem_size);
	w->profile = profile;
	w->speed = options->modem.speed;
	w->clock = loop_clock_new(l, options->modem.speed, on_due, w);
	w->o = *options;
	w->trace = options->trace;
	if (w->clock)
		w->modem = make(w);
	if (!w->modem) {
		wire_free(w);
		return NULL;
	}
	trace_clock(w->trace, modem_epoch(w->modem));
	if (!options->cold)
		boot(w, 0);
	leave(w);
	return w;
}

void wire_free(struct wire *w)
{
	if (!w)
		return;
	w->port = NULL;
	w->watches = 0;
	if (w->modem && w->o.nv.load)
		modem_close(w->modem, enter(w));
	loop_clock_free(w->clock);
	munmap(w->mem, w->mem_size);
	free(w);
}

struct port_events wire_events(struct wire *w)
{
	return (struct port_events){ w, on_rx, on_tx_ready, on_dtr, on_uart, on_rts,
		on_break };
}

void wire_attach(struct wire *w, struct port *p)
{
	w->port = p;
	if (p)
		port_lines(p, w->v24);
}

const char *wire_path(const struct wire *w, const char *without)
{
	return w->unplugged ? NULL : w->port ? port_path(w->port) : without;
}

usec_t wire_now(struct wire *w)
{
	return loop_now(w->clock);
}

/* --- from outside ------------------------------------------------------------------- */

void wire_watch(struct wire *w, const struct wire_watch *watch)
{
	assert(w->watches < WIRE_WATCHES);
	w->watch[w->watches++] = *watch;
}

void wire_unwatch(struct wire *w, void *ctx)
{
	size_t i;

	for (i = 0; i < w->watches; i++)
		if (w->watch[i].ctx == ctx)
			w->watch[i] = w->watch[--w->watches];
}

const struct modem *wire_modem(const struct wire *w)
{
	return w->modem;
}

/* After an entry that did not come from the port. */
static void leave_outside(struct wire *w)
{
	leave(w);
	if (w->port)
		port_resume(w->port);
}

struct modem *wire_enter(struct wire *w, usec_t *now)
{
	*now = enter(w);
	return w->modem;
}

void wire_leave(struct wire *w)
{
	leave_outside(w);
}

const char *wire_act(struct wire *w, const struct action *a)
{
	const char *why = modem_act(w->modem, enter(w), a);

	leave_outside(w);
	return why;
}

bool wire_factory(struct wire *w)
{
	bool ok = !w->o.nv.load || !w->o.nv_clear || !w->o.nv_clear(w->o.nv.ctx);
	size_t i;

	if (!ok)
		return false;
	enter(w);
	for (i = 0; i < w->watches; i++)
		if (w->watch[i].renewed)
			w->watch[i].renewed(w->watch[i].ctx);
	w->modem = make(w);
	must(w->modem);
	modem_uart(w->modem, MODEM_UART1, w->now, &w->uart);
	if (w->carries_rts)
		modem_rts(w->modem, MODEM_UART1, w->now, w->rts);
	modem_dtr(w->modem, MODEM_UART1, w->now, w->dtr);
	w->powered = w->unplugged = false;
	if (w->port)
		port_plug(w->port, true);
	if (!w->o.cold)
		boot(w, w->now);
	else if (w->dtr)
		power_on(w, w->now);
	leave_outside(w);
	return true;
}

void wire_scale(struct wire *w, unsigned speed)
{
	loop_scale(w->clock, speed);
	w->speed = speed;
	w->o.settle = w->o.modem.settles = false;
	if (speed)
		w->o.modem.speed = speed;
	modem_speed(w->modem, enter(w), w->o.modem.speed);
	leave_outside(w);
}

unsigned wire_speed(const struct wire *w)
{
	return w->speed;
}

void wire_step(struct wire *w, usec_t time)
{
	loop_jump(w->clock, enter(w) + time);
	modem_advance(w->modem, enter(w));
	leave_outside(w);
}
