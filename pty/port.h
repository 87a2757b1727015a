/* The port interface: what carries the bytes between a DTE and the modem. A pty is the
 * only kind so far (pty.h makes one). */
#pragma once

#include <stdbool.h>
#include <stddef.h>

struct port;

#define PORT_TX_MAX 16384 /* bytes that wait for a slow client */
#define PORT_TX_LOW 8192  /* below this much room the owner is told when there is more */

/* What a port tells its owner; any may be NULL. All are called from the event loop, or
 * from port_resume() and port_close(). */
struct port_events {
	void *ctx;
	/* Bytes from the client. Gives how many were taken; the rest is offered again
	 * after port_resume(), and until then nothing more is read. */
	size_t (*rx)(void *ctx, const void *buf, size_t len);
	/* port_tx_room() has been below PORT_TX_LOW and is no longer. */
	void (*tx_ready)(void *ctx);
	/* The first client has come / the last one has gone (DTR). Also the B0 by which
	 * some programs hang up. */
	void (*dtr)(void *ctx, bool on);
	/* The client's line speed in baud as far as it can be seen, 0 if unknown: it has
	 * left the line as it found it, or is at B0. Told on change, before the bytes
	 * that were read at that speed. */
	void (*speed)(void *ctx, unsigned baud);
};

/* Where clients find it ("/dev/pts/5"). */
const char *port_path(const struct port *p);

/* How many clients have it open, as far as the system has told. */
unsigned port_clients(const struct port *p);

/* How many bytes port_tx() takes now. */
size_t port_tx_room(struct port *p);

/* Puts bytes (never more than there is room for) into the transmit queue; they leave when
 * the present callback returns, or at port_resume(). Without a client they are lost. */
void port_tx(struct port *p, const void *buf, size_t len);

/* To be called when the owner has spoken, or has room again, outside of a callback:
 * writes the queue, and offers again what rx() left. */
void port_resume(struct port *p);

/* Takes the device away from its clients, or brings it back, when the present callback
 * has returned: the path and the link vanish, and dtr() tells that nobody is there; back,
 * the link leads to it again, and port_path() may be another one. */
void port_plug(struct port *p, bool in);

/* Removes the link, closes, frees; dtr() is told if a client was there. */
void port_close(struct port *p);
