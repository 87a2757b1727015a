/* The SIM toolkit of a card (GSM 11.14 clause 6): the menu that it sets up, and the steps
 * of its sessions, as its YAML describes them. Plain data without conditions: a step names
 * the step that follows. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "base/names.h"
#include "base/usec.h"

#define TOOLKIT_STEPS   48
#define TOOLKIT_ITEMS   16
#define TOOLKIT_BARRED  8
#define TOOLKIT_NAME    24
#define TOOLKIT_LABEL   48
#define TOOLKIT_TEXT    256 /* bytes of UTF-8 with their zero; a number takes 24 */
#define TOOLKIT_ANSWERS 8

/* What a card asks for; the numbers are those of +STIN (stk.md +STIN). */
enum toolkit_command {
	TOOLKIT_SET_UP_MENU,
	TOOLKIT_DISPLAY_TEXT,
	TOOLKIT_GET_INKEY,
	TOOLKIT_GET_INPUT,
	TOOLKIT_SET_UP_CALL,
	TOOLKIT_PLAY_TONE,
	TOOLKIT_SELECT_ITEM,
	TOOLKIT_REFRESH,
	TOOLKIT_SEND_SS,
	TOOLKIT_SEND_SMS,
	TOOLKIT_SEND_USSD,
	TOOLKIT_SET_UP_EVENT_LIST,
	TOOLKIT_COMMANDS,
};
/* What a card may ask for just now: none, or a command of its file. */
extern const struct name toolkit_asked_names[];
#define toolkit_command_names (toolkit_asked_names + 1)

enum toolkit_format { /* of a text that the user types */
	TOOLKIT_DIGITS,
	TOOLKIT_GSM,
	TOOLKIT_UCS2,
	TOOLKIT_UNPACKED,
	TOOLKIT_PACKED,
	TOOLKIT_YES_NO,
};
extern const struct name toolkit_format_names[];

enum toolkit_class { /* of a call */
	TOOLKIT_VOICE,
	TOOLKIT_DATA,
	TOOLKIT_FAX,
};
extern const struct name toolkit_class_names[];

enum toolkit_others { /* what becomes of other calls */
	TOOLKIT_ONLY_IDLE,
	TOOLKIT_HOLD,
	TOOLKIT_END,
};
extern const struct name toolkit_others_names[];

enum toolkit_unit { /* of the time of a tone */
	TOOLKIT_MINUTES,
	TOOLKIT_SECONDS,
	TOOLKIT_TENTHS,
};
extern const struct name toolkit_unit_names[];

enum toolkit_user { /* what the user does, as a set */
	TOOLKIT_IDLE_SCREEN = 1,
	TOOLKIT_ACTIVITY = 2,
	TOOLKIT_BOTH = 3,
	TOOLKIT_CANCEL = 4, /* nothing is reported any more */
};
extern const struct name toolkit_user_names[];

struct toolkit_item {
	char label[TOOLKIT_LABEL];
	char value[TOOLKIT_LABEL]; /* what a chosen item answers, "": its label */
	char then[TOOLKIT_NAME];   /* the step that follows, "": the session ends */
	char help[TOOLKIT_TEXT / 2];
	int id;   /* 0: its position, from 1 */
	int next; /* the command that it announces, -1: none is given */
};

struct toolkit_list {
	struct toolkit_item item[TOOLKIT_ITEMS];
	size_t n;
	int count; /* how many items the card says it has, 0: as many as there are */
	int preselected; /* id of the item */
};

struct toolkit_step {
	char name[TOOLKIT_NAME];
	enum toolkit_command command;
	char text[TOOLKIT_TEXT]; /* {1} to {8} stand for answers given before */
	char help[TOOLKIT_TEXT / 2];
	char then[TOOLKIT_NAME];  /* the step that follows, "": the session ends */
	char fails[TOOLKIT_NAME]; /* ... when the modem or the user could not do it */
	int answer;               /* number under which the answer is kept, 0: not */
	usec_t delay;             /* how long the card thinks before it, 0: as usual */

	bool high_priority, until_user; /* display_text */
	int format;                     /* get_inkey, get_input */
	bool echo;
	int min, max;              /* characters */
	char usual[TOOLKIT_LABEL]; /* the answer that an empty text stands for */
	struct toolkit_list list;  /* select_item */
	char number[TOOLKIT_LABEL], subaddress[24]; /* set_up_call, send_sms */
	int class, others;
	int tone, unit, length;     /* play_tone; length 0: not given */
	int mode;                   /* refresh */
	int user;                   /* set_up_event_list */
	char message[TOOLKIT_TEXT]; /* send_ss, send_sms, send_ussd */
	char reply[TOOLKIT_TEXT];   /* send_sms: the message that comes back, "": none */
	char reply_from[TOOLKIT_LABEL];
	usec_t reply_after;
};

/* Call control: what the card does with a number that the host dials. */
struct toolkit_control {
	char number[24];
	char to[24]; /* the number that is called instead, "": the call is refused */
	char text[TOOLKIT_LABEL];
};

struct toolkit_conf {
	char title[TOOLKIT_LABEL];
	struct toolkit_list menu;
	struct toolkit_step step[TOOLKIT_STEPS];
	size_t steps;
	usec_t think;   /* of the card, from an answer to its next command */
	bool again;     /* sets up its menu again after each session */
	bool goes_back; /* an abort leads one menu back, not to the end */
	struct toolkit_control control[TOOLKIT_BARRED];
	size_t controls;
};

/* Whether the card has a toolkit. */
static inline bool toolkit_present(const struct toolkit_conf *c)
{
	return c->menu.n || c->steps || c->controls;
}

/* The id of item i. */
static inline int toolkit_item_id(const struct toolkit_list *l, size_t i)
{
	return l->item[i].id ? l->item[i].id : (int)i + 1;
}
