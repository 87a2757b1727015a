/* What all kinds of port do alike: the calls from the owner and to it. */
#include "port.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

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

/* A port that stands for another has nothing to add. */
static void say(const struct port *p, const char *line, const char *how)
{
	if (!p->ops->carrier)
		log_debug(p->log, LOG_PTY, "%s: %s%s", port_path(p), line, how);
}

void port_tell_dtr(struct port *p, bool on)
{
	if (p->dtr == on)
		return;
	p->dtr = on;
	say(p, "DTR", on ? " on" : " off");
	if (p->ev.dtr)
		p->ev.dtr(p->ev.ctx, on);
}

void port_tell_rts(struct port *p, bool on)
{
	if (p->rts == on)
		return;
	p->rts = on;
	say(p, "RTS", on ? " on" : " off");
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
	say(p, "break", "");
	if (p->ev.brk)
		p->ev.brk(p->ev.ctx);
}

void port_tell_gone(struct port *p)
{
	port_tell_dtr(p, false);
	if (p->ev.gone)
		p->ev.gone(p->ev.ctx);
}

static void hold(struct port *p, const char *buf, size_t len)
{
	char *more = realloc(p->held, p->held_len + len);

	must(more);
	memcpy(more + p->held_len, buf, len);
	p->held = more;
	p->held_len += len;
	if (p->held_len - p->held_off > p->held_max)
		event_del(p->readable);
}

void port_held_drop(struct port *p)
{
	free(p->held);
	p->held = NULL;
	p->held_len = p->held_off = 0;
}

size_t port_offer(struct port *p, const void *buf, size_t len)
{
	size_t taken = len;

	if (p->ev.rx) {
		p->busy = true;
		taken = p->ev.rx(p->ev.ctx, buf, len);
		p->busy = false;
	}
	assert(taken <= len);
	return taken;
}

void port_feed(struct port *p, const void *buf, size_t len)
{
	size_t taken = 0;

	if (!p->held)
		taken = port_offer(p, buf, len < PORT_TURN ? len : PORT_TURN);
	if (taken < len)
		hold(p, (const char *)buf + taken, len - taken);
}

void port_raise_limit(void)
{
	struct rlimit limit;

	if (getrlimit(RLIMIT_NOFILE, &limit))
		return;
	limit.rlim_cur = limit.rlim_max;
	setrlimit(RLIMIT_NOFILE, &limit);
}
