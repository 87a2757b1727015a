/* USSD (3GPP 24.090): one dialogue with the network, whose answers and menus stand in the
 * profile. Knows no AT text: what comes is told through event(). */
#pragma once

#include <stdbool.h>

#include "base/fsm.h"
#include "base/sched.h"
#include "state/profile.h"

#define USSD_TEXT_MAX 183 /* characters; 182 septets and their end */

enum ussd_state {
	USSD_IDLE,
	USSD_ASKED, /* the network thinks */
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
	struct timer answer;           /* of the network */
	struct timer timeout;          /* of its patience */
	char path[PROFILE_USSD_CODE];  /* what was chosen so far: *101#/1 */
	char asked[PROFILE_USSD_CODE]; /* what the network thinks about */
	/* text is UTF-8, NULL: none; dcs as 23.038 clause 5 has it */
	void (*event)(void *ctx, enum ussd_event e, const char *text, int dcs);
	void *ctx;
};

/* No dialogue. event() must not call back into ussd. */
void ussd_init(struct ussd *u, const struct network *world, struct sched *s,
	const struct log *l,
	void (*event)(void *ctx, enum ussd_event e, const char *text, int dcs),
	void *ctx);

/* Asks the network, or answers its menu. False: it still thinks about the last one. */
bool ussd_send(struct ussd *u, const char *text);

/* Ends the dialogue, if there is one; nothing is told. */
void ussd_cancel(struct ussd *u);

/* The network asks or tells by itself. False: a dialogue is under way. */
bool ussd_push(struct ussd *u, const char *text, int dcs, bool wants_answer);

/* The network is gone, the modem stops: an open dialogue is USSD_ENDED if `tell`. */
void ussd_stop(struct ussd *u, bool tell);
