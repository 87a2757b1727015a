#include "host/net/net.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "codec/dns.h"
#include "conf/must.h"
#include "host/net/net_int.h"

#define DNS_PORT 53

const struct name net_refusal_names[] = {
	{ NET_MALFORMED, "malformed", "not IPv4, or a wrong length or checksum" },
	{ NET_SOURCE, "source", "not from the address that the host was given" },
	{ NET_FRAGMENT, "fragment", "a part of a packet for a named host" },
	{ NET_PROTOCOL, "protocol",
		"neither TCP, UDP nor an echo request, or IP options" },
	{ NET_UNNAMED, "unnamed", "no name leads there" },
	{ NET_LOOPBACK, "loopback", "addresses that --internet does not open" },
	{ NET_NO_NAME, "no-name", "questions for names that are not known" },
	{ NET_BUSY, "busy", "too many connections at once" },
	{ NET_FAILED, "failed", "the target refused, or did not answer" },
	{ NET_OVERFLOW, "overflow", "packets for the host that did not fit" },
	{ 0, NULL, NULL },
};

/* ---- to the host --------------------------------------------------------------------- */

void net_refuse(struct net *n, enum net_refusal why)
{
	n->counts.refused[why]++;
}

void net_send(struct net *n, const void *packet, size_t len)
{
	if (!n->up)
		return;
	if (!queue_put(&n->queue, packet, len))
		net_refuse(n, NET_OVERFLOW);
}

static usec_t sooner(usec_t a, usec_t b)
{
	return a < b ? a : b;
}

void net_settle(struct net *n)
{
	usec_t now = loop_real_now(), next;

	next = sooner(tcp_expire(n, now), udp_expire(n, now));
	if (n->slirp)
		next = sooner(next, n->ops->wait(n->slirp));
	loop_timer_set(n->timer, next);
	if (!n->inside && n->queue.packets)
		n->ready(n->ctx);
}

const uint8_t *net_first(const struct net *n, size_t *len)
{
	return queue_first(&n->queue, len);
}

void net_taken(struct net *n)
{
	size_t len;

	if (!queue_first(&n->queue, &len))
		return;
	n->counts.in++;
	n->counts.in_octets += len;
	queue_take(&n->queue);
}

void net_count(const struct net *n, struct net_counts *out)
{
	*out = n->counts;
}

/* ---- libslirp ------------------------------------------------------------------------ */

static void on_slirp(void *ctx)
{
	struct net *n = ctx;

	n->ops->poll(n->slirp);
	net_settle(n);
}

static void on_time(void *ctx)
{
	struct net *n = ctx;

	if (n->slirp)
		n->ops->poll(n->slirp);
	net_settle(n);
}

/* The name server that the host has asked, for the answer of the inner one. */
static const uint8_t *asked(const struct net *n, uint16_t port)
{
	size_t i;

	for (i = 0; i < DNS_ASKED; i++)
		if (n->asked[i].sport == port && n->asked[i].addr[0])
			return n->asked[i].addr;
	return NULL;
}

static void from_slirp(void *ctx, const void *packet, size_t len)
{
	struct net *n = ctx;
	const struct named_host *h;
	const uint8_t *seen = NULL;
	uint8_t mem[IP_MAX];
	struct ip p;

	if (len > sizeof(mem) || !ip_read(packet, len, &p))
		return;
	h = names_inside(n->o.names, p.src);
	if (h)
		seen = h->addr;
	else if (p.protocol == IP_UDP && !memcmp(p.src, SLIRP_DNS, 4))
		seen = asked(n, p.dport);
	memcpy(mem, packet, len);
	if (seen)
		ip_readdress(mem, len, true, seen);
	net_send(n, mem, len);
}

static int serve(void *ctx)
{
	return tcp_serve(ctx);
}

static size_t doors(const struct net *n, struct slirp_door *out)
{
	const struct names *names = n->o.names;
	size_t i, count = 0;

	for (i = 0; i < names->n; i++) {
		if (names->forward[i].udp)
			continue;
		memcpy(out[count].addr, names->host[names->of[i]].inside, 4);
		out[count++].port = names->forward[i].port;
	}
	return count;
}

static void open_slirp(struct net *n)
{
	struct slirp_door door[FORWARDS];
	struct slirp_setup setup = {
		.mtu = n->link.mtu,
		.internet = n->o.internet,
		.door = door,
		.doors = doors(n, door),
		.ctx = n,
		.packet = from_slirp,
		.serve = serve,
	};
	char why[300] = "this program has no network; build it with -Dnet=enabled";

	if (!setup.doors && !setup.internet)
		return;
	memcpy(setup.guest, n->link.host, 4);
	if (!n->ops && n->o.slirp)
		n->ops = n->o.slirp(why, sizeof(why));
	if (n->ops)
		n->slirp = n->ops->open(&setup, why, sizeof(why));
	if (n->slirp)
		n->slirp_fd = loop_fd_new(n->loop, n->ops->fd(n->slirp), on_slirp, n);
	else
		log_error(n->o.log, LOG_NET, "no TCP through PPP: %s", why);
}

static void close_slirp(struct net *n)
{
	loop_fd_free(n->slirp_fd);
	n->slirp_fd = NULL;
	if (n->slirp)
		n->ops->close(n->slirp);
	n->slirp = NULL;
}

void net_inside(struct net *n, const void *packet, size_t len, const uint8_t to[4])
{
	uint8_t mem[IP_MAX];

	if (!n->slirp) {
		net_refuse(n, NET_FAILED);
		return;
	}
	memcpy(mem, packet, len);
	ip_readdress(mem, len, false, to);
	n->ops->input(n->slirp, mem, len);
}

int net_connect(const struct forward *f, int type)
{
	struct sockaddr_in to = { .sin_family = AF_INET, .sin_port = htons(f->to_port) };
	int fd = socket(AF_INET, type | SOCK_CLOEXEC | SOCK_NONBLOCK, 0), one = 1, error;

	if (fd < 0)
		return -1;
	memcpy(&to.sin_addr, f->to, 4);
	if (type == SOCK_STREAM)
		setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof(one));
	if (!connect(fd, (struct sockaddr *)&to, sizeof(to)) || errno == EINPROGRESS)
		return fd;
	error = errno;
	close(fd);
	errno = error;
	return -1;
}

/* ---- from the host ------------------------------------------------------------------- */

static bool is_zero(const uint8_t addr[4])
{
	return !memcmp(addr, "\0\0\0\0", 4);
}

/* One of the name servers that the host was told of, or libslirp's usual one. */
static bool is_dns(const struct net *n, const uint8_t addr[4])
{
	return !memcmp(addr, SLIRP_DNS, 4) ||
	       (!is_zero(addr) && (!memcmp(addr, n->link.dns[0], 4) ||
					  !memcmp(addr, n->link.dns[1], 4)));
}

/* What answers an echo: our own end, the name servers, the names. */
static bool is_ours(const struct net *n, const uint8_t addr[4])
{
	return is_dns(n, addr) || !memcmp(addr, SLIRP_GATEWAY, 4) ||
	       (!is_zero(addr) && !memcmp(addr, n->link.peer, 4)) ||
	       names_at(n->o.names, addr);
}

/* What --internet never opens; also both ends of the link. */
static bool is_closed(const struct net *n, const uint8_t addr[4])
{
	return is_ours(n, addr) || !memcmp(addr, n->link.host, 4) || names_closed(addr);
}

static void refuse_reset(struct net *n, const struct ip *p)
{
	uint8_t reset[IP_MAX];
	size_t len = ip_make_reset(reset, sizeof(reset), p);

	if (len)
		net_send(n, reset, len);
}

static void echo(struct net *n, const struct ip *p)
{
	uint8_t reply[IP_MAX];
	size_t len = ip_make_echo_reply(reply, sizeof(reply), p);

	if (len)
		net_send(n, reply, len);
}

static void ask_on(struct net *n, const void *packet, size_t len, const struct ip *p)
{
	unsigned i = n->n_asked++ % DNS_ASKED, k;

	for (k = 0; k < DNS_ASKED; k++)
		if (n->asked[k].sport == p->sport)
			memset(&n->asked[k], 0, sizeof(n->asked[k]));
	n->asked[i].sport = p->sport;
	memcpy(n->asked[i].addr, p->dst, 4);
	net_inside(n, packet, len, (const uint8_t *)SLIRP_DNS);
}

static void question(struct net *n, const void *packet, size_t len, const struct ip *p)
{
	const struct ip_ends back = ip_back(p);
	const struct named_host *h = NULL;
	uint8_t answer[DNS_MAX], out[IP_MAX];
	struct dns_question q;
	bool read;
	int code;

	read = dns_read(p->payload, p->payload_len, &q, &code);
	if (!read && code < 0) {
		net_refuse(n, NET_MALFORMED);
		return;
	}
	if (read)
		h = names_find(n->o.names, q.name);
	if (read && !h && n->o.internet) {
		ask_on(n, packet, len, p);
		return;
	}
	if (read && !h) {
		code = DNS_NO_NAME;
		net_refuse(n, NET_NO_NAME);
		refusals_name(&n->told, q.name);
	}
	len = dns_answer(p->payload, read ? &q : NULL, code,
		h && q.type == DNS_A && q.class == DNS_IN ? h->addr : NULL, answer);
	len = ip_make_udp(out, sizeof(out), &back, answer, len);
	if (len)
		net_send(n, out, len);
}

/* For an address that is not named. */
static void elsewhere(struct net *n, const void *packet, size_t len, const struct ip *p)
{
	bool closed = is_closed(n, p->dst);

	if (n->o.internet && !closed) {
		if (n->slirp)
			n->ops->input(n->slirp, packet, len);
		else
			net_refuse(n, NET_FAILED);
		return;
	}
	net_refuse(n, p->protocol != IP_TCP && p->protocol != IP_UDP ? NET_PROTOCOL
		      : n->o.internet                                ? NET_LOOPBACK
								     : NET_UNNAMED);
	/* groups are for neighbours; a host always sends some */
	if (p->dst[0] < 224)
		refused_packet(&n->told, n->o.names, p);
	if (p->protocol == IP_TCP && !p->fragment)
		refuse_reset(n, p);
}

static void named(struct net *n, const void *packet, size_t len, const struct ip *p,
	const struct named_host *h)
{
	const struct forward *f = NULL;

	if (p->protocol == IP_TCP || p->protocol == IP_UDP)
		f = names_port(n->o.names, h, p->protocol == IP_UDP, p->dport);
	if (f && f->udp) {
		udp_datagram(n, p, f);
	} else if (f) {
		tcp_segment(n, packet, len, p, h, f);
	} else {
		net_refuse(n, p->protocol == IP_TCP || p->protocol == IP_UDP
				      ? NET_UNNAMED
				      : NET_PROTOCOL);
		refused_packet(&n->told, n->o.names, p);
		if (p->protocol == IP_TCP)
			refuse_reset(n, p);
	}
}

static void take(struct net *n, const void *packet, size_t len)
{
	const struct named_host *h;
	struct ip p;

	if (len > IP_MAX || !ip_read(packet, len, &p)) {
		net_refuse(n, NET_MALFORMED);
		return;
	}
	if (memcmp(p.src, n->link.host, 4) != 0) {
		net_refuse(n, NET_SOURCE);
		return;
	}
	if (p.options) {
		net_refuse(n, NET_PROTOCOL);
		return;
	}
	len = (size_t)(p.data - (const uint8_t *)packet) + p.len;
	h = names_at(n->o.names, p.dst);
	if (p.fragment && (h || is_ours(n, p.dst) || !n->o.internet)) {
		net_refuse(n, NET_FRAGMENT);
		return;
	}
	if (!p.fragment && p.protocol == IP_ICMP && p.icmp.type == IP_ICMP_ECHO &&
		is_ours(n, p.dst))
		echo(n, &p);
	else if (p.protocol == IP_UDP && p.dport == DNS_PORT && is_dns(n, p.dst))
		question(n, packet, len, &p);
	else if (h)
		named(n, packet, len, &p, h);
	else
		elsewhere(n, packet, len, &p);
}

void net_packet(struct net *n, const void *packet, size_t len)
{
	if (!n->up)
		return;
	n->counts.out++;
	n->counts.out_octets += len;
	n->inside = true;
	take(n, packet, len);
	net_settle(n);
	n->inside = false;
}

/* ---- life ---------------------------------------------------------------------------- */

struct net *net_new(struct loop *l, const struct net_options *options,
	void (*ready)(void *ctx), void *ctx)
{
	static const struct names none;
	struct net *n = must(calloc(1, sizeof(*n)));

	n->o = *options;
	if (!n->o.names)
		n->o.names = &none;
	n->told.log = n->o.log;
	n->loop = l;
	n->ready = ready;
	n->ctx = ctx;
	queue_init(&n->queue);
	n->timer = loop_timer_new(l, on_time, n);
	return n;
}

void net_link(struct net *n, const struct packet_link *link)
{
	udp_clear(n);
	tcp_clear(n);
	close_slirp(n);
	queue_clear(&n->queue);
	loop_timer_set(n->timer, USEC_NEVER);
	n->up = link;
	if (!link)
		return;
	n->link = *link;
	if (n->link.mtu > IP_MAX || !n->link.mtu)
		n->link.mtu = IP_MAX;
	open_slirp(n);
}

void net_free(struct net *n)
{
	if (!n)
		return;
	net_link(n, NULL);
	loop_timer_free(n->timer);
	refusals_clear(&n->told);
	free(n);
}
