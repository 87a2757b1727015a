/* What the bytes of the port mean in each mode: one row each. */
#pragma once

#include <stddef.h>

struct channel;

/* Passes on bytes from the DTE in the present mode, len > 0. Returns how many were taken,
 * as far as they belong together; 0: they must wait. */
size_t link_rx(struct channel *ch, const unsigned char *p, size_t len);
