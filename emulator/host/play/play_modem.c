/* The player's modem: its memory, a port that accepts everything, records in memory. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "conf/must.h"
#include "host/exchange/neighbours.h"
#include "host/play/player_int.h"

#define DUMP_MAX    65536
#define ROOM        4096
#define ROOM_NARROW 5

/* ---- records --------------------------------------------------------------------- */

static struct play_record *find(struct play_store *s, const char *name)
{
	size_t i;

	for (i = 0; i < s->n; i++)
		if (!strcmp(s->record[i].name, name))
			return &s->record[i];
	return NULL;
}

static long store_load(struct play_store *s, const char *name, void *buf, size_t max)
{
	const struct play_record *r = find(s, name);

	if (!r || r->len > max)
		return -1;
	memcpy(buf, r->data, r->len);
	return (long)r->len;
}

static int store_put(struct play_store *s, const char *name, const void *data, size_t len)
{
	struct play_record *r = find(s, name);

	if (s->fails || strlen(name) >= sizeof(r->name) || (!r && s->n == PLAY_RECORDS))
		return -1;
	if (!r) {
		r = &s->record[s->n++];
		strcpy(r->name, name);
	}
	free(r->data);
	r->data = play_alloc(len + 1);
	memcpy(r->data, data, len);
	r->len = len;
	return 0;
}

static void store_clear(struct play_store *s)
{
	size_t i;

	for (i = 0; i < s->n; i++)
		free(s->record[i].data);
	*s = (struct play_store){ .n = 0 };
}

/* ---- ports ----------------------------------------------------------------------- */

/* UART1, and the ports that a step names. */
static bool uses(const struct player *p, unsigned port)
{
	return port == MODEM_UART1 || p->conf->ports & 1u << port;
}

/* A modem has all ports up to the last one that is used. */
static unsigned ports_of(const struct player *p)
{
	unsigned n = MODEM_NAMED;

	while (!uses(p, n - 1))
		n--;
	return n;
}

void play_turn(struct player *p, unsigned port)
{
	struct heard *h = &p->aside[port];

	if (port == p->port)
		return;
	p->aside[p->port] = (struct heard){ p->out, p->len, p->cap, p->seen, p->came,
		p->uart };
	p->port = port;
	p->out = h->out;
	p->len = h->len;
	p->cap = h->cap;
	p->seen = h->seen;
	p->came = h->came;
	p->uart = h->uart;
	*h = (struct heard){ .out = NULL };
}

void play_open_ports(struct player *p, usec_t now)
{
	unsigned port;

	for (port = 0; port < ports_of(p); port++)
		if (uses(p, port))
			modem_dtr(p->modem, port, now, true);
}

static size_t full_room(const struct player *p)
{
	return p->all->options->mode == PLAY_NARROW ? ROOM_NARROW : ROOM;
}

static size_t tx_room(void *ctx, unsigned port)
{
	const struct player *p = ctx;

	(void)port;
	return p->room;
}

static void drain(struct player *p)
{
	unsigned port;

	do {
		while (p->room < full_room(p)) {
			p->room = full_room(p);
			for (port = 0; port < ports_of(p); port++)
				modem_tx_ready(p->modem, port, p->all->now);
		}
	} while (play_net_deliver(p));
}

void play_drain_one(struct player *p)
{
	do
		drain(p);
	while (play_far_next(p) || play_peer_next(p));
}

void play_drain(struct player *p)
{
	play_drain_one(p);
	play_pass_on(p->all);
}

/* Whether the next byte belongs to the line of a sweep, which no step expects. */
static bool swept(const struct player *p)
{
	uint64_t from;
	size_t len;

	return p->sweep.kind && modem_sweep_said(p->modem, &from, &len) &&
	       p->taken >= from && p->taken < from + len;
}

static void hear(struct player *p, const char *buf, size_t len)
{
	size_t i;

	if (p->len + len > p->cap) {
		p->cap = 2 * (p->len + len);
		p->out = realloc(p->out, p->cap);
		p->came = realloc(p->came, p->cap * sizeof(*p->came));
		if (!p->out || !p->came)
			out_of_memory();
	}
	memcpy(p->out + p->len, buf, len);
	for (i = 0; i < len; i++)
		p->came[p->len + i] = p->all->now;
	p->len += len;
}

/* What the modem has said at the port whose turn it is. */
static void take(struct player *p, const char *buf, size_t len)
{
	size_t i;

	play_trace(p, '<', buf, len);
	if (!p->sweep.kind || p->port != MODEM_UART1) {
		hear(p, buf, len);
		return;
	}
	for (i = 0; i < len; i++, p->taken++)
		if (!swept(p))
			hear(p, buf + i, 1);
}

static void tx(void *ctx, unsigned port, const void *buf, size_t len)
{
	struct player *p = ctx;
	unsigned present = p->port;

	p->room -= len;
	if (port != present && !uses(p, port))
		return;
	play_turn(p, port);
	take(p, buf, len);
	play_turn(p, present);
}

static void notify(void *ctx, const struct notice *n)
{
	struct player *p = ctx;

	/* modem_settle() runs ahead of the player */
	if (n->at > p->all->now)
		p->all->now = n->at;
	if (n->kind == NOTICE_SMS)
		snprintf(p->sent, sizeof(p->sent), "%s", n->text);
	if (n->kind == NOTICE_FAR_END)
		snprintf(p->shown, sizeof(p->shown), "%s", n->text);
	if (n->kind == NOTICE_GAP && (unsigned)n->value == p->sweep.at)
		snprintf(p->all->result->gap, sizeof(p->all->result->gap), "%s%s",
			n->text, play_whose(p));
	/* the trace shows these as bytes already */
	if (n->kind == NOTICE_URC || n->kind == NOTICE_RESULT ||
		n->kind == NOTICE_COMMAND)
		return;
	play_trace_text(
		p, "%s: %s", name_of(notice_names, n->kind), n->text ? n->text : "");
}

static long nv_load(void *ctx, const char *rec, void *buf, size_t max)
{
	struct player *p = ctx;

	return store_load(&p->store, rec, buf, max);
}

static int nv_store(void *ctx, const char *rec, const void *buf, size_t len)
{
	struct player *p = ctx;

	return store_put(&p->store, rec, buf, len);
}

static void log_out(void *ctx, enum log_cat cat, enum log_level level, const char *text)
{
	struct player *p = ctx;

	play_trace_text(p, "%s %s: %s", name_of(log_cat_names, (int)cat),
		name_of(log_level_names, (int)level), text);
}

/* A modem in mem, of modem_size() bytes that are all zero. */
static struct modem *make(
	struct player *p, void *mem, const struct ports *ports, usec_t begin)
{
	uint64_t seed = p->all->options->seed ? p->all->options->seed : p->conf->seed;
	struct modem_options o = {
		.seed = seed,
		.ports = ports_of(p),
		.speed = 1,
		.begin = begin,
		.clock = MODEM_CLOCK,
		.faults = p->conf->rules,
		.n_faults = p->conf->faults.n,
		.sweep = p->sweep,
		.numbers = &p->numbers,
		.log = { log_out, p, { 0 } },
	};
	size_t i;

	for (i = 0; i < LOG_CATS; i++)
		o.log.level[i] = LOG_LEVEL_CLIENT;
	return modem_init(mem, p->profile, ports, &o);
}

void play_modem_new(struct player *p)
{
	const struct ports ports = {
		.ctx = p,
		.tx_room = tx_room,
		.tx = tx,
		.packets = play_net_link,
		.packet = play_net_packet,
		.far = play_far_ports(p),
		.neighbours = p->all->neighbours
				      ? neighbours_ports(
						p->all->neighbours, (unsigned)p->index)
				      : (struct neighbour_ports){ .has = NULL },
		.sockets = play_peer_ports(p),
		.notify = notify,
		.nv = { p, nv_load, nv_store, NULL },
	};

	play_far_drop(p);
	p->room = full_room(p);
	play_net_clear(p);
	p->modem = make(p, must(calloc(1, modem_size(p->profile, ports_of(p)))), &ports,
		p->all->now);
	if (!p->modem)
		abort(); /* an empty memory loads, and so do records of a modem */
}

void play_modem_renew(struct player *p)
{
	if (p->all->neighbours)
		neighbours_renewed(p->all->neighbours, (unsigned)p->index);
	modem_close(p->modem, p->all->now);
	free(p->modem);
	play_modem_new(p);
	play_open_ports(p, p->all->now);
}

void play_modem_free(struct player *p)
{
	unsigned port;

	free(p->modem);
	p->modem = NULL;
	play_far_drop(p);
	free(p->check_mem);
	play_net_free(p);
	play_ppp_free(p);
	play_peer_free(p);
	store_clear(&p->store);
	for (port = 0; port < MODEM_NAMED; port++) {
		play_turn(p, port);
		free(p->out);
		free(p->came);
		p->out = NULL;
		p->came = NULL;
	}
}

/* ---- time and bytes -------------------------------------------------------------- */

bool play_type(struct player *p, struct doc_place at, const void *bytes, size_t len)
{
	const char *b = bytes;
	size_t one, room;

	play_trace(p, '>', bytes, len);
	p->all->did = p->all->now;
	while (len) {
		room = modem_rx_room(p->modem, p->port);
		if (!room) {
			play_fail(p, at,
				"the modem accepts no more bytes, and %zu are left; let "
				"it answer first",
				len);
			return false;
		}
		one = p->all->options->mode == PLAY_ONE_BYTE ? 1
		      : len < room                           ? len
							     : room;
		modem_rx(p->modem, p->port, p->all->now, b, one);
		play_drain(p);
		b += one;
		len -= one;
	}
	return true;
}

/* ---- power cycles ---------------------------------------------------------------- */

struct silent {
	struct play_store store;
};

static size_t silent_room(void *ctx, unsigned port)
{
	(void)port;
	(void)ctx;
	return ROOM;
}

static long silent_load(void *ctx, const char *rec, void *buf, size_t max)
{
	struct silent *s = ctx;

	return store_load(&s->store, rec, buf, max);
}

static int silent_store(void *ctx, const char *rec, const void *buf, size_t len)
{
	struct silent *s = ctx;

	return store_put(&s->store, rec, buf, len);
}

static void silent_tx(void *ctx, unsigned port, const void *buf, size_t len)
{
	(void)port;
	(void)ctx;
	(void)buf;
	(void)len;
}

/* Reports the first line in which the dumps differ. */
static void tell_difference(
	struct player *p, struct doc_place at, const struct buf *a, const struct buf *b)
{
	size_t line = 0, i;

	for (i = 0; i < a->len && i < b->len && a->data[i] == b->data[i]; i++)
		if (a->data[i] == '\n')
			line = i + 1;
	play_fail(p, at,
		"the memory has \"%s\", but a modem that loads its records has \"%s\"; "
		"store the record when it changes",
		play_visible(a->data + line, strcspn(a->data + line, "\n")),
		play_visible(b->data + line, strcspn(b->data + line, "\n")));
}

void play_check_records(struct player *p, struct doc_place at)
{
	struct silent s = { .store = { .n = 0 } };
	const struct ports ports = {
		.ctx = &s,
		.tx_room = silent_room,
		.tx = silent_tx,
		.nv = { &s, silent_load, silent_store, NULL },
	};
	size_t modem_len = modem_size(p->profile, ports_of(p));
	struct modem *second;
	struct buf a, b;
	char *dumps;
	size_t i;

	if (!p->check_mem)
		p->check_mem = play_alloc(modem_len + 2 * (DUMP_MAX + 1));
	dumps = p->check_mem + modem_len;

	for (i = 0; i < p->store.n; i++)
		store_put(&s.store, p->store.record[i].name, p->store.record[i].data,
			p->store.record[i].len);
	buf_init(&a, dumps, DUMP_MAX);
	buf_init(&b, dumps + DUMP_MAX + 1, DUMP_MAX);
	memset(p->check_mem, 0, modem_len);
	second = make(p, p->check_mem, &ports, p->all->now);
	modem_nv_dump(p->modem, &a);
	if (second)
		modem_nv_dump(second, &b);
	a.data[a.len] = b.data[b.len] = '\0'; /* for tell_difference() */
	if (a.full || !second)
		play_fail(p, at, "the records of this modem cannot be loaded again");
	else if (a.len != b.len || memcmp(a.data, b.data, a.len) != 0)
		tell_difference(p, at, &a, &b);
	if (second) {
		/* it must boot, whatever state it was left in */
		modem_power(second, p->all->now, true);
		modem_settle(second, MODEM_BOOT);
	}
	store_clear(&s.store);
}
