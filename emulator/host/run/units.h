/* The profiles of --count: each unit is a separate modem with its own IMEI, serial
 * number, IMSI, ICCID and phone number. */
#pragma once

#include <stddef.h>

#include "host/run/options.h"
#include "state/profile.h"

struct units;

/* Makes copies of `first` as it is now, for units from 2 on; what it points to must
 * outlive them. NULL when the system refuses the memory (errno). Unchanged pages are
 * shared, so a unit takes only some KB. */
struct units *units_new(const struct profile *first);
void units_free(struct units *u); /* frees all copies too; NULL is allowed */

/* The profile of unit `number` (2 to OPTIONS_MODEMS), the same each time. Each of the
 * numbers above is that of `first` plus number - 1, added to the last digits; a check
 * digit is recomputed (Luhn). An empty number stays empty. NULL as above. */
struct profile *units_profile(struct units *u, unsigned number);

/* Does the same to a profile that was loaded for this unit with its own --set; numbers
 * that these set stay as they are. */
void units_differ(
	struct profile *p, unsigned number, const struct option_set *sets, size_t n_sets);
