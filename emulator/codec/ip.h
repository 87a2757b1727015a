/* IPv4 packets and what they carry: reading with every length and checksum checked, and
 * making them (RFC 791, 768, 792, 9293). Addresses are 4 octets in network order; ports
 * and numbers are in the machine's. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define IP_HEADER    20 /* without options, as the functions below make it */
#define IP_MAX       1500
#define IP_ADDR_TEXT 16 /* "255.255.255.255" and a zero */

enum ip_protocol {
	IP_ICMP = 1,
	IP_TCP = 6,
	IP_UDP = 17,
};

enum ip_icmp {
	IP_ICMP_ECHO_REPLY = 0,
	IP_ICMP_UNREACHABLE = 3,
	IP_ICMP_ECHO = 8,
};

enum ip_tcp_flags {
	IP_TCP_FIN = 1,
	IP_TCP_SYN = 2,
	IP_TCP_RST = 4,
	IP_TCP_PSH = 8,
	IP_TCP_ACK = 16,
};

/* A packet that was read; pointers are into it. */
struct ip {
	const uint8_t *src, *dst;
	int protocol;
	bool fragment; /* a part of a packet: data is not what the protocol says */
	bool options;
	const uint8_t *data; /* after the header */
	size_t len;
	/* of TCP and UDP; of ICMP echo the identifier is both ports */
	uint16_t sport, dport;
	struct {
		uint32_t seq, ack;
		uint16_t window;
		unsigned flags;
	} tcp;
	struct {
		int type, code;
	} icmp;
	const uint8_t *payload; /* of TCP, UDP and ICMP: after their header too */
	size_t payload_len;
};

/* Reads a packet. False if it is not one whole IPv4 packet, or what it carries (unless it
 * is a fragment, or of another protocol) is shorter than it says or has a wrong checksum.
 * Octets after its total length are left alone. */
bool ip_read(const void *packet, size_t len, struct ip *out);

/* Which two ends a packet to be made has. */
struct ip_ends {
	uint8_t src[4], dst[4];
	uint16_t sport, dport;
};

/* The ends of the answer to a packet. */
struct ip_ends ip_back(const struct ip *p);

/* Each makes a packet of at most `room` octets and returns its length; 0 if there is no
 * room. data may be NULL if len is 0. */
size_t ip_make_udp(
	void *out, size_t room, const struct ip_ends *e, const void *data, size_t len);
struct ip_segment {
	uint32_t seq, ack;
	unsigned flags;
	uint16_t window;
};
size_t ip_make_tcp(void *out, size_t room, const struct ip_ends *e,
	const struct ip_segment *s, const void *data, size_t len);
/* rest: the second word of the header: identifier and number of an echo. */
size_t ip_make_icmp(void *out, size_t room, const struct ip_ends *e, int type, int code,
	uint32_t rest, const void *data, size_t len);

/* The reset with which a closed port answers a segment (RFC 9293 3.10.7.1); 0 for one that
 * gets none, because it is a reset itself. */
size_t ip_make_reset(void *out, size_t room, const struct ip *p);

/* The answer to an echo request; 0 if it is not one. */
size_t ip_make_echo_reply(void *out, size_t room, const struct ip *p);

/* Writes another source (or destination) into a packet that ip_read() has read, and
 * adjusts its checksums. */
void ip_readdress(void *packet, size_t len, bool source, const uint8_t addr[4]);

/* "10.0.2.2" and back. False if it is not four numbers of 0 to 255 without leading zeros.
 */
bool ip_addr_read(const char *text, size_t len, uint8_t out[4]);
const char *ip_addr_text(const uint8_t addr[4], char mem[IP_ADDR_TEXT]);
