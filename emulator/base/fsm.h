/* A state machine as a const table: the engine refuses, and logs, changes that the table
 * does not allow. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "base/log.h"

#define FSM_TO(state) (1u << (state))

struct fsm_state {
	const char *name; /* NULL ends a table that is used as a list */
	uint32_t next;    /* FSM_TO() of each state that may follow */
};

struct fsm {
	const char *name;
	const struct fsm_state *states;
	enum log_cat cat;
	int state;
};

/* Changes to a state; staying in the present state is always allowed and does nothing. A
 * forbidden change is refused and logged as a fault of Fauxtrack. True when the state is
 * now `to`. */
bool fsm_go(struct fsm *f, const struct log *l, int to);
const char *fsm_name(const struct fsm *f);
