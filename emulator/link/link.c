#include "link/link.h"

#include <assert.h>

#include "state/modem_state.h"

#define LINK_CORRUPT_MAX (FAULT_NOISE_MAX + 1)
#define AUTOBAUD_RATE    9600

/* Whoever enters the modem flushes behind it. */
static void next_byte(void *ctx, usec_t now)
{
	(void)ctx;
	(void)now;
}

/* ---- line.paces: a byte has ten bits --------------------------------------------- */

#define LINE_BITS   10
#define LINE_PIECES 500 /* a second: so many bytes go at once as fit in 2 ms */

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

/* The host's bytes go at the host's speed, where that is known. */
static void hear_on(struct modem *m)
{
	struct link *l = m->link;
	unsigned baud = l->baud ? l->baud : link_rate(m);

	if (l->flight > l->held.len)
		l->flight = l->held.len; /* a reset has emptied it */
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

/* How many of len bytes have gone over the line. */
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
	timer_init(&l->pace, "next byte of a slow line", TIMER_OWN, next_byte, m);
	timer_init(&l->says, "bytes to the host on the line", TIMER_OWN, next_byte, m);
	timer_init(&l->hears, "bytes from the host on the line", TIMER_OWN, landed, m);
	timer_init(&m->sweep.timer, "pause of a cut", TIMER_WAIT, next_byte, m);
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

static bool next_escaped(const char **text, unsigned char *c)
{
	if (!**text)
		return false;
	buf_escaped_char(text, c);
	return true;
}

/* What a rule makes of a byte; gives how many they are in out. */
static size_t corrupt(struct modem *m, const struct fault_rule *r, unsigned char byte,
	unsigned char out[LINK_CORRUPT_MAX])
{
	const char *text = r->corrupt.text;
	size_t n = 0;

	switch ((enum fault_corruption)r->corrupt.how) {
	case FAULT_DROP:
		return 0;
	case FAULT_DOUBLE:
		out[n++] = byte;
		break;
	case FAULT_FLIP:
		byte ^= (unsigned char)r->corrupt.mask;
		break;
	case FAULT_NOISE:
		while (next_escaped(&text, &out[n]))
			n++;
		if (n)
			break;
		while (n < (size_t)r->corrupt.bytes)
			out[n++] = (unsigned char)rand_below(&m->rand, 256);
		break;
	}
	out[n++] = byte;
	return n;
}

static bool hits(const struct fault_rule *r, unsigned char byte)
{
	const char *text = r->corrupt.only;
	unsigned char c;

	while (next_escaped(&text, &c))
		if (c == byte)
			return true;
	return !r->corrupt.only[0];
}

/* Bytes on a bad line: what a byte becomes finds its place in `to` unless room for
 * others would be lost, `spare` is what may be had beside the bytes. */
static void put_corrupted(struct modem *m, int direction, struct buf *to,
	const unsigned char *p, size_t len, size_t spare)
{
	unsigned char out[LINK_CORRUPT_MAX];
	const struct fault_rule *r;
	size_t i, n;

	for (i = 0; i < len; i++) {
		n = 0;
		out[n++] = p[i];
		for (r = NULL; (r = fault_peek(m, FAULT_CORRUPT, r));) {
			if (!(r->corrupt.direction & direction) || !hits(r, p[i]) ||
				rand_below(&m->rand, (uint32_t)r->corrupt.one_in) ||
				!fault_acts(m, r))
				continue;
			n = corrupt(m, r, p[i], out);
			break;
		}
		if (n > spare + 1) {
			n = 0;
			out[n++] = p[i];
		}
		spare -= n > 1 ? n - 1 : 0;
		buf_put(to, out, n);
	}
}

void link_hold_corrupted(struct modem *m, const unsigned char *p, size_t len)
{
	struct buf *held = &m->link->held;

	put_corrupted(m, FAULT_TO_MODEM, held, p, len, buf_room(held) - len);
}

void link_send(struct modem *m, const void *data, size_t len)
{
	struct buf *tx = &m->link->tx;
	bool fits = len <= buf_room(tx);

	assert(fits);
	(void)fits;
	if (fault_peek(m, FAULT_CORRUPT, NULL))
		put_corrupted(m, FAULT_TO_HOST, tx, data, len,
			beyond(buf_room(tx), LINK_PROMISED + len));
	else
		buf_put(tx, data, len);
}

/* How much of what has been said may leave now. */
static size_t may_leave(struct modem *m)
{
	struct buf *tx = &m->link->tx;
	const struct fault_rule *mute = fault_peek(m, FAULT_MUTE, NULL);

	if (!mute)
		return tx->len;
	if (tx->len > m->link->spoken)
		fault_shows(m, mute);
	if (mute->mute.how == FAULT_MUTE_LOST)
		tx->len = m->link->spoken;
	return m->link->spoken;
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
		"or AT+IPR=%u first",
		l->baud, l->rate,
		m->garbles ? "all is garbage" : "garbage on metal and by --line real",
		l->rate, l->baud);
}

const unsigned char *link_noise(const unsigned char *p, size_t len, unsigned char *out)
{
	size_t i;

	for (i = 0; i < len; i++)
		out[i] = (unsigned char)(0x80 | (p[i] * 29 + 7));
	return out;
}

/* A client that is faster takes two bytes for one. Sends at most `most`, and gives how
 * many went. */
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

/* ---- cuts of a sweep ------------------------------------------------------------- */

void link_dtr(struct modem *m, bool on)
{
	m->link->dtr = on;
	m->link->blamed_baud = 0;
	if (on && !m->sweep.opened) {
		m->sweep.opened = true;
		m->sweep.base = m->link->own + m->link->tx.len;
	}
}

unsigned link_cuts(const struct modem *m)
{
	uint64_t n = m->link->own - m->sweep.base;

	return m->sweep.opened && n > 1 ? (unsigned)(n - 1) : 0;
}

static void tell_cut(struct modem *m, size_t len)
{
	char text[96];
	struct buf b;

	buf_init(&b, text, sizeof(text) - 1);
	buf_puts(&b, "in front of ");
	buf_put_visible(&b, m->link->tx.data, len < 16 ? len : 16);
	text[b.len] = '\0';
	modem_notify(m, NOTICE_GAP, text, (long)m->sweep.o.at);
}

/* How many of len bytes may leave now. */
static size_t up_to_cut(struct modem *m, size_t len)
{
	struct sweep *s = &m->sweep;
	uint64_t at = s->base + s->o.at;

	if (s->cut == CUT_DONE || !s->opened || m->link->own + len <= at)
		return len;
	if (m->link->own < at)
		return (size_t)(at - m->link->own);
	if (s->cut == CUT_AHEAD) {
		s->cut = CUT_NOW;
		timer_arm(&m->sched, &s->timer, s->o.pause);
		tell_cut(m, len);
	}
	if (timer_armed(&s->timer))
		return 0;
	s->cut = CUT_DONE;
	return len;
}

void link_flush(struct modem *m)
{
	const struct fault_rule *pace = fault_peek(m, FAULT_PACE, NULL);
	struct link *l = m->link;
	size_t room, len, left;

	if (l->unplugged)
		l->tx.len = l->spoken = 0;
	left = may_leave(m);
	while (left && !(pace && timer_armed(&l->pace))) {
		room = m->ports.tx_room(m->ports.ctx);
		len = left < room ? left : room;
		if (m->sweep.o.kind == SWEEP_CUT && m->sweep.o.at)
			len = up_to_cut(m, len);
		if (pace && len)
			len = 1;
		else if (m->paces)
			len = said_by_now(m, len);
		if (len && link_garbles(m, false)) {
			len = send_noise(m, room, len);
		} else if (len) {
			m->ports.tx(m->ports.ctx, l->tx.data, len);
			l->said += len;
		}
		if (!len)
			return;
		l->own += len;
		l->leaving -= len < l->leaving ? len : l->leaving;
		if (pace) {
			fault_shows(m, pace);
			timer_arm(&m->sched, &l->pace, pace->pace.byte);
		}
		buf_take(&l->tx, len);
		left -= len;
		l->spoken -= len < l->spoken ? len : l->spoken;
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
