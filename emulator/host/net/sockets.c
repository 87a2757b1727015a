/* A socket of the modem, from open() to close():
 *
 *   open() --> NEW --(name)--> CONNECTS --> OPEN --> close() --> its octets go out, freed
 *               |                 |          |
 *               +-----------------+----------+--> OVER --> close() --> freed
 *
 * The modem hears of it only from the loop: what open() finds out is told by a timer. */
#include "host/net/sockets.h"

#include <assert.h>
#include <errno.h>
#include <netinet/tcp.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "codec/ip.h"
#include "conf/must.h"
#include "host/net/sockets_int.h"

#define LINGERING 8 /* sockets that the modem has closed; then the oldest goes */

/* ---- one socket ---------------------------------------------------------------------- */

struct sock *sock_new(struct sockets *h, unsigned id, const struct sock_kind *kind)
{
	struct sock *s = must(calloc(1, sizeof(*s)));

	assert(id < SOCKETS && !h->of[id]);
	*s = (struct sock){
		.home = h, .next = h->first, .id = (int)id, .kind = kind, .fd = -1
	};
	h->first = h->of[id] = s;
	++*kind->count(&h->counts);
	return s;
}

void sock_close_fd(struct sock *s)
{
	loop_fd_free(s->watch);
	s->watch = NULL;
	if (s->fd >= 0)
		close(s->fd);
	s->fd = -1;
	if (s->listener)
		listener_serve(s->listener, NULL, NULL);
	s->listener = NULL;
}

static void sock_free(struct sock *s)
{
	struct sock **p = &s->home->first;

	while (*p != s)
		p = &(*p)->next;
	*p = s->next;
	sock_close_fd(s);
	resolve_free(s->resolve);
	free(s->out);
	free(s);
}

/* After its handler, or work on it within the modem. */
static void settle(struct sock *s)
{
	if (s->busy)
		return;
	if (s->done)
		sock_free(s);
	else if (s->watch || s->listener)
		s->kind->wants(s);
}

void sock_ready(void *ctx)
{
	struct sock *s = ctx;

	s->busy = true;
	s->kind->ready(s);
	s->busy = false;
	settle(s);
}

bool sock_watch(struct sock *s, int fd)
{
	s->fd = fd;
	s->watch = loop_fd_new(s->home->loop, fd, sock_ready, s);
	return s->watch;
}

void sock_set(const struct sock *s)
{
	const struct {
		int level, name, value;
	} option[] = {
		{ IPPROTO_IP, IP_TTL, s->ttl },
		{ IPPROTO_IP, IP_TOS, s->tos },
		{ IPPROTO_TCP, TCP_NODELAY, s->no_delay },
	};
	int fd = s->fd >= 0 ? s->fd : s->listener ? listener_fd(s->listener) : -1;
	size_t i;

	/* a TTL of 0 leaves no machine: the kernel has none */
	for (i = s->ttl ? 0 : 1; fd >= 0 && i < (s->kind->udp ? 2 : 3); i++)
		setsockopt(fd, option[i].level, option[i].name, &option[i].value,
			sizeof(option[i].value));
}

struct socket_peer sock_seen(
	const struct sockets *h, bool udp, const struct sockaddr_in *a)
{
	const struct names *names = h->o.net->names;
	struct socket_peer seen = { .port = ntohs(a->sin_port) };
	size_t i;

	for (i = 0; names && i < names->n; i++) {
		if (names->forward[i].udp != udp ||
			names->forward[i].to_port != seen.port ||
			memcmp(names->forward[i].to, &a->sin_addr, 4) != 0)
			continue;
		seen.port = names->forward[i].port;
		memcpy(seen.addr, names->host[names->of[i]].addr, 4);
		return seen;
	}
	memcpy(seen.addr, SLIRP_GATEWAY, 4);
	return seen;
}

/* ---- entries into the modem ---------------------------------------------------------- */

void sock_there(struct sock *s)
{
	const struct socket_modem *m = &s->home->m;
	struct socket_peer peer = { .port = s->port };

	s->stage = SOCK_OPEN;
	s->home->counts.opened++;
	memcpy(peer.addr, s->target.seen, 4);
	m->enter(m->ctx);
	m->there(m->ctx, (unsigned)s->id, s->local, s->has_peer ? &peer : NULL);
	m->leave(m->ctx);
}

void sock_ended(struct sock *s, enum socket_end why)
{
	const struct socket_modem *m = &s->home->m;

	if (s->stage != SOCK_OPEN)
		s->home->counts.failed++;
	if (why == SOCKET_SHUT) {
		s->peer_shut = true;
	} else {
		s->stage = SOCK_OVER;
		sock_close_fd(s);
	}
	m->enter(m->ctx);
	m->ended(m->ctx, (unsigned)s->id, why);
	m->leave(m->ctx);
}

void sock_rx(struct sock *s, const struct socket_peer *from, const void *buf, size_t len)
{
	const struct socket_modem *m = &s->home->m;

	s->home->counts.in += len;
	m->enter(m->ctx);
	m->rx(m->ctx, (unsigned)s->id, from, buf, len);
	m->leave(m->ctx);
}

static void on_time(void *ctx);

static void report_soon(const struct sock *s)
{
	struct sockets *h = s->home;

	if (!h->timer)
		h->timer = loop_timer_new(h->loop, on_time, h);
	loop_timer_set(h->timer, 0);
}

void sock_report_there(struct sock *s)
{
	s->told_there = true;
	report_soon(s);
}

void sock_report_end(struct sock *s, enum socket_end why)
{
	s->told_there = false;
	s->fails = true;
	s->why = why;
	report_soon(s);
}

static void report(struct sock *s)
{
	s->busy = true;
	if (s->fails) {
		s->fails = false;
		sock_ended(s, s->why);
	} else {
		s->told_there = false;
		sock_there(s);
	}
	s->busy = false;
	settle(s);
}

static void on_time(void *ctx)
{
	const struct sockets *h = ctx;
	struct sock *s;

	for (;;) {
		for (s = h->first; s && !s->told_there && !s->fails; s = s->next)
			;
		if (!s)
			return;
		report(s);
	}
}

/* ---- opening ------------------------------------------------------------------------- */

/* To the target, or, without a peer, at the local port. */
static void begin(struct sock *s)
{
	int error = s->kind->begin(s);

	if (!error) {
		settle(s);
		return;
	}
	log_warn(s->home->o.net->log, LOG_NET, "%s:%u cannot be reached: %s%s",
		s->has_peer ? s->name : "", s->has_peer ? s->port : s->local,
		strerror(error),
		error == EMFILE || error == ENFILE ? "; see ulimit -n" : "");
	sock_close_fd(s);
	sock_report_end(s, SOCKET_UNREACHABLE);
}

static void judge(struct sock *s, enum reach verdict)
{
	struct sockets *h = s->home;

	if (verdict == REACH_TARGET) {
		begin(s);
		return;
	}
	h->counts.refused++;
	sock_report_end(s, reach_refuse(&h->told, h->o.net, verdict, s->name,
				   s->kind->udp, s->port, &s->target));
}

static void on_resolved(void *ctx, const uint8_t *addr)
{
	struct sock *s = ctx;

	resolve_free(s->resolve);
	s->resolve = NULL;
	if (addr) {
		judge(s, reach_addr(s->home->o.net, addr, s->kind->udp, s->port,
				 &s->target));
		return;
	}
	log_warn(s->home->o.net->log, LOG_NET,
		"this machine's name server knows no address of \"%s\"; to give it one: "
		"--forward tcp:%s:%u=127.0.0.1:PORT",
		s->name, s->name, s->port);
	sock_report_end(s, SOCKET_NO_NAME);
}

static void ask(struct sock *s)
{
	struct resolve_server server;
	const struct resolve_server *o = s->home->o.server;
	char name[REACH_NAME];

	if (!o && resolve_machine_server(&server))
		o = &server;
	if (o && reach_name(s->name, name))
		s->resolve = resolve_new(s->home->loop, o, name, on_resolved, s);
	if (s->resolve)
		return;
	log_warn(s->home->o.net->log, LOG_NET,
		"\"%s\" cannot be asked for; check the name, and that /etc/resolv.conf "
		"has a nameserver of IPv4",
		s->name);
	sock_report_end(s, SOCKET_NO_NAME);
}

/* The way back to a program of this machine that has sent a datagram. */
static bool is_sender(struct sock *s)
{
	const struct sockets *h = s->home;
	uint8_t addr[4];
	size_t i;

	if (!s->kind->udp || !ip_addr_read(s->name, strlen(s->name), addr) ||
		memcmp(addr, SLIRP_GATEWAY, 4) != 0)
		return false;
	for (i = 0; i < SENDERS; i++) {
		if (!s->port || h->sender[i].port != s->port)
			continue;
		memcpy(s->target.seen, addr, 4);
		memcpy(s->target.to, h->sender[i].addr, 4);
		s->target.to_port = s->port;
		return true;
	}
	return false;
}

/* Two sockets of the modem cannot have one port; connections can. */
static bool is_taken(const struct sock *s)
{
	const struct sock *other;

	for (other = s->home->first; other; other = other->next)
		if (other != s && other->id >= 0 && other->stage != SOCK_OVER &&
			other->kind == s->kind && other->local == s->local)
			return s->local && s->kind != &sock_tcp;
	return false;
}

static void start(struct sock *s, const char *host)
{
	enum reach verdict;

	strcpy(s->name, host);
	if (is_taken(s)) {
		sock_report_end(s, SOCKET_PORT_TAKEN);
		return;
	}
	if (!s->has_peer || is_sender(s)) {
		begin(s);
		return;
	}
	verdict = reach_host(s->home->o.net, s->name, s->kind->udp, s->port, &s->target);
	if (verdict == REACH_ASK)
		ask(s);
	else
		judge(s, verdict);
}

/* ---- what the modem calls: only to enqueue ------------------------------------------- */

static const struct sock_kind *const kinds[] = {
	[SOCKET_UDP] = &sock_udp,
	[SOCKET_TCP] = &sock_tcp,
	[SOCKET_SERVER] = &sock_server,
};

/* Where sessions are, if that id is one of them. */
static struct sessions *session(const struct sockets *h, unsigned id)
{
	return id < SOCKETS && h->session[id] ? h->sessions : NULL;
}

static struct sock *by_id(const struct sockets *h, unsigned id)
{
	return id < SOCKETS ? h->of[id] : NULL;
}

static void port_open(void *ctx, unsigned id, const struct socket_order *o)
{
	struct sockets *h = ctx;
	struct sock *s;

	h->session[id] = o->kind >= SOCKET_FTP;
	if (h->session[id]) {
		if (!h->sessions)
			h->sessions = sessions_new(h->loop, h->o.net, &h->m);
		sessions_open(h->sessions, id, o);
		return;
	}
	s = sock_new(h, id, kinds[o->kind]);
	s->has_peer = o->host[0];
	s->port = o->port;
	s->local = o->local;
	s->ttl = o->ttl;
	s->tos = o->tos;
	s->no_delay = o->no_delay;
	if (strlen(o->host) >= sizeof(s->name))
		sock_report_end(s, SOCKET_NO_NAME);
	else
		start(s, o->host);
}

static size_t port_room(void *ctx, unsigned id)
{
	struct sessions *all = session(ctx, id);
	struct sock *s = by_id(ctx, id);

	if (all)
		return sessions_room(all, id);
	return s && s->stage == SOCK_OPEN ? s->kind->room(s) : 0;
}

static void port_tx(void *ctx, unsigned id, const void *buf, size_t len)
{
	struct sessions *all = session(ctx, id);
	struct sock *s = by_id(ctx, id);

	if (all) {
		sessions_tx(all, id, buf, len);
	} else if (s && s->stage == SOCK_OPEN) {
		s->home->counts.out += len;
		s->kind->tx(s, buf, len);
		settle(s);
	}
}

static void port_shut(void *ctx, unsigned id)
{
	struct sessions *all = session(ctx, id);
	struct sock *s = by_id(ctx, id);

	if (all) {
		sessions_shut(all, id);
	} else if (s && s->stage == SOCK_OPEN && !s->shut) {
		s->shut = true;
		s->kind->tx(s, NULL, 0);
		settle(s);
	}
}

static void port_take(void *ctx, unsigned id)
{
	struct sessions *all = session(ctx, id);
	struct sock *s = by_id(ctx, id);

	if (all) {
		sessions_take(all, id);
	} else if (s) {
		s->full = false;
		settle(s);
	}
}

static void forget_oldest(const struct sockets *h)
{
	struct sock *s, *oldest = NULL;
	unsigned n = 0;

	for (s = h->first; s; s = s->next)
		if (s->id < 0) {
			oldest = s;
			n++;
		}
	if (n > LINGERING) {
		oldest->done = true;
		settle(oldest);
	}
}

static void sock_close(struct sock *s)
{
	struct sockets *h = s->home;

	h->of[s->id] = NULL;
	s->id = -1;
	--*s->kind->count(&h->counts);
	s->told_there = s->fails = s->starved = false;
	s->done = s->stage != SOCK_OPEN || !s->kind->lingers(s);
	if (s->done) {
		/* its port is free from now on, even while its handler runs */
		resolve_free(s->resolve);
		s->resolve = NULL;
		sock_close_fd(s);
	}
	settle(s);
	forget_oldest(h);
}

static void port_close(void *ctx, unsigned id)
{
	struct sockets *h = ctx;
	struct sessions *all = session(h, id);
	struct sock *s = by_id(h, id);

	if (all) {
		h->session[id] = false;
		sessions_close(all, id);
	} else if (s) {
		sock_close(s);
	}
}

static void port_set(void *ctx, unsigned id, int ttl, int tos, bool no_delay)
{
	struct sock *s = by_id(ctx, id);

	if (!s)
		return;
	s->ttl = ttl;
	s->tos = tos;
	s->no_delay = no_delay;
	sock_set(s);
}

static void port_transfer(void *ctx, unsigned id, const struct socket_transfer *t)
{
	struct sessions *all = session(ctx, id);

	if (all)
		sessions_transfer(all, id, t);
}

static bool port_ping(void *ctx, const char *host, uint8_t addr[4])
{
	const struct sockets *h = ctx;
	bool found = reach_echo(h->o.net, host, addr);

	if (h->m.pinged)
		h->m.pinged(h->m.ctx, host, found ? addr : NULL);
	return found;
}

struct socket_ports sockets_ports(struct sockets *h)
{
	return (struct socket_ports){ h, port_open, port_room, port_tx, port_shut,
		port_take, port_close, port_set, port_transfer, port_ping };
}

/* ---- life ---------------------------------------------------------------------------- */

struct sockets *sockets_new(struct loop *l, const struct sockets_options *options,
	const struct socket_modem *modem)
{
	struct sockets *h = must(calloc(1, sizeof(*h)));

	h->loop = l;
	h->o = *options;
	h->m = *modem;
	h->told.log = h->o.net->log;
	return h;
}

void sockets_clear(struct sockets *h)
{
	unsigned id;

	for (id = 0; id < SOCKETS; id++)
		port_close(h, id);
}

void sockets_free(struct sockets *h)
{
	if (!h)
		return;
	sockets_clear(h);
	while (h->first)
		sock_free(h->first);
	sessions_free(h->sessions);
	loop_timer_free(h->timer);
	refusals_clear(&h->told);
	free(h);
}

void sockets_count(const struct sockets *h, struct sockets_counts *out)
{
	*out = h->counts;
}
