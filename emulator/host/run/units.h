/* The numbers of --count: each unit is a separate modem with its own IMEI, serial number,
 * IMSI, ICCID and phone number. All else is in the profile that they share. */
#pragma once

#include <stddef.h>

#include "host/run/options.h"
#include "state/profile.h"
#include "state/unit_numbers.h"

/* Which unit, and which numbers are given. Each number above is that of the profile plus
 * an offset, added to the last digits; a check digit is recomputed (Luhn). An empty number
 * stays empty. */
struct units_place {
	unsigned index;  /* in its group, from 1 */
	unsigned number; /* in the process, from 1 */
	/* A number that a fleet file sets for the group counts from there (index - 1);
	 * others differ between groups too (number - 1). One that is set for this unit
	 * stays as it is. */
	const struct option_set *sets;
	size_t n_sets;
};

/* The numbers of a unit with this profile, the same each time. */
struct unit_numbers units_numbers(const struct profile *p, const struct units_place *at);
