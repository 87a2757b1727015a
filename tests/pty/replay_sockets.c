/* replay_sockets PROFILE TRACE: what has entered by the trace of a modem with WIPsoft is given
 * to a modem again, which has no network: it must say the same at the same times. Prints
 * what it says as a trace. The trace must be of --speed 1 --boot warm and one port. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "codec/ip.h"
#include "host/read/command_tables.h"
#include "host/read/library.h"
#include "rig.h"
#include "state/modem_state.h"
#include "trace.h"

static struct {
	bool found; /* what the next ping finds */
	uint8_t addr[4];
} ping;

static struct socket_peer from; /* of the datagram that comes next */
static size_t datagram;

static void bad(const struct trace_line *l, const char *what)
{
	fprintf(stderr, "line %u: %s\n", l->number, what);
	exit(1);
}

/* ---- the world, which is the trace ----------------------------------------------------- */

static void world_open(void *ctx, unsigned id, const struct socket_order *o)
{
	(void)ctx;
	(void)id;
	(void)o;
}

static size_t world_room(void *ctx, unsigned id)
{
	(void)ctx;
	(void)id;
	return 1 << 20;
}

static void world_tx(void *ctx, unsigned id, const void *buf, size_t len)
{
	(void)ctx;
	(void)id;
	(void)buf;
	(void)len;
}

static void world_id(void *ctx, unsigned id)
{
	(void)ctx;
	(void)id;
}

static void world_set(void *ctx, unsigned id, int ttl, int tos, bool no_delay)
{
	(void)ctx;
	(void)id;
	(void)ttl;
	(void)tos;
	(void)no_delay;
}

static bool world_ping(void *ctx, const char *host, uint8_t addr[4])
{
	(void)ctx;
	(void)host;
	memcpy(addr, ping.addr, 4);
	return ping.found;
}

static const struct socket_ports world = { NULL, world_open, world_room, world_tx,
	world_id, world_id, world_id, world_set, NULL, world_ping };

/* ---- entries ------------------------------------------------------------------------- */

static void print(struct rig *r)
{
	if (r->len)
		trace_print_bytes(stdout, MODEM_UART1, r->now, '<', r->out, r->len);
	rig_clear(r);
}

static void pass_until(struct rig *r, usec_t at)
{
	while (modem_next(r->modem) <= at) {
		r->now = modem_next(r->modem);
		modem_advance(r->modem, r->now);
		print(r);
	}
	r->now = at;
}

static bool read_peer(const char *text, struct socket_peer *out)
{
	const char *colon = strchr(text, ':');

	if (!colon || !ip_addr_read(text, (size_t)(colon - text), out->addr))
		return false;
	out->port = (uint16_t)atoi(colon + 1);
	return true;
}

static void socket_event(struct rig *r, const struct trace_line *l, const char *text)
{
	char word[32], rest[64] = "";
	struct socket_peer peer;
	unsigned id, local;
	int at = 0;

	if (sscanf(text, "socket %u %31s %n", &id, word, &at) != 2)
		bad(l, text);
	text += at;
	if (!strcmp(word, "there")) {
		if (sscanf(text, "%u %63s", &local, rest) < 1)
			bad(l, text);
		modem_socket_there(r->modem, r->now, id, (uint16_t)local,
			read_peer(rest, &peer) ? &peer : NULL);
	} else if (!strcmp(word, "accepts")) {
		if (!read_peer(text, &peer))
			bad(l, text);
		modem_socket_accept(r->modem, r->now, id, &peer);
	} else if (!strcmp(word, "from")) {
		if (sscanf(text, "%63s %zu", rest, &datagram) != 2 ||
			!read_peer(rest, &from))
			bad(l, text);
	} else if (name_find(socket_ends, word)) {
		modem_socket_ended(r->modem, r->now, id,
			(enum socket_end)name_find(socket_ends, word)->value);
	} else {
		bad(l, word);
	}
}

/* Lines of one time and socket are one moment; a datagram has a line with its length. */
static struct {
	uint8_t octets[16384];
	size_t len;
	usec_t at;
	unsigned id;
} moment;

static void end_moment(struct rig *r)
{
	if (!moment.len)
		return;
	modem_socket_rx(r->modem, moment.at, moment.id, datagram ? &from : NULL,
		moment.octets, moment.len);
	moment.len = datagram = 0;
	print(r);
}

static void octets(const struct trace_line *l)
{
	if (moment.len + l->len > sizeof(moment.octets))
		bad(l, "a long moment");
	moment.at = l->at;
	moment.id = l->port;
	memcpy(moment.octets + moment.len, l->bytes, l->len);
	moment.len += l->len;
}

static void event(struct rig *r, const struct trace_line *l)
{
	char text[TRACE_BYTES + 1], host[200], addr[32];

	snprintf(text, sizeof(text), "%.*s", (int)l->len, (const char *)l->bytes);
	if (!strcmp(text, "sockets ready"))
		modem_socket_ready(r->modem, r->now);
	else if (sscanf(text, "ping %199s %31s", host, addr) != 2)
		socket_event(r, l, text);
}

/* A ping asks at a time of the modem's own: what it will find must be known before. */
static void find_pings(FILE *f)
{
	struct trace_line l = { .number = 0 };
	char text[TRACE_BYTES + 1], host[200], addr[32];

	while (trace_next(f, &l) == 1) {
		snprintf(text, sizeof(text), "%.*s", (int)l.len, (const char *)l.bytes);
		if (l.direction == '!' &&
			sscanf(text, "ping %199s %31s", host, addr) == 2)
			ping.found = ip_addr_read(addr, strlen(addr), ping.addr);
	}
	rewind(f);
}

static struct profile *load(const char *name)
{
	static const struct kv sets[] = { { "application", "wipsoft" },
		{ "memory.+WOPEN", "1" } };
	struct library *l = library_new(NULL);
	struct doc_errors e;
	struct profile *p;

	library_hook(l, &tables_hook);
	doc_errors_init(&e);
	p = profile_load(l, name, sets, 2, &e);
	doc_errors_print(&e, stderr);
	if (!p)
		exit(1);
	doc_errors_clear(&e);
	library_free(l);
	tables_build(p);
	return p;
}

int main(int argc, char **argv)
{
	static struct rig r;
	struct trace_line l = { .number = 0 };
	struct profile *p;
	FILE *f;
	int got;

	f = argc == 3 ? fopen(argv[2], "re") : NULL;
	if (!f)
		return 2;
	find_pings(f);
	p = load(argv[1]);
	rig_init(&r, p);
	r.modem->ports.sockets = world;
	rig_boot(&r);
	while ((got = trace_next(f, &l)) == 1) {
		if (l.direction == '<')
			continue;
		if (l.direction != '[' || l.at != moment.at || l.port != moment.id ||
			(datagram && moment.len >= datagram))
			end_moment(&r);
		pass_until(&r, l.at);
		if (l.direction == '>')
			modem_rx(r.modem, MODEM_UART1, r.now, l.bytes, l.len);
		else if (l.direction == '[')
			octets(&l);
		else
			event(&r, &l);
		print(&r);
	}
	end_moment(&r);
	pass_until(&r, r.now + SEC(2));
	rig_free(&r);
	rig_profile_free(p);
	fclose(f);
	return got ? 1 : 0;
}
