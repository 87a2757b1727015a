/* Lines that come while a command works. */
#pragma once

#include "at/at.h"

/* What such a line does to the command that works, by the handler that runs it. */
enum at_beside {
	AT_BESIDE_NOTHING,
	AT_BESIDE_HANG_UP, /* the call that it waits for ends */
	AT_BESIDE_ABORT,   /* it is broken off */
	AT_BESIDE_RESET,   /* it ends without a word */
};

/* True when the running command leaves the line free: what is typed is taken. */
bool at_works(const struct modem *m);

/* works() of rows that do so whatever their arguments are. */
bool at_works_always(const struct modem *m, const struct at_call *c);

/* Refuses the typed line, or carries it out. */
void at_aside(struct modem *m);
