/* RFC 2217 (Telnet Com Port Control Option), the side of the access server: what a client
 * says about its serial line, and what it is told. Pure functions over bytes: input comes
 * by rfc2217_read(), output collects in `out`. Values: see the RFC's sections 3 and 4. */
#pragma once

#include "state/ports.h"
#include "telnet.h"

/* What the client says; all may call back only to queue. */
struct rfc2217_events {
	void *ctx;
	void (*data)(void *ctx, const void *buf, size_t len);
	void (*dtr)(void *ctx, bool on);
	void (*rts)(void *ctx, bool on);
	void (*uart)(void *ctx, const struct uart *u);
	void (*brk)(void *ctx);
	/* FLOWCONTROL-SUSPEND and -RESUME: nothing may be sent until it is resumed. */
	void (*suspend)(void *ctx, bool on);
	/* PURGE-DATA: what waits for the client, what waits for the modem. */
	void (*purge)(void *ctx, bool to_client, bool to_modem);
};

#define RFC2217_READ_MAX 512  /* bytes for one rfc2217_read() */
#define RFC2217_OUT      8192 /* room for the answers to these, and for data */
#define RFC2217_ANSWERS  4096 /* the answers to RFC2217_READ_MAX bytes fit in this */

enum rfc2217_flow { /* of SET-CONTROL, outbound or both */
	RFC2217_FLOW_NONE = 1,
	RFC2217_FLOW_XON_XOFF = 2,
	RFC2217_FLOW_HARDWARE = 3,
};

struct rfc2217 {
	struct telnet telnet;
	const struct rfc2217_events *ev;
	unsigned baud;
	unsigned char size, parity, stop; /* as the RFC numbers them */
	unsigned char flow_out, flow_in;  /* enum rfc2217_flow */
	bool brk, dtr, rts, drained;
	struct uart known; /* what the client has set of it */
	unsigned char line_mask, modem_mask;
	unsigned v24, v24_told; /* the modem's outputs */
	bool greeted;           /* the client has had its first NOTIFY-MODEMSTATE */
	unsigned char out[RFC2217_OUT];
	size_t out_len, out_off;
};

/* A client has come: DTR and RTS are on, the line is 115200 8N1. Queues the options that
 * the server asks for. The modem's outputs are v24. ev must outlive r. */
void rfc2217_init(struct rfc2217 *r, const struct rfc2217_events *ev, unsigned v24);

/* Whether there is room for the answers to RFC2217_READ_MAX bytes. */
bool rfc2217_may_read(const struct rfc2217 *r);
void rfc2217_read(struct rfc2217 *r, const void *buf, size_t len);

/* Queues data for the client. Returns the number of bytes used, at least 1 while `out` is
 * empty. */
size_t rfc2217_write(struct rfc2217 *r, const void *buf, size_t len);

/* `n` bytes of `out` from out_off have been sent. */
void rfc2217_sent(struct rfc2217 *r, size_t n);
size_t rfc2217_waiting(const struct rfc2217 *r);

/* The modem's outputs have changed: NOTIFY-MODEMSTATE with the changes since the last. */
void rfc2217_lines(struct rfc2217 *r, unsigned v24);

/* Whether the modem has taken all that the client sent: NOTIFY-LINESTATE. */
void rfc2217_drained(struct rfc2217 *r, bool drained);
