/* The profiles of --count: each unit is a separate modem with its own IMEI, serial
 * number, IMSI, ICCID and phone number. */
#pragma once

#include <stddef.h>

#include "host/run/options.h"
#include "state/profile.h"

struct units;

/* Which unit, and which numbers are given. Each number above is that of the first profile
 * plus an offset, added to the last digits; a check digit is recomputed (Luhn). An empty
 * number stays empty. */
struct units_place {
	unsigned index;  /* in its group, from 1 */
	unsigned number; /* in the process, from 1 */
	/* A number that a fleet file sets for the group counts from there (index - 1);
	 * others differ between groups too (number - 1). One that is set for this unit
	 * stays as it is. */
	const struct option_set *sets;
	size_t n_sets;
};

/* Makes copies of `first` as it is now, for up to `count` units; what it points to must
 * outlive them. NULL when the system refuses the memory (errno). Unchanged pages are
 * shared, so a unit takes only some KB. */
struct units *units_new(const struct profile *first, unsigned count);
void units_free(struct units *u); /* frees all copies too; NULL is allowed */

/* The profile of a unit (index up to `count`), the same each time. NULL as above. */
struct profile *units_profile(struct units *u, const struct units_place *at);

/* Does the same to a profile that was loaded for this unit with its own --set. */
void units_differ(struct profile *p, const struct units_place *at);
