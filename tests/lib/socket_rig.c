#include "socket_rig.h"

#include <assert.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define PATIENCE MS(4000)

static _Noreturn void give_up(const char *what)
{
	fprintf(stderr, "socket_rig: %s\n", what);
	exit(1);
}

static void log_line_out(
	void *ctx, enum log_cat cat, enum log_level level, const char *text)
{
	struct socket_rig *r = ctx;
	size_t len = strlen(r->logged);

	(void)cat;
	(void)level;
	snprintf(r->logged + len, sizeof(r->logged) - len, "%s\n", text);
}

/* ---- the modem ----------------------------------------------------------------------- */

static struct socket_rig_one *one_of(struct socket_rig *r, unsigned id)
{
	if (!r->inside || id >= SOCKETS)
		give_up("an entry outside of enter() and leave(), or a wrong number");
	return &r->of[id];
}

static void enter(void *ctx)
{
	struct socket_rig *r = ctx;

	if (r->inside)
		give_up("enter() twice");
	r->inside = true;
}

static void leave(void *ctx)
{
	struct socket_rig *r = ctx;

	if (!r->inside)
		give_up("leave() without enter()");
	r->inside = false;
	loop_stop(r->loop, 0);
}

static void there(void *ctx, unsigned id, uint16_t local, const struct socket_peer *peer)
{
	struct socket_rig_one *o = one_of(ctx, id);

	if (o->there || o->ended)
		give_up("there() twice, or after ended()");
	o->there = true;
	o->local = local;
	if (peer)
		o->peer = *peer;
}

static int accept_one(void *ctx, unsigned server, const struct socket_peer *peer)
{
	struct socket_rig *r = ctx;

	one_of(r, server);
	r->server = server;
	if (r->child >= 0) {
		r->of[r->child] = (struct socket_rig_one){ .there = true, .room = 16384 };
		r->of[r->child].peer = *peer;
	}
	return r->child;
}

static size_t room(void *ctx, unsigned id)
{
	const struct socket_rig *r = ctx;

	return r->of[id].room;
}

static void rx(void *ctx, unsigned id, const struct socket_peer *from, const void *buf,
	size_t len)
{
	struct socket_rig *r = ctx;
	struct socket_rig_one *o = one_of(r, id);

	if (!o->there || len > o->room || o->len + len > SOCKET_RIG_KEPT)
		give_up("octets for a socket that takes none, or not so many");
	if (!o->got && !(o->got = malloc(SOCKET_RIG_KEPT)))
		give_up("no memory");
	memcpy(o->got + o->len, buf, len);
	o->len += len;
	o->last = len;
	o->datagrams++;
	if (from)
		o->from = *from;
	if (r->on_rx)
		r->on_rx(r, id);
}

static void ended(void *ctx, unsigned id, enum socket_end why)
{
	struct socket_rig_one *o = one_of(ctx, id);

	o->ended = true;
	o->ends++;
	o->why = why;
}

static void ready(void *ctx)
{
	((struct socket_rig *)ctx)->readies++;
}

static const struct socket_modem modem = {
	.enter = enter,
	.leave = leave,
	.there = there,
	.accept = accept_one,
	.room = room,
	.rx = rx,
	.ended = ended,
	.ready = ready,
};

/* ---- what the test does -------------------------------------------------------------- */

static void add(struct socket_rig *r, const char *text, size_t *listens)
{
	struct forward f;
	char why[200];

	if (forward_read(text, &f))
		give_up(text);
	if (!f.listens && names_add(&r->names, &f))
		return;
	if (!f.listens)
		give_up(text);
	r->listens[*listens] = listeners_add(r->listeners, &f, 1, why, sizeof(why));
	if (!r->listens[(*listens)++])
		give_up(why);
}

void socket_rig_init(struct socket_rig *r, const char *const *forwards, bool internet,
	const struct resolve_server *server)
{
	struct sockets_options o = { .net = &r->net, .server = server };
	struct socket_modem m = modem;
	size_t listens = 0;
	int i;

	memset(r, 0, sizeof(*r));
	r->log.line = log_line_out;
	r->log.ctx = r;
	for (i = 0; i < LOG_CATS; i++)
		r->log.level[i] = LOG_LEVEL_WARN;
	r->loop = loop_new(&r->log);
	r->listeners = listeners_new(r->loop, &r->log);
	for (; *forwards; forwards++)
		add(r, *forwards, &listens);
	r->net = (struct net_options){ .names = &r->names,
		.internet = internet,
		.listeners = r->listeners,
		.log = &r->log };
	memcpy(r->net.dns[0], "\300\000\002\065", 4);
	m.ctx = r;
	r->sockets = sockets_new(r->loop, &o, &m);
	r->ports = sockets_ports(r->sockets);
}

void socket_rig_free(struct socket_rig *r)
{
	size_t i;

	sockets_free(r->sockets);
	listeners_free(r->listeners);
	loop_free(r->loop);
	for (i = 0; i < SOCKETS; i++)
		free(r->of[i].got);
}

static void on_late(void *ctx)
{
	loop_stop(ctx, 0);
}

static void run(struct socket_rig *r, usec_t time)
{
	struct loop_timer *t = loop_timer_new(r->loop, on_late, r->loop);

	loop_timer_set(t, time);
	loop_run(r->loop);
	loop_timer_free(t);
}

void socket_rig_run(struct socket_rig *r, unsigned ms)
{
	const usec_t until = loop_real_now() + MS(ms);
	usec_t now;

	while ((now = loop_real_now()) < until)
		run(r, until - now);
}

bool socket_rig_until(struct socket_rig *r, const bool *what)
{
	const usec_t until = loop_real_now() + PATIENCE;

	while (!*what && loop_real_now() < until)
		run(r, MS(100));
	return *what;
}

bool socket_rig_until_len(struct socket_rig *r, const size_t *what, size_t min)
{
	const usec_t until = loop_real_now() + PATIENCE;

	while (*what < min && loop_real_now() < until)
		run(r, MS(100));
	return *what >= min;
}

static void on_readable(void *ctx)
{
	loop_stop(ctx, 0);
}

bool socket_rig_readable(struct socket_rig *r, int fd)
{
	struct loop_fd *w = loop_fd_new(r->loop, fd, on_readable, r->loop);
	struct pollfd p = { .fd = fd, .events = POLLIN };
	const usec_t until = loop_real_now() + PATIENCE;

	while (poll(&p, 1, 0) <= 0 && loop_real_now() < until)
		run(r, MS(100));
	loop_fd_free(w);
	return p.revents & (POLLIN | POLLHUP);
}

void socket_rig_open(struct socket_rig *r, unsigned id, enum socket_kind kind,
	const char *host, uint16_t port, uint16_t local)
{
	const struct socket_order o = { .kind = kind,
		.host = host,
		.port = port,
		.local = local,
		.user = "",
		.password = "",
		.account = "",
		.ttl = 64 };

	free(r->of[id].got);
	r->of[id] = (struct socket_rig_one){ .room = 16384 };
	r->ports.open(r->ports.ctx, id, &o);
	if (r->of[id].there || r->of[id].ended)
		give_up("open() has called the modem");
}

bool socket_rig_opened(struct socket_rig *r, unsigned id, enum socket_kind kind,
	const char *host, uint16_t port, uint16_t local)
{
	const struct socket_rig_one *o = &r->of[id];
	const usec_t until = loop_real_now() + PATIENCE;

	socket_rig_open(r, id, kind, host, port, local);
	while (!o->there && !o->ended && loop_real_now() < until)
		run(r, MS(100));
	if (!o->there && !o->ended)
		give_up("nothing became of a socket");
	return o->there;
}

void socket_rig_send(struct socket_rig *r, unsigned id, const void *buf, size_t len)
{
	const char *p = buf;
	size_t n;

	while (len) {
		n = r->ports.room(r->ports.ctx, id);
		if (!n) {
			run(r, MS(100));
			continue;
		}
		n = n < len ? n : len;
		r->ports.tx(r->ports.ctx, id, p, n);
		p += n;
		len -= n;
	}
}
