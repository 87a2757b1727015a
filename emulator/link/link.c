/* The bytes in and out of the port: buffers, back-pressure, line speed, V.24 lines. */
#include "link/link.h"

#include <assert.h>
#include <string.h>

#include "link/format.h"
#include "state/modem_state.h"

#define AUTOBAUD_RATE 9600

/* line.paces: a byte takes ten bits */

#define LINE_BITS   10
#define LINE_PIECES 500 /* per second: bytes are sent in pieces of 2 ms */

unsigned link_rate(const struct channel *ch)
{
	const struct link *l = ch->link;

	return l->rate ? l->rate : l->found ? l->found : AUTOBAUD_RATE;
}

static size_t piece(unsigned baud, size_t len)
{
	size_t most = baud / LINE_BITS / LINE_PIECES;

	return !most ? 1 : len < most ? len : most;
}

static usec_t line_time(unsigned baud, size_t len)
{
	return (usec_t)len * LINE_BITS * SEC(1) / baud;
}

/* Bytes from the host arrive at the host's speed, if it is known. */
static void hear_on(struct channel *ch)
{
	struct modem *m = ch->modem;
	struct link *l = ch->link;
	unsigned baud = l->host.baud ? l->host.baud : link_rate(ch);

	if (l->flight > l->held.len)
		l->flight = l->held.len; /* a reset has emptied `held` */
	if (!l->flight || timer_armed(&l->hears))
		return;
	l->landing = piece(baud, l->flight);
	timer_arm(&m->sched, &l->hears, line_time(baud, l->landing));
}

static void landed(void *ctx, usec_t now)
{
	struct channel *ch = ctx;
	struct link *l = ch->link;

	(void)now;
	l->flight -= l->landing < l->flight ? l->landing : l->flight;
	hear_on(ch);
}

void link_take_off(struct channel *ch, size_t len)
{
	ch->link->flight += len;
	hear_on(ch);
}

/* How many of len bytes have been sent over the line so far. */
static size_t said_by_now(struct channel *ch, size_t len)
{
	struct modem *m = ch->modem;
	struct link *l = ch->link;

	/* without room nothing begins to leave: the port says when there is some */
	if (!len || timer_armed(&l->says))
		return 0;
	if (!l->leaving) {
		l->leaving = piece(link_rate(ch), len);
		timer_arm(&m->sched, &l->says, line_time(link_rate(ch), l->leaving));
		return 0;
	}
	return l->leaving < len ? l->leaving : len;
}

void link_plug(struct channel *ch, enum cable to)
{
	const struct ports *ports = &ch->modem->ports;

	timer_stop(&ch->modem->sched, &ch->link->replug);
	if (!ch->link->unplugged)
		return;
	ch->link->unplugged = false;
	if (ports->plug)
		ports->plug(ports->ctx, ch->port, to);
}

static void replug(void *ctx, usec_t now)
{
	struct channel *ch = ctx;

	(void)now;
	link_plug(ch, ch->link->back);
}

void link_init(struct channel *ch)
{
	struct link *l = ch->link;

	timer_init(&l->says, "bytes to the host on the line", TIMER_OWN, timer_wake, ch);
	timer_init(&l->hears, "bytes from the host on the line", TIMER_OWN, landed, ch);
	timer_init(&l->replug, "the cable is plugged in", TIMER_DATE, replug, ch);
	buf_init(&l->tx, l->memory->tx, sizeof(l->memory->tx));
	buf_init(&l->held, l->memory->held, sizeof(l->memory->held));
}

void link_begin(struct channel *ch)
{
	ch->link->mode = LINK_COMMAND;
	ch->link->found = 0;
	ch->link->sent_at = 0;
	ch->link->rate = (unsigned)ch->set.speed;
	format_settle(ch);
	buf_clear(&ch->link->held);
}

void link_restart(struct modem *m)
{
	struct channel *ch;

	for (ch = channel_next(m, NULL); ch; ch = channel_next(m, ch))
		link_begin(ch);
}

struct channel *link_online(const struct modem *m)
{
	struct channel *ch;

	for (ch = channel_next(m, NULL); ch; ch = channel_next(m, ch))
		if (ch->link->data.on)
			break;
	return ch;
}

struct channel *link_speaks_ppp(const struct modem *m)
{
	struct channel *ch;

	for (ch = channel_next(m, NULL); ch; ch = channel_next(m, ch))
		if (ch->link->ppp.on)
			break;
	return ch;
}

static size_t beyond(size_t room, size_t kept)
{
	return room > kept ? room - kept : 0;
}

size_t link_room(const struct channel *ch)
{
	return beyond(buf_room(&ch->link->tx), LINK_SPARE);
}

size_t link_spare(const struct channel *ch)
{
	return beyond(buf_room(&ch->link->tx), LINK_PROMISED);
}

void link_send(struct channel *ch, const void *data, size_t len)
{
	struct modem *m = ch->modem;
	struct buf *tx = &ch->link->tx;
	bool fits = len <= buf_room(tx);

	assert(fits);
	(void)fits;
	if (!m->faults.effects || ch->carrier || !m->taps->send(ch, data, len))
		buf_put(tx, data, len);
}

bool link_garbles(const struct channel *ch, bool rx)
{
	const struct modem *m = ch->modem;
	const struct link *l = ch->link;

	return m->garbles && l->host.baud && (l->rate || !rx) &&
	       l->host.baud != link_rate(ch);
}

void link_blame_line(struct channel *ch)
{
	struct modem *m = ch->modem;
	struct link *l = ch->link;

	if (l->unplugged || m->power == POWER_OFF)
		return;
	format_blame(ch);
	if (!l->host.baud || !l->rate || l->host.baud == l->rate ||
		(l->blamed_baud == l->host.baud && l->blamed_rate == l->rate))
		return;
	l->blamed_baud = l->host.baud;
	l->blamed_rate = l->rate;
	channel_blame(ch, LOG_LINK, CLIENT_SPEED,
		"the host is at %u baud, the modem's line at %u: %s; set the host to %u, "
		"or send AT+IPR=%u first",
		l->host.baud, l->rate,
		m->garbles ? "all is garbage"
			   : "garbage on real hardware and with --line real",
		l->rate, l->host.baud);
}

static bool uses_cts(const struct channel *ch)
{
	return ch->set.flow_by_dce && ch->link->host.flow != UART_FLOW_NONE;
}

void link_overrun(struct channel *ch)
{
	struct link *l = ch->link;
	size_t here = l->held.len - l->flight, lost;

	if (!ch->modem->paces || here <= LINK_FIFO || ch->carrier || uses_cts(ch))
		return;
	lost = here - LINK_FIFO;
	memmove(l->held.data + LINK_FIFO, l->held.data + here, l->flight);
	l->held.len -= lost;
	l->waiting = LINK_FIFO;
	if (l->blamed_overrun)
		return;
	l->blamed_overrun = true;
	channel_blame(ch, LOG_LINK, CLIENT_OVERRUN,
		"bytes of the host were lost: the modem could not take them and %s; %s",
		ch->set.flow_by_dce ? "the host does not heed CTS"
				    : "has no flow control (AT+IFC)",
		ch->set.flow_by_dce ? "set the host to RTS/CTS (crtscts)"
				    : "send AT+IFC=2,2");
}

const unsigned char *link_noise(const unsigned char *p, size_t len, unsigned char *out)
{
	size_t i;

	for (i = 0; i < len; i++)
		out[i] = (unsigned char)(0x80 | (p[i] * 29 + 7));
	return out;
}

/* A faster client reads two bytes where one was sent. Sends at most `most`; returns the
 * number of bytes sent. */
static size_t send_noise(struct channel *ch, size_t room, size_t most)
{
	struct modem *m = ch->modem;
	struct buf *tx = &ch->link->tx;
	size_t each = ch->link->host.baud > link_rate(ch) ? 2 : 1, i, n;
	unsigned char one, noise[2 * 128];

	n = room / each;
	if (n > most)
		n = most;
	if (n > sizeof(noise) / 2)
		n = sizeof(noise) / 2;
	for (i = 0; i < each * n; i++) {
		one = (unsigned char)(tx->data[i / each] + (int)(i % each));
		link_noise(&one, 1, &noise[i]);
	}
	if (n)
		m->ports.tx(m->ports.ctx, ch->port, noise, each * n);
	ch->link->said += each * n;
	return n;
}

/* The modem may not send now (line.md V.24 lines: RTS). */
static bool rts_holds(const struct channel *ch)
{
	const struct link *l = ch->link;

	if (ch->modem->profile->device.needs_rts)
		return !l->rts;
	return l->rts_seen && !l->rts && ch->set.flow_by_dte;
}

void link_dtr(struct channel *ch, bool on)
{
	struct modem *m = ch->modem;

	ch->link->dtr = on;
	ch->link->blamed_baud = 0;
	ch->link->blamed_format = ch->link->blamed_overrun = false;
	m->taps->dtr(ch, on);
}

void link_flush(struct channel *ch)
{
	struct modem *m = ch->modem;
	struct link *l = ch->link;
	size_t room, len;
	bool paced;

	if (l->carrier) {
		l->carrier->flush(ch);
		return;
	}
	if (l->unplugged || ch->shut) {
		l->tx.len = 0;
		m->taps->dropped(ch);
	}
	if (rts_holds(ch))
		return;
	while (l->tx.len) {
		room = m->ports.tx_room(m->ports.ctx, ch->port);
		paced = false;
		len = m->taps->leave(ch, l->tx.len < room ? l->tx.len : room, &paced);
		if (m->paces && !paced)
			len = said_by_now(ch, len);
		if (!len)
			return;
		if (link_garbles(ch, false)) {
			len = send_noise(ch, room, len);
		} else if (format_differs(ch)) {
			len = format_send(ch, len);
		} else {
			m->ports.tx(m->ports.ctx, ch->port, l->tx.data, len);
			l->said += len;
		}
		if (!len)
			return;
		l->own += len;
		l->sent_at = m->sched.now;
		l->leaving -= len < l->leaving ? len : l->leaving;
		buf_take(&l->tx, len);
		m->taps->left(ch, len);
	}
}

void link_unplug(struct channel *ch, usec_t time, enum cable back)
{
	const struct ports *ports = &ch->modem->ports;

	ch->link->back = back;
	timer_stop(&ch->modem->sched, &ch->link->replug);
	if (time)
		timer_arm(&ch->modem->sched, &ch->link->replug, time);
	if (ch->link->unplugged)
		return;
	ch->link->unplugged = true;
	if (ports->plug)
		ports->plug(ports->ctx, ch->port, CABLE_OUT);
}

void link_rts(struct channel *ch, bool on)
{
	ch->link->rts_seen |= on;
	ch->link->rts = on;
}

void link_lines(struct channel *ch, unsigned on, unsigned off)
{
	struct modem *m = ch->modem;
	unsigned v24 = (ch->link->v24 | on) & ~off;

	if (v24 == ch->link->v24)
		return;
	ch->link->v24 = v24;
	if (ch->link->carrier)
		ch->link->carrier->lines(ch);
	else if (m->ports.lines)
		m->ports.lines(m->ports.ctx, ch->port, v24);
}
