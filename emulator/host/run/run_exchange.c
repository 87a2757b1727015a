/* The modems of the process as neighbours, which send each other messages. */
#include <stdio.h>
#include <stdlib.h>
#include <sys/random.h>

#include "conf/must.h"
#include "host/exchange/neighbours.h"
#include "host/loop.h"
#include "host/run/run_int.h"
#include "host/trace/trace.h"
#include "wire.h"

#define A_TURN 64 /* messages a turn of the loop: ports are served in between */

struct run_exchange {
	struct neighbours *neighbours;
	struct loop_timer *timer;
	struct run_mqtt *mqtt; /* NULL: only this process */
};

/* ---- the queue in the loop --------------------------------------------------------- */

static void on_wake(void *ctx)
{
	struct run_exchange *x = ctx;

	loop_timer_set(x->timer, 0);
}

static void on_turn(void *ctx)
{
	struct run_exchange *x = ctx;

	if (neighbours_run(x->neighbours, A_TURN))
		loop_timer_set(x->timer, 0);
}

/* ---- one modem --------------------------------------------------------------------- */

static struct modem *enter(void *ctx, usec_t *now)
{
	const struct unit *u = ctx;

	return wire_enter(u->wire, now);
}

static void leave(void *ctx)
{
	const struct unit *u = ctx;

	wire_leave(u->wire);
}

static void arrived(void *ctx, usec_t now, const struct sms_post *p, bool taken)
{
	const struct unit *u = ctx;
	char from[ADDRESS_DIGITS + 2];
	struct buf b;

	buf_init(&b, from, sizeof(from) - 1);
	address_print(&p->t.address, &b);
	from[b.len] = '\0';
	trace_event(u->trace, now, "message from %s %s", from,
		taken ? "for the modem" : "has to wait: there is no room");
}

struct neighbour_ports run_exchange_ports(const struct unit *u)
{
	const struct run_exchange *x = u->run->exchange;

	return x ? neighbours_ports(x->neighbours, u->number - 1)
		 : (struct neighbour_ports){ .has = NULL };
}

void run_exchange_attach(struct unit *u)
{
	const struct run_exchange *x = u->run->exchange;

	if (!x)
		return;
	neighbours_attach(x->neighbours, u->number - 1,
		&(struct neighbour_modem){ u, enter, leave, arrived });
}

/* ---- all of them ------------------------------------------------------------------- */

/* "modem 3", in a fleet with names "modem 3 (2 of south)". */
static const char *name(const struct unit *u, char *mem, size_t size)
{
	const char *group = u->group->name;

	if (group)
		snprintf(mem, size, "modem %u (%u of %s)", u->number, u->index, group);
	else
		snprintf(mem, size, "modem %u", u->number);
	return mem;
}

static void report(const struct unit *a, const struct unit *b)
{
	char one[128], other[128];

	fprintf(stderr,
		"fauxtrack: %s has the number %s, and %s has %s: messages could not tell "
		"them apart; give one another number: %s%u:sim.number=NUMBER%s\n",
		name(a, one, sizeof(one)), a->numbers.own, name(b, other, sizeof(other)),
		b->numbers.own, b->run->fleet ? "set: [\"" : "--set ", b->index,
		b->run->fleet ? "\"] in its group" : "");
}

/* It is seen only in records: a modem behaves the same with any. */
static void begin_lives(struct neighbours *n)
{
	uint64_t random;

	if (getrandom(&random, sizeof(random), 0) != sizeof(random)) {
		perror("fauxtrack: cannot get random numbers");
		exit(1);
	}
	neighbours_begin_lives(n, random);
}

bool run_exchange_open(struct run *r)
{
	struct run_exchange *x;
	unsigned i, a, b;

	if (r->count < 2 && !r->o.exchange)
		return true;
	x = r->exchange = must(calloc(1, sizeof(*x)));
	x->neighbours = neighbours_new(r->count, on_wake, x);
	begin_lives(x->neighbours);
	x->timer = loop_timer_new(r->loop, on_turn, x);
	for (i = 0; i < r->count; i++)
		neighbours_set_number(x->neighbours, i, r->units[i].numbers.own);
	if (neighbours_settle(x->neighbours, &a, &b))
		return true;
	report(&r->units[a], &r->units[b]);
	return false;
}

bool run_exchange_connect(const struct run *r)
{
	struct run_exchange *x = r->exchange;

	if (!r->o.exchange)
		return true;
	x->mqtt = run_mqtt_open(r, x->neighbours);
	return x->mqtt;
}

void run_exchange_show(const struct run *r, struct api_place *place)
{
	if (!r->exchange || !r->exchange->mqtt)
		return;
	place->exchange = run_mqtt_counts;
	place->exchange_ctx = r->exchange->mqtt;
}

void run_exchange_close(struct run *r)
{
	if (!r->exchange)
		return;
	run_mqtt_close(r->exchange->mqtt);
	loop_timer_free(r->exchange->timer);
	neighbours_free(r->exchange->neighbours);
	free(r->exchange);
	r->exchange = NULL;
}
