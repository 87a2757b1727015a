/* The SIM toolkit of a SIM file: one row per key, and what rows cannot say: which keys
 * belong to which command, and that every step that is named exists. */
#include <stdio.h>
#include <string.h>

#include "conf/profile_schema.h"
#include "state/profile.h"

#define LIST(type, m, n, elem)                                            \
	.offset = offsetof(type, m), .stride = sizeof(((type *)0)->m[0]), \
	.most = sizeof(((type *)0)->m) / sizeof(((type *)0)->m[0]),       \
	.count = offsetof(type, n), .item = elem

#define HOUR 3600000000

static const char then_help[] = "the step that follows; if missing, the session ends";

static const struct schema_field item_fields[] = {
	{ "label", "what the user reads", SCHEMA_TEXT, SCHEMA_REQUIRED,
		SCHEMA_AT(struct toolkit_item, label), .min = 1 },
	{ "id", "its number on the card; 0: its position, from 1", SCHEMA_INT, 0,
		SCHEMA_AT(struct toolkit_item, id), .min = 0, .max = 255, .def = "0" },
	{ "value", "the answer that it stands for; if missing, its label", SCHEMA_TEXT, 0,
		SCHEMA_AT(struct toolkit_item, value) },
	{ "then", then_help, SCHEMA_TEXT, 0, SCHEMA_AT(struct toolkit_item, then) },
	{ "next",
		"the command that it announces, as in GSM 11.14: 0x13 SMS, 0x21 text, "
		"0x23 input, 0x24 menu; -1: the card does not say",
		SCHEMA_INT, 0, SCHEMA_AT(struct toolkit_item, next), .min = -1,
		.max = 255, .def = "-1" },
	{ "help", "its help text", SCHEMA_TEXT, 0, SCHEMA_AT(struct toolkit_item, help) },
	{ NULL },
};
const struct schema toolkit_item_schema = { "toolkit_item", "an item of a menu",
	item_fields, &item_fields[0], NULL, true };
static const struct schema_field item = { .type = SCHEMA_STRUCT,
	.schema = &toolkit_item_schema };

/* A number in which answers may stand. */
static const char *check_called(const void *value)
{
	const char *p = value;

	p += *p == '+';
	while (*p) {
		if (p[0] == '{' && p[1] >= '1' && p[1] <= '8' && p[2] == '}')
			p += 3;
		else if (strchr("0123456789*#", *p))
			p++;
		else
			return "is not a number; write digits, * and #, or {1} to {8} "
			       "for "
			       "an answer";
	}
	return NULL;
}

#define ITEMS(type, m)                                                                 \
	{ "items", "the items of the menu", SCHEMA_LIST, 0,                            \
		LIST(type, m.item, m.n, &item) },                                      \
	{                                                                              \
		"count", "how many the card says it has; 0: as many as there are",     \
			SCHEMA_INT, 0, SCHEMA_AT(type, m.count), .min = 0, .max = 255, \
								 .def = "0"            \
	}

static const struct schema_field step_fields[] = {
	{ "command", "what the card asks for", SCHEMA_ENUM, SCHEMA_REQUIRED,
		SCHEMA_AT(struct toolkit_step, command), .names = toolkit_command_names },
	{ "text",
		"what the user reads, for a menu its title; {1} to {8} stand for answers",
		SCHEMA_TEXT, SCHEMA_ESCAPED, SCHEMA_AT(struct toolkit_step, text) },
	{ "then", then_help, SCHEMA_TEXT, 0, SCHEMA_AT(struct toolkit_step, then) },
	{ "fails",
		"the step that follows when it is refused or impossible; if missing, the "
		"session ends",
		SCHEMA_TEXT, 0, SCHEMA_AT(struct toolkit_step, fails) },
	{ "answer", "the number under which the answer is kept: {1} to {8}; 0: it is not",
		SCHEMA_INT, 0, SCHEMA_AT(struct toolkit_step, answer), .min = 0,
		.max = TOOLKIT_ANSWERS, .def = "0" },
	{ "delay", "how long the card thinks before it; 0s: as long as `think`",
		SCHEMA_TIME, 0, SCHEMA_AT(struct toolkit_step, delay), .max = HOUR,
		.def = "0s" },
	{ "help", "its help text", SCHEMA_TEXT, 0, SCHEMA_AT(struct toolkit_step, help) },
	{ "high_priority", "display_text: may cover other things on a screen",
		SCHEMA_BOOL, 0, SCHEMA_AT(struct toolkit_step, high_priority),
		.def = "true" },
	{ "until_user", "display_text: stays until the user clears it, else for 3 s",
		SCHEMA_BOOL, 0, SCHEMA_AT(struct toolkit_step, until_user),
		.def = "true" },
	{ "format", "get_inkey, get_input: what may be typed", SCHEMA_ENUM, 0,
		SCHEMA_AT(struct toolkit_step, format), .names = toolkit_format_names,
		.def = "digits" },
	{ "echo", "get_input: what is typed may be shown; false for a PIN", SCHEMA_BOOL,
		0, SCHEMA_AT(struct toolkit_step, echo), .def = "true" },
	{ "min", "get_input: fewest characters", SCHEMA_INT, 0,
		SCHEMA_AT(struct toolkit_step, min), .min = 0, .max = 255, .def = "1" },
	{ "max", "get_input: most characters", SCHEMA_INT, 0,
		SCHEMA_AT(struct toolkit_step, max), .min = 1, .max = 255, .def = "20" },
	{ "default", "get_input: the answer that an empty text stands for", SCHEMA_TEXT,
		0, SCHEMA_AT(struct toolkit_step, usual) },
	ITEMS(struct toolkit_step, list),
	{ "preselected", "select_item: id of the item that is offered first; 0: none",
		SCHEMA_INT, 0, SCHEMA_AT(struct toolkit_step, list.preselected), .min = 0,
		.max = 255, .def = "0" },
	{ "number", "set_up_call, send_sms: the number; {1} to {8} as in texts",
		SCHEMA_TEXT, 0, SCHEMA_AT(struct toolkit_step, number), .min = 1,
		.check = check_called },
	{ "subaddress", "set_up_call: its subaddress", SCHEMA_TEXT, 0,
		SCHEMA_AT(struct toolkit_step, subaddress) },
	{ "class", "set_up_call: the kind of call", SCHEMA_ENUM, 0,
		SCHEMA_AT(struct toolkit_step, class), .names = toolkit_class_names,
		.def = "voice" },
	{ "others", "set_up_call: what becomes of other calls", SCHEMA_ENUM, 0,
		SCHEMA_AT(struct toolkit_step, others), .names = toolkit_others_names,
		.def = "idle" },
	{ "tone", "play_tone: its number", SCHEMA_INT, 0,
		SCHEMA_AT(struct toolkit_step, tone), .min = 0, .max = 10, .def = "0" },
	{ "unit", "play_tone: the unit of `length`", SCHEMA_ENUM, 0,
		SCHEMA_AT(struct toolkit_step, unit), .names = toolkit_unit_names,
		.def = "seconds" },
	{ "length", "play_tone: how long; 0: the card does not say", SCHEMA_INT, 0,
		SCHEMA_AT(struct toolkit_step, length), .min = 0, .max = 255,
		.def = "0" },
	{ "mode", "refresh: 0 to 4 as in +STGI: 7", SCHEMA_INT, 0,
		SCHEMA_AT(struct toolkit_step, mode), .min = 0, .max = 4, .def = "0" },
	{ "user", "set_up_event_list: what is to be reported", SCHEMA_ENUM, 0,
		SCHEMA_AT(struct toolkit_step, user), .names = toolkit_user_names,
		.def = "both" },
	{ "message",
		"send_sms: its text, send_ussd, send_ss: the string; {1} to {8} as in "
		"texts",
		SCHEMA_TEXT, 0, SCHEMA_AT(struct toolkit_step, message) },
	{ "reply", "send_sms: the text of a message that comes back", SCHEMA_TEXT, 0,
		SCHEMA_AT(struct toolkit_step, reply) },
	{ "reply_from", "send_sms: its sender; if missing, `number`", SCHEMA_TEXT, 0,
		SCHEMA_AT(struct toolkit_step, reply_from) },
	{ "reply_after", "send_sms: when it comes, from the sending on", SCHEMA_TIME, 0,
		SCHEMA_AT(struct toolkit_step, reply_after), .max = HOUR, .def = "10s" },
	{ "see", "the source of this information, for readers", SCHEMA_NOTE },
	{ NULL },
};

#define ON(command) (1u << TOOLKIT_##command)
#define TYPED       (ON(GET_INKEY) | ON(GET_INPUT))
#define SENT        (ON(SEND_SS) | ON(SEND_SMS) | ON(SEND_USSD))

/* Keys that only some commands have, and those that these need. */
static const struct {
	const char *key;
	unsigned of, needed;
} keys[] = {
	{ "text", ~(ON(SET_UP_CALL) | ON(REFRESH) | ON(SET_UP_EVENT_LIST)),
		ON(DISPLAY_TEXT) },
	{ "answer", TYPED | ON(SELECT_ITEM) | ON(SEND_USSD), 0 },
	{ "help", TYPED | ON(SELECT_ITEM), 0 },
	{ "high_priority", ON(DISPLAY_TEXT), 0 },
	{ "until_user", ON(DISPLAY_TEXT), 0 },
	{ "format", TYPED, 0 },
	{ "echo", ON(GET_INPUT), 0 },
	{ "min", ON(GET_INPUT), 0 },
	{ "max", ON(GET_INPUT), 0 },
	{ "default", ON(GET_INPUT), 0 },
	{ "items", ON(SELECT_ITEM), ON(SELECT_ITEM) },
	{ "count", ON(SELECT_ITEM), 0 },
	{ "preselected", ON(SELECT_ITEM), 0 },
	{ "then", ~ON(SELECT_ITEM), 0 },
	{ "number", ON(SET_UP_CALL) | ON(SEND_SMS), ON(SET_UP_CALL) | ON(SEND_SMS) },
	{ "subaddress", ON(SET_UP_CALL), 0 },
	{ "class", ON(SET_UP_CALL), 0 },
	{ "others", ON(SET_UP_CALL), 0 },
	{ "tone", ON(PLAY_TONE), 0 },
	{ "unit", ON(PLAY_TONE), 0 },
	{ "length", ON(PLAY_TONE), 0 },
	{ "mode", ON(REFRESH), 0 },
	{ "user", ON(SET_UP_EVENT_LIST), 0 },
	{ "message", SENT, SENT },
	{ "reply", ON(SEND_SMS), 0 },
	{ "reply_from", ON(SEND_SMS), 0 },
	{ "reply_after", ON(SEND_SMS), 0 },
};

static void check_step(const void *object, const struct doc *d, struct doc_errors *e)
{
	const struct toolkit_step *s = object;
	const char *command = name_of(toolkit_command_names, (int)s->command);
	unsigned bit = 1u << s->command;
	size_t i;

	for (i = 0; i < sizeof(keys) / sizeof(keys[0]); i++) {
		bool given = doc_find(d, keys[i].key) != NULL;

		if (given && !(keys[i].of & bit))
			doc_error(e, check_at(d, keys[i].key),
				"\"%s\" does not belong to %s; remove it", keys[i].key,
				command);
		if (!given && keys[i].needed & bit)
			doc_error(e, d->at, "%s needs \"%s\"; add it", command,
				keys[i].key);
	}
	if (s->min > s->max)
		doc_error(e, check_at(d, "min"),
			"min %d is above max %d; lower it or raise max", s->min, s->max);
	if (s->format == TOOLKIT_YES_NO && s->command == TOOLKIT_GET_INPUT)
		doc_error(e, check_at(d, "format"),
			"yes_no is one character; write command: get_inkey");
	if (s->format > TOOLKIT_UCS2 && s->format < TOOLKIT_YES_NO &&
		s->command == TOOLKIT_GET_INKEY)
		doc_error(e, check_at(d, "format"),
			"get_inkey has no such format; write digits, gsm, ucs2 or "
			"yes_no");
}

const struct schema toolkit_step_schema = { "toolkit_step", "a step of its sessions",
	step_fields, NULL, check_step, true };
static const struct schema_field step_item = { .type = SCHEMA_STRUCT,
	.schema = &toolkit_step_schema };

static const struct schema_field control_fields[] = {
	{ "number", "the number that the host dials", SCHEMA_TEXT, SCHEMA_REQUIRED,
		SCHEMA_AT(struct toolkit_control, number), .min = 1,
		.check = check_number },
	{ "to", "the number that is called instead; if missing, the call is refused",
		SCHEMA_TEXT, 0, SCHEMA_AT(struct toolkit_control, to), .min = 1,
		.check = check_number },
	{ "text", "what the user reads about it", SCHEMA_TEXT, 0,
		SCHEMA_AT(struct toolkit_control, text) },
	{ NULL },
};
static const struct schema control_schema = { "toolkit_control",
	"call control: what happens to a number", control_fields, NULL, NULL };
static const struct schema_field control_item = { .type = SCHEMA_STRUCT,
	.schema = &control_schema };

static const char *check_name(const char *key)
{
	return key[0] && !key[strspn(key, "abcdefghijklmnopqrstuvwxyz0123456789-_")]
		       ? NULL
		       : "is not the name of a step; write small letters, digits, - and "
			 "_";
}

static const struct schema_field toolkit_fields[] = {
	{ "title", "the title of its menu; if missing, no line shows one", SCHEMA_TEXT, 0,
		SCHEMA_AT(struct toolkit_conf, title) },
	ITEMS(struct toolkit_conf, menu),
	{ "steps", "what its sessions ask, by name", SCHEMA_TABLE, 0,
		LIST(struct toolkit_conf, step, steps, &step_item),
		.key_size = TOOLKIT_NAME, .check_key = check_name },
	{ "think", "how long the card takes from an answer to its next command",
		SCHEMA_TIME, 0, SCHEMA_AT(struct toolkit_conf, think), .max = HOUR,
		.def = "500ms" },
	{ "menu_again", "it sends its menu again after each session: +STIN: 0",
		SCHEMA_BOOL, 0, SCHEMA_AT(struct toolkit_conf, again), .def = "false" },
	{ "abort_goes_back",
		"AT+STGR=99 leads to the menu before, not to the end of the session",
		SCHEMA_BOOL, 0, SCHEMA_AT(struct toolkit_conf, goes_back),
		.def = "false" },
	{ "call_control", "numbers that the card refuses or changes: +STCR", SCHEMA_LIST,
		0, LIST(struct toolkit_conf, control, controls, &control_item) },
	{ "see", "the source of this information, for readers", SCHEMA_NOTE },
	{ NULL },
};

/* The step that a key names must exist. */
static void check_link(const struct toolkit_conf *c, const char *name,
	const struct doc *d, const char *key, struct doc_errors *e)
{
	size_t i;

	for (i = 0; i < c->steps; i++)
		if (!strcmp(c->step[i].name, name))
			return;
	if (name[0])
		doc_error(e, check_at(d, key),
			"there is no step \"%s\"; add it to \"steps\", or write the name "
			"of one there",
			name);
}

static void check_list(const struct toolkit_conf *c, const struct toolkit_list *l,
	const struct doc *d, struct doc_errors *e)
{
	const struct doc *items = doc_get(d, "items");
	size_t i, k;

	if (l->count && l->count < (int)l->n)
		doc_error(e, check_at(d, "count"),
			"count %d is less than the %zu items; raise it or remove it",
			l->count, l->n);
	for (i = 0; i < l->n; i++) {
		check_link(c, l->item[i].then, items->items[i].value, "then", e);
		for (k = 0; k < i; k++)
			if (toolkit_item_id(l, i) == toolkit_item_id(l, k))
				doc_error(e, items->items[i].value->at,
					"item id %d is here twice; renumber one",
					toolkit_item_id(l, i));
	}
}

/* What the modem may do without the user; a call is refused while there is another. */
#define ALONE                                                                       \
	(ON(PLAY_TONE) | ON(REFRESH) | ON(SEND_SS) | ON(SEND_SMS) | ON(SEND_USSD) | \
		ON(SET_UP_CALL))

/* Whether the session comes to an end, or to the user, after a step of that name, as far
 * as is known. */
static bool ends(const struct toolkit_conf *c, const char *name, const bool *known)
{
	size_t i;

	for (i = 0; i < c->steps; i++)
		if (!strcmp(c->step[i].name, name))
			return known[i];
	return true;
}

static bool step_ends(
	const struct toolkit_conf *c, const struct toolkit_step *s, const bool *known)
{
	bool asks = s->command == TOOLKIT_SET_UP_CALL || ends(c, s->then, known);

	return !(1u << s->command & ALONE) || (asks && ends(c, s->fails, known));
}

/* Steps that follow each other in a circle, without the user, would never end. */
static void check_circles(
	const struct toolkit_conf *c, const struct doc *steps, struct doc_errors *e)
{
	bool known[TOOLKIT_STEPS] = { false }, more = true;
	size_t i;

	while (more) {
		more = false;
		for (i = 0; i < c->steps; i++)
			if (!known[i] && step_ends(c, &c->step[i], known))
				known[i] = more = true;
	}
	for (i = 0; i < c->steps && known[i]; i++)
		;
	if (i < c->steps)
		doc_error(e, steps->items[i].value->at,
			"from \"%s\" on steps follow each other in a circle, and none "
			"asks "
			"the user; let one of them lead to a text or a question",
			c->step[i].name);
}

static void check_toolkit(const void *object, const struct doc *d, struct doc_errors *e)
{
	const struct toolkit_conf *c = object;
	const struct doc *steps = doc_get(d, "steps");
	size_t i;

	check_list(c, &c->menu, d, e);
	for (i = 0; i < c->steps; i++) {
		const struct toolkit_step *s = &c->step[i];
		const struct doc *at = steps->items[i].value;

		check_link(c, s->then, at, "then", e);
		check_link(c, s->fails, at, "fails", e);
		check_list(c, &s->list, at, e);
	}
	check_circles(c, steps, e);
	if (!toolkit_present(c))
		doc_error(e, d->at,
			"the toolkit has neither items nor steps; write items: with what "
			"its menu shows, or remove it");
}

const struct schema toolkit_schema = { "toolkit", "its SIM toolkit", toolkit_fields, NULL,
	check_toolkit };
