/* What is on the air around this modem: cells and operators begin as the profile has
 * them, and actions change them. No reset of the modem reaches it, no record keeps it.
 * Whoever changes it tells gsm/net.h: net_air_changed(). */
#pragma once

#include <stdbool.h>

#include "state/profile.h"

#define AIR_STEPS 31 /* of rssi, 2 dB each */

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
	const struct network *usual; /* as the profile has it */
	struct network_operator operators[PROFILE_OPERATORS];
	size_t n_operators;
	struct air_cell {
		struct cell cell; /* its rssi is that without loss */
		bool sends;
	} cells[PROFILE_CELLS];
	size_t n_cells;
	bool deaf;   /* no aerial */
	int loss;    /* steps of rssi by which all cells are weaker, or stronger if < 0 */
	int ber;     /* of every cell, -1: each its own */
	int refusal; /* of location updates, enum air_refusal or another cause */
	bool foreign;     /* every network here is a foreign one for this card */
	int zone, saving; /* of the network's clock, as struct network has them */
};

/* All as the profile has it. */
void air_reset(struct air *a, const struct network *usual);

/* The cells that can be heard, one after the other: the one behind `after`, NULL for the
 * first; NULL when there are no more. */
const struct cell *air_next(const struct air *a, const struct cell *after);

/* Whether it can be heard. NULL cannot. */
bool air_hears(const struct air *a, const struct cell *c);

/* How it is heard: 0-31 and 0-7, as +CSQ tells them. */
int air_rssi(const struct air *a, const struct cell *c);
int air_ber(const struct air *a, const struct cell *c);

/* All cells are weaker or stronger from now on, so that this one is heard at rssi (0-31).
 */
void air_hear(struct air *a, const struct cell *c, int rssi);

struct network_operator *air_operator(struct air *a, const char *plmn); /* NULL: none */

/* A new operator with that PLMN, nameless; NULL when there are too many. */
struct network_operator *air_operator_add(struct air *a, const char *plmn);

/* The cell with this identity, silent or not. plmn may be NULL: any. *several is true if
 * there is more than one. */
struct air_cell *air_cell(struct air *a, const char *plmn, int ci, bool *several);

/* A place for a new cell, all zeros: the last one, or that of a silent cell which the
 * profile does not have. NULL when all are in use. */
struct air_cell *air_cell_add(struct air *a);

/* A channel of the band that no cell here uses, -1 if all are. */
int air_free_channel(const struct air *a, enum band_bit band);
