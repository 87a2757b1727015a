/* The port interface: what carries the bytes between a DTE and the modem. A pty is the
 * only kind so far (pty.h makes one). */
#pragma once

#include <stdbool.h>
#include <stddef.h>

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
	 * the B0 with which some programs hang up. */
	void (*dtr)(void *ctx, bool on);
	/* The client's line speed in baud as far as it can be seen; 0 if unknown, because
	 * the client has left the line as it found it, or is at B0. Reported on change,
	 * before the bytes that were read at that speed. */
	void (*speed)(void *ctx, unsigned baud);
};

/* The path that clients open ("/dev/pts/5"). */
const char *port_path(const struct port *p);

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

/* Takes the device away from its clients, or brings it back, after the present callback
 * returns. Away, the path and the link vanish, and dtr() reports that no client is there.
 * Back, the link points to the device again, and port_path() may have changed. */
void port_plug(struct port *p, bool in);

/* Removes the link, closes, frees; calls dtr() if a client was there. */
void port_close(struct port *p);
