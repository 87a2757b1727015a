#include "link/sockets.h"

#include <assert.h>
#include <string.h>

#include "link/link.h"
#include "link/socket_data.h"
#include "state/modem_state.h"

#define NOBODY MS(500) /* until a peer is unreachable where nothing is outside */

const struct name socket_ends[] = {
	{ SOCKET_SHUT, "shut", NULL },
	{ SOCKET_RESET, "reset", NULL },
	{ SOCKET_REFUSED, "refused", NULL },
	{ SOCKET_UNREACHABLE, "unreachable", NULL },
	{ SOCKET_NO_NAME, "no-name", NULL },
	{ SOCKET_PORT_TAKEN, "port-taken", NULL },
	{ SOCKET_LOGIN_USER, "user", NULL },
	{ SOCKET_LOGIN, "login", NULL },
	{ SOCKET_NOT_READY, "not-ready", NULL },
	{ SOCKET_NO_PARTS, "no-parts", NULL },
	{ 0, NULL, NULL },
};

const struct name socket_states[] = {
	{ SOCKET_FREE, "free", NULL },
	{ SOCKET_OPENING, "opening", NULL },
	{ SOCKET_OPEN, "open", NULL },
	{ SOCKET_FAILED, "failed", NULL },
	{ SOCKET_DEAD, "dead", NULL },
	{ SOCKET_CLOSING, "closing", NULL },
	{ SOCKET_RESERVES, "reserves", NULL },
	{ 0, NULL, NULL },
};

/* ---- the table ---------------------------------------------------------------------- */

static const struct {
	int first, most;
} places[] = {
	[SOCKET_UDP] = { 0, SOCKET_UDPS },
	[SOCKET_TCP] = { SOCKET_UDPS, SOCKET_TCPS },
	[SOCKET_SERVER] = { SOCKET_UDPS + SOCKET_TCPS, SOCKET_SERVERS },
	[SOCKET_FTP] = { SOCKETS - SOCKET_SESSIONS, 1 },
	[SOCKET_HTTP] = { SOCKETS - SOCKET_SESSIONS + 1, 1 },
	[SOCKET_SMTP] = { SOCKETS - SOCKET_SESSIONS + 2, 1 },
	[SOCKET_POP3] = { SOCKETS - SOCKET_SESSIONS + 3, 1 },
};

int socket_most(enum socket_kind kind)
{
	return places[kind].most;
}

struct socket *socket_at(struct modem *m, enum socket_kind kind, int index)
{
	assert(index >= 1 && index <= places[kind].most);
	return &m->cold->wip.socket[places[kind].first + index - 1];
}

struct socket *socket_of(struct modem *m, unsigned id)
{
	return id < SOCKETS ? &m->cold->wip.socket[id] : NULL;
}

unsigned socket_id(const struct modem *m, const struct socket *s)
{
	return (unsigned)(s - m->cold->wip.socket);
}

struct socket_memory *socket_memory(struct modem *m, struct socket *s)
{
	return &m->cold->wip.octets[socket_id(m, s)];
}

bool socket_listed(const struct socket *s)
{
	return s->state != SOCKET_FREE && s->state != SOCKET_CLOSING &&
	       s->state != SOCKET_RESERVES;
}

static bool is_udp(const struct socket *s)
{
	return s->kind == SOCKET_UDP;
}

/* Octets may go to the peer. */
static bool sends(const struct socket *s)
{
	return (s->state == SOCKET_OPEN || s->state == SOCKET_CLOSING) && !s->shut_here &&
	       (!is_udp(s) || s->bound);
}

static void release(struct modem *m, struct socket *s)
{
	struct socket_memory *mem = socket_memory(m, s);

	timer_stop(&m->sched, &s->flush);
	if (s->in)
		memset(mem->rx, 0, sizeof(mem->rx));
	if (s->out || s->tx_len)
		memset(mem->tx, 0, sizeof(mem->tx));
	memset(s, 0, sizeof(*s));
	m->sockets.used--;
}

static void leave_outside(struct modem *m, struct socket *s)
{
	const struct socket_ports *p = &m->ports.sockets;

	if (p->open)
		p->close(p->ctx, socket_id(m, s));
}

/* ---- octets of the host ------------------------------------------------------------- */

static size_t tx_most(const struct socket *s)
{
	size_t most = is_udp(s) ? SOCKET_DATAGRAM : (size_t)s->tx_size;

	return most && most < SOCKET_TX ? most : SOCKET_TX;
}

size_t socket_tx_room(const struct socket *s)
{
	size_t most = tx_most(s);

	/* a datagram that is complete must leave first; so must what an ETX ends */
	if (s->etx || (is_udp(s) && s->due) || s->tx_len > most)
		return 0;
	return most - s->tx_len;
}

void socket_put(struct modem *m, struct socket *s, uint8_t octet)
{
	/* inferred: what cannot be sent is lost */
	if (!sends(s))
		return;
	socket_memory(m, s)->tx[s->tx_len++] = octet;
	if (is_udp(s) && s->tx_len == SOCKET_DATAGRAM)
		socket_push(m, s);
}

/* The end that the host has asked for, once everything before it has left. */
static void carry_out_etx(struct modem *m, struct socket *s)
{
	const struct socket_ports *p = &m->ports.sockets;

	if (!s->etx || s->tx_len)
		return;
	s->etx = false;
	if (!is_udp(s) && sends(s)) {
		if (p->open)
			p->shut(p->ctx, socket_id(m, s));
		s->shut_here = true;
	}
	if (s->on)
		m->sockets.user->etx(s->on, s);
}

/* Passes on what is due, as far as the outside takes it. */
static void send_due(struct modem *m, struct socket *s)
{
	const struct socket_ports *p = &m->ports.sockets;
	struct socket_memory *mem = socket_memory(m, s);
	size_t room, len;

	while (s->due && p->open) {
		room = p->room(p->ctx, socket_id(m, s));
		len = s->due < SOCKET_SEGMENT || is_udp(s) ? s->due : SOCKET_SEGMENT;
		if (len > room)
			len = is_udp(s) ? 0 : room;
		if (!len)
			break;
		p->tx(p->ctx, socket_id(m, s), mem->tx, len);
		s->out += len;
		s->tx_len -= len;
		s->due -= len;
		memmove(mem->tx, mem->tx + len, s->tx_len);
	}
	if (!s->tx_len)
		timer_stop(&m->sched, &s->flush);
	carry_out_etx(m, s);
	if (s->state == SOCKET_CLOSING && !s->tx_len) {
		leave_outside(m, s);
		release(m, s);
	}
}

void socket_push(struct modem *m, struct socket *s)
{
	s->due = s->tx_len;
	send_due(m, s);
}

/* Option 12, in units of 10 ms; 0 is as 1 (both inferred). */
static usec_t flush_delay(const struct modem *m)
{
	int set = m->cold->wip.wip.option[WIP_FLUSH];

	return MS(10) * (usec_t)(set ? set : 1);
}

/* Not for UDP in mode 1 unless it is set: there
 * an ETX ends a datagram. */
static bool flushes(const struct modem *m, const struct socket *s)
{
	return !is_udp(s) || s->mode == SOCKET_TRANSPARENT ||
	       m->cold->wip.wip.option[WIP_FLUSH];
}

void socket_settle(struct modem *m, struct socket *s)
{
	if (!is_udp(s))
		while (s->tx_len - s->due >= SOCKET_SEGMENT)
			s->due += SOCKET_SEGMENT;
	if (s->etx || (!is_udp(s) && tx_most(s) - s->tx_len < SOCKET_BURST))
		s->due = s->tx_len;
	send_due(m, s);
	if (s->state == SOCKET_FREE || timer_armed(&s->flush))
		return;
	if (s->tx_len > s->due && flushes(m, s))
		timer_arm(&m->sched, &s->flush, flush_delay(m));
	else if (s->pluses)
		timer_arm(&m->sched, &s->flush, SOCKET_PLUSES);
}

static void flush_over(void *ctx, usec_t now)
{
	struct socket *s = ctx;

	(void)now;
	if (s->state == SOCKET_OPENING)
		sockets_ended(s->home, socket_id(s->home, s), SOCKET_UNREACHABLE);
	else if (s->on)
		socket_data_pause(s->on);
	else
		socket_push(s->home, s);
}

void sockets_ready(struct modem *m)
{
	unsigned i;

	for (i = 0; m->sockets.used && i < SOCKETS; i++)
		if (m->cold->wip.socket[i].due || m->cold->wip.socket[i].etx)
			send_due(m, &m->cold->wip.socket[i]);
}

/* ---- octets of the peer ------------------------------------------------------------- */

static size_t free_room(const struct socket *s)
{
	size_t most = s->rx_size && s->rx_size < SOCKET_RX ? (size_t)s->rx_size
							   : SOCKET_RX;

	return most > s->rx_len ? most - s->rx_len : 0;
}

size_t sockets_room(const struct modem *m, unsigned id)
{
	const struct socket *s = id < SOCKETS ? &m->cold->wip.socket[id] : NULL;
	size_t room;

	if (!s || s->state != SOCKET_OPEN || s->kind == SOCKET_SERVER)
		return 0;
	room = free_room(s);
	if (!is_udp(s))
		return room;
	room = room > sizeof(struct socket_datagram)
		       ? room - sizeof(struct socket_datagram)
		       : 0;
	return room < SOCKET_DATAGRAM ? room : SOCKET_DATAGRAM;
}

static void keep(struct modem *m, struct socket *s, const void *buf, size_t len)
{
	memcpy(socket_memory(m, s)->rx + s->rx_len, buf, len);
	s->rx_len += len;
}

void sockets_rx(struct modem *m, unsigned id, const struct socket_peer *from,
	const void *buf, size_t len)
{
	struct socket *s = socket_of(m, id);
	struct socket_datagram d = { .len = (uint16_t)len };

	if (!s || s->state != SOCKET_OPEN || s->shut_there)
		return;
	assert(len <= sockets_room(m, id));
	if (is_udp(s)) {
		if (from)
			d.from = *from;
		keep(m, s, &d, sizeof(d));
	} else if (!len) {
		return;
	}
	keep(m, s, buf, len);
	s->in += is_udp(s) ? len + sizeof(d) : len;
	if (s->on || s->told)
		return;
	s->told = true;
	m->sockets.user->readable(m, s, from ? from : &d.from, socket_readable(s));
}

static struct socket_datagram first_datagram(
	const struct modem *m, const struct socket *s)
{
	struct socket_datagram d;

	memcpy(&d, m->cold->wip.octets[socket_id(m, s)].rx, sizeof(d));
	return d;
}

size_t socket_first(const struct modem *m, const struct socket *s, const uint8_t **octets)
{
	const struct socket_memory *mem = &m->cold->wip.octets[socket_id(m, s)];

	*octets = mem->rx;
	if (!s->rx_len || !is_udp(s))
		return s->rx_len;
	*octets += sizeof(struct socket_datagram);
	return first_datagram(m, s).len;
}

size_t socket_readable(const struct socket *s)
{
	const uint8_t *octets;

	return socket_first(s->home, s, &octets);
}

void socket_taken(struct modem *m, struct socket *s, size_t len)
{
	const struct socket_ports *p = &m->ports.sockets;
	struct socket_memory *mem = socket_memory(m, s);
	struct socket_datagram d;
	bool full = s->rx_len > SOCKET_RX / 2;
	size_t gone = len;

	if (is_udp(s)) {
		/* what is left of a datagram keeps its head */
		d = first_datagram(m, s);
		d.len = (uint16_t)(d.len - len);
		if (d.len)
			memmove(mem->rx + len, mem->rx, sizeof(d));
		else
			gone += sizeof(d);
	}
	s->rx_len -= gone;
	memmove(mem->rx, mem->rx + gone, s->rx_len);
	if (is_udp(s) && d.len)
		memcpy(mem->rx, &d, sizeof(d));
	if (p->open && s->state == SOCKET_OPEN && (full || is_udp(s) || s->rx_size))
		p->take(p->ctx, socket_id(m, s));
}

/* ---- life --------------------------------------------------------------------------- */

static void begin(struct modem *m, struct socket *s, enum socket_kind kind, int index)
{
	if (s->state != SOCKET_FREE) {
		leave_outside(m, s);
		release(m, s);
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

void socket_open(struct modem *m, struct socket *s, const struct socket_order *order)
{
	const struct socket_ports *p = &m->ports.sockets;

	s->bound = order->host[0] || order->port;
	s->ttl = order->ttl;
	s->tos = order->tos;
	s->no_delay = order->no_delay;
	if (p->open)
		p->open(p->ctx, socket_id(m, s), order);
	else
		timer_arm(&m->sched, &s->flush, NOBODY);
}

void socket_set(struct modem *m, struct socket *s)
{
	const struct socket_ports *p = &m->ports.sockets;

	if (p->open && s->state == SOCKET_OPEN)
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
	release(m, of);
}

void socket_close(struct modem *m, struct socket *s)
{
	int server = s->server;

	if (s->on) {
		link_forget(s->on);
		socket_data_stop(s->on);
	}
	if (s->kind == SOCKET_SERVER) {
		leave_outside(m, s);
		s->state = SOCKET_RESERVES;
		free_range(m, s->index);
		return;
	}
	if (s->state == SOCKET_OPEN && s->tx_len && sends(s)) {
		s->state = SOCKET_CLOSING;
		s->rx_len = 0;
		socket_push(m, s);
	} else {
		leave_outside(m, s);
		release(m, s);
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
			leave_outside(m, s);
		release(m, s);
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

void sockets_lose(struct modem *m)
{
	struct socket *s;
	unsigned i;

	for (i = 0; m->sockets.used && i < SOCKETS; i++) {
		s = &m->cold->wip.socket[i];
		if (s->state == SOCKET_FREE || s->state == SOCKET_RESERVES)
			continue;
		leave_outside(m, s);
		s->rx_len = 0;
		if (s->state == SOCKET_CLOSING)
			release(m, s);
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
			leave_outside(m, s);
			release(m, s);
		}
		break;
	case SOCKET_FREE:
	case SOCKET_FAILED:
	case SOCKET_DEAD:
	case SOCKET_RESERVES:
		break;
	}
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

	if (s && s->state == SOCKET_OPEN && m->sockets.user->done)
		m->sockets.user->done(m, s, result);
}
