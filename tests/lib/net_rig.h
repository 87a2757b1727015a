/* The network beyond PPP, without a modem: a host that sends IP packets and reads what
 * comes back, with a tiny TCP of its own; targets are real sockets on loopback. Everything
 * waits in the event loop, with a deadline; an error ends the test program. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "codec/ip.h"
#include "host/net/net.h"

struct net_rig {
	struct loop *loop;
	struct net *net;
	struct names names;
	struct log log;
	char logged[16384]; /* lines of warnings and errors */
	struct packet_link link;
	uint8_t packet[IP_MAX]; /* the last one from the network ... */
	struct ip ip;           /* ... as it was read */
	size_t len;
	uint16_t port; /* the next one of the host */
	bool late;
};

/* What stands for fauxtrack-slirp; libslirp itself unless a test sets another. */
extern const struct slirp_ops *net_rig_ops;

/* The host 10.128.3.4 with the name servers 10.0.2.3 and 192.0.2.53; forwards ends with
 * NULL. */
void net_rig_init(struct net_rig *r, const char *const *forwards, bool internet);
void net_rig_free(struct net_rig *r);

/* Lets the loop run until a packet comes, which is then in r->ip; false after `ms`. */
bool net_rig_next(struct net_rig *r, unsigned ms);

/* Nothing comes for a while. */
bool net_rig_silent(struct net_rig *r);

/* Lets the loop run until fd is readable; false after two seconds. */
bool net_rig_readable(struct net_rig *r, int fd);

/* The host's end of a packet to that place, from a new port. */
struct ip_ends net_rig_to(struct net_rig *r, const char *addr, uint16_t port);
void net_rig_udp(
	struct net_rig *r, const struct ip_ends *e, const void *data, size_t len);
void net_rig_ping(struct net_rig *r, const char *addr);

/* Asks for the A record (or another type) of a name. Returns the code of the answer, with
 * the address in addr if there is one, else 0.0.0.0; -1: none comes. */
int net_rig_ask(struct net_rig *r, const char *server, const char *name, int type,
	uint8_t addr[4]);

/* A TCP connection of the host. */
struct net_rig_tcp {
	struct ip_ends ends;
	uint32_t seq, ack;
	bool fin, reset; /* the other side has ended it */
	char *got;       /* its data, from malloc() */
	size_t len, room;
};

/* Sends a SYN; true if it is answered by SYN and ACK, which is acknowledged. False: reset,
 * or (r->late) no answer. */
bool net_rig_open(
	struct net_rig *r, struct net_rig_tcp *t, const char *addr, uint16_t port);
void net_rig_syn(struct net_rig *r, const struct ip_ends *e, uint32_t seq);
void net_rig_segment(struct net_rig *r, struct net_rig_tcp *t, unsigned flags,
	const void *data, size_t len);

/* Takes packets, and acknowledges what belongs to the connection, until it has so many
 * octets of data, or has ended. */
void net_rig_read(struct net_rig *r, struct net_rig_tcp *t, size_t len);
void net_rig_tcp_free(struct net_rig_tcp *t);

/* A socket that listens, or that is bound, on loopback; *port is its number. */
int net_rig_listen(uint16_t *port);
int net_rig_bind_udp(uint16_t *port);

/* Whether a client has come, now. */
bool net_rig_has_client(int listens);
