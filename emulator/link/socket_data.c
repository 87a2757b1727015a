#include "link/socket_data.h"

#include "link/link.h"
#include "link/sockets.h"
#include "state/modem_state.h"

#define ETX      0x03
#define DLE      0x10
#define LINE_END MS(20)
#define PIECE    256 /* octets of the peer that are escaped at a time */

void socket_data_start(struct channel *ch, struct socket *s, enum socket_mode mode)
{
	s->on = ch;
	s->mode = mode;
	s->told = s->dle = false;
	s->fresh = true;
	s->pluses = 0;
	ch->link->socket = s;
	ch->link->mode = LINK_SOCKET;
	ch->link->data.left = socket_data_escape;
	data_watch_start(ch);
	/* what has ended before is shown once more */
	s->news = s->shut_there;
}

static void data(struct channel *ch, struct socket *s, uint8_t octet);

/* Pluses that no escape has come of, and an odd DLE, are data. */
static void give_up(struct channel *ch, struct socket *s)
{
	struct modem *m = ch->modem;

	if (s->dle)
		socket_put(m, s, DLE);
	s->dle = false;
	for (; s->pluses; s->pluses--)
		socket_put(m, s, (uint8_t)ch->set.s2);
}

static void unmap(struct channel *ch)
{
	struct socket *s = ch->link->socket;

	timer_stop(&ch->modem->sched, &ch->link->data.guard);
	ch->link->mode = LINK_COMMAND;
	ch->link->socket = NULL;
	s->on = NULL;
	s->mode = SOCKET_UNMAPPED;
	s->pluses = 0;
	s->dle = false;
}

void socket_data_stop(struct channel *ch)
{
	struct modem *m = ch->modem;
	struct socket *s = ch->link->socket;

	unmap(ch);
	if (s->tx_len)
		socket_push(m, s);
}

void socket_data_pause(struct channel *ch)
{
	struct modem *m = ch->modem;
	struct socket *s = ch->link->socket;

	if (s->pluses < 3 &&
		(m->sched.now - ch->link->data.last) / m->sched.speed >= SOCKET_PLUSES) {
		for (; s->pluses; s->pluses--)
			data(ch, s, (uint8_t)ch->set.s2);
		ch->link->data.pluses = 0;
	}
	s->due = s->tx_len;
	socket_settle(m, s);
}

void socket_data_escape(struct channel *ch)
{
	struct modem *m = ch->modem;
	struct socket *s = ch->link->socket;

	s->pluses = 0;
	give_up(ch, s);
	unmap(ch);
	if (s->tx_len)
		socket_push(m, s);
	m->sockets.user->escaped(ch, s);
}

void socket_data_last(struct channel *ch)
{
	const struct buf *held = &ch->link->held;
	size_t len = ch->link->unplugged ? 0 : held->len, done = 0, n = 1;

	while (ch->link->mode == LINK_SOCKET && done < len && n) {
		n = socket_data_rx(
			ch, (const unsigned char *)held->data + done, len - done);
		done += n;
	}
	if (ch->link->mode == LINK_SOCKET) {
		give_up(ch, ch->link->socket);
		socket_data_stop(ch);
	}
	link_forget_all(ch);
}

/* ---- from the host ------------------------------------------------------------------ */

static void data(struct channel *ch, struct socket *s, uint8_t octet)
{
	struct modem *m = ch->modem;

	if (s->mode == SOCKET_TRANSPARENT) {
		socket_put(m, s, octet);
	} else if (s->dle) {
		s->dle = false;
		/* inferred: before any other character it stands for itself */
		if (octet != ETX && octet != DLE)
			socket_put(m, s, DLE);
		socket_put(m, s, octet);
	} else if (octet == DLE) {
		s->dle = true;
	} else if (octet == ETX) {
		s->etx = true;
	} else {
		socket_put(m, s, octet);
	}
}

/* data_watch() counts the pluses of an escape; those of it that are none are data. */
static void hear(struct channel *ch, struct socket *s, uint8_t octet)
{
	unsigned before = s->pluses, now;

	data_watch(ch, octet);
	now = (unsigned)ch->link->data.pluses;
	if (now == before + 1) {
		s->pluses = now;
		return;
	}
	for (; s->pluses; s->pluses--)
		data(ch, s, (uint8_t)ch->set.s2);
	if (now)
		s->pluses = now;
	else
		data(ch, s, octet);
}

/* Whether the next byte of the host may come: with it what was kept back may become
 * data. A datagram that this would make too long leaves before. */
static bool has_room(struct modem *m, struct socket *s)
{
	size_t need = s->pluses + s->dle + 1u, room = socket_tx_room(s);

	if (room && room < need && s->kind == SOCKET_UDP) {
		socket_push(m, s);
		room = socket_tx_room(s);
	}
	return room >= need;
}

/* A host that ends its lines with CR LF: the LF of AT+WIPDATA is no data (wip.md D4). That
 * it is one only for so long after CONNECT is inferred. */
static bool is_line_end(const struct channel *ch, struct socket *s, uint8_t octet)
{
	const struct modem *m = ch->modem;
	bool first = s->fresh;

	s->fresh = false;
	return first && octet == ch->set.s4 &&
	       (m->sched.now - ch->link->data.last) / m->sched.speed < LINE_END;
}

/* An escape is possible while the peer takes nothing: a plus of it needs no room yet. */
static bool is_kept_back(struct channel *ch, struct socket *s, uint8_t octet)
{
	if (octet != ch->set.s2)
		return false;
	data_watch(ch, octet);
	if ((unsigned)ch->link->data.pluses != s->pluses + 1)
		return false;
	s->pluses++;
	return true;
}

size_t socket_data_rx(struct channel *ch, const unsigned char *p, size_t len)
{
	struct modem *m = ch->modem;
	struct socket *s = ch->link->socket;
	size_t i;

	if (is_line_end(ch, s, p[0]))
		return 1;
	for (i = 0; i < len; i++) {
		if (!s->etx && has_room(m, s))
			hear(ch, s, p[i]);
		else if (!is_kept_back(ch, s, p[i]))
			break;
	}
	/* the end of the data may end the data phase */
	socket_settle(m, s);
	return i;
}

/* ---- to the host -------------------------------------------------------------------- */

/* Writes octets with the escapes of mode 1 into out; how many were taken, of at most
 * `len`, for at most `room` bytes. */
static size_t escape(const uint8_t *p, size_t len, size_t room, uint8_t *out, size_t *n)
{
	size_t i;

	*n = 0;
	for (i = 0; i < len && *n + 2 <= room; i++) {
		if (p[i] == ETX || p[i] == DLE)
			out[(*n)++] = DLE;
		out[(*n)++] = p[i];
	}
	return i;
}

static size_t data_room(const struct channel *ch)
{
	size_t room = link_room(ch);

	return room > LINK_PROMISED ? room - LINK_PROMISED : 0;
}

bool socket_data_out(struct channel *ch)
{
	struct modem *m = ch->modem;
	struct socket *s = ch->link->socket;
	uint8_t out[2 * PIECE];
	const uint8_t *p;
	size_t len, room, n;
	bool any = false;

	while ((len = socket_first(m, s, &p)) || s->rx_len) {
		room = data_room(ch);
		if (room < 2)
			return any;
		if (room > sizeof(out))
			room = sizeof(out);
		if (len > PIECE)
			len = PIECE;
		if (s->mode == SOCKET_ESCAPED) {
			len = escape(p, len, room, out, &n);
			link_send(ch, out, n);
		} else {
			len = len < room ? len : room;
			link_send(ch, p, len);
		}
		socket_taken(m, s, len);
		any = true;
	}
	if (s->news && link_room(ch) >= LINK_PROMISED) {
		s->news = false;
		m->sockets.user->read_out(ch, s);
		any = true;
	}
	return any;
}
