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
	struct modem *m = ctx;

	(void)now;
	if (m->link->mode != LINK_DATA && m->link->mode != LINK_PPP)
		return;
	data_escape(m);
	m->link->data.escaped(m);
}

bool data_far_room(const struct modem *m, size_t len)
{
	return link_room(m) >= len + FAR_ROOM;
}

void data_far_text(struct modem *m, const char *text)
{
	char c;

	for (; *text && data_far_room(m, 1); text++) {
		c = *text;
		if (c == '\\' && text[1]) {
			text++;
			c = *text == 'r' ? '\r' : *text == 'n' ? '\n' : *text;
		}
		link_send(m, &c, 1);
	}
}

static void far_end_speaks(void *ctx, usec_t now)
{
	struct modem *m = ctx;
	const struct data *d = &m->link->data;

	(void)now;
	if (m->link->mode == LINK_DATA)
		data_far_text(m, d->who->send);
}

void data_init(struct modem *m, void (*escaped)(struct modem *m))
{
	struct data *d = &m->link->data;

	*d = (struct data){ .escaped = escaped };
	timer_init(&d->guard, "pause after +++", TIMER_WAIT, guard_over, m);
	timer_init(&d->far, "far end of a data call", TIMER_WAIT, far_end_speaks, m);
}

void data_start(struct modem *m, const struct subscriber *who)
{
	struct data *d = &m->link->data;

	d->on = true;
	d->who = who;
	m->far_end.received = 0;
	data_resume(m);
	if (who->send[0])
		timer_arm(&m->sched, &d->far, FAR_DELAY);
}

void data_resume(struct modem *m)
{
	struct data *d = &m->link->data;

	m->link->mode = LINK_DATA;
	d->pluses = 0;
	d->last = m->sched.now;
}

void data_escape(struct modem *m)
{
	timer_stop(&m->sched, &m->link->data.guard);
	if (m->link->mode == LINK_DATA || m->link->mode == LINK_PPP)
		m->link->mode = LINK_COMMAND;
}

void data_stop(struct modem *m)
{
	data_escape(m);
	timer_stop(&m->sched, &m->link->data.far);
	m->link->data.on = false;
}

void data_reset(struct modem *m)
{
	data_stop(m);
	data_init(m, m->link->data.escaped);
}

/* line.md Escape sequence: the escape works only with 8N1 and 7E1. */
static bool escape_possible(const struct modem *m)
{
	const struct settings *s = &m->live;

	return s->s2 <= 127 &&
	       (s->frame_format == 3 || (s->frame_format == 5 && s->frame_parity == 1));
}

/* Real time since the last byte, at any clock speed. */
static usec_t silence(const struct modem *m)
{
	return (m->sched.now - m->link->data.last) / m->sched.speed;
}

void data_watch(struct modem *m, uint8_t byte)
{
	struct data *d = &m->link->data;

	timer_stop(&m->sched, &d->guard);
	if (byte != m->live.s2 || !escape_possible(m))
		d->pluses = 0;
	else if (silence(m) >= GUARD)
		d->pluses = 1;
	else if (d->pluses && d->pluses < 3)
		d->pluses++;
	else
		d->pluses = 0;
	d->last = m->sched.now;
	if (d->pluses == 3)
		timer_arm(&m->sched, &d->guard, GUARD);
}

bool data_rx(struct modem *m, uint8_t byte)
{
	const struct data *d = &m->link->data;

	if (d->who->echo) {
		if (link_room(m) <= FAR_ROOM)
			return false;
		link_send(m, &byte, 1);
	}
	m->far_end.newest[m->far_end.received++ % MODEM_FAR_KEPT] = (char)byte;
	data_watch(m, byte);
	return true;
}
