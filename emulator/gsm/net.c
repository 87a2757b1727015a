/* Registration.
 *
 *            net_start          cell found, SIM ready        accepted
 *   OFF ------------> SEARCHING ------------> REGISTERING ------------> HOME, ROAMING
 *                      |  ^  |                    |
 *             no cell  |  |  | cell found,        | refused
 *      (retry, for ever)--+  | no ready SIM       v
 *                            +--> LIMITED       DENIED
 *
 * net_bands() and the loss of the cell lead back to SEARCHING from every state,
 * net_stop() to OFF; changes on the air lead from HOME, ROAMING and DENIED back to
 * REGISTERING. Leaving the network (NET_DEREGISTERED) takes a while and leads to LIMITED.
 */
#include "gsm/net.h"

#include <string.h>

#define FROM_CAMPED                                                      \
	(FSM_TO(NET_OFF) | FSM_TO(NET_SEARCHING) | FSM_TO(NET_LIMITED) | \
		FSM_TO(NET_REGISTERING))

const struct fsm_state net_states[] = {
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
	[NET_DENIED + 1] = { NULL, 0 },
};

static enum net_state state(const struct net *n)
{
	return (enum net_state)n->fsm.state;
}

static void tell(struct net *n, enum net_event e)
{
	n->event(n->ctx, e);
}

/* Changes state and cell together; reports what a host can see of it. */
static void become(struct net *n, enum net_state to, const struct cell *cell)
{
	bool had = net_service(n);
	const struct cell *old = n->cell;

	n->cell = cell;
	if (cell)
		n->known = *cell;
	fsm_go(&n->fsm, n->log, to);
	if (net_registered(n))
		n->quiet = false;
	if (net_service(n) && !had)
		tell(n, NET_EVENT_SERVICE_ON);
	if (had && !net_service(n))
		tell(n, NET_EVENT_SERVICE_OFF);
	if (net_stat(n) != n->told && !n->quiet) {
		n->told = net_stat(n);
		tell(n, NET_EVENT_STAT);
	} else if (net_registered(n) && cell != old) {
		tell(n, NET_EVENT_CELL);
	}
}

const struct network_operator *net_operator(const struct net *n, const char *plmn)
{
	return air_operator(n->air, plmn);
}

/* A search or a selection has ended, and with it a request made for one time only. */
static void settled(struct net *n)
{
	if (n->mode == NET_MANUAL_THEN_AUTOMATIC) {
		n->mode = NET_AUTOMATIC;
		n->plmn[0] = '\0';
	}
	tell(n, NET_EVENT_SETTLED);
}

static bool in_bands(const struct net *n, const struct cell *c)
{
	return (unsigned)c->band & n->bands;
}

const struct cell *net_best_cell(const struct net *n, const char *plmn)
{
	const struct cell *best = NULL, *c;

	for (c = NULL; (c = air_next(n->air, c));) {
		if (!in_bands(n, c) || (plmn && strcmp(c->plmn, plmn) != 0))
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

/* 23.122 clause 4.4.3.1: the home PLMN first, then the others by signal strength. */
static const struct cell *choose_automatically(const struct net *n)
{
	const struct cell *best = net_best_cell(n, n->home), *c;

	if (best)
		return best;
	for (c = NULL; (c = air_next(n->air, c));)
		if (in_bands(n, c) && !net_forbids(n, c->plmn) &&
			(!best || c->rssi > best->rssi))
			best = c;
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

/* A scan has ended, or the choice of cells has changed. */
static void camp(struct net *n)
{
	const struct cell *any = net_best_cell(n, NULL);
	const struct cell *chosen = n->sim_usable && !n->sim_refused ? choose(n) : NULL;

	timer_stop(n->sched, &n->registration);
	timer_stop(n->sched, &n->retry);
	timer_stop(n->sched, &n->leaving);
	if (!any) {
		become(n, NET_SEARCHING, NULL);
		timer_arm(n->sched, &n->retry, n->times->retry);
		settled(n);
	} else if (!chosen) {
		become(n, NET_LIMITED, any);
		settled(n);
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

/* 24.008 clause 4.4.4.7, as far as a host sees it: some causes end all further tries,
 * after others it tries again. */
static void refused(struct net *n)
{
	int cause = n->air->refusal;

	if (cause == AIR_UNKNOWN_SUBSCRIBER || cause == AIR_ILLEGAL_SUBSCRIBER ||
		cause == AIR_ILLEGAL_DEVICE)
		n->sim_refused = true;
	else if (cause >= AIR_NETWORK_FAILURE)
		timer_arm(n->sched, &n->retry, n->times->retry);
}

static void registration_over(void *ctx, usec_t now)
{
	struct net *n = ctx;
	bool home = !strcmp(n->cell->plmn, n->home) && !n->air->foreign;

	(void)now;
	if (n->air->refusal || net_forbids(n, n->cell->plmn)) {
		become(n, NET_DENIED, n->cell);
		refused(n);
	} else {
		become(n, home ? NET_HOME : NET_ROAMING, n->cell);
		tell(n, NET_EVENT_NITZ);
	}
	settled(n);
}

void net_init(struct net *n, struct air *air, struct sched *s, const struct log *l,
	void (*event)(void *ctx, enum net_event e), void *ctx)
{
	*n = (struct net){
		.air = air,
		.sched = s,
		.log = l,
		.event = event,
		.ctx = ctx,
		.fsm = { "net", net_states, LOG_NET, NET_OFF },
	};
	timer_init(&n->search, "network search", TIMER_OWN, search_over, n);
	timer_init(&n->retry, "next network search", TIMER_WAIT, search_over, n);
	timer_init(&n->registration, "location update", TIMER_OWN, registration_over, n);
	timer_init(&n->leaving, "IMSI detach", TIMER_OWN, search_over, n);
}

static void stop_timers(struct net *n)
{
	timer_stop(n->sched, &n->search);
	timer_stop(n->sched, &n->retry);
	timer_stop(n->sched, &n->registration);
	timer_stop(n->sched, &n->leaving);
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
	n->sim_refused = n->quiet = false;
	search(n, first);
}

void net_stop(struct net *n)
{
	stop_timers(n);
	n->quiet = false;
	become(n, NET_OFF, NULL);
}

void net_sim(struct net *n, const struct sim_conf *card)
{
	n->sim_usable = card != NULL;
	n->sim_refused = false;
	n->home[0] = '\0';
	n->n_forbidden = 0;
	if (card) {
		size_t digits = 3 + (size_t)card->mnc_digits;

		memcpy(n->home, card->imsi, digits);
		n->home[digits] = '\0';
		n->forbidden = card->forbidden;
		n->n_forbidden = card->n_forbidden;
	}
	/* a running scan will see it; without cells there is nothing to choose */
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
	if (mode == NET_DEREGISTERED && net_registered(n)) {
		timer_arm(n->sched, &n->leaving, n->times->deregistration);
		return;
	}
	if (state(n) != NET_SEARCHING || timer_armed(&n->retry)) {
		timer_stop(n->sched, &n->retry);
		camp(n);
	}
}

void net_automatic(struct net *n)
{
	if (!net_registered(n)) {
		net_select(n, NET_AUTOMATIC, NULL);
		return;
	}
	n->mode = NET_AUTOMATIC;
	n->plmn[0] = '\0';
}

/* ---- changes from outside ---------------------------------------------------------- */

static void register_anew(struct net *n)
{
	timer_stop(n->sched, &n->retry);
	become(n, NET_REGISTERING, n->cell);
	timer_arm(n->sched, &n->registration, n->times->registration);
}

void net_thrown_off(struct net *n)
{
	if (net_registered(n))
		register_anew(n);
	else if (state(n) == NET_DENIED || state(n) == NET_LIMITED)
		camp(n);
}

static void become_known(struct net *n)
{
	n->known = *n->cell;
	tell(n, NET_EVENT_CELL);
}

/* The cell is lost. */
static void lost(struct net *n)
{
	const struct cell *next = net_best_cell(n, n->known.plmn);

	if (!next)
		search(n, n->times->search);
	else if (state(n) == NET_LIMITED)
		camp(n);
	else
		become(n, state(n), next);
}

static void still_registered(struct net *n)
{
	bool home = !n->air->foreign && !strcmp(n->cell->plmn, n->home);

	if (net_forbids(n, n->cell->plmn))
		camp(n);
	else if (strcmp(n->cell->plmn, n->known.plmn) != 0 ||
		 home != (state(n) == NET_HOME))
		register_anew(n);
	else if (n->cell->lac != n->known.lac || n->cell->ci != n->known.ci)
		become_known(n);
}

/* Not registered, and a network now would accept the modem. */
static bool may_register(struct net *n)
{
	const struct cell *c = n->sim_usable && !n->sim_refused ? choose(n) : NULL;

	if (!c || state(n) == NET_REGISTERING)
		return false;
	return state(n) == NET_LIMITED || (!n->air->refusal && !net_forbids(n, c->plmn));
}

void net_air_changed(struct net *n)
{
	switch (state(n)) {
	case NET_OFF:
	case NET_SEARCHING:
		return; /* the scan will see */
	case NET_LIMITED:
	case NET_REGISTERING:
	case NET_HOME:
	case NET_ROAMING:
	case NET_DENIED:
		break;
	}
	if (!air_hears(n->air, n->cell) || !in_bands(n, n->cell))
		lost(n);
	else if (net_registered(n))
		still_registered(n);
	else if (may_register(n))
		camp(n);
}

void net_air_reset(struct net *n)
{
	air_reset(n->air, n->air->usual);
	net_air_changed(n);
}

void net_outage(struct net *n, usec_t time)
{
	if (state(n) == NET_OFF)
		return;
	stop_timers(n);
	become(n, NET_OFF, NULL);
	n->quiet = true;
	search(n, time);
}

int net_stat(const struct net *n)
{
	if (n->quiet)
		return 0;
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

bool net_heard(const struct net *n, unsigned bands)
{
	const struct cell *c;

	for (c = NULL; (c = air_next(n->air, c));)
		if ((unsigned)c->band & bands)
			return true;
	return false;
}

bool net_registered(const struct net *n)
{
	return state(n) == NET_HOME || state(n) == NET_ROAMING;
}

bool net_settled(const struct net *n)
{
	return !timer_armed(&n->search) && !timer_armed(&n->registration) &&
	       !timer_armed(&n->leaving);
}

void net_quality(const struct net *n, int *rssi, int *ber)
{
	*rssi = n->cell ? air_rssi(n->air, n->cell) : 99;
	*ber = n->cell ? air_ber(n->air, n->cell) : 99;
}

const char *net_state_name(const struct net *n)
{
	return fsm_name(&n->fsm);
}
