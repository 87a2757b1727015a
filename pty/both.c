/* Two ports as one. The first client has the modem until it goes; bytes of a client at
 * the other port wait there, as for a modem that takes none, and its DTR is seen then. */
#include "both.h"

#include <stdio.h>
#include <stdlib.h>

#include "conf/must.h"
#include "port_int.h"

struct side {
	struct both *both;
	struct port *port;
	bool dtr, rts, has_rts; /* as its client has them */
	struct uart uart;
};

struct both {
	struct port port;
	struct side side[2];
	struct side *active; /* whose client has the modem; NULL: neither */
	bool closing;
};

static struct both *of(struct port *p)
{
	return (struct both *)p;
}

/* ---- what the two ports report ----------------------------------------------------- */

static void activate(struct both *b, struct side *s)
{
	bool rts = !s->has_rts || s->rts;

	b->active = s;
	port_tell_uart(&b->port, &s->uart);
	/* the client before may have left RTS off, and a pty has none */
	if (b->side[0].has_rts || b->side[1].has_rts) {
		b->port.rts = !rts;
		port_tell_rts(&b->port, rts);
	}
	port_tell_dtr(&b->port, true);
}

static void on_dtr(void *ctx, bool on)
{
	struct side *s = ctx;
	struct both *b = s->both;

	s->dtr = on;
	if (on && !b->active)
		activate(b, s);
	else if (b->active == s)
		port_tell_dtr(&b->port, on);
}

static void on_gone(void *ctx)
{
	struct side *s = ctx, *other;
	struct both *b = s->both;

	if (b->active != s)
		return;
	b->active = NULL;
	port_tell_gone(&b->port);
	other = &b->side[s == b->side];
	if (!other->dtr || b->closing)
		return;
	activate(b, other);
	port_resume(other->port);
}

static size_t on_rx(void *ctx, const void *buf, size_t len)
{
	struct side *s = ctx;
	struct both *b = s->both;

	return b->active == s && b->port.ev.rx ? b->port.ev.rx(b->port.ev.ctx, buf, len)
					       : 0;
}

static void on_tx_ready(void *ctx)
{
	struct side *s = ctx;

	if (s->both->active == s && s->both->port.ev.tx_ready)
		s->both->port.ev.tx_ready(s->both->port.ev.ctx);
}

static void on_uart(void *ctx, const struct uart *u)
{
	struct side *s = ctx;

	s->uart = *u;
	if (s->both->active == s)
		port_tell_uart(&s->both->port, u);
}

static void on_rts(void *ctx, bool on)
{
	struct side *s = ctx;

	s->rts = on;
	s->has_rts = true;
	if (s->both->active == s)
		port_tell_rts(&s->both->port, on);
}

static void on_break(void *ctx)
{
	struct side *s = ctx;

	if (s->both->active == s)
		port_tell_break(&s->both->port);
}

/* ---- the port that stands for them ------------------------------------------------- */

static struct port *carrier(struct port *p)
{
	return of(p)->active ? of(p)->active->port : NULL;
}

static const char *path(const struct port *p)
{
	return port_path(((const struct both *)p)->side[0].port);
}

static unsigned clients(const struct port *p)
{
	const struct side *s = ((const struct both *)p)->active;

	return s ? port_clients(s->port) : 0;
}

static void lines(struct port *p, unsigned v24)
{
	port_lines(of(p)->side[0].port, v24);
	port_lines(of(p)->side[1].port, v24);
}

static void plug(struct port *p, bool in)
{
	port_plug(of(p)->side[0].port, in);
	port_plug(of(p)->side[1].port, in);
}

/* An address does not move. */
static void move(struct port *p)
{
	port_move(of(p)->side[0].port);
	port_move(of(p)->side[1].port);
}

static void close_both(struct port *p)
{
	struct both *b = of(p);

	b->closing = true;
	port_close(b->side[0].port);
	port_close(b->side[1].port);
	free(b);
}

static const struct port_ops both_ops = {
	.carrier = carrier,
	.path = path,
	.clients = clients,
	.lines = lines,
	.plug = plug,
	.move = move,
	.close = close_both,
};

struct both *both_new(const struct log *log, const struct port_events *events)
{
	struct both *b = calloc(1, sizeof(*b));

	must(b);
	port_init(&b->port, &both_ops, log, events);
	b->side[0].both = b->side[1].both = b;
	return b;
}

void both_free(struct both *b)
{
	free(b);
}

struct port_events both_events(struct both *b, unsigned which)
{
	return (struct port_events){ &b->side[which], on_rx, on_tx_ready, on_dtr, on_uart,
		on_rts, on_break, on_gone };
}

struct port *both_join(struct both *b, struct port *first, struct port *second)
{
	b->side[0].port = first;
	b->side[1].port = second;
	return &b->port;
}

bool both_admits(const struct both *b, unsigned which, char *why, size_t size)
{
	const struct side *s = b->active;

	if (!s || s == &b->side[which])
		return true;
	snprintf(why, size, "a client of %s", port_path(s->port));
	return false;
}
