/* Messages between modems: a queue of those that go to their receiver, and of what became
 * of them. */
#include "host/exchange/neighbours.h"

#include <stdlib.h>

#include "conf/must.h"
#include "host/exchange/neighbours_int.h"

/* ---- the queue ------------------------------------------------------------------- */

void neighbours_wake(struct neighbours *n)
{
	if (n->woken)
		return;
	n->woken = true;
	n->wake(n->ctx);
}

void neighbours_enqueue(struct neighbours *n, struct post *p)
{
	p->next = NULL;
	*n->last = p;
	n->last = &p->next;
	n->queued++;
	neighbours_wake(n);
}

static struct post *dequeue(struct neighbours *n)
{
	struct post *p = n->first;

	if (!p)
		return NULL;
	n->queued--;
	n->first = p->next;
	if (!n->first)
		n->last = &n->first;
	return p;
}

void neighbours_free_post(struct post *p)
{
	free(p->message);
	free(p->call);
	free(p);
}

void neighbours_bring(struct neighbours *n, unsigned modem, const struct sms_post *p)
{
	struct post *post = must(calloc(1, sizeof(*post)));

	post->to = &n->one[modem];
	post->message = must(malloc(sizeof(*p)));
	*post->message = *p;
	neighbours_enqueue(n, post);
}

void neighbours_tell(
	struct neighbours *n, unsigned modem, uint64_t sender, uint64_t ref, int status)
{
	struct post *post = must(calloc(1, sizeof(*post)));

	post->to = &n->one[modem];
	post->sender = sender;
	post->ref = ref;
	post->status = status;
	neighbours_enqueue(n, post);
}

void neighbours_set_beyond(struct neighbours *n, const struct beyond *b)
{
	n->beyond = b ? *b : (struct beyond){ .ctx = NULL };
}

/* ---- what modems call ------------------------------------------------------------ */

static bool on_has(void *ctx, const struct address *number)
{
	const struct neighbour *me = ctx, *other = neighbours_find(me->home, number);
	const struct beyond *b = &me->home->beyond;
	char text[ADDRESS_NUMBER];

	if (other || !b->has)
		return other && other != me;
	return b->has(b->ctx, me->index, address_number(number, text));
}

static bool on_away(void *ctx, const struct address *number)
{
	const struct neighbour *me = ctx;
	const struct beyond *b = &me->home->beyond;

	return b->away && !neighbours_find(me->home, number) &&
	       b->away(b->ctx, me->index);
}

static void on_send(void *ctx, const struct sms_post *p)
{
	struct neighbour *me = ctx, *to = neighbours_find(me->home, &p->to);
	const struct beyond *b = &me->home->beyond;

	neighbours_set_sender(me, p->sender);
	if (!to && b->send)
		b->send(b->ctx, me->index, p);
	/* else from a record: nobody has that number now; it expires at its sender */
	else if (to && to != me)
		neighbours_bring(me->home, to->index, p);
}

/* A sender that is not here sends again when it is. */
static void on_done(void *ctx, uint64_t sender, uint64_t ref, int status)
{
	const struct neighbour *me = ctx;
	const struct neighbour *to = neighbours_sender(me->home, sender);
	const struct beyond *b = &me->home->beyond;

	if (to)
		neighbours_tell(me->home, to->index, sender, ref, status);
	else if (b->done)
		b->done(b->ctx, me->index, sender, ref, status);
}

static uint64_t on_life(void *ctx)
{
	const struct neighbour *me = ctx;

	struct neighbours *n = me->home;

	n->life += n->life + 1 ? 1 : 2; /* never 0 */
	return n->life;
}

struct neighbour_ports neighbours_ports(struct neighbours *n, unsigned modem)
{
	return (struct neighbour_ports){ .ctx = &n->one[modem],
		.has = on_has,
		.away = on_away,
		.send = on_send,
		.done = on_done,
		.life = on_life,
		.call = neighbour_on_call,
		.room = neighbour_on_room,
		.tx = neighbour_on_tx };
}

/* ---- passing on ------------------------------------------------------------------ */

static void deliver(struct neighbour *to, const struct sms_post *p)
{
	struct modem *m;
	usec_t now;
	enum sms_taken taken;

	m = to->modem.enter(to->modem.ctx, &now);
	taken = modem_sms_deliver(m, now, p);
	if (to->modem.arrived && taken != SMS_REPEATED)
		to->modem.arrived(to->modem.ctx, now, p, taken == SMS_TAKEN);
	if (taken == SMS_NO_ROOM)
		on_done(to, p->sender, p->ref, SMS_POST_NO_ROOM);
	to->modem.leave(to->modem.ctx);
}

static void tell(struct neighbour *to, const struct post *p)
{
	struct modem *m;
	usec_t now;

	m = to->modem.enter(to->modem.ctx, &now);
	modem_sms_sent(m, now, p->sender, p->ref, p->status);
	to->modem.leave(to->modem.ctx);
}

/* False: it is kept. */
static bool pass(struct post *p)
{
	if (p->message)
		deliver(p->to, p->message);
	else if (p->call)
		return neighbour_call_pass(p);
	else if (p->ready)
		neighbour_ready_pass(p->to);
	else if (p->to)
		tell(p->to, p);
	else
		neighbour_gone_pass(p);
	return true;
}

bool neighbours_run(struct neighbours *n, unsigned most)
{
	struct post *p = NULL;
	bool more;

	n->woken = true;
	while (most-- && (p = dequeue(n)))
		if (pass(p))
			neighbours_free_post(p);
	more = neighbours_pump(n);
	n->woken = false;
	return n->first || more;
}

/* ---- life ------------------------------------------------------------------------ */

struct neighbours *neighbours_new(unsigned count, void (*wake)(void *ctx), void *ctx)
{
	struct neighbours *n = must(calloc(1, sizeof(*n)));
	unsigned i;

	n->one = must(calloc(count, sizeof(*n->one)));
	n->sorted = must(calloc(count, sizeof(struct neighbour *)));
	n->senders = must(calloc(count, sizeof(struct neighbour *)));
	n->count = count;
	n->last = &n->first;
	n->wake = wake;
	n->ctx = ctx;
	for (i = 0; i < count; i++) {
		n->one[i].home = n;
		n->one[i].index = i;
	}
	return n;
}

void neighbours_free(struct neighbours *n)
{
	struct post *p;

	if (!n)
		return;
	while ((p = dequeue(n)))
		neighbours_free_post(p);
	neighbour_calls_free(n);
	free(n->senders);
	free(n->sorted);
	free(n->one);
	free(n);
}

void neighbours_begin_lives(struct neighbours *n, uint64_t first)
{
	n->life = first;
	n->far = (first ^ first >> 29) * 0x9e3779b97f4a7c15u;
}

void neighbours_attach(
	struct neighbours *n, unsigned modem, const struct neighbour_modem *m)
{
	n->one[modem].modem = *m;
}

size_t neighbours_queued(const struct neighbours *n)
{
	return n->queued;
}
