/* The real world of WIPsoft's sockets without a modem: the test plays it. Peers are real
 * sockets on loopback. Everything waits in the event loop, with a deadline. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "host/loop.h"
#include "host/net/listeners.h"
#include "host/net/sockets.h"

#define SOCKET_RIG_KEPT (3 << 20)

/* A socket as the modem knows it. */
struct socket_rig_one {
	bool there, ended;
	unsigned ends; /* how often */
	enum socket_end why;
	uint16_t local;
	struct socket_peer peer, from;
	char *got; /* its octets, from malloc() */
	size_t len, datagrams, last;
	size_t room;
};

struct socket_rig {
	struct loop *loop;
	struct names names;
	struct listeners *listeners;
	struct net_options net;
	struct sockets *sockets;
	struct socket_ports ports;
	struct log log;
	char logged[16384]; /* lines of warnings and errors */
	bool inside;        /* between enter() and leave() */
	struct socket_rig_one of[SOCKETS];
	unsigned readies;
	int child; /* the number of the next client of a server, -1: refused */
	unsigned server;
	unsigned listens[8]; /* the ports of "listen:" forwards, in their order */
	void (*on_rx)(
		struct socket_rig *r, unsigned id); /* may be NULL; within leave() */
};

/* forwards ends with NULL. server: see struct sockets_options. */
void socket_rig_init(struct socket_rig *r, const char *const *forwards, bool internet,
	const struct resolve_server *server);
void socket_rig_free(struct socket_rig *r);

/* Opens it as the modem does; host "": no peer. */
void socket_rig_open(struct socket_rig *r, unsigned id, enum socket_kind kind,
	const char *host, uint16_t port, uint16_t local);
/* The same, and waits for what becomes of it: true if it is there. */
bool socket_rig_opened(struct socket_rig *r, unsigned id, enum socket_kind kind,
	const char *host, uint16_t port, uint16_t local);

/* Lets the loop run until *what is not 0, or, for len, at least min; false after two
 * seconds. */
bool socket_rig_until(struct socket_rig *r, const bool *what);
bool socket_rig_until_len(struct socket_rig *r, const size_t *what, size_t min);
void socket_rig_run(struct socket_rig *r, unsigned ms);
bool socket_rig_readable(struct socket_rig *r, int fd);

/* Sends all, as there is room. */
void socket_rig_send(struct socket_rig *r, unsigned id, const void *buf, size_t len);
