/* The record "wip": what AT+WIPCFG=4,1 and AT+WIPBR=6,6,1 have stored. Called by nv.c. */
#pragma once

#include <stdbool.h>

#include "base/buf.h"
#include "state/record.h"

struct modem;

void nv_put_wip(const struct modem *m, struct buf *b);
bool nv_take_wip(struct modem *m, const struct record *r);

/* Stores it; false: it could not be stored (logged). */
bool nv_save_wip(struct modem *m);
