/* Calls between modems: their signals, in the queue that messages have, and the octets of
 * data calls, which wait here until the other modem's port takes them. */
#include <stdlib.h>
#include <string.h>

#include "conf/must.h"
#include "host/exchange/neighbours_int.h"

#define OCTETS BEYOND_OCTETS /* that wait in one direction of a call */

/* One direction of a data call. */
struct octets {
	struct octets *next;
	struct neighbour *from; /* NULL: of another process, `far` */
	struct neighbour *to;
	uint64_t far;
	struct call_key key; /* as `to` hears it */
	bool starved;        /* `from` has found it full */
	size_t len;
	char data[OCTETS];
	struct post *last; /* a RELEASED that comes after them; NULL: none so far */
};

/* ---- units ------------------------------------------------------------------------- */

/* The modem and how often it was made anew. */
uint64_t neighbours_unit_of(const struct neighbour *me)
{
	return (uint64_t)me->lives << 32 | (me->index + 1);
}

struct neighbour *neighbours_by_unit(const struct neighbours *n, uint64_t unit)
{
	uint64_t number = unit & 0xffffffff;
	struct neighbour *one;

	if (!number || number > n->count)
		return NULL;
	one = &n->one[number - 1];
	return neighbours_unit_of(one) == unit ? one : NULL;
}

/* A name as `me` says it, and as it hears it. */
void neighbours_say_key(const struct neighbour *me, struct call_key *k)
{
	if (k->ref && !k->unit)
		k->unit = neighbours_unit_of(me);
}

static void hear_key(const struct neighbour *me, struct call_key *k)
{
	if (k->unit == neighbours_unit_of(me))
		k->unit = 0;
}

/* ---- what modems call -------------------------------------------------------------- */

static struct neighbour *receiver(const struct neighbour *me, const struct call_signal *s)
{
	struct address to;

	if (s->line.peer)
		return neighbours_by_unit(me->home, s->line.peer);
	if (address_parse(&to, s->called, strlen(s->called), 0) != PDU_OK)
		return NULL;
	return neighbours_find(me->home, &to);
}

static struct post *post_new(struct neighbour *to)
{
	struct post *p = must(calloc(1, sizeof(*p)));

	p->to = to;
	return p;
}

void neighbour_on_call(void *ctx, const struct call_signal *s)
{
	struct neighbour *me = ctx, *to = receiver(me, s);
	struct post *p;

	if (!to && neighbour_far_call(me, s))
		return;
	/* it was made anew, which ends its calls */
	if (!to || (to == me && !s->line.peer))
		return;
	p = post_new(to);
	p->call = must(malloc(sizeof(*s)));
	*p->call = *s;
	p->unit = s->line.peer;
	p->from = me;
	neighbours_say_key(me, &p->call->line.key);
	neighbours_say_key(me, &p->call->other.key);
	p->call->line.peer = neighbours_unit_of(me);
	me->calls = to->calls = true;
	neighbours_enqueue(me->home, p);
}

static struct octets *octets_new(
	struct neighbour *from, struct neighbour *to, const struct call_key *key)
{
	struct octets *o = must(calloc(1, sizeof(*o)));

	o->from = from;
	o->to = to;
	o->key = *key;
	o->next = to->home->octets;
	to->home->octets = o;
	return o;
}

static void put(struct octets *o, const void *buf, size_t len)
{
	memcpy(o->data + o->len, buf, len);
	o->len += len;
	neighbours_wake(o->to->home);
}

static bool is_of(const struct octets *o, const struct neighbour *from,
	const struct neighbour *to, const struct call_key *key)
{
	return o->from == from && o->to == to && call_key_equal(&o->key, key);
}

static struct octets *find(struct neighbour *from, const struct call_line *l,
	struct neighbour **to, struct call_key *key)
{
	struct octets *o;

	*key = l->key;
	*to = neighbours_by_unit(from->home, l->peer);
	if (!*to)
		return NULL;
	neighbours_say_key(from, key);
	hear_key(*to, key);
	for (o = from->home->octets; o; o = o->next)
		if (is_of(o, from, *to, key))
			return o;
	return NULL;
}

size_t neighbour_on_room(void *ctx, const struct call_line *l)
{
	struct neighbour *to;
	struct call_key key;
	struct octets *o;

	if (neighbours_is_far(l->peer))
		return neighbour_far_room(ctx, l);
	o = find(ctx, l, &to, &key);
	if (!o)
		return OCTETS;
	if (o->len == OCTETS)
		o->starved = true;
	return OCTETS - o->len;
}

void neighbour_on_tx(void *ctx, const struct call_line *l, const void *buf, size_t len)
{
	struct neighbour *from = ctx, *to;
	struct call_key key;
	struct octets *o;

	if (neighbours_is_far(l->peer)) {
		neighbour_far_tx(from, l, buf, len);
		return;
	}
	o = find(from, l, &to, &key);
	if (!to)
		return;
	if (!o)
		o = octets_new(from, to, &key);
	put(o, buf, len);
}

void neighbours_bring_octets(struct neighbours *n, unsigned modem,
	const struct call_line *from, const void *buf, size_t len)
{
	struct neighbour *to = &n->one[modem];
	struct call_key key = from->key;
	struct octets *o;

	neighbours_far_in(n, &key.unit);
	hear_key(to, &key);
	for (o = n->octets; o; o = o->next)
		if (is_of(o, NULL, to, &key) && o->far == from->peer)
			break;
	if (!o) {
		o = octets_new(NULL, to, &key);
		o->far = from->peer;
	}
	if (len <= OCTETS - o->len)
		put(o, buf, len);
}

/* ---- signals ----------------------------------------------------------------------- */

static void tell(const struct post *p)
{
	struct neighbour *to = p->to;
	struct call_signal s = *p->call;
	struct modem *m;
	usec_t now;

	hear_key(to, &s.line.key);
	hear_key(to, &s.other.key);
	m = to->modem.enter(to->modem.ctx, &now);
	if (to->modem.called)
		to->modem.called(to->modem.ctx, now, &s);
	modem_call_signal(m, now, &s);
	to->modem.leave(to->modem.ctx);
}

/* Octets of this call that are still to come to p->to. */
static struct octets *before(const struct post *p)
{
	struct call_key key = p->call->line.key;
	struct octets *o;

	hear_key(p->to, &key);
	for (o = p->to->home->octets; o; o = o->next)
		if (is_of(o, p->from, p->to, &key) && o->len &&
			(p->from || o->far == p->call->line.peer))
			return o;
	return NULL;
}

bool neighbour_call_pass(struct post *p)
{
	struct octets *o;

	/* to a modem that was made anew meanwhile */
	if (p->unit && p->unit != neighbours_unit_of(p->to))
		return true;
	if (p->call->kind == CALL_SIGNAL_RELEASED && (o = before(p)) && !o->last) {
		o->last = p;
		return false;
	}
	tell(p);
	return true;
}

void neighbour_gone_pass(const struct post *p)
{
	struct neighbours *n = p->from->home;
	struct neighbour *to;
	struct modem *m;
	usec_t now;

	for (to = n->one; to < n->one + n->count; to++) {
		if (!to->calls || to == p->from || !to->modem.enter)
			continue;
		m = to->modem.enter(to->modem.ctx, &now);
		modem_neighbour_gone(m, now, p->unit);
		to->modem.leave(to->modem.ctx);
	}
}

/* ---- octets ------------------------------------------------------------------------ */

static void octets_free(struct octets *o)
{
	if (o->last)
		neighbours_free_post(o->last);
	free(o);
}

static int id_of(const struct octets *o)
{
	return modem_call_id(o->to->modem.peek(o->to->modem.ctx), &o->key);
}

static size_t room_for(const struct octets *o)
{
	int id = id_of(o);
	size_t room = id ? modem_far_room(o->to->modem.peek(o->to->modem.ctx), id) : 0;

	return room < o->len ? room : o->len;
}

static void pass(struct octets *o, size_t len)
{
	struct neighbour *to = o->to;
	struct modem *m;
	usec_t now;

	m = to->modem.enter(to->modem.ctx, &now);
	if (to->modem.octets)
		to->modem.octets(to->modem.ctx, now, o->data, len);
	modem_far_rx(m, now, id_of(o), o->data, len);
	o->len -= len;
	memmove(o->data, o->data + len, o->len);
	if (!o->from)
		neighbour_far_taken(to, o->far, &o->key, len);
	to->modem.leave(to->modem.ctx);
}

static void feed(struct octets *o)
{
	struct neighbour *from = o->from;

	if (!o->starved)
		return;
	o->starved = false;
	neighbour_ready_pass(from);
}

/* The caller has hung up, and the port takes nothing for a while that may be long. */
static bool hopeless(const struct octets *o)
{
	return o->last && modem_far_state(o->to->modem.peek(o->to->modem.ctx),
				  id_of(o)) == FAR_CALL_ESCAPED;
}

static bool over(const struct octets *o)
{
	return !id_of(o) || (o->last && !o->len) || hopeless(o);
}

static void end(struct octets *o)
{
	struct post *p = o->last;

	o->last = NULL;
	if (p) {
		tell(p);
		neighbours_free_post(p);
	}
}

bool neighbours_pump(struct neighbours *n)
{
	struct octets **at = &n->octets, *o;
	bool more = false;
	size_t len;

	while ((o = *at)) {
		len = room_for(o);
		if (len) {
			pass(o, len);
			feed(o);
		}
		if (over(o)) {
			at = &n->octets;
			while (*at != o)
				at = &(*at)->next;
			*at = o->next;
			end(o);
			octets_free(o);
			at = &n->octets;
			continue;
		}
		more |= room_for(o) > 0;
		at = &o->next;
	}
	return more;
}

void neighbours_settled(struct neighbours *n, unsigned modem)
{
	const struct octets *o;

	for (o = n->octets; o; o = o->next)
		if (o->to == &n->one[modem] && (room_for(o) || over(o)))
			neighbours_wake(n);
}

/* ---- modems that are made anew ----------------------------------------------------- */

void neighbours_renewed(struct neighbours *n, unsigned modem)
{
	struct neighbour *me = &n->one[modem];
	struct octets **at = &n->octets, *o;
	struct post *p;

	while ((o = *at)) {
		if (o->from != me && o->to != me) {
			at = &o->next;
			continue;
		}
		*at = o->next;
		octets_free(o);
	}
	if (!me->calls)
		return;
	neighbour_far_gone(me);
	p = post_new(NULL);
	p->from = me;
	p->unit = neighbours_unit_of(me);
	me->lives++;
	me->calls = false;
	neighbours_enqueue(n, p);
}

void neighbour_calls_free(struct neighbours *n)
{
	struct octets *o;

	while ((o = n->octets)) {
		n->octets = o->next;
		octets_free(o);
	}
}
