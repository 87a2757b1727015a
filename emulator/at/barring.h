/* Barring facilities of +CLCK and +CPWD, which the network keeps (at-1 8.4, at-2 5.2).
 * cmd_lock.c has the rows and asks here for AO OI OX AI IR AG AC AB. */
#pragma once

#include "at/at.h"

/* +CLCK="AO",<mode>[,<password>[,<class>]]; arg[0] is the facility. */
int at_barring_clck(struct modem *m, struct at_call *c);

/* +CPWD="AO",<old>,<new>. */
int at_barring_cpwd(struct modem *m, struct at_call *c);

/* Goes on after AT_PENDING of either. */
int at_barring_more(struct modem *m, struct at_call *c, enum at_why why);
