/* The rules of a scenario or a field bug against the firmwares that they are for. */
#pragma once

#include "host/play/scenario.h"

/* Whether each rule can act on one of the profiles, which have their command tables: the
 * commands that it names are there (or it says that they are not), and so are the
 * firmwares whose names it compares states with. False, with errors at their places. */
bool rules_check(const struct scenario *s, const struct profile *const *profile, size_t n,
	struct doc_errors *e);
