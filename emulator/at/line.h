/* One character at a time: V.250 clause 5.2. */
#pragma once

#include "at/run.h"

/* Takes a byte; true when it completes a line, which is then in typed[]. */
bool at_line_rx(struct channel *ch, unsigned char byte);
