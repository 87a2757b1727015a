/* A small network in memory, for virtual time: it answers ping, TCP and UDP echo (RFC
 * 862), discards (RFC 863), serves one text by HTTP, and resolves names by DNS. Pure, and
 * the same packets always get the same answers. Nothing is sent twice: the link loses
 * nothing.
 *
 * It takes the place of what is reached through libslirp in real time, and has the same
 * addresses: 10.0.2.2 the gateway, 10.0.2.3 the name server. All else is silent. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "modem.h"

#define PEER_CONNECTIONS 8
#define PEER_BUFFER      2048 /* octets that wait in one direction, for each of them */
#define PEER_NAME        "peer.test" /* always resolves, to the gateway */

struct peer_host {
	const char *name;
	uint8_t address[4];
};

enum peer_state {
	PEER_FREE,
	PEER_OPENING, /* SYN and ACK are sent */
	PEER_OPEN,
	PEER_ENDING, /* FIN is sent */
	PEER_STATES,
};

struct peer_service;

struct peer_connection {
	enum peer_state state;
	uint8_t local[4];
	uint16_t host_port;
	const struct peer_service *service;
	uint32_t next;     /* sequence number to send next */
	uint32_t limit;    /* ... must stay below this: the host's window */
	uint32_t expected; /* sequence number of the host's next octet */
	bool finish;       /* FIN follows the last octet of `out` */
	bool host_done;    /* the host's FIN has come */
	uint8_t matched;   /* octets of the end of an HTTP head */
	uint8_t out[PEER_BUFFER];
	size_t len;
};

struct peer {
	struct packet_link link;
	bool up;
	uint32_t isn;
	struct peer_connection connection[PEER_CONNECTIONS];
	const struct peer_host *hosts;
	size_t n_hosts;
	/* Sends the host a packet; it is only valid during the call. */
	void (*send)(void *ctx, const void *packet, size_t len);
	void *ctx;
};

/* hosts must outlive the peer; names compare without case. */
void peer_init(struct peer *p, const struct peer_host *hosts, size_t n_hosts,
	void (*send)(void *ctx, const void *packet, size_t len), void *ctx);

/* The link is up, or (NULL) down; either way all connections are forgotten. */
void peer_link(struct peer *p, const struct packet_link *link);

/* A packet of the host: whatever it holds, at most 34 packets follow by send(). */
void peer_packet(struct peer *p, const void *packet, size_t len);

/* What HTTP serves, for every path. */
extern const char peer_page[];
