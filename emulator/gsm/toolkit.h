/* The SIM toolkit on the card's side (GSM 11.14): its menu, and the session in which it
 * asks the user one thing after another. Knows no AT text: what the card asks is told by
 * event(), and the answers come by the functions below. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"
#include "base/fsm.h"
#include "base/sched.h"
#include "state/profile.h"

/* The bit of call control in the upper half of the terminal profile (GSM 11.14 clause 5.2:
 * byte 2 b2). */
#define TOOLKIT_CALL_CONTROL (1 << 5)

#define TOOLKIT_PATH       8   /* menus that lead back */
#define TOOLKIT_ANSWER     255 /* characters of an answer */
#define TOOLKIT_ANSWER_MEM (4 * TOOLKIT_ANSWER + 1)

/* What a text may become with its answers put in: more is cut off. */
#define TOOLKIT_TEXT_MAX 1100

enum toolkit_state {
	TOOLKIT_OFF,    /* no card with a toolkit is in use, or it is switched off */
	TOOLKIT_IDLE,   /* no session */
	TOOLKIT_THINKS, /* the card is about to say something */
	TOOLKIT_ASKS,   /* the user must answer */
	TOOLKIT_WORKS,  /* the modem does what the card wants */
};
extern const struct fsm_state toolkit_states[]; /* ends with a NULL name */

/* Beside the commands, what +STIN tells. */
#define TOOLKIT_TIMED_OUT 98
#define TOOLKIT_ENDED     99

/* Who does what a step wants. */
enum toolkit_doer {
	TOOLKIT_BY_USER,
	TOOLKIT_BY_MODEM,  /* toolkit_done() follows */
	TOOLKIT_BY_TIME,   /* the modem, which needs only its time */
	TOOLKIT_BY_NOBODY, /* it cannot be done now */
};

/* The results of an answer, as a set in rows; GSM 11.14 clause 12.12. */
enum toolkit_result {
	TOOLKIT_LEAVES = 0, /* the user ends the session, or refuses a call */
	TOOLKIT_GIVEN = 1,
	TOOLKIT_HELP = 2,
	TOOLKIT_BACK = 3,
	TOOLKIT_BACKWARD = 95,
	TOOLKIT_BEYOND = 96, /* the modem cannot do that */
	TOOLKIT_UNABLE = 97, /* not now */
	TOOLKIT_SILENCE = 98,
	TOOLKIT_ABORT = 99,
};

enum toolkit_verdict {
	TOOLKIT_TAKEN,
	TOOLKIT_REFUSED, /* it does not fit what is asked */
	TOOLKIT_NOTHING, /* nothing is asked */
};

/* What is written only in a session. */
struct toolkit_memory {
	char answer[TOOLKIT_ANSWERS][TOOLKIT_ANSWER_MEM];
};

struct toolkit {
	const struct toolkit_conf *conf;
	const struct log *log;
	struct sched *sched;
	struct fsm fsm;
	struct timer card; /* until the card speaks, a text goes, or work is done */
	struct timer user; /* until the answer is overdue */
	usec_t patience;   /* time for each answer; set by the caller */
	enum {
		TOOLKIT_NEXT_STEP,
		TOOLKIT_NEXT_MENU,
		TOOLKIT_NEXT_END,
	} next;                             /* TOOLKIT_THINKS: what it will say */
	const struct toolkit_step *step;    /* being asked or done, NULL: none */
	const struct toolkit_step *then;    /* TOOLKIT_NEXT_STEP */
	const struct toolkit_step *ordered; /* by toolkit_order(): comes next */
	const struct toolkit_step *events;  /* whose events the user reports */
	const char *help; /* the text that is shown before the step, NULL: none */
	const struct toolkit_step
		*path[TOOLKIT_PATH]; /* menus passed, the oldest first */
	size_t depth;
	bool menu;   /* the card has set up its menu */
	bool failed; /* the work of TOOLKIT_WORKS has failed */
	int told;    /* what has been told and not been fetched, -1: nothing */
	struct toolkit_memory *memory;
	/* What the card asks, or TOOLKIT_TIMED_OUT, or TOOLKIT_ENDED. */
	void (*event)(void *ctx, int command);
	/* Begins what the modem does by itself. */
	enum toolkit_doer (*begin)(void *ctx, const struct toolkit_step *s);
	void *ctx;
};

/* Starts switched off. Neither callback may call back into toolkit. memory is all zero and
 * belongs to the caller. */
void toolkit_init(struct toolkit *t, const struct toolkit_conf *conf,
	struct toolkit_memory *memory, struct sched *s, const struct log *l,
	void (*event)(void *ctx, int command),
	enum toolkit_doer (*begin)(void *ctx, const struct toolkit_step *s), void *ctx);

/* The card is in use: it sets up its menu, if it has a toolkit. */
void toolkit_start(struct toolkit *t);

/* A reset, another card: all ends without an event. */
void toolkit_stop(struct toolkit *t);

/* looking in */

static inline enum toolkit_state toolkit_state(const struct toolkit *t)
{
	return (enum toolkit_state)t->fsm.state;
}

/* The command that the card waits for, -1: none. */
int toolkit_command(const struct toolkit *t);

/* What the card does with a number that is dialled, NULL: nothing, or there is none. */
const struct toolkit_control *toolkit_control(
	const struct toolkit *t, const char *number);

/* The step of that name, NULL if there is none. */
const struct toolkit_step *toolkit_find(const struct toolkit_conf *c, const char *name);

/* Appends a text of the card, as UTF-8: {1} to {8} are answers, \n a line feed and so on, as
 * buf_put_escaped() reads them; in answers nothing is replaced. What does not fit is left
 * out. */
void toolkit_print(const struct toolkit *t, const char *text, struct buf *out);

/* what the user does */

/* This command was read: a text that is shown for a moment goes after 3 s. */
void toolkit_fetched(struct toolkit *t, int command);

/* Whether the card waits for an answer to this command; -1: to any. */
enum toolkit_verdict toolkit_asks(const struct toolkit *t, int command);

/* An item of the menu begins a session; help: its help text is shown instead. */
enum toolkit_verdict toolkit_choose(struct toolkit *t, int id, bool help);

/* The answer to `command`, or, from TOOLKIT_BACKWARD on, to any. text: typed text as
 * UTF-8, or NULL; item: the id of an item, for SELECT ITEM. */
enum toolkit_verdict toolkit_answer(struct toolkit *t, int command,
	enum toolkit_result result, const char *text, int item);

/* An event of SET UP EVENT LIST: its step follows. */
enum toolkit_verdict toolkit_report(struct toolkit *t, enum toolkit_user what);

/* The modem has done what the step wanted, or has failed; text: what came back, or NULL. */
void toolkit_done(struct toolkit *t, bool good, const char *text);

/* from outside */

/* The card asks this step: now if no session runs, else after the present answer. False
 * when the toolkit is off. */
bool toolkit_order(struct toolkit *t, const struct toolkit_step *s);

/* The card ends the session; false when there is none. */
bool toolkit_end(struct toolkit *t);
