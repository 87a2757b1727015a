/* Messages between modems: a queue of those that go to their receiver, and of what became
 * of them. */
#include "host/exchange/neighbours.h"

#include <stdlib.h>

#include "conf/must.h"
#include "host/exchange/neighbours_int.h"

/* ---- the queue ------------------------------------------------------------------- */

static void enqueue(struct neighbours *n, struct post *p)
{
	p->next = NULL;
	*n->last = p;
	n->last = &p->next;
	if (n->woken)
		return;
	n->woken = true;
	n->wake(n->ctx);
}

static struct post *dequeue(struct neighbours *n)
{
	struct post *p = n->first;

	if (p && !(n->first = p->next))
		n->last = &n->first;
	return p;
}

static void go_back(struct post *p, int status)
{
	p->back = true;
	p->status = status;
	enqueue(p->to->home, p);
}

/* ---- what modems call ------------------------------------------------------------ */

static bool on_has(void *ctx, const struct address *number)
{
	const struct neighbour *me = ctx, *other = neighbours_find(me->home, number);

	return other && other != me;
}

static void on_send(void *ctx, const struct sms_post *p)
{
	struct neighbour *me = ctx, *to = neighbours_find(me->home, &p->to);
	struct neighbours *n = me->home;
	struct post *post = must(calloc(1, sizeof(*post)));

	post->from = me;
	post->to = to; /* on_has() has found it */
	post->p = *p;
	post->ref = ++n->ref;
	n->under_way++;
	enqueue(n, post);
}

static void on_done(void *ctx, uint64_t ref, int status)
{
	struct neighbour *me = ctx;
	struct post **at = &me->there, *p;

	while (*at && (*at)->ref != ref)
		at = &(*at)->next;
	p = *at;
	if (!p)
		return;
	*at = p->next;
	go_back(p, status);
}

struct neighbour_ports neighbours_ports(struct neighbours *n, unsigned modem)
{
	return (struct neighbour_ports){ &n->one[modem], on_has, on_send, on_done };
}

/* ---- passing on ------------------------------------------------------------------ */

/* It is with the receiver before the modem can tell what becomes of it. */
static void deliver(struct post *p)
{
	struct neighbour *to = p->to;
	struct sms_post copy = p->p;
	struct modem *m;
	usec_t now;
	bool taken;

	copy.ref = p->ref;
	p->next = to->there;
	to->there = p;
	m = to->modem.enter(to->modem.ctx, &now);
	taken = modem_sms_deliver(m, now, &copy);
	if (to->modem.arrived)
		to->modem.arrived(to->modem.ctx, now, &copy, taken);
	if (!taken)
		on_done(to, copy.ref, SMS_POST_NO_ROOM);
	to->modem.leave(to->modem.ctx);
}

static void tell_sender(struct post *p)
{
	const struct neighbour *from = p->from;
	struct modem *m;
	usec_t now;

	p->to->home->under_way--;
	if (from) {
		m = from->modem.enter(from->modem.ctx, &now);
		modem_sms_sent(m, now, p->p.ref, p->status);
		from->modem.leave(from->modem.ctx);
	}
	free(p);
}

bool neighbours_run(struct neighbours *n, unsigned most)
{
	struct post *p = NULL;

	n->woken = true;
	while (most-- && (p = dequeue(n))) {
		if (p->back)
			tell_sender(p);
		else
			deliver(p);
	}
	n->woken = false;
	return n->first;
}

/* ---- modems that are made anew --------------------------------------------------- */

static void forget(struct post *p, const struct neighbour *from)
{
	for (; p; p = p->next)
		if (p->from == from)
			p->from = NULL;
}

/* What it had sent still arrives; what has come to it goes back, to be sent again. */
void neighbours_renewed(struct neighbours *n, unsigned modem)
{
	struct neighbour *me = &n->one[modem];
	struct post *p;
	unsigned i;

	forget(n->first, me);
	for (i = 0; i < n->count; i++)
		forget(n->one[i].there, me);
	while ((p = me->there)) {
		me->there = p->next;
		go_back(p, SMS_POST_NO_ROOM);
	}
}

/* ---- life ------------------------------------------------------------------------ */

struct neighbours *neighbours_new(unsigned count, void (*wake)(void *ctx), void *ctx)
{
	struct neighbours *n = must(calloc(1, sizeof(*n)));
	unsigned i;

	n->one = must(calloc(count, sizeof(*n->one)));
	n->sorted = must(calloc(count, sizeof(struct neighbour *)));
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

static void free_all(struct post *p)
{
	struct post *next;

	for (; p; p = next) {
		next = p->next;
		free(p);
	}
}

void neighbours_free(struct neighbours *n)
{
	unsigned i;

	if (!n)
		return;
	free_all(n->first);
	for (i = 0; i < n->count; i++)
		free_all(n->one[i].there);
	free(n->sorted);
	free(n->one);
	free(n);
}

void neighbours_attach(
	struct neighbours *n, unsigned modem, const struct neighbour_modem *m)
{
	n->one[modem].modem = *m;
}

size_t neighbours_under_way(const struct neighbours *n)
{
	return n->under_way;
}
