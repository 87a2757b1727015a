/* WIPsoft (wip.md): its sockets, its configuration and its bearer, as plain data. Sockets
 * are used by link/sockets.h, the rest by chapters/wip/. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/sched.h"
#include "gsm/gprs.h"
#include "state/sockets.h"

struct channel;
struct modem;

/* ---- sockets --------------------------------------------------------------------- */

#define SOCKET_RX      16384 /* octets of the peer that wait for the host */
#define SOCKET_TX      10240 /* octets of the host that wait for the peer */
#define SOCKET_SEGMENT 1460  /* a TCP segment leaves when so many wait */

enum socket_state {
	SOCKET_FREE,
	SOCKET_OPENING,  /* asked for */
	SOCKET_OPEN,     /* there; a session: logged in */
	SOCKET_FAILED,   /* could not be opened: `why` */
	SOCKET_DEAD,     /* ended by the peer or with the bearer: `why` */
	SOCKET_CLOSING,  /* AT+WIPCLOSE: octets of the host still leave */
	SOCKET_RESERVES, /* a closed server whose clients are not closed yet */
};
extern const struct name socket_states[];

/* How a port passes the octets of a socket: <mode> of +WIPDATA. */
enum socket_mode {
	SOCKET_UNMAPPED,
	SOCKET_ESCAPED,     /* ETX and DLE are preceded by DLE, ETX alone is the end */
	SOCKET_TRANSPARENT, /* as they are */
};

struct socket {
	enum socket_kind kind;
	int index; /* on the line, from 1 */
	enum socket_state state;
	enum socket_end why;
	struct modem *home;
	struct channel *maker; /* where AT+WIPCREATE was typed; NULL: it has gone */
	struct channel *on;    /* the port that is in its data phase; NULL: none */
	enum socket_mode mode;
	int server;   /* of an accepted client: the index of its server */
	int from, to; /* of a server: the indexes of its clients */
	uint16_t local;
	struct socket_peer peer;
	bool bound; /* it was opened with a peer */
	bool asked; /* the world knows of it */
	char host[SOCKET_HOST];
	int ttl, tos;
	bool no_delay;
	int tx_size, rx_size; /* options 4 and 5 */
	/* octets of the peer */
	size_t rx_len;
	bool shut_there; /* none follow */
	bool news;       /* its end, or that of a transfer, is not shown yet */
	bool told;       /* +WIPDATA has been sent, and nothing was read since */
	bool close_told; /* +WIPPEERCLOSE has been sent */
	/* octets of the host */
	size_t tx_len;
	size_t due;       /* the first of them: they may leave now */
	bool fresh;       /* nothing has come since CONNECT */
	bool dle;         /* an odd DLE has come */
	unsigned pluses;  /* of a possible +++, kept back */
	bool etx;         /* a single ETX has come: the end follows `tx_len` octets */
	bool shut_here;   /* the end was passed on */
	uint64_t in, out; /* octets received and sent, in all */
	bool wrote;       /* its memory is not zero any more */
	struct timer flush;
	/* of a session: for its protocol */
	int step;
};

/* Written only when there are octets. */
struct socket_memory {
	uint8_t rx[SOCKET_RX]; /* UDP: struct socket_datagram before each */
	uint8_t tx[SOCKET_TX];
};

struct socket_datagram {
	struct socket_peer from;
	uint16_t len;
};

struct socket_user;

/* In struct modem. */
struct sockets {
	const struct socket_user *user; /* link/sockets.h */
	unsigned used;                  /* how many are not free */
};

/* ---- the stack and the bearer ------------------------------------------------------- */

enum wip_option { /* places of the table in chapters/wip/config.c */
	WIP_TTL,
	WIP_TOS,
	WIP_FRAGMENTS,
	WIP_WINDOW,
	WIP_MSS,
	WIP_DEBUG,
	WIP_SOCKETS,
	WIP_FLUSH,
	WIP_FURTHER,
	WIP_OPTIONS,
};

enum wip_bearer_state {
	WIP_BEARER_CLOSED,
	WIP_BEARER_OPEN,
	WIP_BEARER_STARTING,
	WIP_BEARER_STARTED,
};
extern const struct name wip_bearer_states[];

#define WIP_TEXT 97 /* longest option of a bearer, an APN, with its zero */

enum wip_text {
	WIP_LOGIN,
	WIP_PASSWORD,
	WIP_PHONE,
	WIP_APN,
	WIP_TEXTS
};

enum wip_number {
	WIP_RINGS,
	WIP_NULL_MODEM,
	WIP_PAP,
	WIP_CHAP,
	WIP_MSCHAP1,
	WIP_MSCHAP2,
	WIP_CID,
	WIP_HEADERS,
	WIP_DATA,
	WIP_SET_DNS,
	WIP_SET_GATEWAY,
	WIP_NUMBERS,
};

struct wip_bearer_options {
	bool apn_given; /* else the context keeps its own */
	char text[WIP_TEXTS][WIP_TEXT];
	int number[WIP_NUMBERS];
};

struct wip_bearer {
	enum wip_bearer_state state;
	struct wip_bearer_options o;
	bool asks;                /* its request for the context is under way */
	bool shown;               /* the context has its APN ... */
	struct gprs_context kept; /* ... instead of this */
	struct gprs_login login;
};

/* What AT+WIPCFG=4,1 and AT+WIPBR=6,6,1 store. */
struct wip_kept {
	bool stack, bearer;
	int option[WIP_OPTIONS];
	struct wip_bearer_options o;
};

struct wip_ping {
	int left, number; /* packets to come, and which is next */
	int interval, timeout, ttl;
	bool found; /* the host would answer */
	int time;   /* of the answer in ms; -1: none comes */
	struct timer timer;
};

struct wip {
	bool started;
	int option[WIP_OPTIONS];
	struct wip_bearer bearer;
	struct wip_ping ping;
	struct timer hold; /* other unsolicited lines wait for +WIPREADY */
};

/* ---- sessions: FTP, HTTP, SMTP, POP3 ------------------------------------------------- */

enum wip_transfer {
	TRANSFER_NONE,
	TRANSFER_ASKED, /* the server has not agreed yet */
	TRANSFER_BEGUN, /* octets pass, or will */
	TRANSFER_DONE,  /* its result is there and not shown yet */
};

#define WIP_REASON 128 /* what is kept of a server's text, with its zero */

enum wip_mail {
	MAIL_FROM,
	MAIL_FROM_NAME,
	MAIL_TO,
	MAIL_CC,
	MAIL_BCC,
	MAIL_SUBJECT,
	MAIL_TEXTS
};

struct wip_session {
	enum wip_transfer transfer;
	enum socket_deed deed;
	int mode;        /* of AT+WIPFILE */
	uint64_t before; /* octets of the server before it */
	int error;       /* of the transfer, 0: it is done */
	/* what the server has said last */
	int status;
	char reason[WIP_REASON];
	/* options; those of FTP are 0 by default, whatever is typed for it */
	bool text, active;
	int redirects; /* and 1; 0: the default */
	char mail[MAIL_TEXTS][SOCKET_TEXT];
	int mails, size;           /* of POP3 */
	char headers[SOCKET_TEXT]; /* of HTTP, for each request */
};

/* In struct cold: zero until it is needed. */
struct wip_memory {
	struct wip wip;
	struct wip_kept kept; /* in a record */
	struct socket socket[SOCKETS];
	struct socket_memory octets[SOCKETS];
	struct wip_session session[SOCKET_SESSIONS];
};
