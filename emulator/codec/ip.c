#include "codec/ip.h"

#include <stdio.h>
#include <string.h>

#define TTL 64

#define UDP_HEADER  8
#define TCP_HEADER  20
#define ICMP_HEADER 8

static uint16_t get16(const uint8_t *p)
{
	return (uint16_t)(p[0] << 8 | p[1]);
}

static uint32_t get32(const uint8_t *p)
{
	return (uint32_t)get16(p) << 16 | get16(p + 2);
}

static void put16(uint8_t *p, unsigned n)
{
	p[0] = (uint8_t)(n >> 8);
	p[1] = (uint8_t)n;
}

static void put32(uint8_t *p, uint32_t n)
{
	put16(p, n >> 16);
	put16(p + 2, n & 0xffff);
}

/* ---- checksums (RFC 1071) ----------------------------------------------------------- */

static uint32_t add(uint32_t sum, const uint8_t *p, size_t len)
{
	size_t i;

	for (i = 0; i + 1 < len; i += 2)
		sum += get16(p + i);
	if (i < len)
		sum += (uint32_t)p[i] << 8;
	return sum;
}

static uint16_t fold(uint32_t sum)
{
	while (sum >> 16)
		sum = (sum & 0xffff) + (sum >> 16);
	return (uint16_t)sum;
}

/* Of what a packet carries, with the pseudo header of TCP and UDP; 0xffff when it is right
 * with its checksum in place. */
static uint16_t carried(const uint8_t *src, const uint8_t *dst, int protocol,
	const uint8_t *p, size_t len)
{
	uint32_t sum = 0;

	if (protocol != IP_ICMP) {
		sum = add(sum, src, 4);
		sum = add(sum, dst, 4);
		sum += (uint32_t)protocol + (uint32_t)len;
	}
	return fold(add(sum, p, len));
}

/* ---- reading ------------------------------------------------------------------------ */

static bool read_udp(struct ip *p)
{
	size_t len;

	if (p->len < UDP_HEADER)
		return false;
	len = get16(p->data + 4);
	if (len < UDP_HEADER || len > p->len)
		return false;
	/* 0: none was made */
	if (get16(p->data + 6) && carried(p->src, p->dst, IP_UDP, p->data, len) != 0xffff)
		return false;
	p->sport = get16(p->data);
	p->dport = get16(p->data + 2);
	p->payload = p->data + UDP_HEADER;
	p->payload_len = len - UDP_HEADER;
	return true;
}

static bool read_tcp(struct ip *p)
{
	const uint8_t *d = p->data;
	size_t header;

	if (p->len < TCP_HEADER)
		return false;
	header = 4u * (d[12] >> 4);
	if (header < TCP_HEADER || header > p->len ||
		carried(p->src, p->dst, IP_TCP, d, p->len) != 0xffff)
		return false;
	p->sport = get16(d);
	p->dport = get16(d + 2);
	p->tcp.seq = get32(d + 4);
	p->tcp.ack = get32(d + 8);
	p->tcp.flags = d[13];
	p->tcp.window = get16(d + 14);
	p->payload = d + header;
	p->payload_len = p->len - header;
	return true;
}

static bool read_icmp(struct ip *p)
{
	if (p->len < ICMP_HEADER ||
		carried(NULL, NULL, IP_ICMP, p->data, p->len) != 0xffff)
		return false;
	p->icmp.type = p->data[0];
	p->icmp.code = p->data[1];
	p->sport = p->dport = get16(p->data + 4);
	p->payload = p->data + ICMP_HEADER;
	p->payload_len = p->len - ICMP_HEADER;
	return true;
}

bool ip_read(const void *packet, size_t len, struct ip *out)
{
	const uint8_t *p = packet;
	size_t header, total;

	*out = (struct ip){ .src = NULL };
	if (len < IP_HEADER || p[0] >> 4 != 4)
		return false;
	header = 4u * (p[0] & 15);
	total = get16(p + 2);
	if (header < IP_HEADER || total < header || total > len ||
		fold(add(0, p, header)) != 0xffff)
		return false;
	out->src = p + 12;
	out->dst = p + 16;
	out->protocol = p[9];
	out->fragment = get16(p + 6) & 0x3fff; /* more fragments, or an offset */
	out->options = header > IP_HEADER;
	out->data = p + header;
	out->len = total - header;
	if (out->fragment)
		return true;
	switch (out->protocol) {
	case IP_UDP:
		return read_udp(out);
	case IP_TCP:
		return read_tcp(out);
	case IP_ICMP:
		return read_icmp(out);
	default:
		return true;
	}
}

/* ---- making ------------------------------------------------------------------------- */

struct ip_ends ip_back(const struct ip *p)
{
	struct ip_ends e = { .sport = p->dport, .dport = p->sport };

	memcpy(e.src, p->dst, 4);
	memcpy(e.dst, p->src, 4);
	return e;
}

/* The header before `len` octets; NULL if there is no room. */
static uint8_t *begin(
	void *out, size_t room, const struct ip_ends *e, int protocol, size_t len)
{
	uint8_t *p = out;
	size_t total = IP_HEADER + len;

	if (total > room || total > 0xffff)
		return NULL;
	memset(p, 0, IP_HEADER);
	p[0] = 0x45;
	put16(p + 2, (unsigned)total);
	p[6] = 0x40; /* never a fragment: needs no identification (RFC 6864) */
	p[8] = TTL;
	p[9] = (uint8_t)protocol;
	memcpy(p + 12, e->src, 4);
	memcpy(p + 16, e->dst, 4);
	put16(p + 10, (uint16_t)~fold(add(0, p, IP_HEADER)));
	return p + IP_HEADER;
}

static void copy(uint8_t *to, const void *data, size_t len)
{
	if (len)
		memcpy(to, data, len);
}

size_t ip_make_udp(
	void *out, size_t room, const struct ip_ends *e, const void *data, size_t len)
{
	uint8_t *p = begin(out, room, e, IP_UDP, UDP_HEADER + len);
	unsigned sum;

	if (!p)
		return 0;
	put16(p, e->sport);
	put16(p + 2, e->dport);
	put16(p + 4, (unsigned)(UDP_HEADER + len));
	put16(p + 6, 0);
	copy(p + UDP_HEADER, data, len);
	sum = (uint16_t)~carried(e->src, e->dst, IP_UDP, p, UDP_HEADER + len);
	put16(p + 6, sum ? sum : 0xffff);
	return IP_HEADER + UDP_HEADER + len;
}

size_t ip_make_tcp(void *out, size_t room, const struct ip_ends *e,
	const struct ip_segment *s, const void *data, size_t len)
{
	uint8_t *p = begin(out, room, e, IP_TCP, TCP_HEADER + len);

	if (!p)
		return 0;
	memset(p, 0, TCP_HEADER);
	put16(p, e->sport);
	put16(p + 2, e->dport);
	put32(p + 4, s->seq);
	put32(p + 8, s->ack);
	p[12] = TCP_HEADER / 4 << 4;
	p[13] = (uint8_t)s->flags;
	put16(p + 14, s->window);
	copy(p + TCP_HEADER, data, len);
	put16(p + 16, (uint16_t)~carried(e->src, e->dst, IP_TCP, p, TCP_HEADER + len));
	return IP_HEADER + TCP_HEADER + len;
}

size_t ip_make_icmp(void *out, size_t room, const struct ip_ends *e, int type, int code,
	uint32_t rest, const void *data, size_t len)
{
	uint8_t *p = begin(out, room, e, IP_ICMP, ICMP_HEADER + len);

	if (!p)
		return 0;
	p[0] = (uint8_t)type;
	p[1] = (uint8_t)code;
	put16(p + 2, 0);
	put32(p + 4, rest);
	copy(p + ICMP_HEADER, data, len);
	put16(p + 2, (uint16_t)~carried(NULL, NULL, IP_ICMP, p, ICMP_HEADER + len));
	return IP_HEADER + ICMP_HEADER + len;
}

size_t ip_make_reset(void *out, size_t room, const struct ip *p)
{
	const struct ip_ends e = ip_back(p);
	struct ip_segment s = { .flags = IP_TCP_RST };
	unsigned flags = p->tcp.flags;

	if (p->protocol != IP_TCP || p->fragment || flags & IP_TCP_RST)
		return 0;
	if (flags & IP_TCP_ACK) {
		s.seq = p->tcp.ack;
	} else {
		s.flags |= IP_TCP_ACK;
		s.ack = p->tcp.seq + (uint32_t)p->payload_len + !!(flags & IP_TCP_SYN) +
			!!(flags & IP_TCP_FIN);
	}
	return ip_make_tcp(out, room, &e, &s, NULL, 0);
}

size_t ip_make_echo_reply(void *out, size_t room, const struct ip *p)
{
	const struct ip_ends e = ip_back(p);

	if (p->protocol != IP_ICMP || p->fragment || p->icmp.type != IP_ICMP_ECHO)
		return 0;
	return ip_make_icmp(out, room, &e, IP_ICMP_ECHO_REPLY, 0, get32(p->data + 4),
		p->payload, p->payload_len);
}

/* Where the checksum of what the packet carries stands, if it covers the addresses. */
static uint8_t *covered(uint8_t *data, int protocol)
{
	if (protocol == IP_TCP)
		return data + 16;
	/* one of 0 was not made */
	return protocol == IP_UDP && get16(data + 6) ? data + 6 : NULL;
}

/* RFC 1624: the new checksum after 4 octets have changed. */
static void adjust(uint8_t *sum, const uint8_t was[4], const uint8_t is[4])
{
	uint32_t n = (uint16_t)~get16(sum);
	unsigned i;

	for (i = 0; i < 4; i += 2)
		n += (uint16_t)~get16(was + i) + (uint32_t)get16(is + i);
	put16(sum, (uint16_t)~fold(n));
}

void ip_readdress(void *packet, size_t len, bool source, const uint8_t addr[4])
{
	uint8_t *p = packet, *at = p + (source ? 12 : 16), *sum;
	struct ip ip;

	if (!ip_read(packet, len, &ip))
		return;
	sum = ip.fragment ? NULL : covered(p + (ip.data - p), ip.protocol);
	adjust(p + 10, at, addr);
	if (sum)
		adjust(sum, at, addr);
	if (sum && ip.protocol == IP_UDP && !get16(sum))
		put16(sum, 0xffff);
	memcpy(at, addr, 4);
}

/* ---- addresses ---------------------------------------------------------------------- */

bool ip_addr_read(const char *text, size_t len, uint8_t out[4])
{
	size_t i, at = 0;
	unsigned n, digits;

	for (i = 0; i < 4; i++) {
		if (i && (at == len || text[at++] != '.'))
			return false;
		for (n = digits = 0;
			at < len && text[at] >= '0' && text[at] <= '9' && digits < 4;
			digits++)
			n = 10 * n + (unsigned)(text[at++] - '0');
		if (!digits || n > 255 || (digits > 1 && text[at - digits] == '0'))
			return false;
		out[i] = (uint8_t)n;
	}
	return at == len;
}

const char *ip_addr_text(const uint8_t addr[4], char mem[IP_ADDR_TEXT])
{
	snprintf(mem, IP_ADDR_TEXT, "%u.%u.%u.%u", addr[0], addr[1], addr[2], addr[3]);
	return mem;
}
