/* The sockets of WIPsoft as sockets of this process: UDP, TCP, servers; and its sessions,
 * which sessions.h carries. Octets wait where they are until the other side has room. Who
 * may be reached: reach.h. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "host/net/net.h"
#include "host/net/resolve.h"
#include "state/sockets.h"

#define SOCKET_OUT 16384 /* octets for a peer that wait, beside the kernel's */

struct loop;
struct sockets;

/* The modem, as its sockets and sessions see it: modem_socket_*() of modem.h. All but
 * room() between enter() and leave(), and never while the modem calls. After leave() what
 * the modem has closed may exist no more. */
struct socket_modem {
	void *ctx;
	void (*enter)(void *ctx);
	void (*leave)(void *ctx);
	void (*there)(
		void *ctx, unsigned id, uint16_t local, const struct socket_peer *peer);
	int (*accept)(void *ctx, unsigned server, const struct socket_peer *peer);
	size_t (*room)(void *ctx, unsigned id);
	void (*rx)(void *ctx, unsigned id, const struct socket_peer *from,
		const void *buf, size_t len);
	void (*ended)(void *ctx, unsigned id, enum socket_end why);
	void (*ready)(void *ctx);
	/* A ping was answered by us; NULL: it was not. Called while the modem calls. */
	void (*pinged)(void *ctx, const char *host, const uint8_t *addr);
	/* of sessions */
	void (*begun)(void *ctx, unsigned id);
	void (*done)(void *ctx, unsigned id, const struct socket_result *result);
};

struct sockets_options {
	const struct net_options *net; /* names, listeners, log; must outlive them */
	/* The name server for --internet; NULL: the machine's. */
	const struct resolve_server *server;
};

struct sockets_counts {
	uint64_t out, in; /* octets of sockets; those of sessions are not counted */
	uint64_t opened, accepted, failed;
	uint64_t refused;           /* nothing here names it */
	uint64_t lost;              /* datagrams: too long, or refused by the target */
	unsigned udp, tcp, servers; /* now */
};

/* options and modem are copied. */
struct sockets *sockets_new(struct loop *l, const struct sockets_options *options,
	const struct socket_modem *modem);
void sockets_free(struct sockets *s); /* at once; NULL is allowed */

/* Ends all, as close() does: the modem has forgotten them. */
void sockets_clear(struct sockets *s);

/* What the modem calls (struct ports.sockets). */
struct socket_ports sockets_ports(struct sockets *s);

void sockets_count(const struct sockets *s, struct sockets_counts *out);
