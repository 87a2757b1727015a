/* The module fauxtrack-slirp: libslirp's part of the network, opened only for a modem that
 * reaches more than names and echoes. Packets are IPv4, without Ethernet. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/usec.h"

#define SLIRP_MODULE  "fauxtrack-slirp"
#define SLIRP_OPS     "slirp_module_ops"
#define SLIRP_PACKAGE "libslirp0" /* Debian's, of the library that it needs */

/* The addresses inside: 10.0.2.0/24. */
#define SLIRP_NET     "\012\000\002\000"
#define SLIRP_GATEWAY "\012\000\002\002"
#define SLIRP_DNS     "\012\000\002\003"

struct slirp;

/* A place at which guests may open TCP connections; the address lies in SLIRP_NET. */
struct slirp_door {
	uint8_t addr[4];
	uint16_t port;
};

struct slirp_setup {
	uint8_t guest[4];
	size_t mtu;
	/* False: nothing but the doors can be reached. True: all that this machine can
	 * reach, except its own loopback, which the caller filters too. */
	bool internet;
	const struct slirp_door *door; /* copied */
	size_t doors;
	/* Called while input() or poll() run. */
	void *ctx;
	void (*packet)(void *ctx, const void *packet, size_t len); /* for the guest */
	/* The guest has completed a connection to a door: returns the connected socket
	 * that serves it, which then belongs to the module; -1: there is none, and the
	 * connection ends. */
	int (*serve)(void *ctx);
};

struct slirp_ops {
	/* NULL, with "what; remedy" in why, if the system refuses. */
	struct slirp *(*open)(const struct slirp_setup *setup, char *why, size_t size);
	void (*close)(struct slirp *s); /* also all its connections */
	void (*input)(struct slirp *s, const void *packet, size_t len);
	/* A descriptor that is readable when poll() must be called. */
	int (*fd)(const struct slirp *s);
	void (*poll)(struct slirp *s);
	/* When poll() must be called in any case: real microseconds from now;
	 * USEC_NEVER: it need not be. Changes with each call of input() and poll(). */
	usec_t (*wait)(const struct slirp *s);
};
