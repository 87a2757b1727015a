/* Who may be reached by what is no packet: sockets and sessions of WIPsoft. The same
 * names, addresses and refusals as for packets (README.md). */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "host/net/net.h"
#include "host/net/refused.h"
#include "state/sockets.h"

enum reach {
	REACH_TARGET,  /* it may be connected */
	REACH_ASK,     /* with --internet: the name is to be resolved, see resolve.h */
	REACH_NO_NAME, /* not a name here */
	REACH_UNNAMED, /* no name leads to that address or port */
	REACH_CLOSED,  /* an address that --internet does not open either */
};

struct reach_target {
	uint8_t seen[4]; /* as the modem sees it */
	uint8_t to[4];   /* where it really is */
	uint16_t to_port;
};

/* The longest name that can be asked for, with its zero. */
#define REACH_NAME 256

/* A name (in any letters, perhaps with a dot at its end) or a dotted address, and a port.
 * out is whole for REACH_TARGET; otherwise only what is seen is set, as far as it is known.
 */
enum reach reach_host(const struct net_options *o, const char *host, bool udp,
	uint16_t port, struct reach_target *out);

/* The same for an address, such as a name server has told: never REACH_ASK. */
enum reach reach_addr(const struct net_options *o, const uint8_t addr[4], bool udp,
	uint16_t port, struct reach_target *out);

/* Logs that it was not reached, the first time, with the remedy. Returns what the modem is
 * told: SOCKET_NO_NAME or SOCKET_UNREACHABLE. out: as it was set. */
enum socket_end reach_refuse(struct refusals *r, const struct net_options *o,
	enum reach why, const char *host, bool udp, uint16_t port,
	const struct reach_target *out);

/* Whether an echo to it is answered, by us: its address is then in out. */
bool reach_echo(const struct net_options *o, const char *host, uint8_t out[4]);

/* In small letters, without a dot at the end; false if it is too long or empty. */
bool reach_name(const char *host, char out[REACH_NAME]);

/* What --internet never opens to WIPsoft: names_closed(), and this machine's own
 * addresses. May be called from any thread. */
bool reach_is_closed(const uint8_t addr[4]);
