/* Between the parts of calls: call.c has the life of one, call_incoming.c
 * how it comes in, call_hold.c several at once, call_far.c what the far end does. */
#pragma once

#include "gsm/call.h"

/* The first call in that state, NULL if there is none. */
struct call *call_in(struct calls *a, enum call_state state);

void call_become(struct call *c, enum call_state to);

/* This side or the other has taken the call: it is active, or its modems train. */
void call_answered(struct call *c);

void calls_hold_active(struct calls *a);

/* A group of one is none (22.084). */
void calls_ungroup(struct calls *a);

void call_tell(struct call *c, enum call_event e);
void call_hint(struct call *c, enum call_hint h);

/* A free call with these terms, still free; NULL when there is none. */
struct call *call_begin(
	struct calls *a, const char *number, const struct call_terms *terms);

/* The far end does its next step after that time. */
void call_later(struct call *c, enum timer_kind kind, usec_t time);

/* Timers; ctx is struct calls. */
void call_ring(void *ctx, usec_t now);
void call_back(void *ctx, usec_t now);
