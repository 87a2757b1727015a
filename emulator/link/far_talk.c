#include "link/far_talk.h"

#include <string.h>

#include "base/buf.h"
#include "link/link.h"
#include "state/modem_state.h"

#define NO_ROOM MS(100) /* until an answer is tried again that the port has no room for */

/* The bytes that a text of the profile stands for; out has room for as many as it has. */
static size_t bytes_of(const char *text, char *out)
{
	unsigned char c;
	size_t n = 0;

	while (*text) {
		buf_escaped_char(&text, &c);
		out[n++] = (char)c;
	}
	return n;
}

static struct far_talk *talk_of(const struct channel *ch)
{
	return &ch->link->data.talk;
}

static void arm(struct channel *ch, usec_t at_least)
{
	struct far_talk *t = talk_of(ch);
	usec_t now = ch->modem->sched.now, due = t->answer[t->first].due;

	if (!t->waiting)
		return;
	if (due < now + at_least)
		due = now + at_least;
	timer_arm(&ch->modem->sched, &t->timer, due - now);
}

/* An escaped call hears the answer when it is online again. */
static void answer(void *ctx, usec_t now)
{
	struct channel *ch = ctx;
	struct far_talk *t = talk_of(ch);
	const struct talk_row *row = t->answer[t->first].row;
	char says[TALK_SAYS];
	size_t len = bytes_of(row->says, says);

	(void)now;
	if (ch->link->mode != LINK_DATA)
		return;
	if (data_far_room(ch) < len) {
		arm(ch, NO_ROOM);
		return;
	}
	t->first = (t->first + 1) % TALK_WAITING;
	t->waiting--;
	link_send(ch, says, len);
	if (row->hangs_up)
		calls_far_hang_up(&ch->modem->calls, ch->link->data.id, CAUSE_NORMAL);
	else
		arm(ch, 0);
}

void far_talk_init(struct channel *ch)
{
	struct far_talk *t = talk_of(ch);

	*t = (struct far_talk){ .n = 0 };
	timer_init(&t->timer, "answer of a far end", TIMER_WAIT, answer, ch);
}

void far_talk_resume(struct channel *ch)
{
	arm(ch, 0);
}

void far_talk_stop(struct channel *ch)
{
	timer_stop(&ch->modem->sched, &talk_of(ch)->timer);
	far_talk_init(ch);
}

/* Answers come in the order in which they were caused. */
static void enqueue(struct channel *ch, const struct talk_row *row)
{
	struct far_talk *t = talk_of(ch);
	usec_t due = ch->modem->sched.now + row->after;
	const struct far_talk_answer *last =
		&t->answer[(t->first + t->waiting + TALK_WAITING - 1) % TALK_WAITING];

	if (t->waiting == TALK_WAITING)
		return;
	if (t->waiting && last->due > due)
		due = last->due;
	t->answer[(t->first + t->waiting++) % TALK_WAITING] = (struct far_talk_answer){
		row, due
	};
	if (t->waiting == 1)
		arm(ch, 0);
}

/* The first row whose bytes are the last that were heard. */
static const struct talk_row *find(const struct far_talk *t, const struct subscriber *who)
{
	char hears[TALK_HEARS];
	size_t i, len;

	for (i = 0; i < who->n_talk; i++) {
		len = bytes_of(who->talk[i].hears, hears);
		if (len <= t->n && !memcmp(t->heard + t->n - len, hears, len))
			return &who->talk[i];
	}
	return NULL;
}

void far_talk_heard(struct channel *ch, const unsigned char *p, size_t len)
{
	const struct subscriber *who = ch->link->data.who;
	struct far_talk *t = talk_of(ch);
	const struct talk_row *row;

	for (; who->n_talk && len; p++, len--) {
		if (t->n == sizeof(t->heard))
			memmove(t->heard, t->heard + 1, --t->n);
		t->heard[t->n++] = (char)*p;
		row = find(t, who);
		if (!row)
			continue;
		t->n = 0;
		enqueue(ch, row);
	}
}
