/* Shared between the parts of calls: call.c has the life of one call, call_incoming.c
 * incoming calls, call_hold.c several at once, call_far_end.c what the far end does. */
#pragma once

#include "gsm/call.h"

/* The first call in that state, NULL if there is none. */
struct call *call_in(struct calls *a, enum call_state state);

void call_become(struct call *c, enum call_state to);

/* Either side has answered: the call is active, or its modems train. */
void call_answered(struct call *c);

void calls_hold_active(struct calls *a);

/* A group of one is not a group (22.084). */
void calls_ungroup(struct calls *a);

void call_tell(struct call *c, enum call_event e);
void call_hint(struct call *c, enum call_hint h);

/* The time for what the far end does next has come. */
void call_step(struct call *c);

/* An unused call with these terms, still in FREE; NULL when all are in use. */
struct call *call_begin(
	struct calls *a, const char *number, const struct call_terms *terms);

/* The far end takes its next step after that time. */
void call_later(struct call *c, enum timer_kind kind, usec_t time);

/* Timers; ctx is struct calls. */
void call_ring(void *ctx, usec_t now);
void call_back(void *ctx, usec_t now);
