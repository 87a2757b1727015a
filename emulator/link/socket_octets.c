/* The octets of sockets that wait, in both directions. */
#include <assert.h>
#include <string.h>

#include "link/sockets.h"
#include "link/sockets_int.h"
#include "state/modem_state.h"

/* ---- octets of the host ------------------------------------------------------------- */

static size_t tx_most(const struct socket *s)
{
	size_t most = socket_is_udp(s) ? SOCKET_DATAGRAM : (size_t)s->tx_size;

	return most && most < SOCKET_TX ? most : SOCKET_TX;
}

size_t socket_tx_room(const struct socket *s)
{
	size_t most = tx_most(s);

	/* a datagram that is complete must leave first; so must what an ETX ends; after
	 * the ETX of an upload commands follow */
	if (s->etx || (s->kind >= SOCKET_FTP && s->shut_here) ||
		(socket_is_udp(s) && s->due) || s->tx_len > most)
		return 0;
	return most - s->tx_len;
}

void socket_put(struct modem *m, struct socket *s, uint8_t octet)
{
	/* inferred: what cannot be sent is lost */
	if (!socket_sends(s))
		return;
	socket_memory(m, s)->tx[s->tx_len++] = octet;
	s->wrote = true;
	if (socket_is_udp(s) && s->tx_len == SOCKET_DATAGRAM)
		socket_push(m, s);
}

/* The end that the host has asked for, once everything before it has left. */
static void carry_out_etx(struct modem *m, struct socket *s)
{
	const struct socket_ports *p = &m->ports.sockets;

	if (!s->etx || s->tx_len)
		return;
	s->etx = false;
	if (!socket_is_udp(s) && socket_sends(s)) {
		if (s->asked)
			p->shut(p->ctx, socket_id(m, s));
		s->shut_here = true;
	}
	if (s->on)
		m->sockets.user->etx(s->on, s);
}

/* What the action `packets` does to all of them. */
static enum packets_fate trouble(const struct modem *m)
{
	return (enum packets_fate)m->packets.trouble.fate;
}

/* Of TCP nothing is lost for good: it sends again. */
static bool is_lost(struct modem *m, const struct socket *s)
{
	int loss = m->packets.trouble.loss;

	return socket_is_udp(s) && loss && (int)rand_below(&m->rand, 100) < loss;
}

/* Passes on what is due, as far as the outside takes it. */
static void send_due(struct modem *m, struct socket *s)
{
	const struct socket_ports *p = &m->ports.sockets;
	struct socket_memory *mem = socket_memory(m, s);
	size_t room, len;

	/* the reset comes with what follows */
	if (s->due && trouble(m) == PACKETS_RESETS && !socket_is_udp(s)) {
		timer_arm(&m->sched, &s->flush, 0);
		return;
	}
	while (s->due && s->asked && trouble(m) != PACKETS_STALLED) {
		room = p->room(p->ctx, socket_id(m, s));
		len = s->due < SOCKET_SEGMENT || socket_is_udp(s) ? s->due
								  : SOCKET_SEGMENT;
		if (len > room)
			len = socket_is_udp(s) ? 0 : room;
		if (!len)
			break;
		if (!is_lost(m, s))
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
		socket_leave(m, s);
		socket_release(m, s);
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
	return !socket_is_udp(s) || s->mode == SOCKET_TRANSPARENT ||
	       m->cold->wip.wip.option[WIP_FLUSH];
}

void socket_settle(struct modem *m, struct socket *s)
{
	if (!socket_is_udp(s))
		while (s->tx_len - s->due >= SOCKET_SEGMENT)
			s->due += SOCKET_SEGMENT;
	if (s->etx || (!socket_is_udp(s) && tx_most(s) - s->tx_len < SOCKET_BURST))
		s->due = s->tx_len;
	send_due(m, s);
	if (s->state == SOCKET_FREE)
		return;
	/* an armed timer is moved only if it waits for pluses */
	if (s->tx_len > s->due && flushes(m, s)) {
		if (timer_left(&m->sched, &s->flush) > flush_delay(m) * m->sched.speed)
			timer_arm(&m->sched, &s->flush, flush_delay(m));
	} else if (s->pluses && !timer_armed(&s->flush))
		timer_arm(&m->sched, &s->flush, SOCKET_PLUSES);
}

void sockets_ready(struct modem *m)
{
	unsigned i;

	for (i = 0; m->sockets.used && i < SOCKETS; i++)
		if (m->cold->wip.socket[i].due || m->cold->wip.socket[i].etx)
			send_due(m, &m->cold->wip.socket[i]);
}

void sockets_flow(struct modem *m)
{
	const struct socket_ports *p = &m->ports.sockets;
	unsigned i;

	sockets_ready(m);
	for (i = 0; m->sockets.used && i < SOCKETS; i++)
		if (m->cold->wip.socket[i].state == SOCKET_OPEN &&
			m->cold->wip.socket[i].asked)
			p->take(p->ctx, i);
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

	if (!s || s->state != SOCKET_OPEN || s->kind == SOCKET_SERVER ||
		trouble(m) == PACKETS_STALLED)
		return 0;
	room = free_room(s);
	if (!socket_is_udp(s))
		return room;
	room = room > sizeof(struct socket_datagram)
		       ? room - sizeof(struct socket_datagram)
		       : 0;
	return room < SOCKET_DATAGRAM ? room : SOCKET_DATAGRAM;
}

static void keep(struct modem *m, struct socket *s, const void *buf, size_t len)
{
	memcpy(socket_memory(m, s)->rx + s->rx_len, buf, len);
	s->wrote = true;
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
	if (is_lost(m, s))
		return;
	if (socket_is_udp(s)) {
		if (from)
			d.from = *from;
		keep(m, s, &d, sizeof(d));
	} else if (!len) {
		return;
	}
	keep(m, s, buf, len);
	s->in += len;
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
	if (!s->rx_len || !socket_is_udp(s))
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

	if (socket_is_udp(s)) {
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
	if (socket_is_udp(s) && d.len)
		memcpy(mem->rx, &d, sizeof(d));
	if (s->asked && s->state == SOCKET_OPEN &&
		(full || socket_is_udp(s) || s->rx_size))
		p->take(p->ctx, socket_id(m, s));
}
