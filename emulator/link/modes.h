/* What the bytes of the port mean in each mode: a row each. */
#pragma once

#include <stddef.h>

struct modem;

/* Bytes from the DTE in the present mode, len > 0. Returns how many have been taken, as
 * far as they belong together; 0: they must wait. */
size_t link_rx(struct modem *m, const unsigned char *p, size_t len);
