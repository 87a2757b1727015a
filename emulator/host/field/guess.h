/* Which profile a log was made with, by what the modem says of itself. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "conf/profile_conf.h"
#include "host/field/exchange.h"

struct library;

struct guess {
	char profile[PROFILE_NAME];
	char why[300];    /* "its revision 651_09gg.Q2406B ... is in line 12" */
	const char *sure; /* "sure", "likely", "not known" */
};

/* Compares the answers with the identities of all profiles of the library. Always finds
 * one: LIBRARY_PROFILE, if nothing says more. */
void guess_profile(
	struct library *l, const struct exchange *const *x, size_t n, struct guess *out);
