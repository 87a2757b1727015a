/* The port interface: what carries the bytes between a DTE and the modem. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

struct port;

/* What a port tells its owner; any may be NULL. All are called from the event loop. */
struct port_events {
	void *ctx;
	/* Bytes from the client. Gives how many were taken; the rest is offered again
	 * after port_resume(). */
	size_t (*rx)(void *ctx, const void *buf, size_t len);
	/* The transmit queue has room again after it was too full. */
	void (*tx_ready)(void *ctx);
	/* The first client has come / the last one has gone (DTR). */
	void (*dtr)(void *ctx, bool on);
	/* The client's line speed as far as it can be seen, 0 if unknown; told on change.
	 */
	void (*speed)(void *ctx, unsigned baud);
};
