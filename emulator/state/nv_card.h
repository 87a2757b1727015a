/* Records of the SIM (PINs, languages, CPHS), of the modem's locks to it, and of numbers
 * that are not in a phonebook. Called by nv.c. */
#pragma once

#include <stdbool.h>

#include "base/buf.h"
#include "state/record.h"

struct modem;

void nv_put_sim(const struct modem *m, struct buf *b);
bool nv_take_sim(struct modem *m, const struct record *r);
void nv_put_locks(const struct modem *m, struct buf *b);
bool nv_take_locks(struct modem *m, const struct record *r);
void nv_put_numbers(const struct modem *m, struct buf *b);
bool nv_take_numbers(struct modem *m, const struct record *r);
void nv_clear_numbers(struct modem *m);
