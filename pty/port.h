/* The port interface: what carries bytes and lines between a DTE and the modem. Each kind
 * has a header that makes one, such as pty.h; after that all are used alike. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "state/ports.h"

struct port;

#define PORT_TX_MAX 16384 /* bytes queued for a slow client */
#define PORT_TX_LOW 8192  /* with less room, wait for tx_ready() */

/* What a port reports to its owner; any may be NULL. All are called from the event loop,
 * or from port_resume() and port_close(). */
struct port_events {
	void *ctx;
	/* Bytes from the client. Returns the number of bytes taken; the rest is offered
	 * again after port_resume(), and until then nothing more is read. */
	size_t (*rx)(void *ctx, const void *buf, size_t len);
	/* port_tx_room() was below PORT_TX_LOW and no longer is. */
	void (*tx_ready)(void *ctx);
	/* DTR: the first client has opened the port, or the last one has closed it. Also
	 * the B0 with which some programs hang up, and what a client says where the port
	 * carries it. */
	void (*dtr)(void *ctx, bool on);
	/* What the client has set on its side, as far as it can be seen: baud is 0 while
	 * the client has left the line as it found it, or is at B0. Reported on change,
	 * before the bytes that were read at that speed. */
	void (*uart)(void *ctx, const struct uart *u);
	/* RTS, where the port carries it: on when the first client comes, as with a UART
	 * that is opened, and then as the client says. Not reported when it goes. */
	void (*rts)(void *ctx, bool on);
	/* The client has sent a break. */
	void (*brk)(void *ctx);
	/* No client is there any more; comes after dtr(false). */
	void (*gone)(void *ctx);
};

/* What clients open: a path ("/dev/pts/5") or a URL ("socket://127.0.0.1:5000"). */
const char *port_path(const struct port *p);

/* The V.24 outputs of the modem, a set of V24_DCD, V24_DSR, V24_RI, V24_CTS: shown to
 * clients of a port that carries lines. Before the first call none is on. */
void port_lines(struct port *p, unsigned v24);

/* The number of clients that have it open, as far as it is known. */
unsigned port_clients(const struct port *p);

/* The number of bytes that port_tx() takes now. */
size_t port_tx_room(struct port *p);

/* Puts bytes (never more than port_tx_room()) into the transmit queue; they are written
 * after the present callback returns, or at port_resume(). Without a client they are
 * lost. */
void port_tx(struct port *p, const void *buf, size_t len);

/* To be called outside of a callback when the owner has called port_tx() or has room
 * again: writes the queue, and offers again what rx() did not take. */
void port_resume(struct port *p);

/* The same, done by the loop soon: it may be called from the callback of any port, such as
 * another one of the same modem. */
void port_wake(struct port *p);

/* Takes the device away from its clients, or brings it back, after the present callback
 * returns. Away, the path and the link vanish, nothing listens, and dtr() reports that no
 * client is there. Back, the link points to the device again, and the path of a pty may
 * have changed; an address has not. */
void port_plug(struct port *p, bool in);

/* The next time it is plugged in it has another path, where the kind of port allows. */
void port_move(struct port *p);

/* Removes the link, closes, frees; calls dtr() if a client was there. */
void port_close(struct port *p);
