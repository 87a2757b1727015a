/* PLMNs and their names in the three formats of 27.007: 0 long, 1 short, 2 numeric. */
#pragma once

#include "at/at.h"

/* Where names come from, as a set: AT+WOPN=4 (GDW-11 p. 42). */
enum operator_source {
	OPERATOR_NITZ = 8,   /* the network tells them */
	OPERATOR_FLASH = 16, /* the firmware's table, and what AT+WOLM has added */
	OPERATOR_SOURCES = 31,
};

/* What AT+WOLM has added, else the row of the firmware's own table; NULL if neither has
 * it. */
const struct operator_name *operator_name(
	const struct modem *m, const char *plmn, size_t len);

/* The name of a PLMN as this modem knows it, in format 0 or 1; NULL if it has none. */
const char *operator_called(const struct modem *m, const char *plmn, int format);

/* Prints a PLMN as +COPS? and +CPOL? do: names in quotes, numbers bare. One without a
 * name stays a number. */
void operator_print(
	const struct modem *m, const char *plmn, int format, char *out, size_t size);

/* The PLMN that was meant; false if no operator is called that. */
bool operator_find(
	const struct modem *m, int format, const struct at_arg *arg, char plmn[8]);
