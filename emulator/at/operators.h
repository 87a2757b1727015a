/* PLMNs and their names in the three formats of 27.007: 0 long, 1 short, 2 numeric. */
#pragma once

#include "at/at.h"

/* What AT+WOLM has added, the row of the firmware's own table, else of the network; NULL
 * if neither has it. */
const struct operator_name *operator_name(
	const struct modem *m, const char *plmn, size_t len);

/* Prints a PLMN as +COPS? and +CPOL? do: names in quotes, numbers bare. One without a
 * name stays a number. */
void operator_print(
	const struct modem *m, const char *plmn, int format, char *out, size_t size);

/* The PLMN that was meant; false if no operator is called that. */
bool operator_find(
	const struct modem *m, int format, const struct at_arg *arg, char plmn[8]);
