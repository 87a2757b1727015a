/* Shared by peers.c, which has connections, and peers_session.c, which has the servers of
 * FTP, HTTP, SMTP and POP3. */
#pragma once

#include "host/net/names.h"
#include "host/play/peers.h"

#define PEERS_SERVERS 24
#define PEERS_FARS    64

struct octets {
	char *data;
	size_t len, cap;
};

/* A datagram that waits for the modem, or was got from it. */
struct parcel {
	struct parcel *next;
	struct socket_peer from;
	size_t len;
	char data[];
};

/* What the modem is told next about a far side. */
enum far_news {
	FAR_NOTHING,
	FAR_THERE,
	FAR_ACCEPTS, /* a client of the world: `server` of the modem */
	FAR_FAILED,  /* `why`; nothing follows */
	FAR_BEGUN,   /* of a transfer */
	FAR_DONE,
};

/* The far side of one socket or session of the modem. */
struct peers_far {
	bool used;
	bool detached; /* the modem has closed, and knows it no more */
	unsigned id;   /* of the modem; FAR_ACCEPTS: of its server */
	enum socket_kind kind;
	enum peers_state state;
	char host[PEERS_NAME]; /* as the modem named it */
	struct socket_peer peer;
	uint16_t local; /* port of the modem */
	struct peers_server *server;
	uint64_t order;  /* the newer, the larger */
	usec_t gives_up; /* a silent one; 0: it answers */
	enum far_news news;
	enum socket_end why;
	bool finish;   /* FIN follows the last octet of `out` */
	bool finished; /* it was told to the modem */
	bool stalls;
	size_t held;     /* octets taken while it stalls */
	size_t taken;    /* octets of the modem, in all */
	uint8_t matched; /* octets of the end of an HTTP head */
	struct octets out, got;
	size_t heard;                        /* of got */
	struct parcel *in_first, *got_first; /* UDP: for the modem, and from it */
	/* a transfer */
	bool transfers, uploads, downloads;
	bool greets; /* `result` is told before it is there, or has failed */
	size_t from; /* where its upload begins in `got` */
	char name[PEERS_LINE], asked[PEERS_LINE];
	enum socket_deed deed;
	bool found; /* HTTP: what was asked for is there */
	struct socket_result result;
};

struct peers {
	struct peers_ops ops;
	usec_t now;
	struct names names;
	struct peers_server server[PEERS_SERVERS];
	size_t n_servers;
	struct peers_far far[PEERS_FARS];
	uint64_t orders;
	uint16_t next_local;
	bool ready; /* the modem is to be told that there is room */
};

void octets_add(struct octets *o, const void *data, size_t len);
void octets_drop(struct octets *o, size_t len); /* the first ones */

/* Adds a datagram to the end of a list. */
void peers_parcel(struct parcel **list, const struct socket_peer *from, const void *data,
	size_t len);

void peers_tell(struct peers *p, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

/* The name in small letters, cut. */
void peers_lower(const char *text, char out[PEERS_NAME]);

/* The server of a port that no host says more about: those that PPP reaches. NULL: none. */
struct peers_server *peers_usual(uint16_t port);

/* The server that takes this; NULL: nothing listens there. */
struct peers_server *peers_server_at(struct peers *p, const char *host, uint16_t port);

/* Whether anything in the world has that name or address. */
bool peers_knows(const struct peers *p, const char *host, uint8_t addr[4]);

/* A new far side; it takes the place of the oldest that the modem knows no more. */
struct peers_far *peers_far_new(struct peers *p);

/* The modem is told that it has ended, and nothing more. */
void peers_fail(struct peers_far *f, enum socket_end why);

/* A session is opened at a server that is there: it logs in, or fails. */
void peers_log_in(struct peers_far *f, const struct socket_order *order);

/* It is to transfer. */
void peers_transfer(
	struct peers *p, struct peers_far *f, const struct socket_transfer *t);

/* The modem has got the last octet of a download. */
void peers_downloaded(struct peers_far *f);

/* The modem has sent the last octet of its upload. */
void peers_uploaded(struct peers *p, struct peers_far *f);
