/* Exercises WIPsoft: chapters/wip, link/sockets, link/socket_data, with a host that types
 * what it likes and a world that does what it may. The input is a row of steps:
 *
 *	00-17  the peer of that socket sends octets: B says how many
 *	18-2f  the world's answer for it: there, ended, room, accepted by B
 *	30-3f  a typed line of the table below
 *	40-4f  N text  that many octets typed
 *	50     the client closes and reopens the port
 *	51     power off and on, and the stack again
 *	52-5f  time passes
 *	else   typed as it is
 *
 * Whatever comes, octets that the modem takes are not more than it has promised, none
 * appears from nowhere, and at the end AT+WIPCFG=0 leaves nothing. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "link/link.h"
#include "link/sockets.h"
#include "rig.h"
#include "state/modem_state.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct profile *profile;
static struct rig rig;
static struct beyond {
	bool open, shut;
	size_t room, got;
} at[SOCKETS];
static uint64_t typed; /* octets of the host, in all */

static void check(bool is)
{
	if (!is)
		abort();
}

static void out_open(void *ctx, unsigned id, const struct socket_order *order)
{
	(void)ctx;
	check(!at[id].open && order->host);
	at[id] = (struct beyond){ .open = true, .room = 4096 };
}

static size_t out_room(void *ctx, unsigned id)
{
	(void)ctx;
	check(at[id].open);
	return at[id].room;
}

static void out_tx(void *ctx, unsigned id, const void *buf, size_t len)
{
	(void)ctx;
	(void)buf;
	check(at[id].open && !at[id].shut && len && len <= at[id].room);
	at[id].room -= len;
	at[id].got += len;
	check(at[id].got <= typed);
}

static void out_shut(void *ctx, unsigned id)
{
	(void)ctx;
	check(at[id].open && !at[id].shut);
	at[id].shut = true;
}

static void out_take(void *ctx, unsigned id)
{
	(void)ctx;
	check(at[id].open);
}

static void out_close(void *ctx, unsigned id)
{
	(void)ctx;
	check(at[id].open);
	at[id].open = false;
}

static void out_set(void *ctx, unsigned id, int ttl, int tos, bool no_delay)
{
	(void)ctx;
	(void)no_delay;
	check(at[id].open && ttl >= 0 && tos >= 0);
}

static bool out_ping(void *ctx, const char *host, uint8_t addr[4])
{
	(void)ctx;
	memset(addr, 10, 4);
	return host[0] != 'x';
}

static const struct socket_ports outside = { .open = out_open,
	.room = out_room,
	.tx = out_tx,
	.shut = out_shut,
	.take = out_take,
	.close = out_close,
	.set = out_set,
	.ping = out_ping };

static const char *const lines[] = { "AT+WIPCREATE=2,1,\"a\",80\r",
	"AT+WIPCREATE=1,1,80\r", "AT+WIPCREATE=1,2,,\"a\",80\r",
	"AT+WIPCREATE=3,1,80,2,4\r", "AT+WIPDATA=2,1,1\r", "AT+WIPDATA=1,2,1\r",
	"AT+WIPDATA=2,2,2\r", "AT+WIPCLOSE=2,1\r", "AT+WIPCLOSE=3,1;+WIPCLOSE=2,2\r",
	"AT+WIPBR=5,6\r", "AT+WIPBR=4,6,0\r", "AT+WIPCFG=0\r",
	"AT+WIPCFG=1;+WIPBR=1,6;+WIPBR=4,6\r", "AT+WIPPING=\"a\",3,100\r",
	"AT+WIPCREATE?;+WIPCLOSE?;+WIPDATA?;+WIPBR?\r", "AT+WIPOPT=2,1,2,4,536\r" };

static void type(const void *p, size_t len)
{
	typed += len;
	rig_type(&rig, p, len);
}

static void say(const char *text)
{
	type(text, strlen(text));
	rig_pass(&rig, SEC(5));
}

static void bring_up(void)
{
	rig_boot(&rig);
	say("ATE0+CMEE=1;+WIPCFG=1;+WIPBR=1,6;+WIPBR=4,6\r");
	say("AT+WIPCREATE=2,1,\"a\",80\r");
	rig_clear(&rig);
}

static const struct socket_peer peer = { { 192, 0, 2, 10 }, 5000 };

static void peer_sends(unsigned id, size_t len)
{
	char octets[4 * 255];
	size_t room = modem_socket_room(rig.modem, id);

	len *= 4;
	if (!at[id].open || len > room)
		len = 0;
	check(room <= SOCKET_RX);
	memset(octets, (int)(3 + len), len);
	if (at[id].open && room)
		modem_socket_rx(rig.modem, rig.now, id, &peer, octets, len);
}

static void world_answers(unsigned id, uint8_t what)
{
	int client;

	if (!at[id].open)
		return;
	switch (what & 7) {
	case 0:
	case 1:
		modem_socket_there(rig.modem, rig.now, id, 1024, &peer);
		break;
	case 2:
		client = modem_socket_accept(rig.modem, rig.now, id, &peer);
		if (client >= 0)
			at[client] = (struct beyond){ .open = true, .room = 100 };
		break;
	case 3:
		at[id].room = (size_t)what * 8;
		modem_socket_ready(rig.modem, rig.now);
		break;
	default:
		modem_socket_ended(
			rig.modem, rig.now, id, (enum socket_end)((what >> 3) % 9));
		break;
	}
}

/* Returns how much of the input it takes. */
static size_t step(const uint8_t *p, size_t size)
{
	uint8_t next = size > 1 ? p[1] : 0;
	size_t len;

	if (p[0] < 0x18) {
		peer_sends(p[0], next);
		return 2;
	}
	if (p[0] < 0x30) {
		world_answers(p[0] - 0x18u, next);
		return 2;
	}
	if (p[0] < 0x40) {
		type(lines[p[0] & 15], strlen(lines[p[0] & 15]));
		rig_pass(&rig, MS(100));
		return 1;
	}
	if (p[0] < 0x50) {
		len = next < size - 1 ? next : size - 1;
		type(p + 1, len);
		return 1 + len;
	}
	if (p[0] == 0x50) {
		modem_dtr(rig.modem, 0, rig.now, false);
		modem_dtr(rig.modem, 0, rig.now, true);
	} else if (p[0] == 0x51) {
		modem_power(rig.modem, rig.now, false);
		check(!rig.modem->sockets.used);
		modem_power(rig.modem, rig.now, true);
		bring_up();
	} else if (p[0] < 0x60) {
		rig_pass(&rig, MS(1) << (p[0] - 0x50));
	} else {
		type(p, 1);
	}
	return 1;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const struct kv settings[] = { { "application", "wipsoft" },
		{ "memory.+WOPEN", "1" } };
	static const struct wip none;
	size_t taken;
	unsigned i;

	if (!profile)
		profile = rig_profile_with("fastrack-supreme-20-r74", settings, 2);
	if (size > 2048)
		return 0;
	memset(at, 0, sizeof(at));
	typed = 0;
	rig_init(&rig, profile);
	rig.modem->ports.sockets = outside;
	bring_up();
	for (; size; data += taken, size -= taken) {
		taken = step(data, size);
		if (taken > size)
			taken = size;
		if (rig.len > sizeof(rig.out) / 2)
			rig_clear(&rig);
	}
	/* out of any data phase, and out of the line being typed */
	for (i = 0; i < SOCKETS; i++)
		at[i].room = 65536;
	modem_socket_ready(rig.modem, rig.now);
	modem_dtr(rig.modem, 0, rig.now, false);
	modem_dtr(rig.modem, 0, rig.now, true);
	modem_power(rig.modem, rig.now, false);
	check(!rig.modem->sockets.used);
	check(!memcmp(&rig.modem->cold->wip.wip, &none, sizeof(none)));
	for (i = 0; i < SOCKETS; i++)
		check(!at[i].open);
	rig_free(&rig);
	return 0;
}
