/* What is on the air around this modem: cells and operators start as in the profile, and
 * actions change them. They survive every reset of the modem, and no record keeps them.
 * After a change, call net_air_changed() of gsm/net.h. */
#pragma once

#include <stdbool.h>

#include "state/profile.h"

#define AIR_STEPS 31 /* rssi values, in steps of 2 dB */

/* Why a location update is refused: 24.008 clause 10.5.3.6. */
enum air_refusal {
	AIR_ACCEPTS = 0,
	AIR_UNKNOWN_SUBSCRIBER = 2,
	AIR_ILLEGAL_SUBSCRIBER = 3,
	AIR_ILLEGAL_DEVICE = 6,
	AIR_PLMN_FORBIDDEN = 11,
	AIR_NETWORK_FAILURE = 17,
	AIR_CONGESTION = 22,
};

struct air {
	const struct network *usual; /* from the profile */
	struct network_operator operators[PROFILE_OPERATORS];
	size_t n_operators;
	struct air_cell {
		struct cell cell; /* its rssi before loss */
		bool sends;
	} cells[PROFILE_CELLS];
	size_t n_cells;
	bool deaf;    /* no antenna */
	int loss;     /* steps of rssi by which all cells are weaker; if < 0, stronger */
	int ber;      /* of every cell, -1: each has its own */
	int refusal;  /* for location updates, enum air_refusal or another cause */
	bool foreign; /* every network here is a foreign one for this SIM */
	int zone, saving; /* for the network's clock, as in struct network */
};

/* Restores everything from the profile. */
void air_reset(struct air *a, const struct network *usual);

/* Iterates over the cells that can be heard: returns the one after `after` (NULL: the
 * first), NULL at the end. */
const struct cell *air_next(const struct air *a, const struct cell *after);

/* Whether the cell can be heard; false for NULL. */
bool air_hears(const struct air *a, const struct cell *c);

/* How well it is heard: 0-31 and 0-7, as +CSQ reports it. */
int air_rssi(const struct air *a, const struct cell *c);
int air_ber(const struct air *a, const struct cell *c);

/* Makes all cells weaker or stronger from now on, so that this one is heard at rssi
 * (0-31). */
void air_hear(struct air *a, const struct cell *c, int rssi);

struct network_operator *air_operator(struct air *a, const char *plmn); /* NULL: none */

/* Adds an operator with that PLMN, without a name; NULL when there are too many. */
struct network_operator *air_operator_add(struct air *a, const char *plmn);

/* The cell with this identity, whether it can be heard or not. plmn may be NULL: any.
 * *several is true if there is more than one. */
struct air_cell *air_cell(struct air *a, const char *plmn, int ci, bool *several);

/* A slot for a new cell, all zeros: an unused one, or that of a silent cell which the
 * profile does not have. NULL when all are in use. */
struct air_cell *air_cell_add(struct air *a);

/* A channel of the band that no cell here uses, -1 if all are used. */
int air_free_channel(const struct air *a, enum band_bit band);
