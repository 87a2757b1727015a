#include "link/sockets.h"

#include <assert.h>
#include <string.h>

#include "codec/ip.h"
#include "link/link.h"
#include "link/socket_data.h"
#include "link/sockets_int.h"
#include "state/modem_state.h"

#define NOBODY    MS(500) /* until a peer is unreachable where nothing is outside */
#define NO_NAME   SEC(20) /* until a name is not found when nothing answers (inferred) */
#define NO_ANSWER SEC(75) /* wip.md +WIPCREATE: until a peer is unreachable */

/* ---- life --------------------------------------------------------------------------- */

static void flush_over(void *ctx, usec_t now)
{
	struct socket *s = ctx;

	(void)now;
	if (s->state == SOCKET_OPENING) {
		sockets_ended(s->home, socket_id(s->home, s), s->why);
		return;
	}
	if (s->due && s->home->packets.trouble.fate == PACKETS_RESETS &&
		!socket_is_udp(s)) {
		sockets_end(s->home, socket_id(s->home, s), SOCKET_RESET);
		return;
	}
	if (s->on)
		socket_data_pause(s->on);
	else
		socket_push(s->home, s);
}

static void begin(struct modem *m, struct socket *s, enum socket_kind kind, int index)
{
	if (s->state != SOCKET_FREE) {
		socket_leave(m, s);
		socket_release(m, s);
	}
	*s = (struct socket){
		.kind = kind, .index = index, .home = m, .state = SOCKET_OPENING
	};
	timer_init(&s->flush, "octets for a socket", TIMER_WAIT, flush_over, s);
	m->sockets.used++;
}

void socket_take(struct channel *ch, struct socket *s, enum socket_kind kind, int index)
{
	begin(ch->modem, s, kind, index);
	s->maker = ch;
}

/* Whether the action `packets` keeps it from opening; then the timer is armed. */
static bool fails(struct modem *m, struct socket *s, const struct socket_order *order)
{
	const struct packets_trouble *t = &m->packets.trouble;
	bool tcp = order->kind != SOCKET_UDP && order->kind != SOCKET_SERVER;
	uint8_t addr[4];

	s->why = SOCKET_UNREACHABLE;
	if (t->no_dns && order->host[0] &&
		!ip_addr_read(order->host, strlen(order->host), addr)) {
		s->why = SOCKET_NO_NAME;
		timer_arm(&m->sched, &s->flush, NO_NAME);
	} else if (tcp && t->fate == PACKETS_STALLED) {
		timer_arm(&m->sched, &s->flush, NO_ANSWER);
	} else if (tcp && t->fate == PACKETS_RESETS) {
		s->why = SOCKET_REFUSED;
		timer_arm(&m->sched, &s->flush, NOBODY);
	} else {
		return false;
	}
	return true;
}

void socket_open(struct modem *m, struct socket *s, const struct socket_order *order)
{
	const struct socket_ports *p = &m->ports.sockets;

	s->bound = order->host[0] || order->port;
	s->ttl = order->ttl;
	s->tos = order->tos;
	s->no_delay = order->no_delay;
	s->asked = !fails(m, s, order) && p->open;
	if (s->asked)
		p->open(p->ctx, socket_id(m, s), order);
	else if (!timer_armed(&s->flush))
		timer_arm(&m->sched, &s->flush, NOBODY);
}

void socket_set(struct modem *m, struct socket *s)
{
	const struct socket_ports *p = &m->ports.sockets;

	if (s->asked)
		p->set(p->ctx, socket_id(m, s), s->ttl, s->tos, s->no_delay);
}

/* The range of a closed server is reserved until its clients are closed. */
static void free_range(struct modem *m, int server)
{
	struct socket *of = socket_at(m, SOCKET_SERVER, server), *s;
	int i;

	if (of->state != SOCKET_RESERVES)
		return;
	for (i = of->from; i <= of->to; i++) {
		s = socket_at(m, SOCKET_TCP, i);
		if (socket_listed(s) && s->server == server)
			return;
	}
	socket_release(m, of);
}

void socket_close(struct modem *m, struct socket *s)
{
	int server = s->server;

	if (s->on) {
		link_forget(s->on);
		socket_data_stop(s->on);
	}
	if (s->kind == SOCKET_SERVER) {
		socket_leave(m, s);
		s->state = SOCKET_RESERVES;
		free_range(m, s->index);
		return;
	}
	if (s->state == SOCKET_OPEN && s->tx_len && socket_sends(s)) {
		s->state = SOCKET_CLOSING;
		s->rx_len = 0;
		socket_push(m, s);
	} else {
		socket_leave(m, s);
		socket_release(m, s);
	}
	if (server)
		free_range(m, server);
}

void sockets_stop(struct modem *m)
{
	struct socket *s;
	unsigned i;

	for (i = 0; m->sockets.used && i < SOCKETS; i++) {
		s = &m->cold->wip.socket[i];
		if (s->state == SOCKET_FREE)
			continue;
		s->etx = false;
		s->due = s->tx_len = 0;
		if (s->on)
			socket_data_stop(s->on);
		if (s->state != SOCKET_RESERVES)
			socket_leave(m, s);
		socket_release(m, s);
	}
}

void sockets_forget(struct channel *ch)
{
	struct modem *m = ch->modem;
	unsigned i;

	if (ch->link->mode == LINK_SOCKET)
		socket_data_stop(ch);
	for (i = 0; m->sockets.used && i < SOCKETS; i++)
		if (m->cold->wip.socket[i].maker == ch)
			m->cold->wip.socket[i].maker = NULL;
}

/* Nothing more comes, or it never came. */
static void end(
	struct modem *m, struct socket *s, enum socket_state to, enum socket_end why)
{
	s->state = to;
	s->why = why;
	s->shut_there = true;
	if (why != SOCKET_SHUT) {
		s->tx_len = s->due = 0;
		s->etx = s->dle = false;
		timer_stop(&m->sched, &s->flush);
	}
	if (to == SOCKET_FAILED) {
		m->sockets.user->failed(m, s);
		return;
	}
	s->news = true;
	if (!s->on)
		m->sockets.user->ended(m, s);
}

void socket_break(struct modem *m, struct socket *s)
{
	socket_leave(m, s);
	s->rx_len = s->tx_len = s->due = 0;
	s->close_told = true;
	end(m, s, SOCKET_DEAD, SOCKET_SHUT);
}

void socket_again(struct modem *m, struct socket *s)
{
	timer_stop(&m->sched, &s->flush);
	s->rx_len = s->tx_len = s->due = 0;
	s->etx = s->shut_here = false;
}

void sockets_lose(struct modem *m)
{
	struct socket *s;
	unsigned i;

	for (i = 0; m->sockets.used && i < SOCKETS; i++) {
		s = &m->cold->wip.socket[i];
		if (s->state == SOCKET_FREE || s->state == SOCKET_RESERVES)
			continue;
		socket_leave(m, s);
		s->rx_len = 0;
		if (s->state == SOCKET_CLOSING)
			socket_release(m, s);
		else if (s->state == SOCKET_OPENING)
			end(m, s, SOCKET_FAILED, SOCKET_UNREACHABLE);
		else if (s->state == SOCKET_OPEN)
			end(m, s, SOCKET_DEAD, SOCKET_UNREACHABLE);
	}
}

/* ---- the world's answers ------------------------------------------------------------ */

void sockets_there(
	struct modem *m, unsigned id, uint16_t local, const struct socket_peer *peer)
{
	struct socket *s = socket_of(m, id);

	if (!s || s->state != SOCKET_OPENING)
		return;
	s->state = SOCKET_OPEN;
	s->local = local;
	if (peer)
		s->peer = *peer;
	m->sockets.user->there(m, s);
}

int sockets_accept(struct modem *m, unsigned server, const struct socket_peer *peer)
{
	struct socket *of = socket_of(m, server), *s;
	int i;

	if (!of || of->kind != SOCKET_SERVER || of->state != SOCKET_OPEN)
		return -1;
	for (i = of->from; i <= of->to; i++) {
		s = socket_at(m, SOCKET_TCP, i);
		if (s->state != SOCKET_FREE)
			continue;
		begin(m, s, SOCKET_TCP, i);
		s->asked = true;
		s->state = SOCKET_OPEN;
		s->maker = of->maker;
		s->server = of->index;
		s->bound = true;
		s->local = of->local;
		s->peer = *peer;
		s->ttl = of->ttl;
		s->tos = of->tos;
		s->no_delay = of->no_delay;
		s->tx_size = of->tx_size;
		s->rx_size = of->rx_size;
		m->sockets.user->accepted(m, of, s);
		return (int)socket_id(m, s);
	}
	return -1;
}

void sockets_ended(struct modem *m, unsigned id, enum socket_end why)
{
	struct socket *s = socket_of(m, id);

	if (!s)
		return;
	switch (s->state) {
	case SOCKET_OPENING:
		end(m, s, SOCKET_FAILED, why);
		break;
	case SOCKET_OPEN:
		/* after it has shut its side a peer may still reset */
		end(m, s, why == SOCKET_SHUT ? SOCKET_OPEN : SOCKET_DEAD, why);
		break;
	case SOCKET_CLOSING:
		if (why != SOCKET_SHUT) {
			socket_leave(m, s);
			socket_release(m, s);
		}
		break;
	case SOCKET_FREE:
	case SOCKET_FAILED:
	case SOCKET_DEAD:
	case SOCKET_RESERVES:
		break;
	}
}

void sockets_end(struct modem *m, unsigned id, enum socket_end why)
{
	socket_leave(m, socket_of(m, id));
	sockets_ended(m, id, why);
}

void sockets_begun(struct modem *m, unsigned id)
{
	struct socket *s = socket_of(m, id);

	if (s && s->state == SOCKET_OPEN && m->sockets.user->begun)
		m->sockets.user->begun(m, s);
}

void sockets_done(struct modem *m, unsigned id, const struct socket_result *result)
{
	struct socket *s = socket_of(m, id);

	/* that of a login comes first */
	if (s && (s->state == SOCKET_OPEN || s->state == SOCKET_OPENING) &&
		m->sockets.user->done)
		m->sockets.user->done(m, s, result);
}
