/* The modems of the process as neighbours, which send each other messages and call each
 * other. */
#include <stdio.h>
#include <stdlib.h>
#include <sys/random.h>

#include "conf/must.h"
#include "host/exchange/neighbours.h"
#include "host/loop.h"
#include "host/run/run_int.h"
#include "host/trace/trace.h"
#include "wire.h"

#define A_TURN   64      /* messages a turn of the loop: ports are served in between */
#define ENQUIRES SEC(10) /* real time: calls over a broker, where a side may be killed */

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
	char from[ADDRESS_NUMBER];

	trace_event(u->trace, now, "message from %s %s",
		address_number(&p->t.address, from),
		taken ? "for the modem" : "has to wait: there is no room");
}

bool run_exchange_name(uint64_t *out)
{
	do {
		if (getrandom(out, sizeof(*out), 0) != sizeof(*out))
			return false;
	} while (!*out);
	return true;
}

/* A modem behaves the same with any; it is seen in records, and by other processes. */
static uint64_t random_life(void)
{
	uint64_t life;

	if (!run_exchange_name(&life)) {
		perror("fauxtrack: cannot get random numbers");
		exit(1);
	}
	return life;
}

/* Of a modem without neighbours: for messages to an outside service centre. */
static uint64_t on_life(void *ctx)
{
	(void)ctx;
	return random_life();
}

static const struct modem *peek(void *ctx)
{
	const struct unit *u = ctx;

	return wire_modem(u->wire);
}

/* "call setup from +33600000018"; which call it is, is its number at the caller. */
static void called(void *ctx, usec_t now, const struct call_signal *s)
{
	const struct unit *u = ctx;

	if (s->kind == CALL_SIGNAL_SETUP)
		trace_event(u->trace, now, "call from %s",
			s->caller[0] ? s->caller : "a modem without a number");
	else if (s->kind == CALL_SIGNAL_RELEASED)
		trace_event(u->trace, now, "call released: cause %d", s->cause);
	else if (s->kind != CALL_SIGNAL_ENQUIRY && s->kind != CALL_SIGNAL_THERE)
		trace_event(u->trace, now, "call %s",
			name_of(call_signal_names, (int)s->kind));
}

static void octets(void *ctx, usec_t now, const void *buf, size_t len)
{
	const struct unit *u = ctx;

	trace_bytes(u->trace, MODEM_UART1, now, '(', buf, len);
}

static void on_renewed(void *ctx)
{
	const struct unit *u = ctx;

	neighbours_renewed(u->run->exchange->neighbours, u->number - 1);
}

static void on_settled(void *ctx)
{
	const struct unit *u = ctx;

	neighbours_settled(u->run->exchange->neighbours, u->number - 1);
}

struct neighbour_ports run_exchange_ports(const struct unit *u)
{
	const struct run_exchange *x = u->run->exchange;
	const struct options *o = &u->group->o;
	struct neighbour_ports ports = { .life = on_life };

	if (x)
		ports = neighbours_ports(x->neighbours, u->number - 1);
	if (x && x->mqtt)
		ports.enquires = ENQUIRES * (o->speed_max ? 1 : o->speed);
	return ports;
}

void run_exchange_attach(struct unit *u)
{
	const struct run_exchange *x = u->run->exchange;
	const struct wire_watch watch = {
		.ctx = u, .settled = on_settled, .renewed = on_renewed
	};

	if (!x)
		return;
	neighbours_attach(x->neighbours, u->number - 1,
		&(struct neighbour_modem){
			u, enter, leave, arrived, peek, called, octets });
	wire_watch(u->wire, &watch);
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

/* A number that the user has given a far end of its own. False, after reporting one that
 * a modem has. */
static bool check_numbers(const struct run *r, const struct group *g)
{
	const struct calls_conf *c = &g->profile->network.calls;
	char one[128];
	unsigned at;
	size_t i;

	for (i = 0; i < c->n_numbers; i++) {
		if (!neighbours_who(r->exchange->neighbours, c->numbers[i].number, &at))
			continue;
		fprintf(stderr,
			"fauxtrack: %s has the number %s, and network.numbers (--number) "
			"has it too: calls could not tell them apart; give one another "
			"number\n",
			name(&r->units[at], one, sizeof(one)), c->numbers[i].number);
		return false;
	}
	return true;
}

static bool check_groups(const struct run *r)
{
	size_t i;

	for (i = 0; i < r->n_groups; i++)
		if (!check_numbers(r, &r->groups[i]))
			return false;
	return true;
}

bool run_exchange_open(struct run *r)
{
	struct run_exchange *x;
	unsigned i, a, b;

	if (r->count < 2 && !r->o.exchange)
		return true;
	x = r->exchange = must(calloc(1, sizeof(*x)));
	x->neighbours = neighbours_new(r->count, on_wake, x);
	neighbours_begin_lives(x->neighbours, random_life());
	x->timer = loop_timer_new(r->loop, on_turn, x);
	for (i = 0; i < r->count; i++)
		neighbours_set_number(x->neighbours, i, r->units[i].numbers.own);
	if (neighbours_settle(x->neighbours, &a, &b))
		return check_groups(r);
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
