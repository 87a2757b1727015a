/* The modems of a scenario: one clock for all, and the messages and calls between them.
 *
 * Order at one moment: the modems by their names, a first. What a modem sends to another
 * is passed on at the same virtual time, as soon as the call that has sent it returns. */
#include <assert.h>
#include <stdio.h>
#include <stdlib.h>

#include "conf/must.h"
#include "host/exchange/neighbours.h"
#include "host/play/player_int.h"

/* ---- messages between them --------------------------------------------------------- */

static void wake(void *ctx)
{
	struct play_all *all = ctx;

	all->waiting = true;
}

static struct modem *enter(void *ctx, usec_t *now)
{
	struct player *p = ctx;

	*now = p->all->now;
	return p->modem;
}

static void leave(void *ctx)
{
	play_drain_one(ctx);
}

static void arrived(void *ctx, usec_t now, const struct sms_post *post, bool taken)
{
	char from[ADDRESS_NUMBER];

	(void)now;
	play_trace_text(ctx, "message from %s%s", address_number(&post->t.address, from),
		taken ? "" : " has to wait: there is no room");
}

static const struct modem *peek(void *ctx)
{
	const struct player *p = ctx;

	return p->modem;
}

static void called(void *ctx, usec_t now, const struct call_signal *s)
{
	(void)now;
	play_trace_text(
		ctx, "call %s from a modem", name_of(call_signal_names, (int)s->kind));
}

/* Each port may have room for octets of a data call. */
static void settled(struct play_all *all)
{
	unsigned i;

	for (i = 0; all->neighbours && i < all->n; i++)
		neighbours_settled(all->neighbours, i);
}

void play_pass_on(struct play_all *all)
{
	settled(all);
	while (all->waiting) {
		all->waiting = false;
		while (neighbours_run(all->neighbours, 1))
			;
		settled(all);
	}
}

/* ---- time -------------------------------------------------------------------------- */

static usec_t earliest(const struct play_all *all)
{
	usec_t next = USEC_NEVER, due;
	size_t i;

	for (i = 0; i < all->n; i++) {
		due = modem_next(all->one[i].modem);
		if (due < next)
			next = due;
		due = play_peer_due(&all->one[i]);
		if (due < next)
			next = due;
	}
	return next;
}

static void advance(struct play_all *all)
{
	size_t i;

	for (i = 0; i < all->n; i++) {
		modem_advance(all->one[i].modem, all->now);
		play_drain(&all->one[i]);
	}
}

void play_run(struct play_all *all, usec_t until, bool (*done)(void *ctx), void *ctx)
{
	usec_t next;

	while (!done || !done(ctx)) {
		next = earliest(all);
		if (next > until) {
			if (all->now < until) {
				all->now = until;
				advance(all);
			}
			return;
		}
		if (next > all->now)
			all->now = next;
		advance(all);
	}
}

/* ---- the beginning ----------------------------------------------------------------- */

static void forget_heard(struct player *p)
{
	unsigned port;

	for (port = MODEM_NAMED; port-- > 0;) {
		play_turn(p, port);
		p->len = p->seen = 0;
	}
}

/* Those that are warm boot first, each for itself; then all are at the time of the last of
 * them, and the cold ones are powered on. */
static void boot(struct play_all *all)
{
	struct player *p, *end = all->one + all->n;
	usec_t latest = 0;

	for (p = all->one; p < end; p++) {
		if (!p->conf->warm)
			continue;
		all->now = 0;
		modem_power(p->modem, 0, true);
		all->now = modem_settle(p->modem, MODEM_BOOT);
		play_drain_one(p);
		if (all->now > latest)
			latest = all->now;
	}
	all->now = latest;
	if (all->n > 1)
		advance(all);
	for (p = all->one; p < end; p++)
		if (p->conf->warm)
			forget_heard(p);
	for (p = all->one; p < end; p++) {
		play_open_ports(p, all->now);
		if (!p->conf->warm)
			modem_power(p->modem, all->now, true);
	}
	all->did = all->now;
}

static void join(struct play_all *all)
{
	unsigned a, b, i;
	bool differ;

	if (all->n < 2)
		return;
	differ = neighbours_settle(all->neighbours, &a, &b);
	assert(differ);
	for (i = 0; i < all->n; i++)
		neighbours_attach(all->neighbours, i,
			&(struct neighbour_modem){ &all->one[i], enter, leave, arrived,
				peek, called, NULL });
}

void play_all_open(struct play_all *all, const struct scenario *s,
	const struct profile *const *profiles, const struct play_options *options,
	struct play_result *result)
{
	size_t n = scenario_modems(s), i;
	struct player *p;

	*all = (struct play_all){
		.scenario = s,
		.options = options,
		.one = must(calloc(n, sizeof(*all->one))),
		.n = n,
		.result = result,
	};
	if (n > 1)
		all->neighbours = scenario_neighbours(s, profiles, wake, all);
	for (i = 0; i < n; i++) {
		p = &all->one[i];
		p->all = all;
		p->conf = scenario_modem_at(s, i);
		p->index = i;
		p->profile = profiles[i];
		p->numbers = scenario_numbers(s, i, profiles[i]);
		p->echo = p->conf->echo;
		p->tally.bug = p->conf;
		if (i == options->sweep_modem)
			p->sweep = options->sweep;
		play_modem_new(p);
	}
	join(all);
	boot(all);
}

void play_all_close(struct play_all *all)
{
	size_t i;

	play_trace_clear(all);
	for (i = 0; i < all->n; i++)
		play_modem_free(&all->one[i]);
	neighbours_free(all->neighbours);
	free(all->one);
}

const char *play_whose(const struct player *p)
{
	static char text[SCENARIO_NAME + 16];

	if (p->all->n == 1)
		return "";
	snprintf(text, sizeof(text), " of modem %s", p->conf->name);
	return text;
}
