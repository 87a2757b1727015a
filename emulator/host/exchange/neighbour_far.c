/* Calls with modems of other processes (beyond.h): how units are named there, and what
 * goes out. */
#include <stdlib.h>

#include "conf/must.h"
#include "host/exchange/neighbours_int.h"

/* A unit's name there: the highest bit, 43 bits of chance that change with each life, and
 * its place in this process. */
#define FAR        ((uint64_t)1 << 63)
#define PLACE_BITS 20
#define PLACE      (((uint64_t)1 << PLACE_BITS) - 1)
#define ODD        0x9e3779b97f4a7c15u /* lives differ in all 43 bits */

bool neighbours_is_far(uint64_t unit)
{
	return unit & FAR;
}

static uint64_t name_of_life(const struct neighbours *n, uint64_t place, uint64_t lives)
{
	return FAR | (n->far + lives * ODD) << PLACE_BITS | place;
}

uint64_t neighbours_unit(const struct neighbours *n, unsigned modem)
{
	return name_of_life(n, modem + 1, n->one[modem].lives);
}

static void far_out(const struct neighbours *n, uint64_t *unit)
{
	if (*unit && !neighbours_is_far(*unit))
		*unit = name_of_life(n, *unit & 0xffffffff, *unit >> 32);
}

void neighbours_far_in(const struct neighbours *n, uint64_t *unit)
{
	uint64_t place = *unit & PLACE;

	if (place && place <= n->count &&
		neighbours_unit(n, (unsigned)place - 1) == *unit)
		*unit = neighbours_unit_of(&n->one[place - 1]);
}

/* ---- going out --------------------------------------------------------------------- */

static bool reaches(const struct neighbour *me, const struct call_signal *s)
{
	const struct beyond *b = &me->home->beyond;

	if (!b->call)
		return false;
	if (s->line.peer)
		return neighbours_is_far(s->line.peer);
	return b->has && b->has(b->ctx, me->index, s->called);
}

static struct call_line line_out(const struct neighbour *me, const struct call_line *l)
{
	struct call_line out = *l;

	neighbours_say_key(me, &out.key);
	far_out(me->home, &out.key.unit);
	far_out(me->home, &out.peer);
	return out;
}

bool neighbour_far_call(struct neighbour *me, const struct call_signal *s)
{
	const struct beyond *b = &me->home->beyond;
	struct call_signal out = *s;

	if (!reaches(me, s))
		return false;
	out.line = line_out(me, &s->line);
	out.other = line_out(me, &s->other);
	me->calls = true;
	b->call(b->ctx, me->index, &out);
	return true;
}

size_t neighbour_far_room(const struct neighbour *me, const struct call_line *to)
{
	const struct beyond *b = &me->home->beyond;
	const struct call_line out = line_out(me, to);

	return b->room ? b->room(b->ctx, me->index, &out) : 0;
}

void neighbour_far_tx(const struct neighbour *me, const struct call_line *to,
	const void *buf, size_t len)
{
	const struct beyond *b = &me->home->beyond;
	const struct call_line out = line_out(me, to);

	if (b->tx)
		b->tx(b->ctx, me->index, &out, buf, len);
}

void neighbour_far_taken(
	const struct neighbour *me, uint64_t from, const struct call_key *key, size_t len)
{
	const struct beyond *b = &me->home->beyond;
	const struct call_line heard = { *key, from }, out = line_out(me, &heard);

	if (b->taken)
		b->taken(b->ctx, me->index, &out, len);
}

void neighbour_far_gone(const struct neighbour *me)
{
	const struct beyond *b = &me->home->beyond;

	if (b->gone)
		b->gone(b->ctx, me->index,
			name_of_life(me->home, me->index + 1, me->lives));
}

/* ---- coming ------------------------------------------------------------------------ */

void neighbours_bring_signal(
	struct neighbours *n, unsigned modem, const struct call_signal *s)
{
	struct neighbour *to = &n->one[modem];
	struct post *p = must(calloc(1, sizeof(*p)));

	p->to = to;
	p->unit = neighbours_unit_of(to);
	p->call = must(malloc(sizeof(*s)));
	*p->call = *s;
	neighbours_far_in(n, &p->call->line.key.unit);
	neighbours_far_in(n, &p->call->other.key.unit);
	neighbours_far_in(n, &p->call->other.peer);
	to->calls = true;
	neighbours_enqueue(n, p);
}

void neighbours_bring_ready(struct neighbours *n, unsigned modem)
{
	struct post *p = must(calloc(1, sizeof(*p)));

	p->to = &n->one[modem];
	p->ready = true;
	neighbours_enqueue(n, p);
}

void neighbour_ready_pass(const struct neighbour *to)
{
	struct modem *m;
	usec_t now;

	m = to->modem.enter(to->modem.ctx, &now);
	modem_far_ready(m, now);
	to->modem.leave(to->modem.ctx);
}
