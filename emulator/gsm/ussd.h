/* USSD (3GPP 24.090): one dialogue with the network, whose answers and menus are in the
 * profile. Knows no AT text: events are reported through event(). */
#pragma once

#include <stdbool.h>

#include "base/fsm.h"
#include "base/sched.h"
#include "state/profile.h"

#define USSD_TEXT_MAX 183 /* characters; 182 septets and the terminating zero */

enum ussd_state {
	USSD_IDLE,
	USSD_ASKED, /* the network is processing the request */
	USSD_MENU,  /* the network waits for the user */
};

enum ussd_event { /* <m> of +CUSD */
	USSD_DONE = 0,
	USSD_MORE = 1, /* the network waits for an answer */
	USSD_ENDED = 2,
	USSD_UNSUPPORTED = 4,
	USSD_TIMEOUT = 5,
};

struct ussd {
	const struct network *world;
	const struct log *log;
	struct sched *sched;
	struct fsm fsm;
	struct timer answer;           /* when the network answers */
	struct timer timeout;          /* when the network gives up */
	char path[PROFILE_USSD_CODE];  /* the choices so far: *101#/1 */
	char asked[PROFILE_USSD_CODE]; /* the request being processed */
	/* text is UTF-8, NULL: none; dcs as in 23.038 clause 5 */
	void (*event)(void *ctx, enum ussd_event e, const char *text, int dcs);
	void *ctx;
};

/* Starts without a dialogue. event() must not call back into ussd. */
void ussd_init(struct ussd *u, const struct network *world, struct sched *s,
	const struct log *l,
	void (*event)(void *ctx, enum ussd_event e, const char *text, int dcs),
	void *ctx);

/* Asks the network, or answers its menu. False: the last request is still being
 * processed. */
bool ussd_send(struct ussd *u, const char *text);

/* Ends the dialogue, if there is one; without an event. */
void ussd_cancel(struct ussd *u);

/* The network asks or reports by itself. False: a dialogue is under way. */
bool ussd_push(struct ussd *u, const char *text, int dcs, bool wants_answer);

/* The network is lost or the modem stops: an open dialogue gets USSD_ENDED if `tell`. */
void ussd_stop(struct ussd *u, bool tell);
