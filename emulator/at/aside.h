/* Lines that come while a command works. */
#pragma once

#include "at/at.h"

/* What such a line does to the running command, set by the handler that runs the line. */
enum at_beside {
	AT_BESIDE_NOTHING,
	AT_BESIDE_HANG_UP, /* the call it waits for ends */
	AT_BESIDE_ABORT,   /* it is aborted */
	AT_BESIDE_RESET,   /* it ends without a result */
};

/* True when the running command lets new lines in: what is typed is read. */
bool at_works(const struct channel *ch);

/* works() for rows that do so with any arguments. */
bool at_works_always(const struct channel *ch, const struct at_call *c);

/* Refuses the typed line, or carries it out. */
void at_aside(struct channel *ch);
