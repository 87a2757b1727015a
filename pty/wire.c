/* Connects ports, modem and trace. The modem calls back only to enqueue bytes; after each
 * entry into the modem the timer is set to when it must be called next, and the ports
 * continue. */
#include "wire.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "conf/must.h"
#include "host/loop.h"
#include "host/trace/trace.h"
#include "wire_int.h"
#include "wire_sockets.h"

/* --- what the modem calls ------------------------------------------------------------
 */

void wire_passed(
	const struct end *e, char direction, usec_t at, const void *buf, size_t len)
{
	struct wire *w = e->wire;
	size_t i;

	trace_bytes(w->trace, e->number, at, direction, buf, len);
	for (i = 0; i < w->watches; i++)
		if (w->watch[i].bytes)
			w->watch[i].bytes(
				w->watch[i].ctx, e->number, at, direction, buf, len);
}

static struct end *end_of(struct wire *w, unsigned port)
{
	assert(port < w->ends);
	return &w->end[port];
}

static size_t tx_room(void *ctx, unsigned port)
{
	const struct end *e = end_of(ctx, port);

	return e->port && !e->console ? port_tx_room(e->port) : PORT_TX_MAX;
}

static void tx(void *ctx, unsigned port, const void *buf, size_t len)
{
	const struct end *e = end_of(ctx, port);

	if (!e->port || (!port_clients(e->port) && !e->console) || e->wire->unheard)
		return;
	wire_passed(e, '<', modem_now(e->wire->modem), buf, len);
	if (!e->console)
		port_tx(e->port, buf, len);
}

/* The port acts after this entry. */
static void plug(void *ctx, unsigned port, enum cable to)
{
	struct end *e = end_of(ctx, port);

	e->unplugged = to == CABLE_OUT;
	trace_note(e->wire->trace, port, e->wire->now, "cable: %s",
		to == CABLE_OUT  ? "unplugged"
		: to == CABLE_IN ? "plugged"
				 : "plugged elsewhere");
	if (e->port && to == CABLE_MOVED)
		port_move(e->port);
	if (e->port)
		port_plug(e->port, to != CABLE_OUT);
}

static void lines(void *ctx, unsigned port, unsigned v24)
{
	struct end *e = end_of(ctx, port);

	e->v24 = v24;
	if (e->wire->modem)
		trace_lines(e->wire->trace, port, modem_now(e->wire->modem), v24);
	if (e->port)
		port_lines(e->port, v24);
}

static void packets(void *ctx, const struct packet_link *link)
{
	struct wire *w = ctx;

	wire_net_link(w->net, link);
}

static void packet(void *ctx, const void *p, size_t len)
{
	struct wire *w = ctx;

	wire_net_packet(w->net, w->modem, p, len);
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
	w->now = modem_settle(w->modem, MODEM_BOOT);
	loop_jump(w->clock, w->now);
}

static void leave(struct wire *w)
{
	size_t i;

	wire_net_pump(w->net, w->modem, w->now);
	if (w->o.settle)
		settle(w);
	loop_arm(w->clock, modem_next(w->modem));
	if (w->trace)
		trace_flush(w->trace);
	for (i = 0; i < w->watches; i++)
		if (w->watch[i].settled)
			w->watch[i].settled(w->watch[i].ctx);
}

static void leave_all(struct wire *w)
{
	unsigned i;

	leave(w);
	for (i = 0; i < w->ends; i++)
		if (w->end[i].port)
			port_resume(w->end[i].port);
}

/* After an entry that a port has made: it goes on by itself, the others when the loop
 * comes to them. */
static void leave_port(const struct end *e)
{
	struct wire *w = e->wire;
	unsigned i;

	leave(w);
	for (i = 0; i < w->ends; i++)
		if (w->end[i].port && &w->end[i] != e)
			port_wake(w->end[i].port);
}

static void on_due(void *ctx, usec_t now)
{
	struct wire *w = ctx;

	w->now = now;
	modem_advance(w->modem, now);
	leave_all(w);
}

/* Packets for the host have come. */
static void on_packets(void *ctx)
{
	struct wire *w = ctx;

	enter(w);
	leave_all(w);
}

/* --- what the ports call -------------------------------------------------------------
 */

static void take(const struct end *e, const char *buf, size_t len)
{
	struct wire *w = e->wire;

	wire_passed(e, '>', w->now, buf, len);
	modem_rx(w->modem, e->number, w->now, buf, len);
}

/* At --speed max a line is carried out before the next byte is taken. */
static size_t take_settling(const struct end *e, const char *buf, size_t len)
{
	struct wire *w = e->wire;
	size_t done = 0, room, n;

	while (done < len && (room = modem_rx_room(w->modem, e->number))) {
		n = modem_line_len(w->modem, e->number, buf + done,
			len - done < room ? len - done : room);
		take(e, buf + done, n);
		done += n;
		if (!modem_line_done(w->modem, e->number))
			continue;
		settle(w);
		enter(w);
	}
	return done;
}

size_t wire_take(const struct end *e, const void *buf, size_t len)
{
	size_t room = modem_rx_room(e->wire->modem, e->number);

	if (len > room)
		len = room;
	if (len && e->wire->o.settle)
		return take_settling(e, buf, len);
	if (len)
		take(e, buf, len);
	return len;
}

static size_t on_rx(void *ctx, const void *buf, size_t len)
{
	const struct end *e = ctx;

	if (!len || !modem_rx_room(e->wire->modem, e->number))
		return 0;
	enter(e->wire);
	len = wire_take(e, buf, len);
	leave_port(e);
	return len;
}

static void on_tx_ready(void *ctx)
{
	const struct end *e = ctx;

	modem_tx_ready(e->wire->modem, e->number, enter(e->wire));
	leave_port(e);
}

void wire_power_on(struct wire *w, usec_t now)
{
	w->powered = true;
	modem_power(w->modem, now, true);
}

static void on_dtr(void *ctx, bool on)
{
	struct end *e = ctx;
	struct wire *w = e->wire;

	enter(w);
	e->dtr = on;
	e->console = false; /* a client has the port now, or had it */
	modem_dtr(w->modem, e->number, w->now, on);
	if (on && !w->powered)
		wire_power_on(w, w->now);
	leave_port(e);
}

/* RTS goes with the client, and the modem is not told. */
static void on_gone(void *ctx)
{
	const struct end *e = ctx;

	trace_gone(e->wire->trace, e->number, enter(e->wire));
}

static void on_uart(void *ctx, const struct uart *u)
{
	struct end *e = ctx;
	struct wire *w = e->wire;

	enter(w);
	e->uart = *u;
	modem_uart(w->modem, e->number, w->now, u);
	leave_port(e);
}

static void on_rts(void *ctx, bool on)
{
	struct end *e = ctx;
	struct wire *w = e->wire;

	enter(w);
	e->rts = on;
	e->carries_rts = true;
	modem_rts(w->modem, e->number, w->now, on);
	leave_port(e);
}

static void on_break(void *ctx)
{
	const struct end *e = ctx;

	modem_break(e->wire->modem, e->number, enter(e->wire));
	leave_port(e);
}

/* --- birth ---------------------------------------------------------------------------
 */

/* A modem writes a small part of its memory until it is used: the system gives the pages
 * as they are written, and no huge ones for the memory of many modems. */
void *wire_memory(size_t size)
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

struct modem *wire_make(struct wire *w)
{
	const struct ports ports = {
		.ctx = w,
		.tx_room = tx_room,
		.tx = tx,
		.lines = lines,
		.plug = plug,
		.packets = w->net ? packets : NULL,
		.packet = w->net ? packet : NULL,
		.far = w->o.far,
		.sockets = wire_sockets_ports(w->sockets),
		.neighbours = w->o.neighbours,
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

void wire_boot(struct wire *w, usec_t now)
{
	w->unheard = true;
	wire_power_on(w, now);
	settle(w);
	w->unheard = false;
}

struct wire *wire_new(
	struct loop *l, const struct profile *profile, const struct wire_options *options)
{
	unsigned ends = options->modem.ports ? options->modem.ports : 1, i;
	struct wire *w = calloc(1, sizeof(*w) + ends * sizeof(w->end[0]));

	if (!w)
		out_of_memory();
	w->ends = ends;
	for (i = 0; i < ends; i++)
		w->end[i] = (struct end){ .wire = w, .number = i };
	w->mem_size = modem_size(profile, ends);
	w->mem = wire_memory(w->mem_size);
	w->profile = profile;
	w->speed = options->modem.speed;
	w->clock = loop_clock_new(l, options->modem.speed, on_due, w);
	w->o = *options;
	w->trace = options->trace;
	w->net = wire_net_new(l,
		&(struct wire_net_options){ options->net, options->pcap, options->trace },
		on_packets, w);
	w->sockets = wire_sockets_new(l, options->net, options->trace, w);
	if (w->clock)
		w->modem = wire_make(w);
	if (!w->modem) {
		wire_free(w);
		return NULL;
	}
	trace_clock(w->trace, modem_epoch(w->modem));
	if (!options->cold)
		wire_boot(w, 0);
	leave(w);
	return w;
}

void wire_free(struct wire *w)
{
	unsigned i;

	if (!w)
		return;
	for (i = 0; i < w->ends; i++)
		w->end[i].port = NULL;
	w->watches = 0;
	if (w->modem && w->o.nv.load)
		modem_close(w->modem, enter(w));
	wire_sockets_free(w->sockets);
	wire_net_free(w->net);
	loop_clock_free(w->clock);
	munmap(w->mem, w->mem_size);
	free(w);
}

struct port_events wire_events(struct wire *w, unsigned port)
{
	return (struct port_events){ end_of(w, port), on_rx, on_tx_ready, on_dtr, on_uart,
		on_rts, on_break, on_gone };
}

void wire_attach(struct wire *w, unsigned port, struct port *p)
{
	struct end *e = end_of(w, port);

	e->port = p;
	if (p)
		port_lines(p, e->v24);
}

const char *wire_path(const struct wire *w, unsigned port, const char *without)
{
	const struct end *e = end_of((struct wire *)w, port);

	return e->unplugged ? NULL : e->port ? port_path(e->port) : without;
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

bool wire_net_counts(const struct wire *w, struct net_counts *out)
{
	return wire_net_count(w->net, out);
}

bool wire_socket_counts(const struct wire *w, struct sockets_counts *out)
{
	return wire_sockets_count(w->sockets, out);
}

const struct net_options *wire_network(const struct wire *w)
{
	return w->o.net;
}

struct modem *wire_enter(struct wire *w, usec_t *now)
{
	*now = enter(w);
	return w->modem;
}

void wire_leave(struct wire *w)
{
	leave_all(w);
}

const char *wire_act(struct wire *w, const struct action *a)
{
	const char *why = modem_act(w->modem, enter(w), a);

	leave_all(w);
	return why;
}

void wire_scale(struct wire *w, unsigned speed)
{
	loop_scale(w->clock, speed);
	w->speed = speed;
	w->o.settle = w->o.modem.settles = false;
	if (speed)
		w->o.modem.speed = speed;
	modem_speed(w->modem, enter(w), w->o.modem.speed);
	leave_all(w);
}

unsigned wire_speed(const struct wire *w)
{
	return w->speed;
}

void wire_step(struct wire *w, usec_t time)
{
	loop_jump(w->clock, enter(w) + time);
	modem_advance(w->modem, enter(w));
	leave_all(w);
}
