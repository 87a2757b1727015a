/* The bytes in and out of the port: buffers, back-pressure, line speed, V.24 lines. */
#include "link/link.h"

#include <assert.h>

#include "state/modem_state.h"

#define AUTOBAUD_RATE 9600

/* line.paces: a byte takes ten bits */

#define LINE_BITS   10
#define LINE_PIECES 500 /* per second: bytes are sent in pieces of 2 ms */

unsigned link_rate(const struct modem *m)
{
	const struct link *l = m->link;

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
static void hear_on(struct modem *m)
{
	struct link *l = m->link;
	unsigned baud = l->baud ? l->baud : link_rate(m);

	if (l->flight > l->held.len)
		l->flight = l->held.len; /* a reset has emptied `held` */
	if (!l->flight || timer_armed(&l->hears))
		return;
	l->landing = piece(baud, l->flight);
	timer_arm(&m->sched, &l->hears, line_time(baud, l->landing));
}

static void landed(void *ctx, usec_t now)
{
	struct modem *m = ctx;
	struct link *l = m->link;

	(void)now;
	l->flight -= l->landing < l->flight ? l->landing : l->flight;
	hear_on(m);
}

void link_take_off(struct modem *m, size_t len)
{
	m->link->flight += len;
	hear_on(m);
}

/* How many of len bytes have been sent over the line so far. */
static size_t said_by_now(struct modem *m, size_t len)
{
	struct link *l = m->link;

	if (timer_armed(&l->says))
		return 0;
	if (!l->leaving) {
		l->leaving = piece(link_rate(m), len);
		timer_arm(&m->sched, &l->says, line_time(link_rate(m), l->leaving));
		return 0;
	}
	return l->leaving < len ? l->leaving : len;
}

void link_init(struct modem *m)
{
	struct link *l = m->link;

	*l = (struct link){ .mode = LINK_COMMAND };
	timer_init(&l->says, "bytes to the host on the line", TIMER_OWN, timer_wake, m);
	timer_init(&l->hears, "bytes from the host on the line", TIMER_OWN, landed, m);
	buf_init(&l->tx, l->tx_mem, sizeof(l->tx_mem));
	buf_init(&l->held, l->held_mem, sizeof(l->held_mem));
}

static size_t beyond(size_t room, size_t kept)
{
	return room > kept ? room - kept : 0;
}

size_t link_room(const struct modem *m)
{
	return beyond(buf_room(&m->link->tx), LINK_SPARE);
}

size_t link_spare(const struct modem *m)
{
	return beyond(buf_room(&m->link->tx), LINK_PROMISED);
}

void link_send(struct modem *m, const void *data, size_t len)
{
	struct buf *tx = &m->link->tx;
	bool fits = len <= buf_room(tx);

	assert(fits);
	(void)fits;
	if (!m->taps->send(m, data, len))
		buf_put(tx, data, len);
}

bool link_garbles(const struct modem *m, bool rx)
{
	const struct link *l = m->link;

	return m->garbles && l->baud && (l->rate || !rx) && l->baud != link_rate(m);
}

void link_blame_speed(struct modem *m)
{
	struct link *l = m->link;

	if (!l->baud || !l->rate || l->baud == l->rate || l->unplugged ||
		m->power == POWER_OFF ||
		(l->blamed_baud == l->baud && l->blamed_rate == l->rate))
		return;
	l->blamed_baud = l->baud;
	l->blamed_rate = l->rate;
	modem_blame(m, LOG_LINK, CLIENT_SPEED,
		"the host is at %u baud, the modem's line at %u: %s; set the host to %u, "
		"or send AT+IPR=%u first",
		l->baud, l->rate,
		m->garbles ? "all is garbage"
			   : "garbage on real hardware and with --line real",
		l->rate, l->baud);
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
static size_t send_noise(struct modem *m, size_t room, size_t most)
{
	struct buf *tx = &m->link->tx;
	size_t each = m->link->baud > link_rate(m) ? 2 : 1, i, n;
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
		m->ports.tx(m->ports.ctx, noise, each * n);
	m->link->said += each * n;
	return n;
}

void link_dtr(struct modem *m, bool on)
{
	m->link->dtr = on;
	m->link->blamed_baud = 0;
	m->taps->dtr(m, on);
}

void link_flush(struct modem *m)
{
	struct link *l = m->link;
	size_t room, len;
	bool paced;

	if (l->unplugged) {
		l->tx.len = 0;
		m->taps->dropped(m);
	}
	while (l->tx.len) {
		room = m->ports.tx_room(m->ports.ctx);
		paced = false;
		len = m->taps->leave(m, l->tx.len < room ? l->tx.len : room, &paced);
		if (m->paces && !paced)
			len = said_by_now(m, len);
		if (!len)
			return;
		if (link_garbles(m, false)) {
			len = send_noise(m, room, len);
		} else {
			m->ports.tx(m->ports.ctx, l->tx.data, len);
			l->said += len;
		}
		if (!len)
			return;
		l->own += len;
		l->leaving -= len < l->leaving ? len : l->leaving;
		buf_take(&l->tx, len);
		m->taps->left(m, len);
	}
}

void link_lines(struct modem *m, unsigned on, unsigned off)
{
	unsigned v24 = (m->link->v24 | on) & ~off;

	if (v24 == m->link->v24)
		return;
	m->link->v24 = v24;
	if (m->ports.lines)
		m->ports.lines(m->ports.ctx, v24);
}
