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
	if (ch->link->mode != LINK_DATA && ch->link->mode != LINK_PPP &&
		ch->link->mode != LINK_SOCKET)
		return;
	if (link_waits(ch)) {
		/* more has come since, and is not taken yet */
		ch->link->data.pluses = 0;
		return;
	}
	if (ch->link->mode == LINK_SOCKET) {
		ch->link->data.left(ch);
		return;
	}
	data_escape(ch);
	ch->link->data.escaped(ch);
}

size_t data_far_room(const struct channel *ch)
{
	size_t room = link_room(ch);

	return room > FAR_ROOM ? room - FAR_ROOM : 0;
}

void data_far_text(struct channel *ch, const char *text)
{
	char c;

	for (; *text && data_far_room(ch); text++) {
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
	ch->link->data.mute = false;
	if (ch->link->mode == LINK_DATA && !d->outside)
		data_far_text(ch, d->who->send);
}

void data_init(struct channel *ch, void (*escaped)(struct channel *ch))
{
	struct data *d = &ch->link->data;

	*d = (struct data){ .escaped = escaped };
	timer_init(&d->guard, "pause after +++", TIMER_WAIT, guard_over, ch);
	timer_init(&d->far, "far end of a data call", TIMER_WAIT, far_end_speaks, ch);
	far_talk_init(ch);
}

void data_start(struct channel *ch, const struct call *c)
{
	struct modem *m = ch->modem;
	struct data *d = &ch->link->data;

	d->on = true;
	d->id = c->id;
	d->outside = c->far == CALL_FAR_THERE;
	d->neighbour = c->neighbour;
	d->who = c->who;
	m->far_end.received = 0;
	data_resume(ch);
	d->mute = d->outside;
	if (d->outside || c->who->send[0])
		timer_arm(&m->sched, &d->far, FAR_DELAY);
}

void data_resume(struct channel *ch)
{
	ch->link->mode = LINK_DATA;
	data_watch_start(ch);
	far_talk_resume(ch);
}

void data_watch_start(struct channel *ch)
{
	ch->link->data.pluses = 0;
	ch->link->data.last = ch->modem->sched.now;
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

	if (ch->link->mode == LINK_DATA)
		link_forget(ch);
	data_escape(ch);
	timer_stop(&m->sched, &ch->link->data.far);
	far_talk_stop(ch);
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

/* Real time since the last byte, at any clock speed. A byte that had to wait may have
 * come without any. */
static bool after_silence(const struct channel *ch)
{
	const struct modem *m = ch->modem;

	return !ch->link->waiting &&
	       (m->sched.now - ch->link->data.last) / m->sched.speed >= GUARD;
}

void data_watch(struct channel *ch, uint8_t byte)
{
	struct modem *m = ch->modem;
	struct data *d = &ch->link->data;

	timer_stop(&m->sched, &d->guard);
	if (byte != ch->set.s2 || !escape_possible(ch))
		d->pluses = 0;
	else if (after_silence(ch))
		d->pluses = 1;
	else if (d->pluses && d->pluses < 3)
		d->pluses++;
	else
		d->pluses = 0;
	d->last = m->sched.now;
	if (d->pluses == 3)
		timer_arm(&m->sched, &d->guard, GUARD);
}

/* To a far end outside. */
static size_t outside_room(const struct modem *m, const struct data *d)
{
	const struct far_ports *far = &m->ports.far;
	const struct neighbour_ports *n = &m->ports.neighbours;

	return d->neighbour ? n->room(n->ctx, &m->calls.call[d->id - 1].line)
			    : far->room(far->ctx, (unsigned)d->id);
}

static void to_outside(
	const struct modem *m, const struct data *d, const unsigned char *p, size_t len)
{
	const struct far_ports *far = &m->ports.far;
	const struct neighbour_ports *n = &m->ports.neighbours;

	if (d->neighbour)
		n->tx(n->ctx, &m->calls.call[d->id - 1].line, p, len);
	else
		far->tx(far->ctx, (unsigned)d->id, p, len);
}

/* Passes on as many bytes as the far end takes. */
static size_t to_far_end(struct channel *ch, const unsigned char *p, size_t len)
{
	const struct data *d = &ch->link->data;
	struct far_end *f = &ch->modem->far_end;
	bool echo = !d->outside && (d->who->echo || d->who->far.kind == FAR_ECHO);
	size_t room = len, i;

	if (d->outside)
		room = outside_room(ch->modem, d);
	else if (echo)
		room = data_far_room(ch);
	if (len > room)
		len = room;
	if (len && d->outside)
		to_outside(ch->modem, d, p, len);
	else if (len && echo)
		link_send(ch, p, len);
	else if (!d->outside)
		far_talk_heard(ch, p, len);

	for (i = 0; i < len; i++)
		f->newest[f->received++ % MODEM_FAR_KEPT] = (char)p[i];
	return len;
}

size_t data_rx(struct channel *ch, const unsigned char *p, size_t len)
{
	size_t i;

	len = to_far_end(ch, p, len);
	for (i = 0; i < len; i++)
		data_watch(ch, p[i]);
	return len;
}

void data_last(struct channel *ch)
{
	const struct buf *held = &ch->link->held;

	if (ch->link->mode == LINK_DATA && !ch->link->unplugged)
		to_far_end(ch, (const unsigned char *)held->data, held->len);
	link_forget_all(ch);
}
