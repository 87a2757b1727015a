/* Records of the unit itself: which unit the memory belongs to, and its clock. Called by
 * nv.c. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "state/record.h"

struct modem;

/* The record "device". It keeps the names of the profile that the memory was started
 * with. */
void nv_put_device(const struct modem *m, struct buf *b);
bool nv_take_device(struct modem *m, const struct record *r);

/* Called after that record was loaded: false (logged with the remedy) when it belongs to
 * another device. */
bool nv_check_device(const struct modem *m);

/* Called after the flash was loaded: logs one line when another profile started this
 * memory, since its firmware and settings then apply, not the profile's. */
void nv_compare_profile(const struct modem *m);

/* The record "clock": the time at the moment it is stored. */
void nv_put_clock(const struct modem *m, struct buf *b);
void nv_dump_clock(const struct modem *m, struct buf *b); /* only what does not run */
bool nv_take_clock(struct modem *m, const struct record *r);

/* Called after that record was loaded, at virtual time 0: the clock continues from it.
 * When the caller has asked for a time (`given`), universal time is that one and the
 * clock keeps its distance to it; but neither runs backwards. */
void nv_resume_clock(struct modem *m, int64_t asked, bool given);

/* The clock's record was stored, or could not be stored: then the clock is restored. */
void nv_clock_stored(struct modem *m);
void nv_clock_restore(struct modem *m);
