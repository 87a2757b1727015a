/*            toolkit_start             speaks, menu or end
 *   OFF <-----------------> THINKS --------------------------> IDLE
 *    ^      toolkit_stop     ^  |                               |
 *    |                       |  |  speaks, a step   chosen item |
 *    |     answer, time-out, |  v                               |
 *    +---------------- ASKS, WORKS        THINKS <--------------+
 *
 * A step is asked of the user (ASKS) or done by the modem (WORKS); a call that the user
 * accepts goes from one to the other. After each the card thinks, and says what comes
 * next. */
#include "gsm/toolkit.h"

#include <string.h>

#include "gsm/toolkit_int.h"

#define MODEM   SEC(1) /* a refresh, a tone without a time: inferred */
#define SS_TIME SEC(2) /* the network's answer to SEND SS: inferred */

const struct fsm_state toolkit_states[] = {
	[TOOLKIT_OFF] = { "off", FSM_TO(TOOLKIT_IDLE) | FSM_TO(TOOLKIT_THINKS) },
	[TOOLKIT_IDLE] = { "idle", FSM_TO(TOOLKIT_OFF) | FSM_TO(TOOLKIT_THINKS) },
	[TOOLKIT_THINKS] = { "thinks", FSM_TO(TOOLKIT_OFF) | FSM_TO(TOOLKIT_IDLE) |
					       FSM_TO(TOOLKIT_ASKS) |
					       FSM_TO(TOOLKIT_WORKS) },
	[TOOLKIT_ASKS] = { "asks",
		FSM_TO(TOOLKIT_OFF) | FSM_TO(TOOLKIT_THINKS) | FSM_TO(TOOLKIT_WORKS) },
	[TOOLKIT_WORKS] = { "works", FSM_TO(TOOLKIT_OFF) | FSM_TO(TOOLKIT_THINKS) },
	{ NULL, 0 },
};

void toolkit_go(struct toolkit *t, enum toolkit_state to)
{
	fsm_go(&t->fsm, t->log, to);
	timer_stop(t->sched, &t->card);
	timer_stop(t->sched, &t->user);
}

/* what comes next */

static void think(struct toolkit *t, usec_t time)
{
	t->step = NULL;
	t->help = NULL;
	t->told = -1;
	toolkit_go(t, TOOLKIT_THINKS);
	timer_arm(t->sched, &t->card, time);
}

static bool in_session(const struct toolkit *t)
{
	return toolkit_state(t) == TOOLKIT_ASKS || toolkit_state(t) == TOOLKIT_WORKS ||
	       (toolkit_state(t) == TOOLKIT_THINKS && t->next != TOOLKIT_NEXT_MENU);
}

static void forget_answers(struct toolkit *t)
{
	size_t i;

	/* written only where there is something: see struct cold */
	for (i = 0; i < TOOLKIT_ANSWERS; i++)
		if (t->memory->answer[i][0])
			memset(t->memory->answer[i], 0, TOOLKIT_ANSWER_MEM);
}

/* The step is asked next; NULL: the session ends. */
void toolkit_proceed(struct toolkit *t, const struct toolkit_step *s)
{
	if (!in_session(t))
		forget_answers(t);
	if (t->ordered) {
		s = t->ordered;
		t->ordered = NULL;
	}
	t->then = s;
	t->next = s ? TOOLKIT_NEXT_STEP : TOOLKIT_NEXT_END;
	think(t, s && s->delay ? s->delay : t->conf->think);
}

void toolkit_proceed_to(struct toolkit *t, const char *name)
{
	toolkit_proceed(t, toolkit_find(t->conf, name));
}

void toolkit_end_session(struct toolkit *t)
{
	t->ordered = NULL;
	toolkit_proceed(t, NULL);
}

/* The last menu before the one that is asked; without one the session ends. */
void toolkit_go_back(struct toolkit *t)
{
	if (t->depth && t->step == t->path[t->depth - 1])
		t->depth--;
	toolkit_proceed(t, t->depth ? t->path[t->depth - 1] : NULL);
}

/* Keeps the menu for the way back; one that comes again cuts off what came after it. */
static void remember(struct toolkit *t, const struct toolkit_step *s)
{
	size_t i;

	for (i = 0; i < t->depth; i++)
		if (t->path[i] == s) {
			t->depth = i + 1;
			return;
		}
	if (t->depth == TOOLKIT_PATH) {
		t->depth--;
		memmove(t->path, t->path + 1, t->depth * sizeof(t->path[0]));
	}
	t->path[t->depth++] = s;
}

/* what the card says */

static void tell(struct toolkit *t, int command)
{
	t->told = command;
	t->event(t->ctx, command);
}

void toolkit_ask(struct toolkit *t)
{
	toolkit_go(t, TOOLKIT_ASKS);
	timer_arm(t->sched, &t->user, t->patience);
	tell(t, toolkit_command(t));
}

static usec_t tone_time(const struct toolkit_step *s)
{
	static const usec_t unit[] = { [TOOLKIT_MINUTES] = SEC(60),
		[TOOLKIT_SECONDS] = SEC(1),
		[TOOLKIT_TENTHS] = MS(100) };

	return s->length ? unit[s->unit] * (usec_t)s->length : MODEM;
}

static usec_t time_of(const struct toolkit_step *s)
{
	if (s->command == TOOLKIT_SET_UP_EVENT_LIST)
		return 0;
	if (s->command == TOOLKIT_SEND_SS)
		return SS_TIME;
	return s->command == TOOLKIT_PLAY_TONE ? tone_time(s) : MODEM;
}

static void listen_for(struct toolkit *t, const struct toolkit_step *s)
{
	t->events = s->user == TOOLKIT_CANCEL ? NULL : s;
}

static void start_step(struct toolkit *t, const struct toolkit_step *s)
{
	enum toolkit_doer doer = t->begin(t->ctx, s);

	t->step = s;
	t->failed = doer == TOOLKIT_BY_NOBODY;
	if (s->command == TOOLKIT_SELECT_ITEM)
		remember(t, s);
	if (s->command == TOOLKIT_SET_UP_EVENT_LIST)
		listen_for(t, s);
	if (doer == TOOLKIT_BY_USER) {
		toolkit_ask(t);
		return;
	}
	toolkit_go(t, TOOLKIT_WORKS);
	if (doer != TOOLKIT_BY_MODEM)
		timer_arm(t->sched, &t->card, t->failed ? 0 : time_of(s));
	/* what the modem cannot do is answered before the user hears of it */
	if (!t->failed)
		tell(t, (int)s->command);
}

static void set_up_menu(struct toolkit *t)
{
	t->menu = true;
	toolkit_go(t, TOOLKIT_IDLE);
	tell(t, TOOLKIT_SET_UP_MENU);
	if (t->ordered)
		toolkit_proceed(t, NULL);
}

static void finish(struct toolkit *t)
{
	t->depth = 0;
	toolkit_go(t, TOOLKIT_IDLE);
	t->event(t->ctx, TOOLKIT_ENDED);
	if (!t->conf->again)
		return;
	t->next = TOOLKIT_NEXT_MENU;
	think(t, t->conf->think);
}

static void speak(struct toolkit *t)
{
	if (t->ordered && t->next != TOOLKIT_NEXT_MENU) {
		t->then = t->ordered;
		t->ordered = NULL;
		t->next = TOOLKIT_NEXT_STEP;
	}
	switch (t->next) {
	case TOOLKIT_NEXT_MENU:
		set_up_menu(t);
		break;
	case TOOLKIT_NEXT_END:
		finish(t);
		break;
	case TOOLKIT_NEXT_STEP:
		start_step(t, t->then);
		break;
	}
}

/* The step has been answered, or done. */
void toolkit_complete(struct toolkit *t)
{
	const struct toolkit_step *s = t->step;

	if (t->help) {
		toolkit_proceed(t, s); /* after its help it is asked again */
		return;
	}
	/* what follows an event list comes with the event */
	if (s->command == TOOLKIT_SET_UP_EVENT_LIST)
		toolkit_proceed(t, NULL);
	else
		toolkit_proceed_to(t, t->failed ? s->fails : s->then);
}

static void card_due(void *ctx, usec_t now)
{
	struct toolkit *t = ctx;

	(void)now;
	if (toolkit_state(t) == TOOLKIT_THINKS)
		speak(t);
	else
		toolkit_complete(t);
}

static void user_due(void *ctx, usec_t now)
{
	struct toolkit *t = ctx;

	(void)now;
	toolkit_end_session(t);
	t->event(t->ctx, TOOLKIT_TIMED_OUT);
}

/* made, started, stopped */

void toolkit_init(struct toolkit *t, const struct toolkit_conf *conf,
	struct toolkit_memory *memory, struct sched *s, const struct log *l,
	void (*event)(void *ctx, int command),
	enum toolkit_doer (*begin)(void *ctx, const struct toolkit_step *s), void *ctx)
{
	*t = (struct toolkit){
		.conf = conf,
		.memory = memory,
		.sched = s,
		.log = l,
		.event = event,
		.begin = begin,
		.ctx = ctx,
		.patience = SEC(30),
		.told = -1,
		.fsm = { "toolkit", toolkit_states, LOG_SIM, TOOLKIT_OFF },
	};
	timer_init(&t->card, "SIM toolkit", TIMER_OWN, card_due, t);
	timer_init(&t->user, "answer to the SIM toolkit", TIMER_WAIT, user_due, t);
}

void toolkit_start(struct toolkit *t)
{
	if (!toolkit_present(t->conf) || toolkit_state(t) != TOOLKIT_OFF)
		return;
	if (!t->conf->menu.n) {
		toolkit_go(t, TOOLKIT_IDLE);
		return;
	}
	t->next = TOOLKIT_NEXT_MENU;
	think(t, t->conf->think);
}

void toolkit_stop(struct toolkit *t)
{
	toolkit_go(t, TOOLKIT_OFF);
	t->step = t->then = t->ordered = t->events = NULL;
	t->help = NULL;
	t->menu = t->failed = false;
	t->depth = 0;
	t->told = -1;
	forget_answers(t);
}

/* looking in */

int toolkit_command(const struct toolkit *t)
{
	if (toolkit_state(t) != TOOLKIT_ASKS && toolkit_state(t) != TOOLKIT_WORKS)
		return -1;
	return t->help ? TOOLKIT_DISPLAY_TEXT : (int)t->step->command;
}

const struct toolkit_step *toolkit_find(const struct toolkit_conf *c, const char *name)
{
	size_t i;

	for (i = 0; i < c->steps; i++)
		if (!strcmp(c->step[i].name, name))
			return &c->step[i];
	return NULL;
}

const struct toolkit_control *toolkit_control(const struct toolkit *t, const char *number)
{
	const struct toolkit_conf *c = t->conf;
	size_t i;

	if (toolkit_state(t) == TOOLKIT_OFF)
		return NULL;
	for (i = 0; i < c->controls; i++)
		if (!strcmp(c->control[i].number, number))
			return &c->control[i];
	return NULL;
}

void toolkit_print(const struct toolkit *t, const char *text, struct buf *out)
{
	unsigned char c;
	int n;

	while (*text) {
		n = text[0] == '{' && text[1] && text[2] == '}' ? text[1] - '0' : 0;
		if (n >= 1 && n <= TOOLKIT_ANSWERS) {
			buf_puts(out, t->memory->answer[n - 1]);
			text += 3;
		} else {
			buf_escaped_char(&text, &c);
			buf_putc(out, (char)c);
		}
	}
}

/* answers */

void toolkit_keep(struct toolkit *t, int number, const char *text)
{
	size_t len = strlen(text);
	char *answer;

	if (!number)
		return;
	answer = t->memory->answer[number - 1];
	if (len >= TOOLKIT_ANSWER_MEM)
		len = TOOLKIT_ANSWER_MEM - 1;
	memcpy(answer, text, len);
	answer[len] = '\0';
}

void toolkit_done(struct toolkit *t, bool good, const char *text)
{
	if (toolkit_state(t) != TOOLKIT_WORKS)
		return;
	t->failed = !good;
	if (text)
		toolkit_keep(t, t->step->answer, text);
	toolkit_complete(t);
}

enum toolkit_verdict toolkit_asks(const struct toolkit *t, int command)
{
	bool idle = toolkit_state(t) == TOOLKIT_IDLE && command >= 0;

	if (toolkit_state(t) == TOOLKIT_OFF || idle)
		return TOOLKIT_NOTHING;
	return toolkit_state(t) == TOOLKIT_ASKS &&
			       (command < 0 || command == toolkit_command(t))
		       ? TOOLKIT_TAKEN
		       : TOOLKIT_REFUSED;
}

/* from outside */

bool toolkit_order(struct toolkit *t, const struct toolkit_step *s)
{
	if (toolkit_state(t) == TOOLKIT_OFF)
		return false;
	t->ordered = s;
	if (toolkit_state(t) == TOOLKIT_IDLE)
		toolkit_proceed(t, NULL);
	return true;
}

bool toolkit_end(struct toolkit *t)
{
	if (!in_session(t))
		return false;
	toolkit_end_session(t);
	return true;
}
