/* Between the parts of calls: call.c has the life of one, call_hold.c several at once. */
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
