/* What programs of a host do over an IP link, one thing at a time: ping, a question to
 * DNS, a TCP connection. Packets go in and out; no I/O and no clock. Nothing is sent
 * twice: the link loses nothing. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "codec/ip.h"

enum ppp_client_state {
	PPP_CLIENT_IDLE,
	PPP_CLIENT_WAITS, /* for an answer */
	PPP_CLIENT_DONE,
	PPP_CLIENT_FAILED, /* what went wrong is in `why` */
};

enum ppp_client_tcp {
	PPP_CLIENT_OPENING,
	PPP_CLIENT_OPEN,
	PPP_CLIENT_ENDING, /* FIN is sent */
};

struct ppp_client {
	uint8_t address[4]; /* its own */
	void (*send)(void *ctx, const void *packet, size_t len);
	void *ctx;
	enum ppp_client_state state;
	enum ip_protocol protocol; /* of what it does now */
	uint8_t to[4];
	uint16_t port; /* at `to` */
	uint16_t id;   /* counts what it has done: identifier, own port */
	char why[80];
	/* ping and DNS */
	uint8_t found[4]; /* the address */
	/* TCP */
	enum ppp_client_tcp tcp;
	uint32_t next, limit, expected; /* as in struct peer_connection */
	const uint8_t *out;             /* the caller's */
	size_t len, sent;
	size_t want; /* ends the connection after so many octets; 0: the other side does */
	struct buf *in;
	bool other_done; /* the FIN of the other side has come */
};

/* Each of these drops what was not finished, and sends its first packet. */
void ppp_client_ping(struct ppp_client *c, const uint8_t to[4], size_t len);

/* Failed: there is no such name, or it has no address. */
void ppp_client_resolve(struct ppp_client *c, const uint8_t server[4], const char *name);

/* Sends len octets of out and puts what comes into `in`, both the caller's until the
 * state is no longer PPP_CLIENT_WAITS. */
void ppp_client_connect(struct ppp_client *c, const uint8_t to[4], uint16_t port,
	const void *out, size_t len, struct buf *in, size_t want);

/* A packet has come. */
void ppp_client_packet(struct ppp_client *c, const void *packet, size_t len);
