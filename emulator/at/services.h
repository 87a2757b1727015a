/* Supplementary services as several commands and the MMI say them. */
#pragma once

#include "at/at.h"
#include "gsm/ss.h"

/* Stores what the network now keeps, and gives the result of a request. */
int at_ss_verdict(struct modem *m, enum ss_verdict v);

/* "+CCFC: <status>,<class>[,<number>,<type>[,,,<time>]]" for each class that the set
 * names and something is registered for; one line for all where nothing is (at-2 5.1). */
void at_info_forward(struct modem *m, enum ss_reason reason, unsigned classes);

/* "<name>: 1,<class>" for each class of the set that is in `on`, or one line that says 0
 * for all. */
void at_info_classes(struct modem *m, const char *name, unsigned on, unsigned classes);

/* AT_OK where a network answers, else the error. */
int at_ss_reachable(const struct modem *m);
