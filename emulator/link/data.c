/* The escape (V.250 clause 5.3.1, line.md Escape sequence):
 *
 *      1 s of silence   +   +   +   1 s of silence
 *   ...|--------------|-|---|---|-|--------------|-> commands
 *
 * A byte that comes too soon, or any other byte, makes the pluses data; the far end has
 * received them all the while. */
#include "link/data.h"

#include "link/link.h"
#include "state/modem_state.h"

#define GUARD     SEC(1)
#define FAR_DELAY MS(200) /* from CONNECT until the far end speaks */
#define FAR_ROOM  512     /* left free for what the modem itself sends */

static void guard_over(void *ctx, usec_t now)
{
	struct channel *ch = ctx;

	(void)now;
	if (ch->link->mode != LINK_DATA && ch->link->mode != LINK_PPP)
		return;
	data_escape(ch);
	ch->link->data.escaped(ch);
}

bool data_far_room(const struct channel *ch, size_t len)
{
	return link_room(ch) >= len + FAR_ROOM;
}

void data_far_text(struct channel *ch, const char *text)
{
	char c;

	for (; *text && data_far_room(ch, 1); text++) {
		c = *text;
		if (c == '\\' && text[1]) {
			text++;
			c = *text == 'r' ? '\r' : *text == 'n' ? '\n' : *text;
		}
		link_send(ch, &c, 1);
	}
}

static void far_end_speaks(void *ctx, usec_t now)
{
	struct channel *ch = ctx;
	const struct data *d = &ch->link->data;

	(void)now;
	if (ch->link->mode == LINK_DATA)
		data_far_text(ch, d->who->send);
}

void data_init(struct channel *ch, void (*escaped)(struct channel *ch))
{
	struct data *d = &ch->link->data;

	*d = (struct data){ .escaped = escaped };
	timer_init(&d->guard, "pause after +++", TIMER_WAIT, guard_over, ch);
	timer_init(&d->far, "far end of a data call", TIMER_WAIT, far_end_speaks, ch);
}

void data_start(struct channel *ch, const struct subscriber *who)
{
	struct modem *m = ch->modem;
	struct data *d = &ch->link->data;

	d->on = true;
	d->who = who;
	m->far_end.received = 0;
	data_resume(ch);
	if (who->send[0])
		timer_arm(&m->sched, &d->far, FAR_DELAY);
}

void data_resume(struct channel *ch)
{
	struct modem *m = ch->modem;
	struct data *d = &ch->link->data;

	ch->link->mode = LINK_DATA;
	d->pluses = 0;
	d->last = m->sched.now;
}

void data_escape(struct channel *ch)
{
	struct modem *m = ch->modem;

	timer_stop(&m->sched, &ch->link->data.guard);
	if (ch->link->mode == LINK_DATA || ch->link->mode == LINK_PPP)
		ch->link->mode = LINK_COMMAND;
}

void data_stop(struct channel *ch)
{
	struct modem *m = ch->modem;

	data_escape(ch);
	timer_stop(&m->sched, &ch->link->data.far);
	ch->link->data.on = false;
}

void data_reset(struct channel *ch)
{
	data_stop(ch);
	data_init(ch, ch->link->data.escaped);
}

/* line.md Escape sequence: the escape works only with 8N1 and 7E1. */
static bool escape_possible(const struct channel *ch)
{
	const struct port_settings *s = &ch->set;

	return s->s2 <= 127 &&
	       (s->frame_format == 3 || (s->frame_format == 5 && s->frame_parity == 1));
}

/* Real time since the last byte, at any clock speed. */
static usec_t silence(const struct channel *ch)
{
	const struct modem *m = ch->modem;

	return (m->sched.now - ch->link->data.last) / m->sched.speed;
}

void data_watch(struct channel *ch, uint8_t byte)
{
	struct modem *m = ch->modem;
	struct data *d = &ch->link->data;

	timer_stop(&m->sched, &d->guard);
	if (byte != ch->set.s2 || !escape_possible(ch))
		d->pluses = 0;
	else if (silence(ch) >= GUARD)
		d->pluses = 1;
	else if (d->pluses && d->pluses < 3)
		d->pluses++;
	else
		d->pluses = 0;
	d->last = m->sched.now;
	if (d->pluses == 3)
		timer_arm(&m->sched, &d->guard, GUARD);
}

bool data_rx(struct channel *ch, uint8_t byte)
{
	struct modem *m = ch->modem;
	const struct data *d = &ch->link->data;

	if (d->who->echo) {
		if (link_room(ch) <= FAR_ROOM)
			return false;
		link_send(ch, &byte, 1);
	}
	m->far_end.newest[m->far_end.received++ % MODEM_FAR_KEPT] = (char)byte;
	data_watch(ch, byte);
	return true;
}
