#include "wire_sockets.h"

#include <stdio.h>
#include <stdlib.h>

#include "codec/ip.h"
#include "conf/must.h"
#include "trace.h"
#include "wire.h"

struct wire_sockets {
	struct wire *wire;
	struct trace *trace;
	struct sockets *sockets;
	struct modem *modem; /* between enter() and leave() */
	usec_t now;          /* of this entry */
};

/* ---- into the modem ------------------------------------------------------------------ */

static void enter(void *ctx)
{
	struct wire_sockets *s = ctx;

	s->modem = wire_enter(s->wire, &s->now);
}

static void leave(void *ctx)
{
	const struct wire_sockets *s = ctx;

	wire_leave(s->wire);
}

#define PEER_TEXT (IP_ADDR_TEXT + 8)

/* " 10.0.2.100:80"; "" without a peer. */
static const char *peer_text(const struct socket_peer *peer, char mem[PEER_TEXT])
{
	char addr[IP_ADDR_TEXT];

	mem[0] = '\0';
	if (peer)
		snprintf(mem, PEER_TEXT, " %s:%u", ip_addr_text(peer->addr, addr),
			peer->port);
	return mem;
}

static void there(void *ctx, unsigned id, uint16_t local, const struct socket_peer *peer)
{
	const struct wire_sockets *s = ctx;
	char mem[PEER_TEXT];

	trace_event(s->trace, s->now, "socket %u there %u%s", id, local,
		peer_text(peer, mem));
	modem_socket_there(s->modem, s->now, id, local, peer);
}

static int accept_one(void *ctx, unsigned server, const struct socket_peer *peer)
{
	const struct wire_sockets *s = ctx;
	char mem[PEER_TEXT];

	trace_event(
		s->trace, s->now, "socket %u accepts%s", server, peer_text(peer, mem));
	return modem_socket_accept(s->modem, s->now, server, peer);
}

static size_t room(void *ctx, unsigned id)
{
	const struct wire_sockets *s = ctx;

	return modem_socket_room(wire_modem(s->wire), id);
}

static void rx(void *ctx, unsigned id, const struct socket_peer *from, const void *buf,
	size_t len)
{
	const struct wire_sockets *s = ctx;
	char mem[PEER_TEXT];

	if (from)
		trace_event(s->trace, s->now, "socket %u from%s %zu", id,
			peer_text(from, mem), len);
	trace_socket(s->trace, id, s->now, buf, len);
	modem_socket_rx(s->modem, s->now, id, from, buf, len);
}

static void ended(void *ctx, unsigned id, enum socket_end why)
{
	const struct wire_sockets *s = ctx;

	trace_event(s->trace, s->now, "socket %u %s", id, name_of(socket_ends, (int)why));
	modem_socket_ended(s->modem, s->now, id, why);
}

static void ready(void *ctx)
{
	const struct wire_sockets *s = ctx;

	trace_event(s->trace, s->now, "sockets ready");
	modem_socket_ready(s->modem, s->now);
}

/* The modem calls: the answer is its own time's. */
static void pinged(void *ctx, const char *host, const uint8_t *addr)
{
	const struct wire_sockets *s = ctx;
	char mem[IP_ADDR_TEXT];

	trace_event(s->trace, modem_now(wire_modem(s->wire)), "ping %s %s", host,
		addr ? ip_addr_text(addr, mem) : "-");
}

static void begun(void *ctx, unsigned id)
{
	const struct wire_sockets *s = ctx;

	trace_event(s->trace, s->now, "socket %u begun", id);
	modem_socket_begun(s->modem, s->now, id);
}

static void done(void *ctx, unsigned id, const struct socket_result *r)
{
	const struct wire_sockets *s = ctx;

	trace_event(s->trace, s->now, "socket %u done %d %d %lld %s", id, r->error,
		r->status, (long long)r->size, r->reason ? r->reason : "");
	modem_socket_done(s->modem, s->now, id, r);
}

/* ---- life ---------------------------------------------------------------------------- */

struct wire_sockets *wire_sockets_new(struct loop *l, const struct net_options *net,
	struct trace *trace, struct wire *w)
{
	const struct sockets_options o = { .net = net };
	struct socket_modem m = {
		.enter = enter,
		.leave = leave,
		.there = there,
		.accept = accept_one,
		.room = room,
		.rx = rx,
		.ended = ended,
		.ready = ready,
		.pinged = pinged,
		.begun = begun,
		.done = done,
	};
	struct wire_sockets *s;

	if (!net)
		return NULL;
	s = must(calloc(1, sizeof(*s)));
	s->wire = w;
	s->trace = trace;
	m.ctx = s;
	s->sockets = sockets_new(l, &o, &m);
	return s;
}

void wire_sockets_free(struct wire_sockets *s)
{
	if (!s)
		return;
	sockets_free(s->sockets);
	free(s);
}

struct socket_ports wire_sockets_ports(struct wire_sockets *s)
{
	return s ? sockets_ports(s->sockets) : (struct socket_ports){ .ctx = NULL };
}

void wire_sockets_clear(struct wire_sockets *s)
{
	if (s)
		sockets_clear(s->sockets);
}

bool wire_sockets_count(const struct wire_sockets *s, struct sockets_counts *out)
{
	*out = (struct sockets_counts){ .out = 0 };
	if (s)
		sockets_count(s->sockets, out);
	return s;
}
