/* A modem of ours that hears what a real one hears: where would it have answered
 * otherwise? Time is an argument: that of the recording. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "host/field/differ.h"

struct profile;
struct shadow;

/* Both answers to one command. Valid during the call. */
struct shadow_pair {
	const char *command; /* as typed; digits of PINs are 0 */
	usec_t at;           /* its CR */
	struct difference difference;
};

/* A line that no command has asked for. */
struct shadow_urc {
	usec_t at;
	bool ours;
	const char *text;
};

struct shadow_options {
	const struct profile *profile; /* with its tables; must outlive the shadow */
	uint64_t seed;
	int64_t clock;
	void (*pair)(void *ctx, const struct shadow_pair *p); /* also of equal answers */
	void (*urc)(void *ctx, const struct shadow_urc *u);   /* may be NULL */
	void *ctx;
};

struct shadow_count {
	unsigned long commands;    /* that both have answered */
	unsigned long differ;      /* ... otherwise */
	unsigned long own;         /* ... of which a part was not compared */
	unsigned long interrupted; /* the host typed before the real one had answered */
	unsigned long alone;       /* one of them has no such command */
};

/* Our modem boots before this returns. */
struct shadow *shadow_new(const struct shadow_options *o);
void shadow_free(struct shadow *s); /* NULL is allowed */

/* What has passed: '>' from the host, '<' from the real modem. at never goes back. */
void shadow_bytes(struct shadow *s, usec_t at, char side, const void *buf, size_t len);

/* Lets our modem's time pass; when to call it next, USEC_NEVER: nothing is pending. */
void shadow_advance(struct shadow *s, usec_t at);
usec_t shadow_next(const struct shadow *s);

/* Nothing more comes: ours completes its answers, and the rest is compared. */
void shadow_end(struct shadow *s);

const struct shadow_count *shadow_counted(const struct shadow *s);
