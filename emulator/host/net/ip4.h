/* IPv4 (RFC 791) with ICMP (RFC 792), UDP (RFC 768) and TCP (RFC 9293): one packet taken
 * apart or put together. Pure. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define IP4_MAX        1500 /* octets of a packet; longer ones are not read or made */
#define IP4_UDP_HEADER 28   /* octets before the data, without options */
#define IP4_TCP_HEADER 40

enum ip4_protocol {
	IP4_ICMP = 1,
	IP4_TCP = 6,
	IP4_UDP = 17,
};

enum {
	ICMP_ECHO_REPLY = 0,
	ICMP_ECHO_REQUEST = 8,
};

enum tcp_flag {
	TCP_FIN = 1,
	TCP_SYN = 2,
	TCP_RST = 4,
	TCP_PSH = 8,
	TCP_ACK = 16,
};

struct ip4 {
	uint8_t source[4], dest[4];
	enum ip4_protocol protocol;
	uint8_t type, code;              /* ICMP */
	uint32_t rest;                   /* ICMP: identifier and sequence number */
	uint16_t source_port, dest_port; /* TCP, UDP */
	uint32_t seq, ack;               /* TCP ... */
	uint8_t flags;
	uint16_t window;
	uint16_t mss;        /* of a SYN; 0: not said */
	const uint8_t *data; /* after all headers; ip4_read(): within the packet */
	size_t len;
};

/* Takes a packet apart. False unless it is whole, not a fragment, one of the three
 * protocols, and all its lengths and checksums are right. Octets after its end are
 * ignored, and so are options but for the MSS. */
bool ip4_read(struct ip4 *out, const void *packet, size_t len);

/* Puts a packet together; returns its length, 0 if it would be longer than IP4_MAX. */
size_t ip4_make(const struct ip4 *ip, uint8_t out[IP4_MAX]);

/* An address as text, dotted; false if it is not one. Writes need IP4_TEXT. */
#define IP4_TEXT 16
bool ip4_address(const char *text, uint8_t out[4]);
const char *ip4_text(const uint8_t address[4], char out[IP4_TEXT]);
