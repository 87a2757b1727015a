/* The callbacks through which a modem reaches the outside: they may only enqueue. Ports
 * are numbered from 0. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/names.h"
#include "codec/uart_frame.h"
#include "gsm/neighbours.h"
#include "state/sockets.h"

struct notice;

#define MODEM_PORTS 8 /* at most */

/* The ports that a device may have, by their numbers. */
enum modem_port {
	MODEM_UART1,
	MODEM_UART2,
	MODEM_USB,
	MODEM_NAMED, /* number of those that have a name */
};
extern const struct name port_names[];

enum v24_line { /* outputs of the modem, as a set */
	V24_DCD = 1,
	V24_DSR = 2,
	V24_RI = 4,
	V24_CTS = 8,
};

enum uart_flow {
	UART_FLOW_UNKNOWN,
	UART_FLOW_NONE,
	UART_FLOW_RTS_CTS
};

/* What a client has set on its side of the line, as far as its port shows it. All zero:
 * nothing is known, and nothing is wrong. */
struct uart {
	unsigned baud;           /* bits per second; 0: unknown */
	unsigned char data_bits; /* 5 to 8; 0: the format is unknown */
	unsigned char stop_bits; /* 1 or 2 */
	enum uart_parity parity;
	enum uart_flow flow;
};

enum cable {
	CABLE_OUT,
	CABLE_IN,    /* where it was, if the system allows */
	CABLE_MOVED, /* in, at another path: a USB adapter in another socket */
};

/* The link over which IP packets pass while a PPP session is up (gprs.md IPCP): addresses
 * in network byte order. */
struct packet_link {
	uint8_t host[4];   /* what IPCP gave the host: the address of the context */
	uint8_t peer[4];   /* the modem's end */
	uint8_t dns[2][4]; /* name servers of the network; all zero: none */
	size_t mtu;        /* the longest packet that the host takes */
};

/* The far ends of data calls that are not played by the profile, by the id of the call: 1
 * to 7, as in AT+CLCC. */
struct far_ports {
	void *ctx;
	/* The far end is wanted as the profile names it ("tcp:127.0.0.1:4000"):
	 * modem_far_there() or modem_far_closed() follows. NULL: nobody is asked; such
	 * far ends only hear. */
	void (*open)(void *ctx, unsigned id, const char *far);
	/* Number of bytes tx accepts now; when it was too small, modem_far_ready()
	 * follows. */
	size_t (*room)(void *ctx, unsigned id);
	/* Bytes of the host for the far end; never more than room() returned. */
	void (*tx)(void *ctx, unsigned id, const void *buf, size_t len);
	/* The call has ended, on either side; the id may be used again. */
	void (*close)(void *ctx, unsigned id);
};

/* Why a far end is not there. */
enum far_ending {
	FAR_HUNG_UP,
	FAR_UNREACHABLE,
	FAR_NO_ANSWER,
};
extern const struct name far_endings[];

/* How far a call is, for its far end. */
enum far_call {
	FAR_CALL_NONE,
	FAR_CALL_RINGS,    /* incoming, not answered yet */
	FAR_CALL_CONNECTS, /* being set up: it will be online */
	FAR_CALL_ONLINE,   /* bytes pass */
	FAR_CALL_ESCAPED,  /* the host gives commands; bytes wait */
};

/* Where records are kept. Without load and store they are kept nowhere, and found
 * nowhere. */
struct nv_ops {
	void *ctx;
	/* Reads the record into buf: its length; NV_ABSENT if there is none; NV_TOO_LONG
	 * if it has more than max bytes; NV_UNREADABLE, after a log line, if it exists
	 * and cannot be read. */
	long (*load)(void *ctx, const char *rec, void *buf, size_t max);
	/* Stores a record whole or not at all: 0, or -1. */
	int (*store)(void *ctx, const char *rec, const void *buf, size_t len);
	/* A record was read and is damaged: what is wrong with it ("is cut short"), and
	 * what is lost with it. modem_init() fails. May be NULL: then it is logged. */
	void (*damaged)(void *ctx, const char *rec, const char *what, const char *holds);
};

struct ports {
	void *ctx;
	/* Number of bytes tx accepts now. */
	size_t (*tx_room)(void *ctx, unsigned port);
	/* Sends bytes to the DTE; never more than tx_room() returned. */
	void (*tx)(void *ctx, unsigned port, const void *buf, size_t len);
	/* The V.24 outputs have changed; NULL if they are not needed. */
	void (*lines)(void *ctx, unsigned port, unsigned v24);
	/* The cable is pulled out or plugged in; clients lose the port when it is pulled
	 * out. NULL if there is no cable. */
	void (*plug)(void *ctx, unsigned port, enum cable to);
	/* A session carries IP packets from now on, or (NULL) no longer; then an IPv4
	 * packet of the host, as PPP carried it: nothing of it has been checked. Both are
	 * NULL if nothing is there beyond the modem: packets are lost. */
	void (*packets)(void *ctx, const struct packet_link *link);
	void (*packet)(void *ctx, const void *packet, size_t len);
	struct far_ports far;
	struct socket_ports sockets;
	struct neighbour_ports neighbours;
	void (*notify)(void *ctx, const struct notice *n); /* may be NULL */
	struct nv_ops nv;
};

#define NV_ABSENT     (-1L)
#define NV_UNREADABLE (-2L)
#define NV_TOO_LONG   (-3L)

/* Number of bytes kept of what a data call's far end received. */
#define MODEM_FAR_KEPT 4096

#define MODEM_STATE_TEXT 160 /* size of the longest state as text, with its zero */
