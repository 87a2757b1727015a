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

#include "codec/gsm7.h"
#include "codec/unicode.h"

#define SHOWN     SEC(3)   /* stk.md +STGI: a text that the user need not clear */
#define MODEM     SEC(1)   /* a refresh, a tone without a time: inferred */
#define SS_TIME   SEC(2)   /* the network's answer to SEND SS: inferred */
#define CALL_TIME SEC(120) /* a call whose outcome nobody reports */

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

/* The results that each command knows (stk.md +STGR). */
#define BIT(result) (1u << (result))
static const unsigned results[TOOLKIT_COMMANDS] = {
	[TOOLKIT_DISPLAY_TEXT] = BIT(TOOLKIT_LEAVES) | BIT(TOOLKIT_GIVEN),
	[TOOLKIT_GET_INKEY] = BIT(TOOLKIT_LEAVES) | BIT(TOOLKIT_GIVEN) |
			      BIT(TOOLKIT_HELP),
	[TOOLKIT_GET_INPUT] = BIT(TOOLKIT_LEAVES) | BIT(TOOLKIT_GIVEN) |
			      BIT(TOOLKIT_HELP),
	[TOOLKIT_SET_UP_CALL] = BIT(TOOLKIT_LEAVES) | BIT(TOOLKIT_GIVEN),
	[TOOLKIT_SELECT_ITEM] = BIT(TOOLKIT_LEAVES) | BIT(TOOLKIT_GIVEN) |
				BIT(TOOLKIT_HELP) | BIT(TOOLKIT_BACK),
};

static void go(struct toolkit *t, enum toolkit_state to)
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
	go(t, TOOLKIT_THINKS);
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
static void proceed(struct toolkit *t, const struct toolkit_step *s)
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

static void proceed_by_name(struct toolkit *t, const char *name)
{
	proceed(t, toolkit_find(t->conf, name));
}

static void end_session(struct toolkit *t)
{
	t->ordered = NULL;
	proceed(t, NULL);
}

/* The last menu before the one that is asked; without one the session ends. */
static void go_back(struct toolkit *t)
{
	if (t->depth && t->step == t->path[t->depth - 1])
		t->depth--;
	proceed(t, t->depth ? t->path[t->depth - 1] : NULL);
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

static void ask(struct toolkit *t)
{
	go(t, TOOLKIT_ASKS);
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
		ask(t);
		return;
	}
	go(t, TOOLKIT_WORKS);
	if (doer != TOOLKIT_BY_MODEM)
		timer_arm(t->sched, &t->card, t->failed ? 0 : time_of(s));
	/* what the modem cannot do is answered before the user hears of it */
	if (!t->failed)
		tell(t, (int)s->command);
}

static void set_up_menu(struct toolkit *t)
{
	t->menu = true;
	go(t, TOOLKIT_IDLE);
	tell(t, TOOLKIT_SET_UP_MENU);
	if (t->ordered)
		proceed(t, NULL);
}

static void finish(struct toolkit *t)
{
	t->depth = 0;
	go(t, TOOLKIT_IDLE);
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
static void complete(struct toolkit *t)
{
	const struct toolkit_step *s = t->step;

	if (t->help) {
		proceed(t, s); /* after its help it is asked again */
		return;
	}
	/* what follows an event list comes with the event */
	if (s->command == TOOLKIT_SET_UP_EVENT_LIST)
		proceed(t, NULL);
	else
		proceed_by_name(t, t->failed ? s->fails : s->then);
}

static void card_due(void *ctx, usec_t now)
{
	struct toolkit *t = ctx;

	(void)now;
	if (toolkit_state(t) == TOOLKIT_THINKS)
		speak(t);
	else
		complete(t);
}

static void user_due(void *ctx, usec_t now)
{
	struct toolkit *t = ctx;

	(void)now;
	end_session(t);
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
		go(t, TOOLKIT_IDLE);
		return;
	}
	t->next = TOOLKIT_NEXT_MENU;
	think(t, t->conf->think);
}

void toolkit_stop(struct toolkit *t)
{
	go(t, TOOLKIT_OFF);
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

static const struct toolkit_item *find_item(const struct toolkit_list *l, int id)
{
	size_t i;

	for (i = 0; i < l->n; i++)
		if (toolkit_item_id(l, i) == id)
			return &l->item[i];
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

static void keep(struct toolkit *t, int number, const char *text)
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

void toolkit_fetched(struct toolkit *t, int command)
{
	if (t->told == command)
		t->told = -1;
	if (command != TOOLKIT_DISPLAY_TEXT ||
		toolkit_asks(t, command) != TOOLKIT_TAKEN || t->help ||
		t->step->until_user || timer_armed(&t->card))
		return;
	timer_stop(t->sched, &t->user);
	timer_arm(t->sched, &t->card, SHOWN);
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

enum toolkit_verdict toolkit_choose(struct toolkit *t, int id, bool help)
{
	const struct toolkit_item *item = find_item(&t->conf->menu, id);

	if (toolkit_state(t) == TOOLKIT_OFF || !t->menu)
		return TOOLKIT_NOTHING;
	if (toolkit_state(t) != TOOLKIT_IDLE || !item || (help && !item->help[0]))
		return TOOLKIT_REFUSED;
	if (help) {
		/* the text alone is the session */
		t->step = NULL;
		t->help = item->help;
		t->told = -1;
		go(t, TOOLKIT_THINKS);
		ask(t);
		return TOOLKIT_TAKEN;
	}
	proceed_by_name(t, item->then);
	return TOOLKIT_TAKEN;
}

static bool is_digit(uint32_t cp)
{
	return cp < 0x80 && cp && strchr("0123456789*#+", (int)cp);
}

/* Whether the characters are of the format that the card wants. */
static bool fits_format(int format, const uint32_t *cp, size_t n)
{
	size_t i, septets;

	switch (format) {
	case TOOLKIT_DIGITS:
		for (i = 0; i < n; i++)
			if (!is_digit(cp[i]))
				return false;
		return true;
	case TOOLKIT_YES_NO:
		return n == 1 && (cp[0] == 'y' || cp[0] == 'n');
	case TOOLKIT_UCS2:
		return true;
	default:
		return gsm7_count(cp, n, &septets);
	}
}

static bool fits(const struct toolkit_step *s, const char *text)
{
	bool key = s->command == TOOLKIT_GET_INKEY;
	size_t min = key ? 1 : (size_t)s->min, max = key ? 1 : (size_t)s->max;
	uint32_t cp[TOOLKIT_ANSWER];
	struct text chars;

	text_init(&chars, cp, TOOLKIT_ANSWER);
	return utf8_decode(text, strlen(text), &chars) && chars.n >= min &&
	       chars.n <= max && fits_format(s->format, cp, chars.n);
}

static enum toolkit_verdict typed(struct toolkit *t, const char *text)
{
	const struct toolkit_step *s = t->step;

	if (!text)
		return TOOLKIT_REFUSED;
	if (!text[0] && s->usual[0])
		text = s->usual;
	if (!fits(s, text))
		return TOOLKIT_REFUSED;
	keep(t, s->answer, text);
	t->failed = s->format == TOOLKIT_YES_NO && text[0] == 'n';
	complete(t);
	return TOOLKIT_TAKEN;
}

static enum toolkit_verdict chosen(struct toolkit *t, int id)
{
	const struct toolkit_item *item = find_item(&t->step->list, id);

	if (!item)
		return TOOLKIT_REFUSED;
	keep(t, t->step->answer, item->value[0] ? item->value : item->label);
	proceed_by_name(t, item->then);
	return TOOLKIT_TAKEN;
}

/* The help of an item, or of the step. */
static enum toolkit_verdict explain(struct toolkit *t, int id)
{
	const struct toolkit_item *item = t->step->command == TOOLKIT_SELECT_ITEM
						  ? find_item(&t->step->list, id)
						  : NULL;
	const char *help = item && item->help[0] ? item->help : t->step->help;

	if (!help[0])
		return TOOLKIT_REFUSED;
	t->help = help;
	ask(t);
	return TOOLKIT_TAKEN;
}

static enum toolkit_verdict given(struct toolkit *t, const char *text, int item)
{
	t->failed = false;
	switch (toolkit_command(t)) {
	case TOOLKIT_GET_INKEY:
	case TOOLKIT_GET_INPUT:
		return typed(t, text);
	case TOOLKIT_SELECT_ITEM:
		return chosen(t, item);
	case TOOLKIT_SET_UP_CALL:
		go(t, TOOLKIT_WORKS);
		t->failed = true;
		timer_arm(t->sched, &t->card, CALL_TIME);
		return TOOLKIT_TAKEN;
	default:
		if (t->step)
			complete(t);
		else
			end_session(t); /* the help of the menu */
		return TOOLKIT_TAKEN;
	}
}

static void general(struct toolkit *t, enum toolkit_result result)
{
	bool can_fail = t->step && !t->help &&
			(result == TOOLKIT_BEYOND || result == TOOLKIT_UNABLE);

	if (result == TOOLKIT_BACKWARD || (result == TOOLKIT_ABORT && t->conf->goes_back))
		go_back(t);
	else if (can_fail)
		proceed_by_name(t, t->step->fails);
	else
		end_session(t);
}

enum toolkit_verdict toolkit_answer(struct toolkit *t, int command,
	enum toolkit_result result, const char *text, int item)
{
	bool any = result >= TOOLKIT_BACKWARD;
	enum toolkit_verdict verdict = toolkit_asks(t, any ? -1 : command);

	if (verdict != TOOLKIT_TAKEN)
		return verdict;
	if (any) {
		general(t, result);
		return TOOLKIT_TAKEN;
	}
	if (!(results[command] & BIT(result)))
		return TOOLKIT_REFUSED;
	if (result == TOOLKIT_GIVEN)
		return given(t, text, item);
	if (result == TOOLKIT_HELP)
		return explain(t, item);
	if (result == TOOLKIT_BACK)
		go_back(t);
	else if (command == TOOLKIT_SET_UP_CALL)
		proceed_by_name(t, t->step->fails);
	else
		end_session(t);
	return TOOLKIT_TAKEN;
}

enum toolkit_verdict toolkit_report(struct toolkit *t, enum toolkit_user what)
{
	const struct toolkit_step *s = t->events;

	if (!s)
		return TOOLKIT_NOTHING;
	if (toolkit_state(t) != TOOLKIT_IDLE || !(s->user & (int)what))
		return TOOLKIT_REFUSED;
	if (s->then[0])
		proceed_by_name(t, s->then);
	return TOOLKIT_TAKEN;
}

void toolkit_done(struct toolkit *t, bool good, const char *text)
{
	if (toolkit_state(t) != TOOLKIT_WORKS)
		return;
	t->failed = !good;
	if (text)
		keep(t, t->step->answer, text);
	complete(t);
}

/* from outside */

bool toolkit_order(struct toolkit *t, const struct toolkit_step *s)
{
	if (toolkit_state(t) == TOOLKIT_OFF)
		return false;
	t->ordered = s;
	if (toolkit_state(t) == TOOLKIT_IDLE)
		proceed(t, NULL);
	return true;
}

bool toolkit_end(struct toolkit *t)
{
	if (!in_session(t))
		return false;
	end_session(t);
	return true;
}
