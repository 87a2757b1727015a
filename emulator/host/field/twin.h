/* A modem of ours in memory, in virtual time: what a real one is compared with. It has
 * booted and come to rest when it is made. Nothing lies beyond it: no files, no network
 * of the host. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/usec.h"

struct profile;
struct twin;

struct twin_options {
	const struct profile *profile; /* with its tables; must outlive the twin */
	uint64_t seed;                 /* 0: 1 */
	int64_t clock;                 /* Unix time at its virtual time 0 */
	/* Bytes that it sends, at its virtual time. Must not call back into the twin. */
	void (*said)(void *ctx, usec_t at, const void *buf, size_t len);
	void *ctx;
};

/* What it says while it boots is not passed on. */
struct twin *twin_new(const struct twin_options *o);
void twin_free(struct twin *t); /* NULL is allowed */

/* Its virtual time, and when it has something to do: USEC_NEVER if nothing is pending. */
usec_t twin_now(const struct twin *t);
usec_t twin_next(const struct twin *t);

/* Lets time pass up to `now`; a time in the past is ignored. */
void twin_advance(struct twin *t, usec_t now);

/* Bytes of the host now. While it accepts no more, time passes, at most a minute; what
 * it does not take then is lost. */
void twin_type(struct twin *t, const void *buf, size_t len);

/* Skips the time of its own work, such as the latency of a command. */
void twin_settle(struct twin *t);

/* DTR drops and rises again: a data call ends. */
void twin_hang_up(struct twin *t);
