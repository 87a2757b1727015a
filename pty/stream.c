/* Ports that listen: a client comes, sends, goes; a second one is refused.
 *
 *   accept            RTS and DTR on (RTS only where the port carries it)
 *   end of file       what was sent before still reaches the modem. A peer that has
 *                     closed altogether: DTR off, closed. One that has only ended its
 *                     sending half (nc -N, socat) hears the answers, until the port has
 *                     been silent for QUIET. TCP shows no difference between the two
 *                     before something is sent to the peer.
 *   the next client   takes over from one that has ended; waits (in the backlog) while
 *                     the modem has not taken all of its bytes; else is refused
 */
#include "stream.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "conf/must.h"
#include "port_int.h"
#include "rfc2217.h"

#define READ_MAX  4096
#define HELD_MAX  16384 /* held for a modem that takes nothing: lines are still heard */
#define QUIET_SEC 1
#define REFUSED   8 /* clients that still read why they were refused */
#define PEER      (LISTEN_HOST + 24)
/* A TCP peer that vanishes is noticed after IDLE + COUNT * INTERVAL seconds. */
#define KEEP_IDLE     10
#define KEEP_INTERVAL 5
#define KEEP_COUNT    3

struct stream {
	struct port port;
	struct event_base *base;
	struct stream_options o;
	char name[LISTEN_NAME];
	int fd; /* listening, -1: unplugged */
	struct event *comes, *plug, *quiet, *again;
	struct rfc2217 *rfc2217; /* of the present client, NULL: bytes as they are */
	struct rfc2217_events rfc2217_events;
	char peer[PEER];
	bool plugged; /* as the owner wants it */
	bool ended;   /* the client sends no more */
	bool spoke;   /* bytes have gone to the client since the last look */
	bool choked;  /* reading waits for room for answers */
	bool paused;  /* the next client waits in the backlog */
	int refused[REFUSED], n_refused;
};

static struct stream *of(struct port *p)
{
	return (struct stream *)p;
}

static const char *path(const struct port *p)
{
	return ((const struct stream *)p)->name;
}

static unsigned clients(const struct port *p)
{
	return p->fd >= 0;
}

static void after(struct event *e, time_t sec)
{
	const struct timeval t = { sec, 0 };

	evtimer_add(e, &t);
}

/* ---- the client goes -------------------------------------------------------------- */

static void hang_up(struct stream *s)
{
	int fd = s->port.fd;

	if (fd < 0)
		return;
	log_note(s->port.log, LOG_PTY, "%s: client %s has gone", s->name, s->peer);
	port_unwatch(&s->port);
	close(fd);
	free(s->rfc2217);
	s->rfc2217 = NULL;
	s->ended = s->choked = false;
	event_del(s->quiet);
	s->port.rts = false;
	port_tell_gone(&s->port);
	if (s->paused && s->fd >= 0)
		event_add(s->comes, NULL);
	s->paused = false;
}

static short polled(int fd, short what)
{
	struct pollfd p = { .fd = fd, .events = what };

	return poll(&p, 1, 0) > 0 ? p.revents : 0;
}

/* The client has ended. Once the modem has its bytes, it goes at once, or is listened to
 * on. */
static void on_end(struct stream *s)
{
	event_del(s->port.readable);
	if (s->port.held)
		return;
	if (s->paused || polled(s->port.fd, 0) & (POLLHUP | POLLERR)) {
		hang_up(s);
		return;
	}
	s->spoke = false;
	after(s->quiet, QUIET_SEC);
}

static void on_quiet(evutil_socket_t fd, short what, void *port)
{
	struct stream *s = of(port);

	(void)fd;
	(void)what;
	if (s->spoke || (s->port.tx && !s->port.stopped))
		on_end(s);
	else
		hang_up(s);
}

static void taken(struct port *p)
{
	if (of(p)->rfc2217)
		rfc2217_drained(of(p)->rfc2217, true);
	if (of(p)->rfc2217)
		p->own |= rfc2217_waiting(of(p)->rfc2217) > 0;
	if (of(p)->ended)
		on_end(of(p));
	else if (of(p)->choked)
		event_del(p->readable);
}

/* ---- bytes ------------------------------------------------------------------------ */

static ssize_t put(struct stream *s, const void *buf, size_t len)
{
	ssize_t n = send(s->port.fd, buf, len, MSG_NOSIGNAL | MSG_DONTWAIT);

	if (n > 0)
		s->spoke = true;
	if (n < 0 && errno != EAGAIN && errno != EINTR) /* it is gone: the read says so */
		event_active(s->port.readable, EV_READ, 1);
	return n;
}

/* The protocol's own bytes; false with errno: some still wait. */
static bool put_own(struct stream *s)
{
	struct rfc2217 *r = s->rfc2217;
	ssize_t n;

	while (rfc2217_waiting(r)) {
		n = put(s, r->out + r->out_off, rfc2217_waiting(r));
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			break;
		rfc2217_sent(r, (size_t)n);
	}
	s->port.own = rfc2217_waiting(r) > 0;
	if (s->choked && rfc2217_may_read(r)) {
		s->choked = false;
		if (!s->ended)
			event_add(s->port.readable, NULL);
	}
	return !s->port.own;
}

static ssize_t write_out(struct port *p, const void *buf, size_t len)
{
	struct stream *s = of(p);
	size_t used;

	if (!s->rfc2217)
		return put(s, buf, len);
	if (!put_own(s))
		return -1;
	if (!len)
		return 0;
	used = rfc2217_write(s->rfc2217, buf, len);
	put_own(s);
	return (ssize_t)used;
}

/* Reads once and passes it on. */
static void pump(struct stream *s)
{
	struct rfc2217 *r = s->rfc2217;
	char buf[READ_MAX];
	ssize_t n;

	n = recv(s->port.fd, buf, r ? RFC2217_READ_MAX : sizeof(buf), MSG_DONTWAIT);
	if (n < 0 && (errno == EAGAIN || errno == EINTR))
		return;
	if (n <= 0) {
		if (n < 0)
			log_debug(s->port.log, LOG_PTY, "%s: %s: %s", s->name, s->peer,
				strerror(errno));
		s->ended = true;
		on_end(s);
		return;
	}
	if (!r) {
		port_feed(&s->port, buf, (size_t)n);
		return;
	}
	rfc2217_read(r, buf, (size_t)n);
	rfc2217_drained(r, !s->port.held);
	s->port.own = rfc2217_waiting(r) > 0;
	if (!rfc2217_may_read(r)) {
		/* a client that asks on while it wants no answers gets them */
		port_stop(&s->port, false);
		s->choked = true;
		event_del(s->port.readable);
	}
}

static void on_readable(evutil_socket_t fd, short what, void *port)
{
	struct stream *s = of(port);

	(void)fd;
	(void)what;
	pump(s);
	if (s->port.fd >= 0)
		port_resume(&s->port);
}

/* ---- what a client says by RFC 2217 ----------------------------------------------- */

static void says_data(void *port, const void *buf, size_t len)
{
	port_feed(port, buf, len);
}

static void says_dtr(void *port, bool on)
{
	port_tell_dtr(port, on);
}

static void says_rts(void *port, bool on)
{
	port_tell_rts(port, on);
}

static void says_uart(void *port, const struct uart *u)
{
	port_tell_uart(port, u);
}

static void says_break(void *port)
{
	port_tell_break(port);
}

static void says_suspend(void *port, bool on)
{
	port_stop(port, on);
}

static void says_purge(void *port, bool to_client, bool to_modem)
{
	struct port *p = port;

	if (to_client)
		port_tx_drop(p);
	if (to_modem && p->held) {
		port_held_drop(p);
		event_add(p->readable, NULL);
	}
}

static void lines(struct port *p, unsigned v24)
{
	struct stream *s = of(p);

	if (!s->rfc2217)
		return;
	rfc2217_lines(s->rfc2217, v24);
	p->own |= rfc2217_waiting(s->rfc2217) > 0;
}

/* ---- the client comes ------------------------------------------------------------- */

static void name_peer(struct stream *s, int fd, char out[PEER])
{
	union {
		struct sockaddr any;
		struct sockaddr_in v4;
		struct sockaddr_in6 v6;
	} u;
	socklen_t len = sizeof(u);
	struct ucred peer = { .pid = 0 };
	char host[LISTEN_HOST] = "?";

	if (s->o.addr.kind == LISTEN_UNIX) {
		len = sizeof(peer);
		getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &peer, &len);
		snprintf(out, PEER, "with pid %d", (int)peer.pid);
		return;
	}
	u.any.sa_family = AF_UNSPEC;
	getpeername(fd, &u.any, &len);
	if (u.any.sa_family == AF_INET) {
		inet_ntop(AF_INET, &u.v4.sin_addr, host, sizeof(host));
		snprintf(out, PEER, "%s:%u", host, ntohs(u.v4.sin_port));
	} else if (u.any.sa_family == AF_INET6) {
		inet_ntop(AF_INET6, &u.v6.sin6_addr, host, sizeof(host));
		snprintf(out, PEER, "[%s]:%u", host, ntohs(u.v6.sin6_port));
	} else {
		snprintf(out, PEER, "?");
	}
}

static void set(int fd, int level, int option, int value)
{
	setsockopt(fd, level, option, &value, sizeof(value));
}

static void take(struct stream *s, int fd)
{
	const struct uart unknown = { .baud = 0 };
	struct port *p = &s->port;

	if (s->o.addr.kind != LISTEN_UNIX) {
		set(fd, IPPROTO_TCP, TCP_NODELAY, 1);
		set(fd, SOL_SOCKET, SO_KEEPALIVE, 1);
		set(fd, IPPROTO_TCP, TCP_KEEPIDLE, KEEP_IDLE);
		set(fd, IPPROTO_TCP, TCP_KEEPINTVL, KEEP_INTERVAL);
		set(fd, IPPROTO_TCP, TCP_KEEPCNT, KEEP_COUNT);
		set(fd, IPPROTO_TCP, TCP_USER_TIMEOUT,
			1000 * (KEEP_IDLE + KEEP_INTERVAL * KEEP_COUNT));
	}
	name_peer(s, fd, s->peer);
	if (port_watch(p, s->base, fd, on_readable)) {
		port_unwatch(p);
		close(fd);
		return;
	}
	log_note(p->log, LOG_PTY, "%s: client %s", s->name, s->peer);
	if (s->o.addr.kind == LISTEN_RFC2217) {
		s->rfc2217 = malloc(sizeof(*s->rfc2217));
		must(s->rfc2217);
		rfc2217_init(s->rfc2217, &s->rfc2217_events, p->v24);
		p->own = true;
		p->held_max = HELD_MAX;
	}
	port_tell_uart(p, &unknown);
	if (s->rfc2217)
		port_tell_rts(p, true);
	port_tell_dtr(p, true);
	port_resume(p);
}

static void close_refused(struct stream *s)
{
	while (s->n_refused)
		close(s->refused[--s->n_refused]);
}

/* The client reads why before it finds the end: a close with its bytes unread would be a
 * reset, which may overtake the reason. */
static void refuse(struct stream *s, int fd, const char *who)
{
	char text[LISTEN_NAME + PEER + 80], peer[PEER];
	int n = snprintf(text, sizeof(text),
		"fauxtrack: %s is in use by %s; one client at a time\r\n", s->name, who);

	name_peer(s, fd, peer);
	log_client(s->port.log, LOG_PTY, "%s: client %s is refused: in use by %s",
		s->name, peer, who);
	send(fd, text, (size_t)n, MSG_NOSIGNAL | MSG_DONTWAIT);
	shutdown(fd, SHUT_WR);
	if (s->n_refused == REFUSED)
		close_refused(s);
	s->refused[s->n_refused++] = fd;
	after(s->again, QUIET_SEC);
}

/* The present client has closed, and we have not acted on it yet. True: there is none
 * any more. */
static bool make_way(struct stream *s)
{
	while (!s->ended && !s->port.held && s->port.fd >= 0 && !s->choked)
		pump(s);
	if (s->port.fd >= 0 && s->ended && !s->port.held)
		hang_up(s);
	return s->port.fd < 0;
}

static void on_comes(evutil_socket_t listening, short what, void *port)
{
	struct stream *s = of(port);
	char who[160] = "?";
	bool old = s->port.fd >= 0;
	int fd;

	(void)what;
	if (old && polled(s->port.fd, POLLRDHUP) & (POLLRDHUP | POLLHUP | POLLERR)) {
		if (!make_way(s)) {
			event_del(s->comes);
			s->paused = true;
			return;
		}
		old = false;
	}
	fd = accept4((int)listening, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);
	if (fd < 0) {
		if (errno != EMFILE && errno != ENFILE && errno != ENOMEM &&
			errno != ENOBUFS)
			return;
		log_error(s->port.log, LOG_PTY,
			"%s: a client has to wait: %s; see ulimit -n", s->name,
			strerror(errno));
		event_del(s->comes);
		after(s->again, QUIET_SEC);
		return;
	}
	if (old)
		refuse(s, fd, s->peer);
	else if (s->o.admit && !s->o.admit(s->o.ctx, who, sizeof(who)))
		refuse(s, fd, who);
	else
		take(s, fd);
}

/* Refused clients have had their time, and there may be descriptors again. */
static void on_again(evutil_socket_t fd, short what, void *port)
{
	struct stream *s = of(port);

	(void)fd;
	(void)what;
	close_refused(s);
	if (s->fd >= 0 && !s->paused)
		event_add(s->comes, NULL);
}

/* ---- plugging --------------------------------------------------------------------- */

static bool open_listener(struct stream *s)
{
	char why[400];

	s->fd = listen_open(&s->o.addr, s->o.mode, s->o.group, why, sizeof(why));
	if (s->fd < 0) {
		log_error(s->port.log, LOG_PTY, "--listen: %s", why);
		return false;
	}
	listen_print(&s->o.addr, s->name);
	s->comes = event_new(s->base, s->fd, EV_READ | EV_PERSIST, on_comes, s);
	if (s->comes && !event_priority_set(s->comes, 1) && !event_add(s->comes, NULL))
		return true;
	log_error(s->port.log, LOG_PTY, "--listen: libevent cannot add its event");
	return false;
}

static void close_listener(struct stream *s)
{
	if (s->comes)
		event_free(s->comes);
	s->comes = NULL;
	listen_close(&s->o.addr, s->fd);
	s->fd = -1;
	s->paused = false;
}

static void on_plug(evutil_socket_t fd, short what, void *port)
{
	struct stream *s = of(port);

	(void)fd;
	(void)what;
	if (s->plugged == (s->fd >= 0))
		return;
	if (!s->plugged) {
		log_note(s->port.log, LOG_PTY, "%s: unplugged", s->name);
		close_listener(s);
		close_refused(s);
		hang_up(s);
	} else if (open_listener(s)) {
		log_note(s->port.log, LOG_PTY, "%s: plugged in", s->name);
	} else {
		close_listener(s);
		s->plugged = false;
		log_error(s->port.log, LOG_PTY,
			"the device stays unplugged; plug it in again once that is "
			"mended");
	}
}

static void plug(struct port *p, bool in)
{
	of(p)->plugged = in;
	event_active(of(p)->plug, EV_TIMEOUT, 1);
}

static void close_stream(struct port *p)
{
	struct stream *s = of(p);

	close_listener(s);
	close_refused(s);
	hang_up(s);
	if (s->plug)
		event_free(s->plug);
	if (s->quiet)
		event_free(s->quiet);
	if (s->again)
		event_free(s->again);
	free(s);
}

static const struct port_ops stream_ops = {
	.path = path,
	.clients = clients,
	.lines = lines,
	.write = write_out,
	.taken = taken,
	.plug = plug,
	.close = close_stream,
};

struct port *stream_open(struct event_base *base, const struct log *log,
	const struct stream_options *options, const struct port_events *events)
{
	struct stream *s = calloc(1, sizeof(*s));

	must(s);
	port_init(&s->port, &stream_ops, log, events);
	port_raise_limit();
	s->base = base;
	s->o = *options;
	s->fd = -1;
	s->plugged = true;
	s->rfc2217_events = (struct rfc2217_events){ s, says_data, says_dtr, says_rts,
		says_uart, says_break, says_suspend, says_purge };
	s->plug = evtimer_new(base, on_plug, s);
	s->quiet = evtimer_new(base, on_quiet, s);
	s->again = evtimer_new(base, on_again, s);
	if (!s->plug || !s->quiet || !s->again || event_priority_set(s->plug, 1) ||
		event_priority_set(s->quiet, 1) || event_priority_set(s->again, 1) ||
		!open_listener(s)) {
		close_stream(&s->port);
		return NULL;
	}
	if (listen_is_public(&s->o.addr))
		log_warn(log, LOG_PTY,
			"%s: every machine that reaches this address can use the modem, "
			"without a password or encryption; leave the address out of "
			"--listen to allow this machine only",
			s->name);
	return &s->port;
}
