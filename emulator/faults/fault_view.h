/* The fault rules as seen from outside: which exist, and how often each has acted. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "base/names.h"

struct fault_rule;
struct modem;

struct fault_rule;
struct modem;

enum modem_fault_life {
	MODEM_FAULT_IDLE,    /* nothing has started it */
	MODEM_FAULT_WAITING, /* started, but its `after` is not over */
	MODEM_FAULT_ACTIVE,
	MODEM_FAULT_OVER, /* never acts again */
};
extern const struct name modem_fault_lives[];

struct modem_fault {
	size_t number; /* from 1: within its file, or among those from outside */
	bool of_bug;   /* from a file: `faults:`, then `inject:` */
	const struct fault_rule *rule; /* valid until the next entry of the modem */
	unsigned acted;                /* since the modem was made */
	enum modem_fault_life life;
};

/* Rule i, from 0, those of the file first; false after the last. */
bool modem_fault_row(const struct modem *m, size_t i, struct modem_fault *out);

/* The number of the rule last added from outside, 0 if there is none. */
size_t modem_fault_newest(const struct modem *m);

/* The effect as a word: the key in which it is written. */
const char *fault_effect_title(const struct fault_rule *r);
