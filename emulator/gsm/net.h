/* The network around the modem: cells in bands, and registration as a state machine
 * (3GPP 23.122, as far as a host can see it). Knows no AT text: what happens is told
 * through event(). */
#pragma once

#include <stdbool.h>

#include "base/fsm.h"
#include "base/sched.h"
#include "gsm/air.h"

enum net_state {
	NET_OFF,
	NET_SEARCHING,   /* scans the selected bands */
	NET_LIMITED,     /* camps on any cell: emergency calls only */
	NET_REGISTERING, /* location update under way */
	NET_HOME,
	NET_ROAMING,
	NET_DENIED, /* refused; camps for emergency calls */
};

enum net_event {
	NET_EVENT_SERVICE_ON,  /* a cell is found: +WIND: 7 */
	NET_EVENT_SERVICE_OFF, /* none is left: +WIND: 8 */
	NET_EVENT_STAT,        /* +CREG state has changed */
	NET_EVENT_SETTLED,     /* a search or a selection has come to its end */
	NET_EVENT_NITZ,        /* the network tells its name and time */
	NET_EVENT_CELL,        /* registered as before, on another cell */
};

enum net_mode { /* +COPS modes that select */
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
	char plmn[8]; /* asked for in the manual modes */
	bool sim_usable;
	bool sim_refused; /* the network will not have this card: until a reset */
	bool quiet;       /* nothing is told until it is registered again */
	int told;         /* +CREG <stat> as last told */
	char home[8];     /* the card's own PLMN */
	const char (*forbidden)[8];
	size_t n_forbidden;
	const struct cell *cell; /* where it camps, in air; NULL: nowhere */
	struct cell known;       /* that cell as it was when last told */
	void (*event)(void *ctx, enum net_event e);
	void *ctx;
};

/* Switched off. event() must not call back into net. */
void net_init(struct net *n, struct air *air, struct sched *s, const struct log *l,
	void (*event)(void *ctx, enum net_event e), void *ctx);

/* Starts to look for cells of these bands; the first scan takes `first`. */
void net_start(
	struct net *n, const struct net_times *times, unsigned bands, usec_t first);
void net_stop(struct net *n);

/* Which card there is: its IMSI and forbidden PLMNs, or NULL for none that is open. */
void net_sim(struct net *n, const struct sim_conf *card);

/* Other bands from now on: gives up the cell and scans anew. */
void net_bands(struct net *n, unsigned bands);

/* Something has changed on the air: another cell of the same network is taken over at
 * once where the own one is gone, a network that no longer wants the modem is left, one
 * that does is registered with. What a scan would find, only a scan finds. */
void net_air_changed(struct net *n);

/* All on the air is as the profile has it. */
void net_air_reset(struct net *n);

/* The network has forgotten it: a location update at once, if it is registered. */
void net_thrown_off(struct net *n);

/* Out of order for a while, and told to be off; then back where it was, told when it is
 * registered again and not before. */
void net_outage(struct net *n, usec_t time);

/* Selects a PLMN, or automatically, or leaves the network; NET_EVENT_SETTLED follows. */
void net_select(struct net *n, enum net_mode mode, const char *plmn);

/* Automatic selection from now on; a modem that is registered stays where it is. */
void net_automatic(struct net *n);

/* +CREG <stat>, 27.007 clause 7.2: 0 not searching, 1 home, 2 searching, 3 denied,
 * 5 roaming. */
int net_stat(const struct net *n);
bool net_service(const struct net *n); /* camps on some cell */
bool net_registered(const struct net *n);

/* A cell can be found in these bands, looked for or not. */
bool net_heard(const struct net *n, unsigned bands);
bool net_settled(
	const struct net *n); /* nothing under way but waiting for better times */

/* +CSQ: 0-31 and 0-7, or 99 where unknown. */
void net_quality(const struct net *n, int *rssi, int *ber);

/* The operator of a PLMN in this world, NULL if it has none. */
const struct network_operator *net_operator(const struct net *n, const char *plmn);

/* The best cell of a PLMN in the selected bands, NULL if there is none. */
const struct cell *net_best_cell(const struct net *n, const char *plmn);
extern const struct fsm_state net_states[]; /* ends with a NULL name */
const char *net_state_name(const struct net *n);

/* Whether the PLMN refuses this card. */
bool net_forbids(const struct net *n, const char *plmn);
