#include "host/net/ip4.h"

#include <stdio.h>
#include <string.h>

#define HEADER       20 /* of IP, without options; as long as that of TCP */
#define TTL          64
#define SHORT_HEADER 8 /* of ICMP and UDP */
#define MSS_OPTION   2
#define MSS_LEN      4

static unsigned get16(const uint8_t *p)
{
	return (unsigned)p[0] << 8 | p[1];
}

static uint32_t get32(const uint8_t *p)
{
	return (uint32_t)get16(p) << 16 | get16(p + 2);
}

static void put16(uint8_t *p, unsigned value)
{
	p[0] = (uint8_t)(value >> 8);
	p[1] = (uint8_t)value;
}

static void put32(uint8_t *p, uint32_t value)
{
	put16(p, value >> 16);
	put16(p + 2, value & 0xffff);
}

/* ---- checksums (RFC 1071) -------------------------------------------------------- */

static uint32_t add(uint32_t sum, const uint8_t *p, size_t len)
{
	size_t i;

	for (i = 0; i + 1 < len; i += 2)
		sum += get16(p + i);
	return len % 2 ? sum + ((uint32_t)p[len - 1] << 8) : sum;
}

static unsigned fold(uint32_t sum)
{
	while (sum >> 16)
		sum = (sum & 0xffff) + (sum >> 16);
	return ~sum & 0xffff;
}

/* That of a transport header and its data; UDP and TCP include the addresses. */
static unsigned transport_sum(
	const uint8_t *addresses, unsigned protocol, const uint8_t *p, size_t len)
{
	uint32_t sum = add(0, p, len);

	if (protocol != IP4_ICMP)
		sum = add(sum, addresses, 8) + protocol + (uint32_t)len;
	return fold(sum);
}

/* ---- reading --------------------------------------------------------------------- */

static void read_mss(struct ip4 *out, const uint8_t *p, const uint8_t *end)
{
	while (p < end && *p) {
		if (*p == 1) { /* no operation */
			p++;
			continue;
		}
		if (end - p < 2 || p[1] < 2 || p[1] > end - p)
			return;
		if (p[0] == MSS_OPTION && p[1] == MSS_LEN)
			out->mss = (uint16_t)get16(p + 2);
		p += p[1];
	}
}

static size_t read_tcp(struct ip4 *out, const uint8_t *p, size_t len)
{
	size_t header = len < HEADER ? 0 : (size_t)(p[12] >> 4) * 4;

	if (header < HEADER || header > len)
		return 0;
	out->source_port = (uint16_t)get16(p);
	out->dest_port = (uint16_t)get16(p + 2);
	out->seq = get32(p + 4);
	out->ack = get32(p + 8);
	out->flags = p[13];
	out->window = (uint16_t)get16(p + 14);
	read_mss(out, p + HEADER, p + header);
	return header;
}

/* Reads the transport header; returns its length, 0 if it is wrong. *len may shrink. */
static size_t read_transport(struct ip4 *out, const uint8_t *p, size_t *len)
{
	switch (out->protocol) {
	case IP4_TCP:
		return read_tcp(out, p, *len);
	case IP4_ICMP:
		if (*len < SHORT_HEADER)
			return 0;
		out->type = p[0];
		out->code = p[1];
		out->rest = get32(p + 4);
		return SHORT_HEADER;
	case IP4_UDP:
		if (*len < SHORT_HEADER || get16(p + 4) < SHORT_HEADER ||
			get16(p + 4) > *len)
			return 0;
		*len = get16(p + 4);
		out->source_port = (uint16_t)get16(p);
		out->dest_port = (uint16_t)get16(p + 2);
		return SHORT_HEADER;
	}
	return 0; /* another protocol */
}

bool ip4_read(struct ip4 *out, const void *packet, size_t len)
{
	const uint8_t *p = packet;
	size_t header, total, used;
	bool unsummed;

	*out = (struct ip4){ .len = 0 };
	if (len < HEADER || p[0] >> 4 != 4)
		return false;
	header = (size_t)(p[0] & 0xf) * 4;
	total = get16(p + 2);
	if (header < HEADER || total < header || total > len || total > IP4_MAX ||
		fold(add(0, p, header)) || get16(p + 6) & 0x3fff)
		return false;
	memcpy(out->source, p + 12, 4);
	memcpy(out->dest, p + 16, 4);
	out->protocol = (enum ip4_protocol)p[9];
	total -= header;
	used = read_transport(out, p + header, &total);
	if (!used)
		return false;
	out->data = p + header + used;
	out->len = total - used;
	unsummed = out->protocol == IP4_UDP && !get16(p + header + 6);
	return unsummed || !transport_sum(p + 12, p[9], p + header, total);
}

/* ---- making ---------------------------------------------------------------------- */

/* Writes the transport header; returns where its checksum is. */
static size_t make_transport(const struct ip4 *ip, uint8_t *p, size_t header)
{
	if (ip->protocol == IP4_ICMP) {
		p[0] = ip->type;
		p[1] = ip->code;
		put32(p + 4, ip->rest);
		return 2;
	}
	put16(p, ip->source_port);
	put16(p + 2, ip->dest_port);
	if (ip->protocol == IP4_UDP) {
		put16(p + 4, (unsigned)(header + ip->len));
		return 6;
	}
	put32(p + 4, ip->seq);
	put32(p + 8, ip->ack);
	p[12] = (uint8_t)(header / 4 << 4);
	p[13] = ip->flags;
	put16(p + 14, ip->window);
	if (header > HEADER) {
		p[HEADER] = MSS_OPTION;
		p[HEADER + 1] = MSS_LEN;
		put16(p + HEADER + 2, ip->mss);
	}
	return 16;
}

size_t ip4_make(const struct ip4 *ip, uint8_t out[IP4_MAX])
{
	size_t header = ip->protocol == IP4_TCP ? HEADER + (ip->mss ? MSS_LEN : 0)
						: SHORT_HEADER;
	size_t total = HEADER + header + ip->len, at;
	unsigned sum;

	if (ip->len > IP4_MAX || total > IP4_MAX)
		return 0;
	memset(out, 0, HEADER + header);
	out[0] = 4 << 4 | HEADER / 4;
	put16(out + 2, (unsigned)total);
	out[8] = TTL;
	out[9] = (uint8_t)ip->protocol;
	memcpy(out + 12, ip->source, 4);
	memcpy(out + 16, ip->dest, 4);
	put16(out + 10, fold(add(0, out, HEADER)));
	at = HEADER + make_transport(ip, out + HEADER, header);
	if (ip->len)
		memcpy(out + HEADER + header, ip->data, ip->len);
	sum = transport_sum(out + 12, out[9], out + HEADER, header + ip->len);
	/* in UDP zero means that there is none */
	put16(out + at, ip->protocol == IP4_UDP && !sum ? 0xffff : sum);
	return total;
}

/* ---- addresses ------------------------------------------------------------------- */

bool ip4_address(const char *text, uint8_t out[4])
{
	uint8_t address[4];
	int i;

	for (i = 0; i < 4; i++) {
		unsigned value = 0, digits = 0;

		for (; *text >= '0' && *text <= '9' && digits < 3; text++, digits++)
			value = 10 * value + (unsigned)(*text - '0');
		if (!digits || value > 255 || *text != (i < 3 ? '.' : '\0'))
			return false;
		address[i] = (uint8_t)value;
		text += i < 3;
	}
	memcpy(out, address, sizeof(address));
	return true;
}

const char *ip4_text(const uint8_t address[4], char out[IP4_TEXT])
{
	snprintf(out, IP4_TEXT, "%u.%u.%u.%u", address[0], address[1], address[2],
		address[3]);
	return out;
}
