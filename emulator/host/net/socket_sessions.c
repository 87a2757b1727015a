/* The answers of sessions on their way into the modem. */
#include "host/net/sockets_int.h"

static const struct socket_modem *enter(void *ctx)
{
	const struct sockets *h = ctx;

	h->m.enter(h->m.ctx);
	return &h->m;
}

static void leave(const struct socket_modem *m)
{
	m->leave(m->ctx);
}

static void there(void *ctx, unsigned id, uint16_t local, const struct socket_peer *peer)
{
	const struct socket_modem *m = enter(ctx);

	m->there(m->ctx, id, local, peer);
	leave(m);
}

static void ended(void *ctx, unsigned id, enum socket_end why)
{
	const struct socket_modem *m = enter(ctx);

	m->ended(m->ctx, id, why);
	leave(m);
}

static size_t room(void *ctx, unsigned id)
{
	const struct sockets *h = ctx;

	return h->m.room(h->m.ctx, id);
}

static void rx(void *ctx, unsigned id, const void *buf, size_t len)
{
	const struct socket_modem *m = enter(ctx);

	m->rx(m->ctx, id, NULL, buf, len);
	leave(m);
}

static void ready(void *ctx)
{
	const struct socket_modem *m = enter(ctx);

	m->ready(m->ctx);
	leave(m);
}

static void begun(void *ctx, unsigned id)
{
	const struct socket_modem *m = enter(ctx);

	m->begun(m->ctx, id);
	leave(m);
}

static void done(void *ctx, unsigned id, const struct socket_result *result)
{
	const struct socket_modem *m = enter(ctx);

	m->done(m->ctx, id, result);
	leave(m);
}

struct sessions *socket_sessions_new(struct sockets *h)
{
	const struct net_options *net = h->o.net;
	const struct sessions_options o = { .names = net->names,
		.internet = net->internet,
		.curl = net->curl,
		.log = net->log };
	const struct sessions_calls calls = { h, there, ended, room, rx, ready, begun,
		done };

	return sessions_new(h->loop, &o, &calls);
}
