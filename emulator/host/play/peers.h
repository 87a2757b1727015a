/* The world beyond WIPsoft in virtual time: what the modem's sockets and sessions (struct
 * socket_ports) reach in scenarios. Servers are tables and memory; nothing is opened, no
 * clock is read, and the same calls always have the same consequences.
 *
 * It takes the place of host/net/ and has the same names and addresses: peer.test is
 * 10.0.2.2, the names of network.hosts follow from 10.0.2.100 on. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/usec.h"
#include "modem.h"
#include "state/profile.h"

#define PEERS_NAME  64  /* of a host, with its zero */
#define PEERS_FILES 8   /* of a server */
#define PEERS_LINE  512 /* what a transfer has asked for, as a text */

/* A peer that does not answer is given up after this time (wip.md +WIPCREATE). */
#define PEERS_PATIENCE SEC(75)

/* What a port of the world does with those who connect. */
enum peers_kind {
	PEERS_TALK,    /* hears, and says what the scenario says */
	PEERS_ECHO,    /* RFC 862 */
	PEERS_DISCARD, /* RFC 863 */
	PEERS_PAGE,    /* a text by HTTP; closes then */
	PEERS_STREAM,  /* sends `after` octets of every value, closes then */
	PEERS_REFUSES, /* nothing listens */
	PEERS_SILENT,  /* no packet is answered */
	PEERS_CLOSES,  /* closes after `after` octets of the modem */
	PEERS_RESETS,  /* resets then */
	PEERS_FTP,
	PEERS_HTTP,
	PEERS_SMTP,
	PEERS_POP3,
};
extern const struct name peers_kinds[];

struct peers_file {
	char name[PEERS_NAME];
	char *data; /* allocated; NULL: the place is free */
	size_t len;
};

/* A port of the world. */
struct peers_server {
	char host[PEERS_NAME]; /* a name in small letters, or an address; "": all hosts */
	uint16_t port;         /* 0: all ports */
	enum peers_kind kind;
	size_t after;
	/* of sessions */
	char user[PEERS_NAME], password[PEERS_NAME]; /* "" user: anybody may come */
	int error;                                   /* of transfers, 0: none */
	int status;                                  /* 0: as the protocol has it */
	char reason[PEERS_NAME];
	struct peers_file file[PEERS_FILES];
};

/* The modem's side: entries of modem.h with the same names, for the modem of ctx. */
struct peers_ops {
	void *ctx;
	void (*there)(
		void *ctx, unsigned id, uint16_t local, const struct socket_peer *peer);
	int (*accept)(void *ctx, unsigned server, const struct socket_peer *peer);
	size_t (*room)(void *ctx, unsigned id);
	void (*rx)(void *ctx, unsigned id, const struct socket_peer *from,
		const void *buf, size_t len);
	void (*ended)(void *ctx, unsigned id, enum socket_end why);
	void (*ready)(void *ctx);
	void (*begun)(void *ctx, unsigned id);
	void (*done)(void *ctx, unsigned id, const struct socket_result *result);
	/* Something for the trace. */
	void (*tell)(void *ctx, const char *text);
};

struct peers;
struct peers_far;

/* Allocates; out of memory ends the program. hosts: the names of a profile. */
struct peers *peers_new(const struct hosts_conf *hosts, const struct peers_ops *ops);
void peers_free(struct peers *p); /* NULL is allowed */

/* For struct ports. Nothing goes to the modem during these calls. */
struct socket_ports peers_ports(struct peers *p);

/* Virtual time now: call it before any other entry when time has passed. */
void peers_time(struct peers *p, usec_t now);

/* Passes one thing on to the modem; false: there is nothing. */
bool peers_next(struct peers *p);

/* When peers_next() has something although nothing happens; UINT64_MAX: never. */
usec_t peers_due(const struct peers *p);

/* Every connection is forgotten: there is a new modem. Servers and files stay. */
void peers_clear(struct peers *p);

/* ---- what a scenario does --------------------------------------------------------- */

/* The server at that host and port, made if it is not there, to be changed by the caller;
 * NULL: there are too many. */
struct peers_server *peers_serve(struct peers *p, const char *host, uint16_t port);

/* The far side of the newest socket of the modem that is, or was, connected to that host
 * and port ("": any, 0: any); NULL: there is none. */
struct peers_far *peers_find(struct peers *p, const char *host, uint16_t port);

/* A far side sends octets; UDP: one datagram. False: it has ended, or closed. */
bool peers_send(struct peers *p, struct peers_far *f, const void *data, size_t len);

/* A datagram of any peer to a UDP port of the modem; false: nothing is bound there. */
bool peers_datagram(struct peers *p, const struct socket_peer *from, uint16_t to,
	const void *data, size_t len);

/* A client of the world connects to a port of the modem; false: nobody listens there. */
bool peers_connect(struct peers *p, const struct socket_peer *from, uint16_t to);

void peers_shut(struct peers *p, struct peers_far *f);  /* FIN, after what waits */
void peers_reset(struct peers *p, struct peers_far *f); /* RST, at once */
void peers_stall(struct peers *p, struct peers_far *f, bool stalls); /* takes nothing */

/* What it has got since the last peers_heard(): octets; UDP: of one datagram. Valid until
 * the next call of any entry. */
const char *peers_got(const struct peers_far *f, size_t *len);
void peers_heard(struct peers_far *f, size_t len); /* so much is taken as known */

/* Its state as the far side sees it. */
enum peers_state {
	PEERS_CONNECTING,
	PEERS_OPEN,
	PEERS_HALF,   /* the modem has sent its FIN */
	PEERS_CLOSED, /* both have, or the modem has closed */
	PEERS_RESET,
};
extern const struct name peers_states[];
enum peers_state peers_state(const struct peers_far *f);

/* What the last transfer of a session has asked for: "put a.txt, type I, passive". */
const char *peers_asked(const struct peers_far *f);

/* A file of a server, NULL: it has none of that name. */
const struct peers_file *peers_file(const struct peers_server *s, const char *name);

/* False: there is no room for it. */
bool peers_store(struct peers_server *s, const char *name, const void *data, size_t len);

/* Octets of every value, which do not repeat after 256. */
char peers_octet(size_t at);
