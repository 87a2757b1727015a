/* Locks of the modem to a SIM (sim.md +CLCK, +WLCK): what it was locked to, the key,
 * and the remaining tries. They are in the modem, not on the SIM. */
#pragma once

#include <stdbool.h>

#include "base/names.h"
#include "state/profile.h"

enum sim_lock_id {
	LOCK_PS, /* this SIM */
	LOCK_PN, /* its network */
	LOCK_PU, /* a subset of the network: digits 1 to 7 of the IMSI */
	LOCK_PP, /* the service provider: network and EF-GID1 */
	LOCK_PC, /* the corporation: EF-GID2 too */
	LOCKS,
};
extern const struct name sim_lock_names[];

#define SIM_LOCK_TRIES  10
#define SIM_LOCK_ID     24
#define SIM_LOCK_SUBSET 7 /* digits */

struct sim_lock {
	bool on;
	int tries;            /* 0: refused for good */
	char key[17];         /* 8 to 16 digits */
	char to[SIM_LOCK_ID]; /* what the SIM must match: digits of its IMSI and groups */
};

struct sim_locks {
	struct sim_lock lock[LOCKS];
};

enum sim_lock_verdict {
	LOCK_DONE,
	LOCK_WRONG,   /* the number of tries has dropped */
	LOCK_NOT_NOW, /* already in that state, or no tries left */
};

void sim_locks_init(struct sim_locks *l, const char *key);

/* Locks to `to` (NULL: the SIM with that IMSI) or unlocks. */
enum sim_lock_verdict sim_lock_set(struct sim_locks *l, enum sim_lock_id id, bool on,
	const char *key, const char *to, const struct sim_conf *card, const char *imsi);
enum sim_lock_verdict sim_lock_change(
	struct sim_locks *l, enum sim_lock_id id, const char *key, const char *new_key);

/* The first lock that refuses this SIM, LOCKS if none does. Test SIMs (PLMN 00101) pass
 * all. */
enum sim_lock_id sim_locks_refuse(
	const struct sim_locks *l, const struct sim_conf *card, const char *imsi);
