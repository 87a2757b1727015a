/* Time of our modem is that of the recording, and more after each time that it was slower
 * than the real one: before the host's next line it completes its answer at once.
 *
 * Where the two are in different states (one asks for text or carries data, and the other
 * does not), ours gets nothing of the host until they are in the same state again. */
#include "host/field/shadow.h"

#include <stdlib.h>
#include <string.h>

#include "conf/must.h"
#include "host/field/pin_mask.h"
#include "host/field/twin.h"

#define ESC     "\x1b"
#define LONGEST SEC(60) /* that ours may take longer than the real one */
#define PATIENT SEC(1)  /* a host that waits so long wants an answer */

/* Exchanges that wait for their like of the other side, the oldest first. */
struct queue {
	struct exchange **item;
	size_t n, cap;
};

struct side {
	struct shadow *shadow;
	struct exchanges *parser;
	struct queue queue;
	bool ours;
};

struct shadow {
	struct shadow_options o;
	struct twin *twin;
	struct side real, ours;
	usec_t ahead; /* of our modem's time before the recording's */
	bool ends;    /* nothing more comes */
	struct shadow_count count;
};

/* ---- pairs ------------------------------------------------------------------------ */

static void push(struct queue *q, struct exchange *x)
{
	if (q->n == q->cap) {
		q->cap = q->cap ? 2 * q->cap : 16;
		q->item = must(realloc(q->item, q->cap * sizeof(*q->item)));
	}
	q->item[q->n++] = x;
}

static struct exchange *pop(struct queue *q)
{
	struct exchange *x = q->item[0];

	memmove(q->item, q->item + 1, --q->n * sizeof(*q->item));
	return x;
}

/* Without a result, and the host has not waited for one. */
static bool interrupted(const struct shadow *s, const struct exchange *real)
{
	if (s->ends && !real->result)
		return true;
	return real->cut_short && real->cut < real->answered + PATIENT;
}

static void compare(
	struct shadow *s, const struct exchange *real, const struct exchange *ours)
{
	struct pin_mask mask = { .len = 0 };
	struct shadow_pair p = { .at = real->asked };
	char *command;

	if (interrupted(s, real)) {
		s->count.interrupted++;
		return;
	}
	command = must(strdup(real->command));
	pin_mask(&mask, command, strlen(command));
	p.command = command;
	s->count.commands++;
	s->count.differ += differ(real, ours, &p.difference);
	s->count.own += p.difference.own != NULL;
	s->o.pair(s->o.ctx, &p);
	free(command);
}

/* How many of the queue come before that command; its length: it is not there. */
static size_t before(const struct queue *q, const char *command)
{
	size_t i;

	for (i = 0; i < q->n; i++)
		if (!strcmp(q->item[i]->command, command))
			break;
	return i;
}

static void drop(struct shadow *s, struct queue *q, size_t n)
{
	while (n--) {
		s->count.alone++;
		exchange_free(pop(q));
	}
}

static void match(struct shadow *s)
{
	struct queue *real = &s->real.queue, *ours = &s->ours.queue;
	struct exchange *a, *b;
	size_t skip;

	while (real->n && ours->n) {
		skip = before(ours, real->item[0]->command);
		if (skip == ours->n) {
			drop(s, real, 1);
			continue;
		}
		drop(s, ours, skip);
		a = pop(real);
		b = pop(ours);
		compare(s, a, b);
		exchange_free(a);
		exchange_free(b);
	}
}

static void tell_urcs(struct side *side, const struct exchange *x)
{
	struct shadow *s = side->shadow;
	struct shadow_urc u = { .ours = side->ours };
	size_t i;

	for (i = 0; i < x->n && s->o.urc; i++) {
		if (!x->line[i].unsolicited)
			continue;
		u.at = side->ours ? x->line[i].at - s->ahead : x->line[i].at;
		u.text = x->line[i].text;
		s->o.urc(s->o.ctx, &u);
	}
}

static void take(void *ctx, const struct exchange *x)
{
	struct side *side = ctx;

	tell_urcs(side, x);
	if (!x->command[0])
		return;
	push(&side->queue, exchange_copy(x));
	match(side->shadow);
}

/* ---- the host types --------------------------------------------------------------- */

static void said(void *ctx, usec_t at, const void *buf, size_t len)
{
	struct shadow *s = ctx;

	exchanges_bytes(s->ours.parser, at, '<', buf, len, 0);
}

/* Ours skips what it still has to do, and then what it waits for: the network, a called
 * party. */
static void settle(struct shadow *s)
{
	usec_t from = twin_now(s->twin), end, next;

	twin_settle(s->twin);
	end = twin_now(s->twin) + LONGEST;
	while (exchanges_state(s->ours.parser) == EXCHANGE_RUNS &&
		(next = twin_next(s->twin)) <= end)
		twin_advance(s->twin, next);
	s->ahead += twin_now(s->twin) - from;
}

static void type(struct shadow *s, const char *p, size_t len)
{
	usec_t from = twin_now(s->twin);

	exchanges_bytes(s->ours.parser, from, '>', p, len, 0);
	twin_type(s->twin, p, len);
	s->ahead += twin_now(s->twin) - from;
}

static void restart_parser(struct side *side)
{
	exchanges_end(side->parser);
	exchanges_free(side->parser);
	side->parser = exchanges_new(take, side);
}

/* Brings ours to where the real one is, as far as it can be. True: it is there. */
static bool follow(struct shadow *s, enum exchange_state real)
{
	enum exchange_state ours = exchanges_state(s->ours.parser);

	if (ours == EXCHANGE_RUNS && real != EXCHANGE_RUNS) {
		settle(s);
		ours = exchanges_state(s->ours.parser);
	}
	if (ours == EXCHANGE_DATA && real != EXCHANGE_DATA) {
		twin_hang_up(s->twin);
		restart_parser(&s->ours);
		ours = EXCHANGE_IDLE;
	}
	if (ours == EXCHANGE_PROMPT && real != EXCHANGE_PROMPT) {
		type(s, ESC, 1);
		settle(s);
		ours = exchanges_state(s->ours.parser);
	}
	return real == ours || (real != EXCHANGE_PROMPT && real != EXCHANGE_DATA);
}

/* How many octets end with a line or a text: what follows may find another state. */
static size_t piece(const char *p, size_t len, enum exchange_state state)
{
	size_t i;

	if (state == EXCHANGE_DATA)
		return len;
	for (i = 0; i < len; i++)
		if (p[i] == '\r' || p[i] == 0x1a || p[i] == 0x1b)
			return i + 1;
	return len;
}

static void from_host(struct shadow *s, usec_t at, const char *p, size_t len)
{
	enum exchange_state state;
	size_t n;

	for (; len; p += n, len -= n) {
		state = exchanges_state(s->real.parser);
		n = piece(p, len, state);
		if (follow(s, state))
			type(s, p, n);
		exchanges_bytes(s->real.parser, at, '>', p, n, 0);
	}
}

void shadow_bytes(struct shadow *s, usec_t at, char side, const void *buf, size_t len)
{
	shadow_advance(s, at);
	if (side == '>')
		from_host(s, at, buf, len);
	else
		exchanges_bytes(s->real.parser, at, '<', buf, len, 0);
}

/* ---- life ------------------------------------------------------------------------- */

void shadow_advance(struct shadow *s, usec_t at)
{
	twin_advance(s->twin, at + s->ahead);
}

usec_t shadow_next(const struct shadow *s)
{
	usec_t next = twin_next(s->twin);

	return next == USEC_NEVER ? next : next > s->ahead ? next - s->ahead : 0;
}

struct shadow *shadow_new(const struct shadow_options *o)
{
	struct shadow *s = must(calloc(1, sizeof(*s)));
	const struct twin_options t = { .profile = o->profile,
		.seed = o->seed,
		.clock = o->clock,
		.said = said,
		.ctx = s };

	s->o = *o;
	s->real = (struct side){ .shadow = s };
	s->ours = (struct side){ .shadow = s, .ours = true };
	s->real.parser = exchanges_new(take, &s->real);
	s->ours.parser = exchanges_new(take, &s->ours);
	s->twin = twin_new(&t);
	s->ahead = twin_now(s->twin);
	return s;
}

void shadow_end(struct shadow *s)
{
	settle(s);
	s->ends = true;
	restart_parser(&s->real);
	restart_parser(&s->ours);
	match(s);
	drop(s, &s->real.queue, s->real.queue.n);
	drop(s, &s->ours.queue, s->ours.queue.n);
}

const struct shadow_count *shadow_counted(const struct shadow *s)
{
	return &s->count;
}

void shadow_free(struct shadow *s)
{
	if (!s)
		return;
	twin_free(s->twin);
	exchanges_free(s->real.parser);
	exchanges_free(s->ours.parser);
	drop(s, &s->real.queue, s->real.queue.n);
	drop(s, &s->ours.queue, s->ours.queue.n);
	free(s->real.queue.item);
	free(s->ours.queue.item);
	free(s);
}
