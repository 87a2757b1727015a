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

void link_init(struct modem *m)
{
	struct link *l = m->link;

	*l = (struct link){ .mode = LINK_COMMAND };
	timer_init(&l->pace, "next byte of a slow line", TIMER_OWN, next_byte, m);
	timer_init(&m->sweep.timer, "pause of a cut", TIMER_WAIT, next_byte, m);
	buf_init(&l->tx, l->tx_mem, sizeof(l->tx_mem));
	buf_init(&l->held, l->held_mem, sizeof(l->held_mem));
}

size_t link_room(const struct modem *m)
{
	return buf_room(&m->link->tx);
}

/* A byte on a bad line, either way: gives how many it becomes in out. */
static size_t corrupt(struct modem *m, int direction, unsigned char byte,
	unsigned char out[LINK_CORRUPT_MAX])
{
	const struct fault_rule *r = fault_peek(m, FAULT_CORRUPT);
	size_t n = 0;

	out[n++] = byte;
	if (!r || !(r->corrupt.direction & direction) ||
		rand_below(&m->rand, (uint32_t)r->corrupt.one_in))
		return n;
	fault_find(m, FAULT_CORRUPT, NULL);
	switch ((enum fault_corruption)r->corrupt.how) {
	case FAULT_DROP:
		return 0;
	case FAULT_DOUBLE:
		out[n++] = byte;
		break;
	case FAULT_FLIP:
		out[0] ^= (unsigned char)r->corrupt.mask;
		break;
	case FAULT_NOISE:
		for (n = 0; n < (size_t)r->corrupt.bytes; n++)
			out[n] = (unsigned char)rand_below(&m->rand, 256);
		out[n++] = byte;
		break;
	}
	return n;
}

static void send_corrupted(struct modem *m, const unsigned char *p, size_t len)
{
	unsigned char out[LINK_CORRUPT_MAX];
	size_t i, n;

	for (i = 0; i < len; i++) {
		n = corrupt(m, FAULT_TO_HOST, p[i], out);
		/* room was asked for the bytes as they were */
		if (n > 1 && link_room(m) < len - i + LINK_CORRUPT_MAX)
			buf_put(&m->link->tx, p + i, 1);
		else
			buf_put(&m->link->tx, out, n);
	}
}

void link_hold_corrupted(struct modem *m, const unsigned char *p, size_t len)
{
	unsigned char out[LINK_CORRUPT_MAX];
	size_t i, n;

	for (i = 0; i < len; i++) {
		n = corrupt(m, FAULT_TO_MODEM, p[i], out);
		if (n > 1 && buf_room(&m->link->held) < len - i + LINK_CORRUPT_MAX)
			buf_put(&m->link->held, p + i, 1);
		else
			buf_put(&m->link->held, out, n);
	}
}

void link_send(struct modem *m, const void *data, size_t len)
{
	bool fits = len <= link_room(m);

	if (!fits || !fault_peek(m, FAULT_CORRUPT))
		fits = buf_put(&m->link->tx, data, len);
	else
		send_corrupted(m, data, len);

	assert(fits);
	(void)fits;
}

static unsigned rate(const struct modem *m)
{
	const struct link *l = m->link;

	return l->rate ? l->rate : l->found ? l->found : AUTOBAUD_RATE;
}

bool link_garbles(const struct modem *m, bool rx)
{
	const struct link *l = m->link;

	return m->garbles && l->baud && (l->rate || !rx) && l->baud != rate(m);
}

const unsigned char *link_noise(const unsigned char *p, size_t len, unsigned char *out)
{
	size_t i;

	for (i = 0; i < len; i++)
		out[i] = (unsigned char)(0x80 | (p[i] * 29 + 7));
	return out;
}

/* A client that is faster takes two bytes for one. Gives how many went. */
static size_t flush_noise(struct modem *m, size_t room)
{
	struct buf *tx = &m->link->tx;
	size_t each = m->link->baud > rate(m) ? 2 : 1, i, n;
	unsigned char one, noise[2 * 128];

	n = room / each;
	if (n > tx->len)
		n = tx->len;
	if (n > sizeof(noise) / 2)
		n = sizeof(noise) / 2;
	for (i = 0; i < each * n; i++) {
		one = (unsigned char)(tx->data[i / each] + (int)(i % each));
		link_noise(&one, 1, &noise[i]);
	}
	if (n)
		m->ports.tx(m->ports.ctx, noise, each * n);
	m->link->said += each * n;
	buf_take(tx, n);
	return n;
}

/* ---- cuts of a sweep ------------------------------------------------------------- */

void link_dtr(struct modem *m, bool on)
{
	m->link->dtr = on;
	if (on && !m->sweep.opened) {
		m->sweep.opened = true;
		m->sweep.base = m->link->said + m->link->tx.len;
	}
}

unsigned link_cuts(const struct modem *m)
{
	uint64_t n = m->link->said - m->sweep.base;

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

	if (s->cut == CUT_DONE || !s->opened || m->link->said + len <= at)
		return len;
	if (m->link->said < at)
		return (size_t)(at - m->link->said);
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
	const struct fault_rule *mute = fault_peek(m, FAULT_MUTE);
	const struct fault_rule *pace = fault_peek(m, FAULT_PACE);
	struct buf *tx = &m->link->tx;
	size_t room, len;

	if (m->link->unplugged || (mute && mute->mute.how == FAULT_MUTE_LOST))
		buf_clear(tx);
	while (tx->len && !mute && !(pace && timer_armed(&m->link->pace))) {
		room = m->ports.tx_room(m->ports.ctx);
		len = tx->len < room ? tx->len : room;
		if (link_garbles(m, false)) {
			if (!flush_noise(m, room))
				return;
			continue;
		}
		if (m->sweep.o.kind == SWEEP_CUT && m->sweep.o.at)
			len = up_to_cut(m, len);
		if (!len)
			return;
		if (pace) {
			len = 1;
			timer_arm(&m->sched, &m->link->pace, pace->pace.byte);
		}
		m->ports.tx(m->ports.ctx, tx->data, len);
		m->link->said += len;
		buf_take(tx, len);
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
