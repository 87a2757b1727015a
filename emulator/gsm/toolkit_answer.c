/* The SIM toolkit: what the user answers. */
#include <string.h>

#include "codec/gsm7.h"
#include "codec/unicode.h"
#include "gsm/toolkit_int.h"

#define SHOWN     SEC(3)   /* stk.md +STGI: a text that the user need not clear */
#define CALL_TIME SEC(120) /* a call whose outcome nobody reports */

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

static const struct toolkit_item *find_item(const struct toolkit_list *l, int id)
{
	size_t i;

	for (i = 0; i < l->n; i++)
		if (toolkit_item_id(l, i) == id)
			return &l->item[i];
	return NULL;
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
		toolkit_go(t, TOOLKIT_THINKS);
		toolkit_ask(t);
		return TOOLKIT_TAKEN;
	}
	toolkit_proceed_to(t, item->then);
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
	toolkit_keep(t, s->answer, text);
	t->failed = s->format == TOOLKIT_YES_NO && text[0] == 'n';
	toolkit_complete(t);
	return TOOLKIT_TAKEN;
}

static enum toolkit_verdict chosen(struct toolkit *t, int id)
{
	const struct toolkit_item *item = find_item(&t->step->list, id);

	if (!item)
		return TOOLKIT_REFUSED;
	toolkit_keep(t, t->step->answer, item->value[0] ? item->value : item->label);
	toolkit_proceed_to(t, item->then);
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
	toolkit_ask(t);
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
		toolkit_go(t, TOOLKIT_WORKS);
		t->failed = true;
		timer_arm(t->sched, &t->card, CALL_TIME);
		return TOOLKIT_TAKEN;
	default:
		if (t->step)
			toolkit_complete(t);
		else
			toolkit_end_session(t); /* the help of the menu */
		return TOOLKIT_TAKEN;
	}
}

static void general(struct toolkit *t, enum toolkit_result result)
{
	bool can_fail = t->step && !t->help &&
			(result == TOOLKIT_BEYOND || result == TOOLKIT_UNABLE);

	if (result == TOOLKIT_BACKWARD || (result == TOOLKIT_ABORT && t->conf->goes_back))
		toolkit_go_back(t);
	else if (can_fail)
		toolkit_proceed_to(t, t->step->fails);
	else
		toolkit_end_session(t);
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
		toolkit_go_back(t);
	else if (command == TOOLKIT_SET_UP_CALL)
		toolkit_proceed_to(t, t->step->fails);
	else
		toolkit_end_session(t);
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
		toolkit_proceed_to(t, s->then);
	return TOOLKIT_TAKEN;
}
