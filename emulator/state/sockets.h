/* Sockets and sessions of WIPsoft (wip.md) as the modem asks the world for them: callbacks
 * in struct ports, which may only enqueue, and the answers, which are entries of modem.h.
 * Numbers ("id") are the modem's, from 0; one is used again only after close(). */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/names.h"

#define SOCKET_UDPS     8
#define SOCKET_TCPS     8
#define SOCKET_SERVERS  4
#define SOCKET_SESSIONS 4 /* one each of FTP, HTTP, SMTP, POP3 */
#define SOCKETS         (SOCKET_UDPS + SOCKET_TCPS + SOCKET_SERVERS + SOCKET_SESSIONS)

#define SOCKET_DATAGRAM 1472 /* the longest one of UDP (inferred) */

#define SOCKET_HOST 256 /* longest name of a host, with its zero */
#define SOCKET_TEXT 512 /* longest other text, with its zero */

enum socket_kind { /* <protocol> of the +WIP commands */
	SOCKET_UDP = 1,
	SOCKET_TCP,
	SOCKET_SERVER, /* TCP */
	SOCKET_FTP,
	SOCKET_HTTP,
	SOCKET_SMTP,
	SOCKET_POP3,
};

struct socket_peer {
	uint8_t addr[4]; /* in network order; all zero: none */
	uint16_t port;
};

/* What is to be opened. Texts are valid during the call. */
struct socket_order {
	enum socket_kind kind;
	const char *
		host; /* name or dotted address of the peer; HTTP: of the proxy. "": none */
	uint16_t port;  /* of the peer or proxy; 0: the usual one of the protocol */
	uint16_t local; /* of the modem; 0: any */
	/* of a session; "" where none is given */
	const char *user, *password, *account;
	int ttl, tos;  /* of IP, as +WIPCFG and +WIPOPT have them */
	bool no_delay; /* of TCP */
};

/* Why something could not be opened, or has ended. */
enum socket_end {
	SOCKET_SHUT,        /* the peer has closed: its last byte was passed on */
	SOCKET_RESET,       /* reset by the peer */
	SOCKET_REFUSED,     /* by the peer, with a reset */
	SOCKET_UNREACHABLE, /* no route, no answer, or nothing here names it */
	SOCKET_NO_NAME,     /* the name cannot be resolved */
	SOCKET_PORT_TAKEN,  /* the local port is in use */
	SOCKET_LOGIN_USER,  /* of a session: the user ... */
	SOCKET_LOGIN,       /* ... or the password is rejected */
	SOCKET_NOT_READY,   /* of a session: the server wants nobody now */
	SOCKET_NO_PARTS,    /* the program lacks the part that carries it (libcurl) */
};
extern const struct name socket_ends[];

/* What a session is to transfer, or do. Texts are valid during the call. */
enum socket_deed {
	DEED_GET,
	DEED_PUT, /* HTTP: its method follows from `mode` */
	DEED_DELETE,
	DEED_LIST,
	DEED_APPEND,
	DEED_SEND, /* SMTP: a mail */
};
struct socket_transfer {
	enum socket_deed deed;
	int mode;                    /* as on the line */
	const char *name;            /* file, URL or path, number of a mail */
	const char *user, *password; /* HTTP */
	const char *headers; /* HTTP: whole lines "Name: value", each ended by \n */
	int redirects;       /* HTTP: most that are followed */
	bool passive;        /* FTP */
	int type;            /* FTP: 'A' or 'I' */
	/* SMTP: what +WIPOPT has set */
	const char *from, *from_name, *to, *cc, *bcc, *subject;
};

/* How a transfer has ended. Texts are valid during the call. */
struct socket_result {
	int error;  /* 0: it is done; else a code of wip.md WIP error codes, 800 to 884 */
	int status; /* of the protocol: 200, 226, 550 ...; 0: none */
	const char *reason; /* its text, or the server's whole line where status is 0 */
	int64_t size;       /* octets that were told beforehand, -1: none */
};

struct socket_ports {
	void *ctx;
	/* modem_socket_there() or modem_socket_ended() follows. NULL: nobody is beyond the
	 * modem; every peer is unreachable. */
	void (*open)(void *ctx, unsigned id, const struct socket_order *order);
	/* Number of octets tx takes now; when it was too small, modem_socket_ready()
	 * follows. */
	size_t (*room)(void *ctx, unsigned id);
	/* Octets for the peer, at most room(); UDP: one datagram. */
	void (*tx)(void *ctx, unsigned id, const void *buf, size_t len);
	/* No more octets follow: FIN. Of a session: the upload is complete. */
	void (*shut)(void *ctx, unsigned id);
	/* The modem takes octets again: modem_socket_room() was too small. */
	void (*take)(void *ctx, unsigned id);
	/* Ends it in any state; nothing about it follows. TCP: octets that tx has taken still
	 * go to the peer. */
	void (*close)(void *ctx, unsigned id);
	/* An open socket is to have these from now on. */
	void (*set)(void *ctx, unsigned id, int ttl, int tos, bool no_delay);
	/* A session that is there is to do this: octets by tx and modem_socket_rx(), at last
	 * modem_socket_done(). */
	void (*transfer)(void *ctx, unsigned id, const struct socket_transfer *t);
	/* Whether a ping would find that host; then its address is in addr. */
	bool (*ping)(void *ctx, const char *host, uint8_t addr[4]);
};
