/* The network around the modem: cells in bands, and registration as a state machine (3GPP
 * 23.122, as far as a host can see it). Knows no AT text: events are reported through
 * event(). */
#pragma once

#include <stdbool.h>

#include "base/fsm.h"
#include "base/sched.h"
#include "gsm/air.h"

enum net_state {
	NET_OFF,
	NET_SEARCHING,   /* scanning the selected bands */
	NET_LIMITED,     /* camped on any cell: emergency calls only */
	NET_REGISTERING, /* location update under way */
	NET_HOME,
	NET_ROAMING,
	NET_DENIED, /* refused; camped for emergency calls */
};

enum net_event {
	NET_EVENT_SERVICE_ON,  /* a cell is found: +WIND: 7 */
	NET_EVENT_SERVICE_OFF, /* no cell is left: +WIND: 8 */
	NET_EVENT_STAT,        /* +CREG state has changed */
	NET_EVENT_SETTLED,     /* a search or a selection has ended */
	NET_EVENT_NITZ,        /* the network reports its name and time */
	NET_EVENT_CELL,        /* registered as before, on another cell */
};

enum net_mode { /* +COPS modes that select a network */
	NET_AUTOMATIC = 0,
	NET_MANUAL = 1,
	NET_DEREGISTERED = 2,
	NET_MANUAL_THEN_AUTOMATIC = 4,
};

struct net {
	struct air *air;
	const struct net_times *times;
	const struct log *log;
	struct sched *sched;
	struct fsm fsm;
	struct timer search, retry, registration, leaving;
	unsigned bands; /* band_bit set that is scanned */
	enum net_mode mode;
	char plmn[8]; /* the network requested in the manual modes */
	bool sim_usable;
	bool sim_refused; /* the network refuses this SIM until a reset */
	bool quiet;       /* no events until it is registered again */
	int told;         /* +CREG <stat> as last reported */
	char home[8];     /* the SIM's home PLMN */
	const char (*forbidden)[8];
	size_t n_forbidden;
	const struct cell *cell; /* the cell it camps on, in air; NULL: none */
	struct cell known;       /* that cell as last reported */
	void (*event)(void *ctx, enum net_event e);
	void *ctx;
};

/* Starts switched off. event() must not call back into net. */
void net_init(struct net *n, struct air *air, struct sched *s, const struct log *l,
	void (*event)(void *ctx, enum net_event e), void *ctx);

/* Starts the search for cells of these bands; the first scan takes `first`. */
void net_start(
	struct net *n, const struct net_times *times, unsigned bands, usec_t first);
void net_stop(struct net *n);

/* The SIM in use: its IMSI and forbidden PLMNs, or NULL if there is no unlocked one. */
void net_sim(struct net *n, const struct sim_conf *card);

/* Changes the bands: gives up the cell and scans again. */
void net_bands(struct net *n, unsigned bands);

/* Something on the air has changed. If the cell has gone, another cell of the same
 * network is taken at once; a network that now refuses the modem is left; one that now
 * accepts it is registered with. What only a scan can find waits for the next scan. */
void net_air_changed(struct net *n);

/* Restores everything on the air from the profile. */
void net_air_reset(struct net *n);

/* The network has lost the registration: a location update follows at once if the modem
 * is registered. */
void net_thrown_off(struct net *n);

/* Out of service for a while and reported as NET_OFF; then back as before, with no report
 * until it is registered again. */
void net_outage(struct net *n, usec_t time);

/* Selects a PLMN, or selects automatically, or leaves the network; NET_EVENT_SETTLED
 * follows. */
void net_select(struct net *n, enum net_mode mode, const char *plmn);

/* Automatic selection from now on; a registered modem keeps its network. */
void net_automatic(struct net *n);

/* +CREG <stat>, 27.007 clause 7.2: 0 not searching, 1 home, 2 searching, 3 denied,
 * 5 roaming. */
int net_stat(const struct net *n);
bool net_service(const struct net *n); /* camped on some cell */
bool net_registered(const struct net *n);

/* Whether there is a cell to be heard in these bands, searched for or not. */
bool net_heard(const struct net *n, unsigned bands);
bool net_settled(const struct net *n); /* nothing under way, at most waiting to retry */

/* +CSQ: 0-31 and 0-7, or 99 where unknown. */
void net_quality(const struct net *n, int *rssi, int *ber);

/* The operator of a PLMN in this network, NULL if there is none. */
const struct network_operator *net_operator(const struct net *n, const char *plmn);

/* The best cell of a PLMN in the selected bands, NULL if there is none. */
const struct cell *net_best_cell(const struct net *n, const char *plmn);
extern const struct fsm_state net_states[]; /* ends with a NULL name */
const char *net_state_name(const struct net *n);

/* Whether the PLMN refuses this card. */
bool net_forbids(const struct net *n, const char *plmn);
