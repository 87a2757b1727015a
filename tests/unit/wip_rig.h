/* A modem with WIPsoft, whose sockets reach an outside that the test plays (struct
 * socket_ports). */
#pragma once

#include "ask.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "at/reply.h"
#include "link/link.h"
#include "link/sockets.h"
#include "modem.h"
#include "state/application.h"
#include "state/modem_state.h"

#define CONNECT  "\r\nCONNECT\r\n"
#define SHUTDOWN "\r\nSHUTDOWN\r\n"
#define CME(n)   "\r\n+CME ERROR: " #n "\r\n"
#define URC(t)   "\r\n" t "\r\n"
#define GOT      (1 << 18)

/* The outside, by the modem's numbers. */
static struct outside {
	struct beyond {
		bool open, shut;
		unsigned opened, closed;
		struct socket_order order;
		char host[SOCKET_HOST];
		int ttl, tos;
		bool no_delay;
		char got[GOT];
		size_t len, room;
		size_t pieces, piece[64]; /* lengths of the newest segments */
		unsigned takes;
		struct socket_transfer transfer;
	} at[SOCKETS];
	bool answers; /* to pings */
} out;

static inline void out_open(void *ctx, unsigned id, const struct socket_order *order)
{
	struct beyond *b = &out.at[id];

	(void)ctx;
	assert_false(b->open);
	b->open = true;
	b->shut = false;
	b->opened++;
	b->order = *order;
	snprintf(b->host, sizeof(b->host), "%s", order->host);
	b->order.host = b->host;
	b->len = b->pieces = 0;
	b->room = GOT;
}

static size_t out_room(void *ctx, unsigned id)
{
	(void)ctx;
	assert_true(out.at[id].open);
	return out.at[id].room;
}

static inline void out_tx(void *ctx, unsigned id, const void *buf, size_t len)
{
	struct beyond *b = &out.at[id];

	(void)ctx;
	assert_true(b->open && !b->shut && len && len <= b->room);
	assert_true(b->len + len <= GOT);
	b->room -= len;
	memcpy(b->got + b->len, buf, len);
	b->len += len;
	b->piece[b->pieces++ % 64] = len;
}

static inline void out_shut(void *ctx, unsigned id)
{
	(void)ctx;
	assert_true(out.at[id].open && !out.at[id].shut);
	out.at[id].shut = true;
}

static inline void out_take(void *ctx, unsigned id)
{
	(void)ctx;
	out.at[id].takes++;
}

static inline void out_close(void *ctx, unsigned id)
{
	(void)ctx;
	out.at[id].open = false;
	out.at[id].closed++;
}

static inline void out_set(void *ctx, unsigned id, int ttl, int tos, bool no_delay)
{
	(void)ctx;
	out.at[id].ttl = ttl;
	out.at[id].tos = tos;
	out.at[id].no_delay = no_delay;
}

static inline void out_transfer(void *ctx, unsigned id, const struct socket_transfer *t)
{
	(void)ctx;
	out.at[id].transfer = *t;
}

static bool out_ping(void *ctx, const char *host, uint8_t addr[4])
{
	(void)ctx;
	(void)host;
	memset(addr, 10, 4);
	return out.answers;
}

static const struct socket_ports outside_ports = { &out, out_open, out_room, out_tx,
	out_shut, out_take, out_close, out_set, out_transfer, out_ping };

static struct profile *profile;

/* Boots, registers; the stack is not started. */
static inline struct rig *begin_on(
	const char *name, const char *application, unsigned ports)
{
	const struct kv settings[] = { { "application", application },
		{ "memory.+WOPEN", "1" } };
	struct rig *r = calloc(1, sizeof(*r));

	if (!r)
		abort();
	memset(&out, 0, sizeof(out));
	out.answers = true;
	profile = rig_profile_with(name, settings, sizeof(settings) / sizeof(*settings));
	rig_init_ports(r, profile, ports);
	r->modem->user.common.port_open[MODEM_UART2] = true; /* as AT+WMFM=0,1,2 */
	r->modem->ports.sockets = outside_ports;
	rig_boot(r);
	quiet(r);
	ask(r, "AT+CMEE=1\r", OK);
	return r;
}

static inline struct rig *begin_with(unsigned ports)
{
	return begin_on("fastrack-supreme-20-r74", "wipsoft", ports);
}

static inline int begin(void **state)
{
	*state = begin_with(1);
	return 0;
}

static inline void type(struct rig *r, const char *text)
{
	rig_type(r, text, strlen(text));
}

/* Stack and bearer up. */
static inline void up(struct rig *r)
{
	ask(r, "AT+WIPCFG=1\r", OK);
	ask(r, "AT+WIPBR=1,6\r", OK);
	ask(r, "AT+WIPBR=2,6,11,\"internet\"\r", OK);
	type(r, "AT+WIPBR=4,6,0\r");
	rig_pass(r, SEC(10));
	says(r, OK);
}

static inline unsigned id_of(struct rig *r, enum socket_kind kind, int index)
{
	return socket_id(r->modem, socket_at(r->modem, kind, index));
}

static inline struct beyond *beyond(struct rig *r, enum socket_kind kind, int index)
{
	return &out.at[id_of(r, kind, index)];
}

static const struct socket_peer peer = { { 192, 0, 2, 10 }, 5000 };

static inline void there(struct rig *r, enum socket_kind kind, int index)
{
	modem_socket_there(r->modem, r->now, id_of(r, kind, index), 1024, &peer);
}

static inline void peer_ends(
	struct rig *r, enum socket_kind kind, int index, enum socket_end why)
{
	modem_socket_ended(r->modem, r->now, id_of(r, kind, index), why);
}

static inline void peer_sends(
	struct rig *r, enum socket_kind kind, int index, const char *p, size_t len)
{
	unsigned id = id_of(r, kind, index);

	assert_true(modem_socket_room(r->modem, id) >= len);
	modem_socket_rx(r->modem, r->now, id, &peer, p, len);
}

static inline void peer_says(
	struct rig *r, enum socket_kind kind, int index, const char *text)
{
	peer_sends(r, kind, index, text, strlen(text));
}

/* What the peer has received since the last look. */
static inline void peer_has(struct beyond *b, const char *want, size_t len)
{
	if (b->len != len || memcmp(b->got, want, len) != 0)
		fail_msg("want %zu \"%s\", got %zu \"%.*s\"", len, want, b->len,
			(int)b->len, b->got);
	b->len = b->pieces = 0;
}

/* A peer connects to a server. Returns its number, -1: refused. */
static inline int accept_at(struct rig *r, unsigned server)
{
	int id = modem_socket_accept(r->modem, r->now, server, &peer);

	if (id >= 0) {
		assert_false(out.at[id].open);
		out.at[id].open = true;
		out.at[id].shut = false;
		out.at[id].len = 0;
		out.at[id].room = GOT;
	}
	return id;
}

#define PEER_HAS(b, want) peer_has(b, want, sizeof(want) - 1)

/* A TCP client, connected. */
static inline void connected(struct rig *r, int index)
{
	char line[80];

	snprintf(line, sizeof(line), "AT+WIPCREATE=2,%d,\"192.0.2.10\",5000\r", index);
	ask(r, line, OK);
	there(r, SOCKET_TCP, index);
	snprintf(line, sizeof(line), "\r\n+WIPREADY: 2,%d\r\n", index);
	says(r, line);
}

static inline void data_phase(struct rig *r, int kind, int index, int mode)
{
	char line[40];

	snprintf(line, sizeof(line), "AT+WIPDATA=%d,%d,%d\r", kind, index, mode);
	type(r, line);
	rig_pass(r, MS(100));
	says(r, CONNECT);
}

/* The bearer is up, and TCP client 1 in a data phase of that mode; its other end. */
static inline struct beyond *tcp_data(struct rig *r, int mode)
{
	up(r);
	connected(r, 1);
	data_phase(r, 2, 1, mode);
	return beyond(r, SOCKET_TCP, 1);
}

static inline void escape(struct rig *r, const char *want)
{
	rig_pass(r, SEC(2));
	type(r, "+++");
	rig_pass(r, SEC(2));
	says(r, want);
}

#define WIP_TEST(name) cmocka_unit_test_setup_teardown(name, begin, rig_end)
