/* What all kinds of port do alike: the calls from the owner and to it. */
#include "port.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "conf/must.h"
#include "port_int.h"

void port_init(struct port *p, const struct port_ops *ops, const struct log *log,
	const struct port_events *ev)
{
	p->ops = ops;
	p->log = log;
	p->ev = *ev;
	p->fd = -1;
}

const char *port_path(const struct port *p)
{
	return p->ops->path(p);
}

unsigned port_clients(const struct port *p)
{
	return p->ops->clients(p);
}

void port_lines(struct port *p, unsigned v24)
{
	if (p->v24 == v24)
		return;
	p->v24 = v24;
	if (p->ops->lines)
		p->ops->lines(p, v24);
}

void port_plug(struct port *p, bool in)
{
	p->ops->plug(p, in);
}

void port_move(struct port *p)
{
	if (p->ops->move)
		p->ops->move(p);
}

void port_close(struct port *p)
{
	p->ops->close(p);
}

void port_tell_dtr(struct port *p, bool on)
{
	if (p->dtr == on)
		return;
	p->dtr = on;
	log_debug(p->log, LOG_PTY, "%s: DTR %s", port_path(p), on ? "on" : "off");
	if (p->ev.dtr)
		p->ev.dtr(p->ev.ctx, on);
}

void port_tell_rts(struct port *p, bool on)
{
	if (p->rts == on)
		return;
	p->rts = on;
	log_debug(p->log, LOG_PTY, "%s: RTS %s", port_path(p), on ? "on" : "off");
	if (p->ev.rts)
		p->ev.rts(p->ev.ctx, on);
}

static bool same(const struct uart *a, const struct uart *b)
{
	return a->baud == b->baud && a->data_bits == b->data_bits &&
	       a->stop_bits == b->stop_bits && a->parity == b->parity &&
	       a->flow == b->flow;
}

void port_tell_uart(struct port *p, const struct uart *u)
{
	if (same(&p->uart, u))
		return;
	p->uart = *u;
	if (p->ev.uart)
		p->ev.uart(p->ev.ctx, u);
}

void port_tell_break(struct port *p)
{
	log_debug(p->log, LOG_PTY, "%s: break", port_path(p));
	if (p->ev.brk)
		p->ev.brk(p->ev.ctx);
}

static void hold(struct port *p, const char *buf, size_t len)
{
	assert(!p->held);
	p->held = malloc(len);
	must(p->held);
	memcpy(p->held, buf, len);
	p->held_len = len;
	p->held_off = 0;
	event_del(p->readable);
}

void port_feed(struct port *p, const void *buf, size_t len)
{
	size_t taken = len;

	p->busy = true;
	if (p->ev.rx)
		taken = p->ev.rx(p->ev.ctx, buf, len);
	p->busy = false;
	assert(taken <= len);
	if (taken < len)
		hold(p, (const char *)buf + taken, len - taken);
}
