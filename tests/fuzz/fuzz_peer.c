/* Exercises host/net/peer with a hostile host. The input is a series of
 * packets, each a kind, a length and so many octets: as they are, or the header fields of
 * a packet with right checksums whose numbers follow what the peer has sent last. Each
 * answer must be a whole packet to the host within its MTU, and few may come. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "codec/ip.h"
#include "host/net/peer.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define MTU     576
#define ANSWERS 34 /* at most, to one packet */
#define FIELDS  8

static const struct peer_host hosts[] = { { "meter.example", { 10, 0, 2, 100 } } };
static const struct packet_link link_up = { .host = { 10, 128, 3, 4 },
	.peer = { 192, 168, 111, 111 },
	.dns = { { 10, 0, 2, 3 }, { 0 } },
	.mtu = MTU };
static struct peer peer;
static struct ip_segment last; /* of the peer; seq is after it */
static size_t answers;

static void check(bool is)
{
	if (!is)
		abort();
}

static void came(void *ctx, const void *packet, size_t len)
{
	struct ip ip;

	(void)ctx;
	check(len <= MTU && ++answers <= ANSWERS && ip_read(packet, len, &ip));
	check(!memcmp(ip.dst, link_up.host, 4) && !ip.fragment);
	if (ip.protocol == IP_TCP)
		last = (struct ip_segment){ .seq = ip.tcp.seq + (uint32_t)ip.payload_len,
			.ack = ip.tcp.ack };
}

/* A packet with right checksums from a few octets and the rest as data. */
static size_t make(const uint8_t *p, size_t len, uint8_t out[IP_MAX])
{
	static const uint16_t ports[] = { 7, 9, 53, 80 };
	const struct ip_ends e = { { 10, 128, 3, 4 }, { 10, 0, 2, p[7] & 1 ? 3 : 2 },
		(uint16_t)(1024 + (p[1] & 15)), ports[p[1] >> 4 & 3] };
	const struct ip_segment s = { .seq = last.ack + (uint32_t)(int8_t)p[3],
		.ack = last.seq + (uint32_t)(int8_t)p[4],
		.flags = p[2],
		.window = (uint16_t)(p[5] << 8 | p[6]) };
	const uint8_t *data = p + FIELDS;

	len -= FIELDS;
	switch (p[0] & 3) {
	case 2:
		return ip_make_udp(out, IP_MAX, &e, data, len);
	case 3:
		return ip_make_icmp(out, IP_MAX, &e, IP_ICMP_ECHO, 0, 1, data, len);
	default:
		return ip_make_tcp(out, IP_MAX, &e, &s, data, len);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	uint8_t packet[IP_MAX];
	size_t len;

	peer_init(&peer, hosts, 1, came, NULL);
	peer_link(&peer, &link_up);
	last = (struct ip_segment){ .seq = 0 };
	while (size >= 3) {
		len = (size_t)data[1] << 8 | data[2];
		len = len < size - 3 ? len : size - 3;
		answers = 0;
		if (data[0] & 1 && len >= FIELDS)
			peer_packet(&peer, packet, make(data + 3, len, packet));
		else
			peer_packet(&peer, data + 3, len);
		if (data[0] == 0xff)
			peer_link(&peer, data[0] & 2 ? &link_up : NULL);
		data += 3 + len;
		size -= 3 + len;
	}
	return 0;
}
