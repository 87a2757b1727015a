/* Records of Open AT, and of what the network keeps or the modem requests from it: PDP
 * contexts, forwarding, barring. Called by nv.c. */
#pragma once

#include <stdbool.h>

#include "base/buf.h"
#include "state/record.h"

struct modem;

void nv_put_gprs(const struct modem *m, struct buf *b);
bool nv_take_gprs(struct modem *m, const struct record *r);
void nv_put_open_at(const struct modem *m, struct buf *b);
bool nv_take_open_at(struct modem *m, const struct record *r);
void nv_put_services(const struct modem *m, struct buf *b);
bool nv_take_services(struct modem *m, const struct record *r);
void nv_put_charge(const struct modem *m, struct buf *b);
bool nv_take_charge(struct modem *m, const struct record *r);

/* Rules with `once` that have acted. */
void nv_put_faults(const struct modem *m, struct buf *b);
bool nv_take_faults(struct modem *m, const struct record *r);
void nv_clear_faults(struct modem *m);

/* Number of starts: for fault rules. */
void nv_put_boots(const struct modem *m, struct buf *b);
bool nv_take_boots(struct modem *m, const struct record *r);
