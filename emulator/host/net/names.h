/* The names that a host may reach. Each has an address in 10.0.2.0/24, from 10.0.2.100 on
 * in the order in which they are first named; a name that is an address keeps it. */
#pragma once

#include "codec/forward.h"

#define NAMES       64  /* different ones */
#define FORWARDS    128 /* of one modem */
#define NAMES_FIRST 100 /* last octet */

struct named_host {
	char name[FORWARD_NAME];
	uint8_t addr[4];   /* as the host sees it */
	uint8_t inside[4]; /* in 10.0.2.0/24: libslirp has no doors elsewhere */
};

struct names {
	struct forward forward[FORWARDS];
	size_t of[FORWARDS]; /* the index of its host */
	size_t n;
	struct named_host host[NAMES];
	size_t n_hosts;
};

/* Adds a forward; with the protocol, name and port of an earlier one it replaces that.
 * False: there is no room. */
bool names_add(struct names *n, const struct forward *f);

/* The host with that name (in small letters), or with that address inside or as the host
 * sees it; NULL if there is none. */
const struct named_host *names_find(const struct names *n, const char *name);
const struct named_host *names_at(const struct names *n, const uint8_t addr[4]);
const struct named_host *names_inside(const struct names *n, const uint8_t addr[4]);

/* The forward of a host at that port; NULL if there is none. */
const struct forward *names_port(
	const struct names *n, const struct named_host *h, bool udp, uint16_t port);

/* Whether not even --internet opens an address: this machine's loopback and what Linux
 * takes for it, the link-local addresses where clouds keep secrets, groups, the inner
 * network. Reads nothing else. */
bool names_closed(const uint8_t addr[4]);
