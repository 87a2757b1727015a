#include "net_rig.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "host/loop.h"

#define PATIENCE 2000 /* ms */
#define SILENCE  60

extern const struct slirp_ops slirp_module_ops;
const struct slirp_ops *net_rig_ops = &slirp_module_ops;

static _Noreturn void give_up(const char *what)
{
	fprintf(stderr, "net_rig: %s\n", what);
	exit(1);
}

static void log_line_out(
	void *ctx, enum log_cat cat, enum log_level level, const char *text)
{
	struct net_rig *r = ctx;
	size_t len = strlen(r->logged);

	(void)cat;
	(void)level;
	snprintf(r->logged + len, sizeof(r->logged) - len, "%s\n", text);
}

static const struct slirp_ops *module(char *why, size_t size)
{
	(void)why;
	(void)size;
	return net_rig_ops;
}

static void on_ready(void *ctx)
{
	loop_stop(((struct net_rig *)ctx)->loop, 0);
}

void net_rig_init(struct net_rig *r, const char *const *forwards, bool internet)
{
	struct net_options o = {
		.names = &r->names, .internet = internet, .slirp = module, .log = &r->log
	};
	struct forward f;
	int i;

	memset(r, 0, sizeof(*r));
	r->log.line = log_line_out;
	r->log.ctx = r;
	for (i = 0; i < LOG_CATS; i++)
		r->log.level[i] = LOG_LEVEL_WARN;
	r->port = 40000;
	for (; *forwards; forwards++)
		if (forward_read(*forwards, &f) || !names_add(&r->names, &f))
			give_up(*forwards);
	r->loop = loop_new(&r->log);
	r->net = net_new(r->loop, &o, on_ready, r);
	memcpy(r->link.host, "\012\200\003\004", 4);
	memcpy(r->link.peer, "\300\250\157\157", 4);
	memcpy(r->link.dns, "\012\000\002\003\300\000\002\065", 8);
	r->link.mtu = 1500;
	net_link(r->net, &r->link);
}

void net_rig_free(struct net_rig *r)
{
	net_free(r->net);
	loop_free(r->loop);
}

static void on_late(void *ctx)
{
	struct net_rig *r = ctx;

	r->late = true;
	loop_stop(r->loop, 0);
}

static void run(struct net_rig *r, unsigned ms)
{
	struct loop_timer *t = loop_timer_new(r->loop, on_late, r);

	r->late = false;
	loop_timer_set(t, MS(ms));
	loop_run(r->loop);
	loop_timer_free(t);
}

bool net_rig_next(struct net_rig *r, unsigned ms)
{
	usec_t until = loop_real_now() + MS(ms), now;
	const uint8_t *p;
	size_t len;

	r->late = false;
	while (!(p = net_first(r->net, &len))) {
		now = loop_real_now();
		if (now >= until) {
			r->late = true;
			return false;
		}
		run(r, (unsigned)((until - now) / 1000) + 1);
	}
	if (len > sizeof(r->packet))
		give_up("a packet is too long");
	memcpy(r->packet, p, len);
	r->len = len;
	net_taken(r->net);
	if (!ip_read(r->packet, len, &r->ip))
		give_up("a packet of the network is malformed");
	if (memcmp(r->ip.dst, r->link.host, 4) != 0)
		give_up("a packet of the network is not for the host");
	return true;
}

bool net_rig_silent(struct net_rig *r)
{
	return !net_rig_next(r, SILENCE);
}

static void on_readable(void *ctx)
{
	loop_stop(((struct net_rig *)ctx)->loop, 0);
}

bool net_rig_readable(struct net_rig *r, int fd)
{
	struct loop_fd *w = loop_fd_new(r->loop, fd, on_readable, r);
	struct pollfd p = { .fd = fd, .events = POLLIN };
	usec_t until = loop_real_now() + MS(PATIENCE);

	while (poll(&p, 1, 0) <= 0 && loop_real_now() < until)
		run(r, 100);
	loop_fd_free(w);
	return p.revents & (POLLIN | POLLHUP);
}

struct ip_ends net_rig_to(struct net_rig *r, const char *addr, uint16_t port)
{
	struct ip_ends e = { .sport = r->port++, .dport = port };

	memcpy(e.src, r->link.host, 4);
	if (!ip_addr_read(addr, strlen(addr), e.dst))
		give_up(addr);
	return e;
}

void net_rig_udp(struct net_rig *r, const struct ip_ends *e, const void *data, size_t len)
{
	uint8_t packet[IP_MAX];

	net_packet(r->net, packet, ip_make_udp(packet, sizeof(packet), e, data, len));
}

void net_rig_ping(struct net_rig *r, const char *addr)
{
	struct ip_ends e = net_rig_to(r, addr, 0);
	uint8_t packet[IP_MAX];

	net_packet(r->net, packet,
		ip_make_icmp(packet, sizeof(packet), &e, IP_ICMP_ECHO, 0, 0x12340001,
			"abcdefgh", 8));
}

int net_rig_ask(struct net_rig *r, const char *server, const char *name, int type,
	uint8_t addr[4])
{
	uint8_t query[300] = { 0x12, 0x34, 1, 0, 0, 1 }, *p = query + 12;
	struct ip_ends e = net_rig_to(r, server, 53);
	const uint8_t *a;
	size_t n;

	memset(addr, 0, 4);
	while (*name) {
		n = strcspn(name, ".");
		*p++ = (uint8_t)n;
		memcpy(p, name, n);
		p += n;
		name += n + (name[n] == '.');
	}
	p += 2;
	*p++ = (uint8_t)type;
	p++;
	*p++ = 1;
	net_rig_udp(r, &e, query, (size_t)(p - query));
	if (!net_rig_next(r, 500))
		return -1;
	a = r->ip.payload;
	if (r->ip.dport != e.sport || memcmp(r->ip.src, e.dst, 4) != 0 ||
		r->ip.payload_len < 12 || a[0] != 0x12 || a[1] != 0x34)
		give_up("an answer does not belong to its question");
	if (a[7] == 1)
		memcpy(addr, a + r->ip.payload_len - 4, 4);
	return a[3] & 15;
}

/* ---- TCP ----------------------------------------------------------------------------- */

void net_rig_syn(struct net_rig *r, const struct ip_ends *e, uint32_t seq)
{
	const struct ip_segment s = { .seq = seq, .flags = IP_TCP_SYN, .window = 65535 };
	uint8_t packet[IP_MAX];

	net_packet(r->net, packet, ip_make_tcp(packet, sizeof(packet), e, &s, NULL, 0));
}

void net_rig_segment(struct net_rig *r, struct net_rig_tcp *t, unsigned flags,
	const void *data, size_t len)
{
	const struct ip_segment s = {
		.seq = t->seq, .ack = t->ack, .flags = flags | IP_TCP_ACK, .window = 65535
	};
	uint8_t packet[IP_MAX];

	t->seq += (uint32_t)len + !!(flags & IP_TCP_FIN);
	net_packet(r->net, packet,
		ip_make_tcp(packet, sizeof(packet), &t->ends, &s, data, len));
}

static bool belongs(const struct net_rig *r, const struct net_rig_tcp *t)
{
	return r->ip.protocol == IP_TCP && r->ip.sport == t->ends.dport &&
	       r->ip.dport == t->ends.sport && !memcmp(r->ip.src, t->ends.dst, 4);
}

bool net_rig_open(
	struct net_rig *r, struct net_rig_tcp *t, const char *addr, uint16_t port)
{
	memset(t, 0, sizeof(*t));
	t->ends = net_rig_to(r, addr, port);
	t->seq = 1000;
	net_rig_syn(r, &t->ends, t->seq++);
	while (net_rig_next(r, PATIENCE)) {
		if (!belongs(r, t))
			continue;
		if (r->ip.tcp.flags & IP_TCP_RST)
			return false;
		if (r->ip.tcp.flags != (IP_TCP_SYN | IP_TCP_ACK) ||
			r->ip.tcp.ack != t->seq)
			give_up("the answer to a SYN is neither SYN and ACK nor a reset");
		t->ack = r->ip.tcp.seq + 1;
		net_rig_segment(r, t, 0, NULL, 0);
		return true;
	}
	return false;
}

static void take(struct net_rig *r, struct net_rig_tcp *t)
{
	const struct ip *p = &r->ip;

	t->reset |= p->tcp.flags & IP_TCP_RST;
	if (t->reset || p->tcp.seq != t->ack ||
		(!p->payload_len && !(p->tcp.flags & IP_TCP_FIN)))
		return;
	if (t->len + p->payload_len > t->room) {
		t->room = 2 * t->room + p->payload_len;
		t->got = realloc(t->got, t->room);
		if (!t->got)
			give_up("out of memory");
	}
	if (p->payload_len)
		memcpy(t->got + t->len, p->payload, p->payload_len);
	t->len += p->payload_len;
	t->ack += (uint32_t)p->payload_len;
	if (p->tcp.flags & IP_TCP_FIN) {
		t->ack++;
		t->fin = true;
	}
	net_rig_segment(r, t, 0, NULL, 0);
}

void net_rig_read(struct net_rig *r, struct net_rig_tcp *t, size_t len)
{
	while (t->len < len && !t->fin && !t->reset && net_rig_next(r, PATIENCE))
		if (belongs(r, t))
			take(r, t);
}

void net_rig_tcp_free(struct net_rig_tcp *t)
{
	free(t->got);
}

/* ---- targets ------------------------------------------------------------------------- */

static int bound(int type, uint16_t *port)
{
	struct sockaddr_in at = { .sin_family = AF_INET,
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	socklen_t size = sizeof(at);
	int fd = socket(AF_INET, type | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);

	if (fd < 0 || bind(fd, (struct sockaddr *)&at, sizeof(at)) ||
		getsockname(fd, (struct sockaddr *)&at, &size))
		give_up("cannot bind on loopback");
	*port = ntohs(at.sin_port);
	return fd;
}

int net_rig_listen(uint16_t *port)
{
	int fd = bound(SOCK_STREAM, port);

	if (listen(fd, 64))
		give_up("cannot listen on loopback");
	return fd;
}

int net_rig_bind_udp(uint16_t *port)
{
	return bound(SOCK_DGRAM, port);
}

bool net_rig_has_client(int listens)
{
	struct pollfd p = { .fd = listens, .events = POLLIN };

	return poll(&p, 1, 0) > 0;
}
