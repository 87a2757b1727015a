/* The rules for what goes wrong, as the outside sees them: which there are, how often
 * each has acted. */
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
	MODEM_FAULT_WAITING, /* started, its `after` is not over */
	MODEM_FAULT_ACTIVE,
	MODEM_FAULT_OVER, /* it never acts again */
};
extern const struct name modem_fault_lives[];

struct modem_fault {
	size_t number;                 /* from 1: of its file, or of those from outside */
	bool of_bug;                   /* of a file: `faults:`, then `inject:` */
	const struct fault_rule *rule; /* valid until the next entry of the modem */
	unsigned acted;                /* since the modem was made */
	enum modem_fault_life life;
};

/* Rule i, from 0, those of the file first; false after the last. */
bool modem_fault_row(const struct modem *m, size_t i, struct modem_fault *out);

/* The number of the rule that was last added from outside, 0: none was. */
size_t modem_fault_newest(const struct modem *m);

/* The effect in words: the key that it is written with. */
const char *fault_effect_title(const struct fault_rule *r);
