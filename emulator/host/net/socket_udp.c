/* UDP: a socket connected to its peer, or the one that listens for the modem's port. */
#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "host/net/sockets_int.h"

#define BATCH 32 /* datagrams in one turn of the loop */

static struct sockaddr_in address(const uint8_t addr[4], uint16_t port)
{
	struct sockaddr_in a = { .sin_family = AF_INET, .sin_port = htons(port) };

	memcpy(&a.sin_addr, addr, 4);
	return a;
}

static int descriptor(const struct sock *s)
{
	return s->listener ? listener_fd(s->listener) : s->fd;
}

/* ---- from the peer ------------------------------------------------------------------- */

static void remember(struct sockets *h, const struct sockaddr_in *a)
{
	uint16_t port = ntohs(a->sin_port);
	size_t i, at = h->senders % SENDERS;

	for (i = 0; i < SENDERS; i++)
		if (h->sender[i].port == port)
			at = i;
	if (at == h->senders % SENDERS)
		h->senders++;
	memcpy(h->sender[at].addr, &a->sin_addr, 4);
	h->sender[at].port = port;
}

/* Who has sent it; false if it is not for this socket. */
static bool sender(struct sock *s, const struct sockaddr_in *a, struct socket_peer *out)
{
	if (!s->has_peer) {
		remember(s->home, a);
		*out = sock_seen(s->home, true, a);
		return true;
	}
	memcpy(out->addr, s->target.seen, 4);
	out->port = s->port;
	return !memcmp(&a->sin_addr, s->target.to, 4) &&
	       ntohs(a->sin_port) == s->target.to_port;
}

/* The next datagram; false: none now, or no room for it. */
static bool receive(struct sock *s)
{
	const struct socket_modem *m = &s->home->m;
	uint8_t data[SOCKET_DATAGRAM];
	struct sockaddr_in a;
	socklen_t size = sizeof(a);
	struct socket_peer from;
	ssize_t len = recv(descriptor(s), data, 1, MSG_PEEK | MSG_TRUNC | MSG_DONTWAIT);

	if (len < 0 && errno != ECONNREFUSED)
		return false;
	if (len > 0 && len <= SOCKET_DATAGRAM &&
		m->room(m->ctx, (unsigned)s->id) < (size_t)len) {
		s->full = true;
		return false;
	}
	if (len >= 0)
		len = recvfrom(descriptor(s), data, sizeof(data),
			MSG_TRUNC | MSG_DONTWAIT, (struct sockaddr *)&a, &size);
	if (len > 0 && len <= SOCKET_DATAGRAM && sender(s, &a, &from))
		sock_rx(s, &from, data, (size_t)len);
	else
		s->home->counts.lost++;
	return true;
}

static void udp_ready(struct sock *s)
{
	int i;

	for (i = 0; i < BATCH && s->id >= 0 && s->stage == SOCK_OPEN; i++)
		if (!receive(s))
			return;
}

/* ---- to the peer --------------------------------------------------------------------- */

static size_t udp_room(struct sock *s)
{
	(void)s;
	return SOCKET_DATAGRAM;
}

static ssize_t send_one(const struct sock *s, const void *buf, size_t len)
{
	const struct sockaddr_in to = address(s->target.to, s->target.to_port);

	if (!s->listener)
		return send(s->fd, buf, len, MSG_DONTWAIT | MSG_NOSIGNAL);
	return sendto(listener_fd(s->listener), buf, len, MSG_DONTWAIT | MSG_NOSIGNAL,
		(const struct sockaddr *)&to, sizeof(to));
}

static void udp_tx(struct sock *s, const void *buf, size_t len)
{
	ssize_t sent = -1;

	if (!buf) /* UDP has no end */
		return;
	if (s->has_peer)
		sent = send_one(s, buf, len);
	/* the error of an earlier datagram: its port is closed */
	if (sent < 0 && s->has_peer && errno == ECONNREFUSED)
		sent = send_one(s, buf, len);
	if (sent < 0)
		s->home->counts.lost++;
}

/* ---- life ---------------------------------------------------------------------------- */

static void udp_wants(struct sock *s)
{
	bool reads = s->stage == SOCK_OPEN && !s->full;

	if (s->listener)
		listener_wants(s->listener, reads);
	else
		loop_fd_wants(s->watch, reads ? LOOP_READ : 0);
}

static bool udp_lingers(struct sock *s)
{
	(void)s;
	return false;
}

static void serve(struct sock *s, struct listener *l)
{
	s->listener = l;
	listener_serve(l, sock_ready, s);
	sock_set(s);
}

static int connect_to(struct sock *s)
{
	struct sockaddr_in a = address(s->target.to, s->target.to_port);
	socklen_t len = sizeof(a);
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);

	if (fd < 0)
		return errno;
	if (!sock_watch(s, fd))
		return ENOMEM;
	sock_set(s);
	if (connect(fd, (struct sockaddr *)&a, len))
		return errno;
	if (!s->local && !getsockname(fd, (struct sockaddr *)&a, &len))
		s->local = ntohs(a.sin_port);
	return 0;
}

static int udp_begin(struct sock *s)
{
	struct listener *l = NULL;
	int error = 0;

	if (s->local)
		l = listeners_find(s->home->o.net->listeners, true, s->local);
	/* from loopback only loopback can be reached */
	if (l && (!s->has_peer || s->target.to[0] == 127))
		serve(s, l);
	else if (s->has_peer)
		error = connect_to(s);
	else
		refusals_listener(&s->home->told, true, s->local);
	if (!error)
		sock_report_there(s);
	return error;
}

static unsigned *udp_count(struct sockets_counts *c)
{
	return &c->udp;
}

const struct sock_kind sock_udp = { udp_begin, udp_ready, udp_room, udp_tx, udp_wants,
	udp_lingers, true, udp_count };
