/* Records of the unit itself: whose memory this is, and its clock. Used by nv.c, which
 * says when. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "state/record.h"

struct modem;

/* The record "device". Its names stay those of the profile that the memory began with. */
void nv_put_device(const struct modem *m, struct buf *b);
bool nv_take_device(struct modem *m, const struct record *r);

/* After that record was loaded: false (logged with the remedy) when it belongs to another
 * device. */
bool nv_check_device(const struct modem *m);

/* After the flash was loaded: one line when another profile began this memory, since its
 * firmware and settings count then, not the profile's. */
void nv_compare_profile(const struct modem *m);

/* The record "clock": the time at the moment when it is stored. */
void nv_put_clock(const struct modem *m, struct buf *b);
void nv_dump_clock(const struct modem *m, struct buf *b); /* what does not go on */
bool nv_take_clock(struct modem *m, const struct record *r);

/* After that record was loaded, at virtual time 0: goes on from it. When the caller has
 * asked for a time (`given`), universal time is that one and the clock keeps its distance
 * to it; but neither runs backwards. */
void nv_resume_clock(struct modem *m, int64_t asked, bool given);

/* The clock's record was stored, or could not be: then the clock is as it was. */
void nv_clock_stored(struct modem *m);
void nv_clock_restore(struct modem *m);
