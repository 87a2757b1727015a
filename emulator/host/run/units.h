/* The profiles of --count: each unit is a modem of its own, with its own IMEI, serial
 * number, IMSI, ICCID and number. */
#pragma once

#include <stddef.h>

#include "host/run/options.h"
#include "state/profile.h"

struct units;

/* Copies of `first` as it is now, for units 2 and on; what it points to must outlive
 * them. NULL when the system
 * refuses the memory (errno). Pages that units do not change are shared: one takes some
 * KB. */
struct units *units_new(const struct profile *first);
void units_free(struct units *u); /* NULL is allowed; with all its copies */

/* The profile of unit `number` (2 to OPTIONS_MODEMS), the same each time: each of these
 * differs from that of `first` by
 * number - 1, in its last digits before a check digit, which follows Luhn's rule. What is
 * empty stays so; what the unit's own sets give stays too. NULL as above. */
struct profile *units_profile(struct units *u, unsigned number);

/* Does the same to a profile that was loaded for this unit with sets of its own, which
 * count more. */
void units_differ(
	struct profile *p, unsigned number, const struct option_set *sets, size_t n_sets);
