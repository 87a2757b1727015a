/* The multiplexer's errors on its port. */
#pragma once

#include "link/mux.h"

/* It has ended: an error result where it ended against the host's will. */
void at_mux_ended(struct channel *carrier, enum mux_end why);
