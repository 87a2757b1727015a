/* Operators and their names, as known to the firmware of one period. */
#pragma once

#include <stddef.h>

#define PROFILE_NAME  40 /* of a part of a profile */
#define PROFILE_NAMES 700

struct operator_name {
	char plmn[8];
	char long_name[28];
	char short_name[16];
};

/* The names used by +COPN, +WOPN, +COPS and +CPOL. */
struct operator_table {
	char name[PROFILE_NAME];
	struct operator_name row[PROFILE_NAMES];
	size_t rows;
};
