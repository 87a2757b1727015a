/* TCP connections and servers. */
#include <errno.h>
#include <netinet/tcp.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "codec/ip.h"
#include "conf/must.h"
#include "host/net/sockets_int.h"

#define READ_MAX  4096
#define SWALLOWED (256 << 10) /* octets that a peer may still send after close() */

/* ---- to the peer --------------------------------------------------------------------- */

/* The octets that were sent; less than len when the kernel takes no more. */
static size_t send_some(struct sock *s, const char *buf, size_t len)
{
	size_t sent = 0;
	ssize_t n;

	while (sent < len && !s->broken) {
		n = send(s->fd, buf + sent, len - sent, MSG_DONTWAIT | MSG_NOSIGNAL);
		if (n > 0)
			sent += (size_t)n;
		else if (n < 0 && errno == EAGAIN)
			break;
		else if (n < 0 && errno != EINTR)
			s->broken = true;
	}
	return sent;
}

static void flush(struct sock *s)
{
	size_t sent = s->out_len ? send_some(s, s->out + s->out_at, s->out_len) : 0;

	s->out_at += sent;
	s->out_len = s->broken ? 0 : s->out_len - sent;
	if (!s->out_len)
		s->out_at = 0;
	if (s->shut && !s->fin && !s->out_len) {
		s->fin = true;
		shutdown(s->fd, SHUT_WR);
	}
}

static size_t tcp_room(struct sock *s)
{
	if (s->broken)
		return SOCKET_OUT;
	s->starved |= s->out_len;
	return SOCKET_OUT - s->out_len;
}

static void keep(struct sock *s, const char *buf, size_t len)
{
	if (!s->out)
		s->out = must(malloc(SOCKET_OUT));
	if (s->out_at + s->out_len + len > SOCKET_OUT) {
		memmove(s->out, s->out + s->out_at, s->out_len);
		s->out_at = 0;
	}
	memcpy(s->out + s->out_at + s->out_len, buf, len);
	s->out_len += len;
}

static void tcp_tx(struct sock *s, const void *buf, size_t len)
{
	const char *p = buf;
	size_t sent = s->out_len ? 0 : send_some(s, p, len);

	if (len > sent && !s->broken)
		keep(s, p + sent, len - sent);
	if (!s->out_len)
		flush(s);
	/* otherwise what the peer has sent before is read first */
	if (s->broken && s->peer_shut)
		sock_report_end(s, SOCKET_RESET);
}

/* ---- from the peer ------------------------------------------------------------------- */

static void receive(struct sock *s)
{
	const struct socket_modem *m = &s->home->m;
	size_t room = m->room(m->ctx, (unsigned)s->id);
	char buf[READ_MAX];
	ssize_t n;

	if (!room) {
		s->full = true;
		return;
	}
	n = recv(s->fd, buf, room < sizeof(buf) ? room : sizeof(buf), MSG_DONTWAIT);
	if (n > 0)
		sock_rx(s, NULL, buf, (size_t)n);
	else if (n < 0 && (errno == EAGAIN || errno == EINTR))
		return;
	else
		sock_ended(s, n < 0 || s->broken ? SOCKET_RESET : SOCKET_SHUT);
}

/* The modem has closed it: until the peer has closed too, so that what was sent arrives. */
static void linger(struct sock *s)
{
	char buf[READ_MAX];
	ssize_t n;

	if (s->out_len)
		return;
	n = recv(s->fd, buf, sizeof(buf), MSG_DONTWAIT);
	if (n > 0)
		s->swallowed += (size_t)n;
	s->done = !n || (n < 0 && errno != EAGAIN && errno != EINTR) ||
		  s->swallowed > SWALLOWED;
}

static void tell_ready(struct sock *s)
{
	const struct socket_modem *m = &s->home->m;

	s->starved = false;
	m->enter(m->ctx);
	m->ready(m->ctx);
	m->leave(m->ctx);
}

static enum socket_end failure(int error)
{
	return error == ECONNREFUSED || error == ECONNRESET ? SOCKET_REFUSED
							    : SOCKET_UNREACHABLE;
}

static void log_failure(const struct sock *s, int error)
{
	char addr[IP_ADDR_TEXT];

	log_note(s->home->o.net->log, LOG_NET, "%s:%u: %s:%u: %s", s->name, s->port,
		ip_addr_text(s->target.to, addr), s->target.to_port, strerror(error));
	errno = error;
}

static void connected(struct sock *s)
{
	struct sockaddr_in a;
	socklen_t len = sizeof(a), size = sizeof(int);
	int error = 0;

	if (getsockopt(s->fd, SOL_SOCKET, SO_ERROR, &error, &size))
		error = errno;
	if (error) {
		log_failure(s, error);
		sock_ended(s, failure(error));
		return;
	}
	if (!s->local && !getsockname(s->fd, (struct sockaddr *)&a, &len))
		s->local = ntohs(a.sin_port);
	sock_there(s);
}

static void tcp_ready(struct sock *s)
{
	if (s->stage == SOCK_CONNECTS) {
		connected(s);
		return;
	}
	flush(s);
	if (s->id < 0) {
		linger(s);
		return;
	}
	if (s->starved && !s->out_len)
		tell_ready(s);
	if (s->id < 0 || s->stage != SOCK_OPEN)
		return;
	if (!s->peer_shut && !s->full)
		receive(s);
	else if (s->broken && s->peer_shut)
		sock_ended(s, SOCKET_RESET);
}

/* ---- life ---------------------------------------------------------------------------- */

static void tcp_wants(struct sock *s)
{
	unsigned what = 0;

	if (s->stage == SOCK_CONNECTS || s->out_len)
		what |= LOOP_WRITE;
	if (s->stage == SOCK_OPEN &&
		(s->id < 0 ? !s->out_len : !s->full && !s->peer_shut))
		what |= LOOP_READ;
	if (s->watch)
		loop_fd_wants(s->watch, what);
}

static bool tcp_lingers(struct sock *s)
{
	s->shut = true;
	flush(s);
	return !s->broken && (s->out_len || !s->peer_shut);
}

/* The kernel would hold megabytes in both directions, and neither the host nor the peer
 * would be stopped. */
static bool take(struct sock *s, int fd)
{
	const int size = SOCKET_KERNEL;

	setsockopt(fd, SOL_SOCKET, SO_SNDBUF, &size, sizeof(size));
	setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &size, sizeof(size));
	return sock_watch(s, fd);
}

static int tcp_begin(struct sock *s)
{
	struct sockaddr_in to = { .sin_family = AF_INET,
		.sin_port = htons(s->target.to_port) };
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);

	if (fd < 0)
		return errno;
	if (!take(s, fd))
		return ENOMEM;
	sock_set(s);
	memcpy(&to.sin_addr, s->target.to, 4);
	s->stage = SOCK_CONNECTS;
	if (!connect(fd, (struct sockaddr *)&to, sizeof(to)) || errno == EINPROGRESS)
		return 0;
	/* the modem hears of it as of one that fails later */
	log_failure(s, errno);
	sock_report_end(s, failure(errno));
	sock_close_fd(s);
	return 0;
}

static unsigned *tcp_count(struct sockets_counts *c)
{
	return &c->tcp;
}

const struct sock_kind sock_tcp = { tcp_begin, tcp_ready, tcp_room, tcp_tx, tcp_wants,
	tcp_lingers, false, tcp_count };

/* ---- servers ------------------------------------------------------------------------- */

static void child(
	const struct sock *server, unsigned id, int fd, const struct socket_peer *peer)
{
	struct sock *s = sock_new(server->home, id, &sock_tcp);

	s->stage = SOCK_OPEN;
	s->has_peer = true;
	memcpy(s->target.seen, peer->addr, 4);
	s->port = peer->port;
	s->local = server->local;
	s->ttl = server->ttl;
	s->tos = server->tos;
	s->no_delay = server->no_delay;
	server->home->counts.accepted++;
	if (take(s, fd))
		sock_set(s);
	else
		sock_report_end(s, SOCKET_RESET);
}

static void refuse(int fd)
{
	const struct linger reset = { .l_onoff = 1 };

	setsockopt(fd, SOL_SOCKET, SO_LINGER, &reset, sizeof(reset));
	close(fd);
}

static void on_client(void *ctx)
{
	struct sock *s = ctx;
	const struct socket_modem *m = &s->home->m;
	int fd = listener_accept(s->listener), id;
	struct sockaddr_in a;
	socklen_t len = sizeof(a);
	struct socket_peer peer;

	if (fd < 0)
		return;
	if (s->stage != SOCK_OPEN || getpeername(fd, (struct sockaddr *)&a, &len)) {
		refuse(fd);
		return;
	}
	peer = sock_seen(s->home, false, &a);
	m->enter(m->ctx);
	id = m->accept(m->ctx, (unsigned)s->id, &peer);
	if (id >= 0)
		child(s, (unsigned)id, fd, &peer);
	else
		refuse(fd);
	m->leave(m->ctx);
}

static int server_begin(struct sock *s)
{
	s->listener = listeners_find(s->home->o.net->listeners, false, s->local);
	if (s->listener)
		listener_serve(s->listener, on_client, s);
	else
		refusals_listener(&s->home->told, false, s->local);
	sock_report_there(s);
	return 0;
}

/* Clients wait in the backlog until it is there. */
static void server_wants(struct sock *s)
{
	if (s->listener)
		listener_wants(s->listener, s->stage == SOCK_OPEN);
}

/* It carries no data. */
static void server_ready(struct sock *s)
{
	(void)s;
}

static size_t server_room(struct sock *s)
{
	(void)s;
	return 0;
}

static void server_tx(struct sock *s, const void *buf, size_t len)
{
	(void)s;
	(void)buf;
	(void)len;
}

static bool server_lingers(struct sock *s)
{
	(void)s;
	return false;
}

static unsigned *server_count(struct sockets_counts *c)
{
	return &c->servers;
}

const struct sock_kind sock_server = { server_begin, server_ready, server_room, server_tx,
	server_wants, server_lingers, false, server_count };
