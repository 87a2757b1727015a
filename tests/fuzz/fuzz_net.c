/* Exercises host/net with packets that a hostile host may send: octets as they are, or
 * datagrams, segments, echoes and questions with valid checksums. Nothing of them reaches
 * libslirp (here a stand-in) but segments for a named port; nothing comes back that is not
 * a packet for the host. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "codec/ip.h"
#include "host/loop.h"
#include "host/net/net.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const uint8_t guest[4] = { 10, 128, 3, 4 };

static const uint8_t places[][4] = { { 10, 0, 2, 100 }, /* named */
	{ 10, 0, 2, 3 }, { 10, 0, 2, 2 }, { 192, 0, 2, 53 }, { 127, 0, 0, 1 },
	{ 0, 0, 0, 0 }, { 192, 0, 2, 7 }, /* named, by its address */
	{ 8, 8, 8, 8 } };

static void check(bool is)
{
	if (!is)
		abort();
}

static struct slirp *open_(const struct slirp_setup *setup, char *why, size_t size)
{
	(void)why;
	(void)size;
	check(!setup->internet && setup->doors == 2);
	return (struct slirp *)&guest;
}

static void close_(struct slirp *s)
{
	(void)s;
}

static void input(struct slirp *s, const void *packet, size_t len)
{
	struct ip p;

	(void)s;
	check(ip_read(packet, len, &p));
	check(p.protocol == IP_TCP && !p.fragment);
	check(!memcmp(p.src, guest, 4));
	check(!memcmp(p.dst, "\012\000\002", 3));
	check((p.dst[3] == 100 && p.dport == 80) || (p.dst[3] == 101 && p.dport == 502));
}

static int fd(const struct slirp *s)
{
	(void)s;
	return 0;
}

static usec_t wait_(const struct slirp *s)
{
	(void)s;
	return USEC_NEVER;
}

static const struct slirp_ops ops = { open_, close_, input, fd, close_, wait_ };

static const struct slirp_ops *find(char *why, size_t size)
{
	(void)why;
	(void)size;
	return &ops;
}

static void ready(void *ctx)
{
	(void)ctx;
}

static struct net *begin(struct loop *l, struct names *names, const struct log *log)
{
	struct net_options o = { .names = names, .slirp = find, .log = log };
	struct packet_link link = { .mtu = 1500 };
	struct forward f;
	struct net *n;

	/* port 9 of loopback is closed */
	forward_read("tcp:plc:80=127.0.0.1:9", &f);
	names_add(names, &f);
	forward_read("tcp:192.0.2.7:502=127.0.0.1:9", &f);
	names_add(names, &f);
	forward_read("udp:plc:7=127.0.0.1:9", &f);
	names_add(names, &f);
	n = net_new(l, &o, ready, NULL);
	memcpy(link.host, guest, 4);
	memcpy(link.dns, "\012\000\002\003\300\000\002\065", 8);
	net_link(n, &link);
	return n;
}

static size_t make(const uint8_t *d, size_t len, uint8_t packet[IP_MAX])
{
	struct ip_ends e = { .sport = d[1], .dport = d[2] };
	const struct ip_segment s = {
		.seq = d[4], .ack = d[3], .flags = d[4], .window = 9
	};

	memcpy(e.src, guest, 4);
	memcpy(e.dst, places[d[3] % (sizeof(places) / sizeof(places[0]))], 4);
	if (e.dport == 81)
		e.dport = 502;
	switch (d[0] & 3) {
	case 0:
		return ip_make_udp(packet, IP_MAX, &e, d + 5, len - 5);
	case 1:
		return ip_make_tcp(packet, IP_MAX, &e, &s, d + 5, len - 5);
	case 2:
		return ip_make_icmp(
			packet, IP_MAX, &e, d[1] & 15, d[2], 1, d + 5, len - 5);
	default:
		memcpy(packet, d + 1, len - 1);
		return len - 1;
	}
}

static void drain(struct net *n)
{
	const uint8_t *p;
	struct ip ip;
	size_t len;

	while ((p = net_first(n, &len))) {
		check(ip_read(p, len, &ip) && !memcmp(ip.dst, guest, 4));
		net_taken(n);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const struct log quiet;
	static struct loop *l;
	static struct names names;
	uint8_t packet[IP_MAX];
	struct net *n;
	size_t len;

	if (!l)
		l = loop_new(&quiet);
	memset(&names, 0, sizeof(names));
	n = begin(l, &names, &quiet);
	for (; size > 6; data += len, size -= len) {
		len = 6 + *data++;
		size--;
		if (len > size)
			len = size;
		if (len < 6)
			break;
		net_packet(n, packet, make(data, len, packet));
		drain(n);
	}
	net_free(n);
	return 0;
}
