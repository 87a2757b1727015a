/* PLMNs and their names in the three formats of 27.007: 0 long, 1 short, 2 numeric. */
#pragma once

#include "at/at.h"

/* Where names come from, a bit set: AT+WOPN=4 (GDW-11 p. 42). */
enum operator_source {
	OPERATOR_NITZ = 8,   /* the network sends them */
	OPERATOR_FLASH = 16, /* the firmware's table, and what AT+WOLM has added */
	OPERATOR_SOURCES = 31,
};

/* The row that AT+WOLM has added, else that of the firmware's table; NULL if neither has
 * one. */
const struct operator_name *operator_name(
	const struct modem *m, const char *plmn, size_t len);

/* This modem's name for a PLMN, in format 0 or 1; NULL if it knows none. */
const char *operator_called(const struct modem *m, const char *plmn, int format);

/* Prints a PLMN as +COPS? and +CPOL? do: names in quotes, numbers without. A PLMN that
 * has no name is printed as a number. */
void operator_print(
	const struct modem *m, const char *plmn, int format, char *out, size_t size);

/* Finds the PLMN that arg names; returns false if no operator has that name. */
bool operator_find(
	const struct modem *m, int format, const struct at_arg *arg, char plmn[8]);
