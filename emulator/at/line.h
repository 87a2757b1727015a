/* One character at a time: V.250 clause 5.2. */
#pragma once

#include "at/run.h"

/* Takes a byte; true when it completes a line, which is then in typed[]. */
bool at_line_rx(struct channel *ch, unsigned char byte);

/* Takes the bytes that only become part of the line, as at_line_rx() would one by one.
 * Returns their number, which may be 0. The caller has asked at_takes(). */
size_t at_line_run(struct channel *ch, const unsigned char *p, size_t len);
