/* Exercises host/net/peer and host/net/ip4 with a hostile host. The input is a series of
 * packets, each a kind, a length and so many octets: as they are, or the header fields of
 * a packet with right checksums whose numbers follow what the peer has sent last. Each
 * answer must be a whole packet to the host within its MTU, and few may come. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "host/net/ip4.h"
#include "host/net/peer.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define MTU     576
#define ANSWERS 34 /* at most, to one packet */
#define FIELDS  10

static const struct peer_host hosts[] = { { "meter.example", { 10, 0, 2, 100 } } };
static const struct packet_link link_up = { .host = { 10, 128, 3, 4 },
	.peer = { 192, 168, 111, 111 },
	.dns = { { 10, 0, 2, 3 }, { 0 } },
	.mtu = MTU };
static struct peer peer;
static struct ip4 last; /* from the peer */
static size_t answers;

static void check(bool is)
{
	if (!is)
		abort();
}

static void came(void *ctx, const void *packet, size_t len)
{
	uint8_t again[IP4_MAX];
	struct ip4 ip;

	(void)ctx;
	check(len <= MTU && ++answers <= ANSWERS && ip4_read(&ip, packet, len));
	check(!memcmp(ip.dest, link_up.host, sizeof(ip.dest)));
	check(ip4_make(&ip, again) == len && !memcmp(packet, again, len));
	if (ip.protocol == IP4_TCP)
		last = ip;
}

/* A packet with right checksums from a few octets and the rest as data. */
static size_t make(const uint8_t *p, size_t len, uint8_t out[IP4_MAX])
{
	static const enum ip4_protocol protocols[] = { IP4_TCP, IP4_TCP, IP4_UDP,
		IP4_ICMP };
	static const uint16_t ports[] = { 7, 9, 53, 80 };
	struct ip4 ip = { .source = { 10, 128, 3, 4 },
		.dest = { 10, 0, 2, 2 },
		.protocol = protocols[p[0] & 3],
		.type = ICMP_ECHO_REQUEST,
		.source_port = (uint16_t)(1024 + (p[1] & 15)),
		.dest_port = ports[p[1] >> 4 & 3],
		.flags = p[2],
		.seq = last.ack + (uint32_t)(int8_t)p[3],
		.ack = last.seq + (uint32_t)last.len + (uint32_t)(int8_t)p[4],
		.window = (uint16_t)(p[5] << 8 | p[6]),
		.mss = p[2] & TCP_SYN ? (uint16_t)(p[7] << 8 | p[8]) : 0,
		.data = p + FIELDS,
		.len = len - FIELDS };

	ip.dest[3] = p[9] & 1 ? 3 : 2;
	return ip4_make(&ip, out);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	uint8_t packet[IP4_MAX];
	size_t len;

	peer_init(&peer, hosts, 1, came, NULL);
	peer_link(&peer, &link_up);
	last = (struct ip4){ .len = 0 };
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
