/* Shared between the parts of calls: call.c has the life of one call, call_incoming.c
 * incoming calls, call_hold.c several at once, call_far_end.c what the far end does,
 * call_neighbour.c calls with neighbours. */
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

/* Why a call does not come in. */
struct call_away {
	const struct ss_forward *to; /* it is forwarded; NULL: not */
	int cause;                   /* else, for the caller */
};

/* Like call_incoming(); NULL: why. */
struct call *call_enter(struct calls *a, const char *number,
	const struct call_terms *terms, struct call_away *why);

enum ss_class call_class(enum call_bearer bearer);

/* DIALING or ALERTING: the call goes to a number of the profile now. */
void call_to_subscriber(struct call *c);

/* ---- neighbours: where there is none, these do nothing ------------------------------ */

extern const struct subscriber call_neighbour; /* as the far end of a call */

/* The call in FREE is the one of a SETUP. */
void call_neighbour_begins(struct call *c, const struct call_signal *s);

/* Whether a neighbour has that number. */
bool calls_to_neighbour(const struct calls *a, const char *number);

/* DIALING or ALERTING: asks the neighbour with the number reached. */
void call_neighbour_set_up(struct call *c);

/* The call has begun to ring or wait here; is answered; has changed its state; has joined
 * a conference; ends with that cause. */
void call_neighbour_alerts(const struct call *c);
void call_neighbour_answers(const struct call *c);
void call_neighbour_moved(const struct call *c, enum call_state was);
void call_neighbour_joined(const struct call *c);
void call_neighbour_left(struct call *c, int cause);

/* It is connected; the time to ask whether it still is has come. */
void call_neighbour_connected(struct call *c);
void call_neighbour_enquires(struct call *c);

/* It rings here and nobody answers. */
void call_neighbour_gives_up(struct call *c);

/* The far ends of two calls, which this side leaves, are connected, if both are
 * neighbours. */
void call_neighbours_connect(struct call *x, struct call *y);

/* Timers; ctx is struct calls. */
void call_ring(void *ctx, usec_t now);
void call_back(void *ctx, usec_t now);
