/* Barring facilities of +CLCK and +CPWD, which the network holds (sim.md +CLCK;
 * services.md Call barring). cmd_lock.c has the rows and calls these for AO OI OX AI IR
 * AG AC AB. */
#pragma once

#include "at/at.h"

/* +CLCK="AO",<mode>[,<password>[,<class>]]; barring: the enum ss_barring that arg[0]
 * names. */
int at_barring_clck(struct channel *ch, const struct at_call *c, int barring);

/* +CPWD="AO",<old>,<new>: all barrings share one password. */
int at_barring_cpwd(struct channel *ch, const struct at_call *c);
