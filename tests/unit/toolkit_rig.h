/* A small card with a toolkit, without a modem: a step for each command, and menus that go
 * deeper than the way back. */
#pragma once

#include "unit.h"

#include <stdio.h>
#include <string.h>

#include "gsm/toolkit.h"

static const struct log silent = { NULL };

/* The steps of the small card; each command has one, and menus go nine deep. */
#define MENUS (TOOLKIT_PATH + 1)

struct rig {
	struct sched sched;
	struct toolkit_conf conf;
	struct toolkit_memory memory;
	struct toolkit t;
	enum toolkit_doer doer; /* of what the modem does */
	int event[64];          /* the newest last */
	size_t events;
};

static inline void happened(void *ctx, int command)
{
	struct rig *r = ctx;

	if (r->events == sizeof(r->event) / sizeof(r->event[0]))
		memmove(r->event, r->event + 1, --r->events * sizeof(r->event[0]));
	r->event[r->events++] = command;
}

static inline enum toolkit_doer doer_of(void *ctx, const struct toolkit_step *s)
{
	struct rig *r = ctx;

	switch ((int)s->command) {
	case TOOLKIT_SEND_SS:
	case TOOLKIT_SEND_SMS:
	case TOOLKIT_SEND_USSD:
		return r->doer;
	case TOOLKIT_PLAY_TONE:
	case TOOLKIT_REFRESH:
	case TOOLKIT_SET_UP_EVENT_LIST:
		return TOOLKIT_BY_TIME;
	default:
		return TOOLKIT_BY_USER;
	}
}

static inline struct toolkit_step *add(
	struct rig *r, const char *name, enum toolkit_command command, const char *then)
{
	struct toolkit_step *s = &r->conf.step[r->conf.steps++];

	*s = (struct toolkit_step){ .command = command, .min = 1, .max = 4 };
	snprintf(s->name, sizeof(s->name), "%s", name);
	snprintf(s->then, sizeof(s->then), "%s", then);
	snprintf(s->text, sizeof(s->text), "%s", name);
	snprintf(s->fails, sizeof(s->fails), "bad");
	return s;
}

static inline void add_item(
	struct toolkit_list *l, int id, const char *label, const char *then)
{
	struct toolkit_item *item = &l->item[l->n++];

	item->id = id;
	snprintf(item->label, sizeof(item->label), "%s", label);
	snprintf(item->then, sizeof(item->then), "%s", then);
}

static inline void add_menus(struct rig *r)
{
	char name[24], below[24];
	struct toolkit_step *s;
	int i;

	for (i = 1; i <= MENUS; i++) {
		snprintf(name, sizeof(name), "menu%d", i);
		snprintf(below, sizeof(below), "menu%d", i + 1);
		s = add(r, name, TOOLKIT_SELECT_ITEM, "");
		s->answer = 2;
		add_item(&s->list, 0, "Below", i < MENUS ? below : "input");
		add_item(&s->list, 7, "Text", "typed");
		strcpy(s->list.item[1].value, "value");
		strcpy(s->list.item[1].help, "Help of the item");
	}
}

static inline void begin(struct rig *r)
{
	static const struct {
		const char *name;
		enum toolkit_command command;
	} all[] = { { "text", TOOLKIT_DISPLAY_TEXT }, { "key", TOOLKIT_GET_INKEY },
		{ "input", TOOLKIT_GET_INPUT }, { "call", TOOLKIT_SET_UP_CALL },
		{ "tone", TOOLKIT_PLAY_TONE }, { "refresh", TOOLKIT_REFRESH },
		{ "ss", TOOLKIT_SEND_SS }, { "sms", TOOLKIT_SEND_SMS },
		{ "ussd", TOOLKIT_SEND_USSD }, { "events", TOOLKIT_SET_UP_EVENT_LIST } };
	size_t i;

	memset(r, 0, sizeof(*r));
	sched_init(&r->sched, 1);
	r->doer = TOOLKIT_BY_MODEM;
	r->conf.think = MS(500);
	for (i = 0; i < sizeof(all) / sizeof(all[0]); i++) {
		add(r, all[i].name, all[i].command, "typed");
		add_item(&r->conf.menu, (int)i + 1, all[i].name, all[i].name);
	}
	add_item(&r->conf.menu, 20, "Menus", "menu1");
	add_item(&r->conf.menu, 21, "Nothing", "");
	strcpy(r->conf.menu.item[0].help, "Help of the menu");
	add(r, "typed", TOOLKIT_DISPLAY_TEXT, "")->until_user = true;
	add(r, "bad", TOOLKIT_DISPLAY_TEXT, "")->until_user = true;
	add(r, "yes", TOOLKIT_GET_INKEY, "typed")->format = TOOLKIT_YES_NO;
	add_menus(r);
	r->conf.step[1].answer = r->conf.step[2].answer = 1;
	r->conf.step[9].user = TOOLKIT_IDLE_SCREEN;
	strcpy(r->conf.step[2].help, "Help of the step");
	toolkit_init(
		&r->t, &r->conf, &r->memory, &r->sched, &silent, happened, doer_of, r);
}

static inline void pass(struct rig *r, usec_t time)
{
	sched_run(&r->sched, r->sched.now + time);
}

static inline int newest(const struct rig *r)
{
	return r->events ? r->event[r->events - 1] : -1;
}

/* A card whose menu is set up. */
static inline void ready(struct rig *r)
{
	begin(r);
	toolkit_start(&r->t);
	pass(r, MS(500));
	assert_int_equal(newest(r), TOOLKIT_SET_UP_MENU);
}

/* ... and which asks this step. */
static inline void asking(struct rig *r, const char *name)
{
	ready(r);
	assert_true(toolkit_order(&r->t, toolkit_find(&r->conf, name)));
	pass(r, MS(500));
	assert_non_null(r->t.step);
	assert_string_equal(r->t.step->name, name);
}

static inline enum toolkit_verdict answer(
	struct rig *r, int command, enum toolkit_result result)
{
	return toolkit_answer(&r->t, command, result, "1", 7);
}

static const char *printed(struct rig *r, const char *text)
{
	static char mem[TOOLKIT_TEXT_MAX + 1];
	struct buf b;

	buf_init(&b, mem, TOOLKIT_TEXT_MAX);
	toolkit_print(&r->t, text, &b);
	mem[b.len] = '\0';
	return mem;
}
