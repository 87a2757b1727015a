/* Registration.
 *
 *            net_start          cell found, card open        accepted
 *   OFF ------------> SEARCHING ------------> REGISTERING ------------> HOME, ROAMING
 *                      |  ^  |                    |
 *             no cell  |  |  | cell found,        | refused
 *      (retry, for ever)--+  | no open card       v
 *                            +--> LIMITED       DENIED
 *
 * net_bands() leads from everywhere back to SEARCHING, net_stop() to OFF. */
#include "gsm/net.h"

#include <string.h>

#define FROM_CAMPED                                                      \
	(FSM_TO(NET_OFF) | FSM_TO(NET_SEARCHING) | FSM_TO(NET_LIMITED) | \
		FSM_TO(NET_REGISTERING))

static const struct fsm_state states[] = {
	[NET_OFF] = { "off", FSM_TO(NET_SEARCHING) },
	[NET_SEARCHING] = { "searching",
		FSM_TO(NET_OFF) | FSM_TO(NET_LIMITED) | FSM_TO(NET_REGISTERING) },
	[NET_LIMITED] = { "limited", FROM_CAMPED },
	[NET_REGISTERING] = { "registering", FROM_CAMPED | FSM_TO(NET_HOME) |
						     FSM_TO(NET_ROAMING) |
						     FSM_TO(NET_DENIED) },
	[NET_HOME] = { "home", FROM_CAMPED },
	[NET_ROAMING] = { "roaming", FROM_CAMPED },
	[NET_DENIED] = { "denied", FROM_CAMPED },
};

static enum net_state state(const struct net *n)
{
	return (enum net_state)n->fsm.state;
}

static void tell(struct net *n, enum net_event e)
{
	n->event(n->ctx, e);
}

/* Changes state and cell together; tells what a host may see of it. */
static void become(struct net *n, enum net_state to, const struct cell *cell)
{
	bool had = net_service(n);
	int stat = net_stat(n);
	const struct cell *old = n->cell;

	n->cell = cell;
	fsm_go(&n->fsm, n->log, to);
	if (net_service(n) && !had)
		tell(n, NET_EVENT_SERVICE_ON);
	if (had && !net_service(n))
		tell(n, NET_EVENT_SERVICE_OFF);
	if (net_stat(n) != stat || (net_registered(n) && cell != old))
		tell(n, NET_EVENT_STAT);
}

const struct network_operator *net_operator(const struct net *n, const char *plmn)
{
	size_t i;

	for (i = 0; i < n->world->n_operators; i++)
		if (!strcmp(n->world->operators[i].plmn, plmn))
			return &n->world->operators[i];
	return NULL;
}

const struct cell *net_best_cell(const struct net *n, const char *plmn)
{
	const struct cell *best = NULL;
	size_t i;

	for (i = 0; i < n->world->n_cells; i++) {
		const struct cell *c = &n->world->cells[i];

		if (!((unsigned)c->band & n->bands) || (plmn && strcmp(c->plmn, plmn)))
			continue;
		if (!best || c->rssi > best->rssi)
			best = c;
	}
	return best;
}

bool net_forbids(const struct net *n, const char *plmn)
{
	const struct network_operator *o = net_operator(n, plmn);
	size_t i;

	for (i = 0; i < n->n_forbidden; i++)
		if (!strcmp(n->forbidden[i], plmn))
			return true;
	return o && o->forbidden;
}

/* 23.122 clause 4.4.3.1: the home PLMN first, then the others by their signal. */
static const struct cell *choose_automatically(const struct net *n)
{
	const struct cell *best = net_best_cell(n, n->home);
	size_t i;

	for (i = 0; !best && i < n->world->n_cells; i++) {
		const struct cell *c = net_best_cell(n, n->world->cells[i].plmn);

		if (c && !net_forbids(n, c->plmn) && (!best || c->rssi > best->rssi))
			best = c;
	}
	return best;
}

static const struct cell *choose(const struct net *n)
{
	const struct cell *c;

	switch (n->mode) {
	case NET_MANUAL:
		return net_best_cell(n, n->plmn);
	case NET_MANUAL_THEN_AUTOMATIC:
		c = net_best_cell(n, n->plmn);
		return c && !net_forbids(n, c->plmn) ? c : choose_automatically(n);
	case NET_DEREGISTERED:
		return NULL;
	case NET_AUTOMATIC:
		break;
	}
	return choose_automatically(n);
}

/* A scan is over, or what there is to choose from has changed. */
static void camp(struct net *n)
{
	const struct cell *any = net_best_cell(n, NULL);
	const struct cell *chosen = n->sim_usable ? choose(n) : NULL;

	timer_stop(n->sched, &n->registration);
	if (!any) {
		become(n, NET_SEARCHING, NULL);
		timer_arm(n->sched, &n->retry, n->times->retry);
		tell(n, NET_EVENT_SETTLED);
	} else if (!chosen) {
		become(n, NET_LIMITED, any);
		tell(n, NET_EVENT_SETTLED);
	} else {
		become(n, NET_REGISTERING, chosen);
		timer_arm(n->sched, &n->registration, n->times->registration);
	}
}

static void search_over(void *ctx, usec_t now)
{
	(void)now;
	camp(ctx);
}

static void registration_over(void *ctx, usec_t now)
{
	struct net *n = ctx;
	enum net_state to;

	(void)now;
	to = strcmp(n->cell->plmn, n->home) ? NET_ROAMING : NET_HOME;
	if (net_forbids(n, n->cell->plmn))
		to = NET_DENIED;
	become(n, to, n->cell);
	if (to != NET_DENIED)
		tell(n, NET_EVENT_NITZ);
	tell(n, NET_EVENT_SETTLED);
}

void net_init(struct net *n, const struct network *world, struct sched *s,
	const struct log *l, void (*event)(void *ctx, enum net_event e), void *ctx)
{
	*n = (struct net){
		.world = world,
		.sched = s,
		.log = l,
		.event = event,
		.ctx = ctx,
		.fsm = { "net", states, LOG_NET, NET_OFF },
	};
	timer_init(&n->search, "network search", TIMER_OWN, search_over, n);
	timer_init(&n->retry, "next network search", TIMER_WAIT, search_over, n);
	timer_init(&n->registration, "location update", TIMER_OWN, registration_over, n);
}

static void stop_timers(struct net *n)
{
	timer_stop(n->sched, &n->search);
	timer_stop(n->sched, &n->retry);
	timer_stop(n->sched, &n->registration);
}

static void search(struct net *n, usec_t time)
{
	stop_timers(n);
	become(n, NET_SEARCHING, NULL);
	timer_arm(n->sched, &n->search, time);
}

void net_start(struct net *n, const struct net_times *times, unsigned bands, usec_t first)
{
	n->times = times;
	n->bands = bands;
	search(n, first);
}

void net_stop(struct net *n)
{
	stop_timers(n);
	become(n, NET_OFF, NULL);
}

void net_sim(struct net *n, const struct sim_conf *card)
{
	n->sim_usable = card != NULL;
	n->home[0] = '\0';
	n->n_forbidden = 0;
	if (card) {
		size_t digits = 3 + (size_t)card->mnc_digits;

		memcpy(n->home, card->imsi, digits);
		n->home[digits] = '\0';
		n->forbidden = card->forbidden;
		n->n_forbidden = card->n_forbidden;
	}
	/* a scan under way will see it; without cells there is nothing to choose */
	if (state(n) != NET_OFF && state(n) != NET_SEARCHING)
		camp(n);
}

void net_bands(struct net *n, unsigned bands)
{
	n->bands = bands;
	if (state(n) != NET_OFF)
		search(n, n->times->search);
}

void net_select(struct net *n, enum net_mode mode, const char *plmn)
{
	n->mode = mode;
	n->plmn[0] = '\0';
	if (plmn)
		strcpy(n->plmn, plmn);
	if (state(n) == NET_OFF)
		return;
	if (state(n) != NET_SEARCHING || timer_armed(&n->retry)) {
		timer_stop(n->sched, &n->retry);
		camp(n);
	}
}

int net_stat(const struct net *n)
{
	switch (state(n)) {
	case NET_SEARCHING:
	case NET_REGISTERING:
		return 2;
	case NET_HOME:
		return 1;
	case NET_ROAMING:
		return 5;
	case NET_DENIED:
		return 3;
	case NET_OFF:
	case NET_LIMITED:
		break;
	}
	return 0;
}

bool net_service(const struct net *n)
{
	return n->cell != NULL;
}

bool net_registered(const struct net *n)
{
	return state(n) == NET_HOME || state(n) == NET_ROAMING;
}

bool net_settled(const struct net *n)
{
	return !timer_armed(&n->search) && !timer_armed(&n->registration);
}

void net_quality(const struct net *n, int *rssi, int *ber)
{
	*rssi = n->cell ? n->cell->rssi : 99;
	*ber = n->cell ? n->cell->ber : 99;
}

const char *net_state_name(const struct net *n)
{
	return fsm_name(&n->fsm);
}
