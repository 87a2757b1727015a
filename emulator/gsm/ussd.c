/*         ussd_send                answer: more to choose
 *   IDLE -----------> ASKED ----------------------------> MENU
 *     ^                |  ^                                | |
 *     |<-- answer -----+  +------------ ussd_send ---------+ |
 *     |<------------------ ussd_cancel, patience over -------+
 *
 * The choices in a menu are all codes of the profile below it: *101#/1 is choice 1 of
 * *101#. A choice that the menu does not have shows the menu again (inferred). */
#include "gsm/ussd.h"

#include <stdio.h>
#include <string.h>

static const struct fsm_state states[] = {
	[USSD_IDLE] = { "idle", FSM_TO(USSD_ASKED) | FSM_TO(USSD_MENU) },
	[USSD_ASKED] = { "asked", FSM_TO(USSD_IDLE) | FSM_TO(USSD_MENU) },
	[USSD_MENU] = { "menu", FSM_TO(USSD_IDLE) | FSM_TO(USSD_ASKED) },
};

static const struct ussd_conf *find(const struct ussd *u, const char *code)
{
	size_t i;

	for (i = 0; i < u->world->n_ussd; i++)
		if (!strcmp(u->world->ussd[i].code, code))
			return &u->world->ussd[i];
	return NULL;
}

static bool has_choices(const struct ussd *u, const char *code)
{
	size_t len = strlen(code), i;

	for (i = 0; i < u->world->n_ussd; i++)
		if (!strncmp(u->world->ussd[i].code, code, len) &&
			u->world->ussd[i].code[len] == '/')
			return true;
	return false;
}

static void go(struct ussd *u, enum ussd_state to)
{
	fsm_go(&u->fsm, u->log, to);
	timer_stop(u->sched, &u->answer);
	timer_stop(u->sched, &u->timeout);
	if (to == USSD_MENU)
		timer_arm(u->sched, &u->timeout, u->world->ussd_timeout);
	if (to == USSD_IDLE)
		u->path[0] = '\0';
}

static void answer(void *ctx, usec_t now)
{
	struct ussd *u = ctx;
	const struct ussd_conf *c = find(u, u->asked);

	(void)now;
	if (!c)
		c = find(u, u->path);
	if (!c) {
		go(u, USSD_IDLE);
		u->event(u->ctx, USSD_UNSUPPORTED, NULL, 0);
	} else if (has_choices(u, c->code)) {
		strcpy(u->path, c->code);
		go(u, USSD_MENU);
		u->event(u->ctx, USSD_MORE, c->text, c->dcs);
	} else {
		go(u, USSD_IDLE);
		u->event(u->ctx, c->ends ? USSD_ENDED : USSD_DONE, c->text, c->dcs);
	}
}

static void timeout(void *ctx, usec_t now)
{
	struct ussd *u = ctx;

	(void)now;
	go(u, USSD_IDLE);
	u->event(u->ctx, USSD_TIMEOUT, NULL, 0);
}

void ussd_init(struct ussd *u, const struct network *world, struct sched *s,
	const struct log *l,
	void (*event)(void *ctx, enum ussd_event e, const char *text, int dcs), void *ctx)
{
	*u = (struct ussd){
		.world = world,
		.sched = s,
		.log = l,
		.event = event,
		.ctx = ctx,
		.fsm = { "ussd", states, LOG_NET, USSD_IDLE },
	};
	timer_init(&u->answer, "USSD answer", TIMER_OWN, answer, u);
	timer_init(&u->timeout, "USSD patience", TIMER_WAIT, timeout, u);
}

bool ussd_send(struct ussd *u, const char *text)
{
	const struct ussd_conf *c;
	bool menu = u->fsm.state == USSD_MENU;
	int n;

	if (u->fsm.state == USSD_ASKED)
		return false;
	n = snprintf(u->asked, sizeof(u->asked), "%s%s%s", menu ? u->path : "",
		menu ? "/" : "", text);
	if (n >= (int)sizeof(u->asked))
		u->asked[0] = '\0'; /* no code in the profile is that long */
	go(u, USSD_ASKED);
	c = find(u, u->asked);
	timer_arm(u->sched, &u->answer, c ? c->delay : USSD_DELAY);
	return true;
}

void ussd_cancel(struct ussd *u)
{
	go(u, USSD_IDLE);
}

bool ussd_push(struct ussd *u, const char *text, int dcs, bool wants_answer)
{
	if (u->fsm.state != USSD_IDLE)
		return false;
	if (wants_answer)
		go(u, USSD_MENU);
	u->event(u->ctx, wants_answer ? USSD_MORE : USSD_DONE, text, dcs);
	return true;
}

void ussd_stop(struct ussd *u, bool tell)
{
	bool open = u->fsm.state != USSD_IDLE;

	go(u, USSD_IDLE);
	memset(u->path, 0, sizeof(u->path));
	memset(u->asked, 0, sizeof(u->asked));
	if (open && tell)
		u->event(u->ctx, USSD_ENDED, NULL, 0);
}
