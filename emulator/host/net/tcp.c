/* Connections to named ports. Before libslirp hears of one, its target is connected:
 *
 *   SYN ----> connecting ----> SYN to libslirp ----> ACK: tcp_serve() ----> libslirp's
 *                 |                                     (75 s)
 *                 +--> refused or failed: RST
 *
 * So a host sees a closed port as such, and no program of the machine is waited for. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "conf/must.h"
#include "host/net/net_int.h"

static void end(struct tcp_pending *t)
{
	if (!t->used)
		return;
	loop_fd_free(t->watch);
	if (t->fd >= 0)
		close(t->fd);
	t->used = false;
	t->net->counts.connecting--;
}

static void fail(struct tcp_pending *t, int error)
{
	struct net *n = t->net;
	uint8_t reset[IP_MAX];
	char addr[IP_ADDR_TEXT];
	struct ip p;
	size_t len;

	log_note(n->o.log, LOG_NET, "%s:%u: %s:%u: %s", t->forward->name, t->dport,
		ip_addr_text(t->forward->to, addr), t->forward->to_port, strerror(error));
	net_refuse(n, NET_FAILED);
	if (ip_read(t->syn, t->syn_len, &p) &&
		(len = ip_make_reset(reset, sizeof(reset), &p)))
		net_send(n, reset, len);
	end(t);
}

/* The SYN goes on to libslirp. */
static void go_on(struct tcp_pending *t)
{
	const struct named_host *h = names_at(t->net->o.names, t->dst);

	t->since = loop_real_now();
	net_inside(t->net, t->syn, t->syn_len, h->inside);
}

static void on_connected(void *ctx)
{
	struct tcp_pending *t = ctx;
	struct net *n = t->net;
	int error = 0;
	socklen_t size = sizeof(error);

	loop_fd_free(t->watch);
	t->watch = NULL;
	if (getsockopt(t->fd, SOL_SOCKET, SO_ERROR, &error, &size))
		error = errno;
	if (error)
		fail(t, error);
	else
		go_on(t);
	net_settle(n);
}

static struct tcp_pending *find(struct net *n, const struct ip *p)
{
	struct tcp_pending *t;

	for (t = n->pending; t && t < n->pending + TCP_PENDING; t++)
		if (t->used && t->sport == p->sport && t->dport == p->dport &&
			!memcmp(t->dst, p->dst, 4))
			return t;
	return NULL;
}

static struct tcp_pending *place(struct net *n)
{
	struct tcp_pending *t;

	if (!n->pending)
		n->pending = must(calloc(TCP_PENDING, sizeof(*n->pending)));
	for (t = n->pending; t < n->pending + TCP_PENDING; t++)
		if (!t->used)
			return t;
	return NULL;
}

static void begin(struct net *n, const void *packet, size_t len, const struct ip *p,
	const struct forward *f)
{
	struct tcp_pending *t = place(n);

	if (!t) {
		net_refuse(n, NET_BUSY);
		return;
	}
	t->net = n;
	t->used = true;
	t->watch = NULL;
	t->fd = net_connect(f, SOCK_STREAM);
	memcpy(t->dst, p->dst, 4);
	t->sport = p->sport;
	t->dport = p->dport;
	t->forward = f;
	t->since = loop_real_now();
	memcpy(t->syn, packet, len);
	t->syn_len = len;
	n->counts.connecting++;
	if (t->fd >= 0)
		t->watch = loop_fd_new_out(n->loop, t->fd, on_connected, t);
	if (!t->watch)
		fail(t, errno);
}

void tcp_segment(struct net *n, const void *packet, size_t len, const struct ip *p,
	const struct named_host *h, const struct forward *f)
{
	struct tcp_pending *t = find(n, p);
	bool syn = (p->tcp.flags & (IP_TCP_SYN | IP_TCP_ACK | IP_TCP_RST)) == IP_TCP_SYN;

	if (!t && syn) {
		begin(n, packet, len, p, f);
		return;
	}
	if (t && p->tcp.flags & IP_TCP_RST) {
		end(t);
		t = NULL;
	}
	if (t && t->watch) /* the host repeats its SYN */
		return;
	n->current = t;
	net_inside(n, packet, len, h->inside);
	n->current = NULL;
}

int tcp_serve(struct net *n)
{
	struct tcp_pending *t = n->current;
	int fd;

	if (!t || !t->used || t->watch)
		return -1;
	fd = t->fd;
	t->fd = -1;
	end(t);
	return fd;
}

usec_t tcp_expire(struct net *n, usec_t now)
{
	usec_t next = USEC_NEVER, left;
	struct tcp_pending *t;

	if (!n->pending || !n->counts.connecting)
		return USEC_NEVER;
	for (t = n->pending; t < n->pending + TCP_PENDING; t++) {
		if (!t->used)
			continue;
		left = t->since + TCP_PATIENCE > now ? t->since + TCP_PATIENCE - now : 0;
		if (!left && t->watch)
			fail(t, ETIMEDOUT);
		else if (!left)
			end(t);
		else if (left < next)
			next = left;
	}
	return next;
}

void tcp_clear(struct net *n)
{
	size_t i;

	for (i = 0; n->pending && i < TCP_PENDING; i++)
		end(&n->pending[i]);
	free(n->pending);
	n->pending = NULL;
}
