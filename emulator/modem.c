/* The facade: entry points, and the order of work within an entry. How a modem is made is
 * in birth.c. */
#include "modem.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

#include "actions/action.h"
#include "at/reply.h"
#include "at/run.h"
#include "at/store.h"
#include "chapters/boot/boot.h"
#include "chapters/call/call.h"
#include "chapters/device/device.h"
#include "chapters/general/indicators.h"
#include "faults/line.h"
#include "link/far_end.h"
#include "link/format.h"
#include "link/link.h"
#include "link/modes.h"
#include "link/mux.h"
#include "link/socket_data.h"
#include "link/sockets.h"
#include "state/modem_state.h"
#include "state/nv.h"
#include "state/nv_unit.h"

/* The OK of AT+CPOF=1 or AT+CFUN=1 is the last output; after it nothing more is heard.
 * What other ports wait for ends without a result. */
static void fall_silent(struct modem *m)
{
	struct channel *ch;

	if ((m->power != POWER_DOWN && !timer_armed(&m->s.restart)) ||
		m->scope == AT_SCOPE_MUTE)
		return;
	for (ch = channel_next(m, NULL); ch; ch = channel_next(m, ch))
		if (at_answers(ch))
			return;
	for (ch = channel_next(m, NULL); ch; ch = channel_next(m, ch))
		at_abort(ch);
	m->scope = AT_SCOPE_MUTE;
}

/* Changes that +CMER reports. */
static void indicate(struct modem *m)
{
	if (m->live.cmer_ind || m->s.indicating)
		at_indicate(m);
}

static size_t feed_on(struct channel *ch, const unsigned char *p, size_t len)
{
	struct modem *m = ch->modem;
	size_t i = 0, taken;

	while (i < len) {
		/* what the previous byte has triggered */
		sched_run(&m->sched, m->sched.now);
		indicate(m);
		fall_silent(m);
		if (m->scope == AT_SCOPE_MUTE || ch->link->forgets)
			return len;
		if (m->faults.effects && fault_line_deaf(ch, p[i])) {
			i++;
			continue;
		}
		taken = link_rx(ch, p + i, len - i);
		if (!taken)
			break;
		i += taken;
	}
	return i;
}

/* Passes received bytes to the engine as far as it takes them. Returns their number. */
static size_t feed(struct channel *ch, const unsigned char *p, size_t len)
{
	size_t taken;

	ch->link->feeding = true;
	taken = feed_on(ch, p, len);
	ch->link->feeding = ch->link->forgets = false;
	return taken;
}

static void enter(struct modem *m, usec_t now)
{
	struct channel *ch;

	assert(!m->inside);
	m->inside = true;
	for (ch = channel_next(m, NULL); ch; ch = channel_next(m, ch))
		ch->at->answered = ch->at->prompted = false;
	sched_run(&m->sched, now);
}

/* V.24 outputs as set by &C, &S and the mode (line.md V.24 lines). */
static void update_lines(struct channel *ch)
{
	struct modem *m = ch->modem;
	bool on = m->power == POWER_ON || m->power == POWER_STOPPED ||
		  m->power == POWER_NO_FIRMWARE || m->power == POWER_DOWNLOAD;
	/* the carrier of an escaped call stays (line.md Escape sequence), and that of PPP
	 * (inferred) */
	bool data = (ch->link->mode != LINK_COMMAND && ch->link->mode != LINK_MUX) ||
		    ch->link->data.on || ch->link->ppp.on;
	bool stuck = fault_line_stuck(ch);
	bool full = ch->link->waiting >= LINK_FIFO &&
		    (ch->carrier || (m->paces && ch->set.flow_by_dce));
	unsigned v24 = 0;

	if (on && stuck)
		fault_line_shows_stuck(ch);
	if (on && !ch->shut)
		v24 = (stuck || full ? 0u : (unsigned)V24_CTS) |
		      (!ch->set.dcd || data ? V24_DCD : 0u) |
		      (!ch->set.dsr || data ? V24_DSR : 0u) | (m->s.ri ? V24_RI : 0u);
	link_lines(ch, v24, ~v24);
}

static void update_led(struct modem *m)
{
	enum led now = led_pattern(m->power, net_registered(&m->net),
		calls_any(&m->calls) || link_speaks_ppp(m) || m->s.wip_context);

	if (now == m->led)
		return;
	m->led = now;
	modem_notify(m, NOTICE_LED, name_of(led_names, (int)now), (long)now);
}

/* AT+IPR and AT+ICF take effect after their OK. */
static void settle_rate(struct channel *ch)
{
	if (ch->at->running || ch->link->tx.len)
		return;
	ch->link->rate = ch->link->mode == LINK_MUX ? mux_rate(ch->modem)
						    : (unsigned)ch->set.speed;
	format_settle(ch);
}

/* Takes what was held back before. Returns whether there was any. */
static bool take_held(struct channel *ch)
{
	struct modem *m = ch->modem;
	struct link *l = ch->link;
	struct buf *held = &l->held;
	size_t here = held->len > l->flight ? held->len - l->flight : 0, taken;

	ch->at->stale = true;
	/* it has just arrived, unless some of it had to wait */
	ch->at->fresh = (m->paces || ch->carrier) && !l->waiting;
	taken = here ? feed(ch, (unsigned char *)held->data, here) : 0;
	ch->at->stale = ch->at->fresh = false;
	/* a reset may have emptied it */
	buf_take(held, taken < held->len ? taken : held->len);
	if (l->flight > held->len)
		l->flight = held->len;
	l->waiting = held->len - l->flight;
	link_overrun(ch);
	return taken;
}

static void flush(struct channel *ch)
{
	if (ch->link->tx.len || ch->link->unplugged)
		link_flush(ch);
}

/* Most entries leave nothing to do here: what would do nothing is not called. */
static void leave(struct modem *m)
{
	struct channel *ch;
	bool more;

	do {
		more = false;
		for (ch = channel_next(m, NULL); ch; ch = channel_next(m, ch)) {
			indicate(m);
			fall_silent(m);
			flush(ch);
			if (ch->at->want_room)
				at_room(ch);
			at_call_room(ch);
			if (ch->link->mode == LINK_SOCKET)
				more |= socket_data_out(ch);
			if (ch->at->urc.len)
				at_urc_flush(ch);
			if (ch->link->held.len || ch->link->waiting || ch->link->flight)
				more |= take_held(ch);
			/* a list goes on as long as the port takes it */
			flush(ch);
			more |= ch->at->want_room && link_room(ch) >= AT_ROOM;
		}
	} while (more);
	for (ch = channel_next(m, NULL); ch; ch = channel_next(m, ch)) {
		flush(ch);
		settle_rate(ch);
		ports_settle(ch);
		update_lines(ch);
	}
	update_led(m);
	m->inside = false;
}

/* The channel of a port that the caller has. */
static struct channel *at_port(const struct modem *m, unsigned port)
{
	struct channel *ch = channel_of_port(m, port);

	assert(ch);
	return ch;
}

size_t modem_rx_room(const struct modem *m, unsigned port)
{
	const struct channel *ch = at_port(m, port);

	return fault_line_stuck(ch) ? 0 : buf_room(&ch->link->held);
}

static void hear(struct channel *ch, const unsigned char *p, size_t len)
{
	struct modem *m = ch->modem;
	struct link *l = ch->link;
	size_t taken = 0, heard = l->held.len;

	if (fault_line_heard(ch, p, len)) {
		if (m->paces)
			link_take_off(ch, l->held.len - heard);
	} else if (m->paces) {
		buf_put(&l->held, p, len);
		link_take_off(ch, len);
	} else {
		ch->at->fresh = true;
		if (!l->held.len)
			taken = feed(ch, p, len);
		ch->at->fresh = false;
		buf_put(&l->held, p + taken, len - taken);
	}
}

void modem_rx(struct modem *m, unsigned port, usec_t now, const void *buf, size_t len)
{
	struct channel *ch = at_port(m, port);
	unsigned char noise[LINK_HELD];
	const unsigned char *p = buf;

	assert(len <= modem_rx_room(m, port));
	enter(m, now);
	if (ch->link->unplugged || ch->shut)
		len = 0;
	if (len)
		link_blame_line(ch);
	if (link_garbles(ch, true))
		p = link_noise(p, len, noise);
	else if (format_differs(ch))
		p = format_read(ch, p, len, noise);
	hear(ch, p, len);
	leave(m);
}

void modem_tx_ready(struct modem *m, unsigned port, usec_t now)
{
	(void)at_port(m, port);
	enter(m, now);
	leave(m);
}

void modem_dtr(struct modem *m, unsigned port, usec_t now, bool on)
{
	struct channel *ch = at_port(m, port);

	enter(m, now);
	if (!ch->link->unplugged)
		at_dtr(ch, on);
	leave(m);
}

void modem_rts(struct modem *m, unsigned port, usec_t now, bool on)
{
	struct channel *ch = at_port(m, port);

	enter(m, now);
	link_rts(ch, on);
	channel_notify(ch, NOTICE_RTS, on ? "on" : "off", 0);
	leave(m);
}

bool modem_packet(struct modem *m, usec_t now, const void *packet, size_t len)
{
	bool taken;

	enter(m, now);
	taken = packets_pass(&m->packets, PACKETS_TO_HOST, packet, len);
	leave(m);
	return taken;
}

int modem_far_call(struct modem *m, usec_t now, const char *number)
{
	int id;

	enter(m, now);
	id = far_end_call(m, number);
	leave(m);
	return id;
}

void modem_far_there(struct modem *m, usec_t now, int id)
{
	enter(m, now);
	calls_far_there(&m->calls, id);
	leave(m);
}

void modem_far_closed(struct modem *m, usec_t now, int id, enum far_ending why)
{
	enter(m, now);
	far_end_closed(m, id, why);
	leave(m);
}

enum far_call modem_far_state(const struct modem *m, int id)
{
	return far_end_state(m, id);
}

size_t modem_far_room(const struct modem *m, int id)
{
	return far_end_room(m, id);
}

void modem_far_rx(struct modem *m, usec_t now, int id, const void *buf, size_t len)
{
	assert(len <= modem_far_room(m, id));
	enter(m, now);
	far_end_rx(m, id, buf, len);
	leave(m);
}

void modem_far_ready(struct modem *m, usec_t now)
{
	enter(m, now);
	leave(m);
}

void modem_sms_sent(
	struct modem *m, usec_t now, uint64_t sender, uint64_t ref, int status)
{
	enter(m, now);
	smsc_handed_over(&m->smsc, sender, ref, status);
	leave(m);
}

bool modem_sms_deliver(struct modem *m, usec_t now, const struct sms_post *p)
{
	bool taken;

	enter(m, now);
	taken = smsc_take_over(&m->smsc, p);
	leave(m);
	return taken;
}

void modem_call_signal(struct modem *m, usec_t now, const struct call_signal *s)
{
	enter(m, now);
	calls_signal(&m->calls, s);
	leave(m);
}

void modem_neighbour_gone(struct modem *m, usec_t now, uint64_t unit)
{
	enter(m, now);
	calls_neighbour_gone(&m->calls, unit);
	leave(m);
}

int modem_call_id(const struct modem *m, const struct call_key *key)
{
	return calls_id(&m->calls, key);
}

void modem_socket_there(struct modem *m, usec_t now, unsigned id, uint16_t local,
	const struct socket_peer *peer)
{
	enter(m, now);
	sockets_there(m, id, local, peer);
	leave(m);
}

int modem_socket_accept(
	struct modem *m, usec_t now, unsigned server, const struct socket_peer *peer)
{
	int id;

	enter(m, now);
	id = sockets_accept(m, server, peer);
	leave(m);
	return id;
}

size_t modem_socket_room(const struct modem *m, unsigned id)
{
	return sockets_room(m, id);
}

void modem_socket_rx(struct modem *m, usec_t now, unsigned id,
	const struct socket_peer *from, const void *buf, size_t len)
{
	assert(len <= modem_socket_room(m, id));
	enter(m, now);
	sockets_rx(m, id, from, buf, len);
	leave(m);
}

void modem_socket_ended(struct modem *m, usec_t now, unsigned id, enum socket_end why)
{
	enter(m, now);
	sockets_ended(m, id, why);
	leave(m);
}

void modem_socket_ready(struct modem *m, usec_t now)
{
	enter(m, now);
	sockets_ready(m);
	leave(m);
}

void modem_socket_begun(struct modem *m, usec_t now, unsigned id)
{
	enter(m, now);
	sockets_begun(m, id);
	leave(m);
}

void modem_socket_done(
	struct modem *m, usec_t now, unsigned id, const struct socket_result *result)
{
	enter(m, now);
	sockets_done(m, id, result);
	leave(m);
}

void modem_break(struct modem *m, unsigned port, usec_t now)
{
	struct channel *ch = at_port(m, port);

	enter(m, now);
	if (!ch->link->unplugged)
		channel_notify(ch, NOTICE_BREAK, NULL, 0);
	leave(m);
}

void modem_uart(struct modem *m, unsigned port, usec_t now, const struct uart *u)
{
	struct channel *ch = at_port(m, port);

	enter(m, now);
	if (ch->link->host.baud != u->baud)
		channel_notify(ch, NOTICE_SPEED, NULL, (long)u->baud);
	ch->link->host = *u;
	leave(m);
}

void modem_power(struct modem *m, usec_t now, bool on)
{
	enter(m, now);
	boot_power(m, on);
	leave(m);
}

const char *modem_act(struct modem *m, usec_t now, const struct action *a)
{
	char text[256];
	const char *why;

	enter(m, now);
	snprintf(text, sizeof(text), "%s%s%s", a->row->name, a->told ? " " : "",
		a->told ? a->told : "");
	modem_notify(m, NOTICE_ACTION, text, 0);
	why = a->row->apply(m, a->args);
	if (why)
		modem_notify(m, NOTICE_ACTION, "refused", 0);
	leave(m);
	return why;
}

void modem_speed(struct modem *m, usec_t now, unsigned speed)
{
	enter(m, now);
	sched_speed(&m->sched, speed);
	m->faults.settles = false;
	leave(m);
}

void modem_advance(struct modem *m, usec_t now)
{
	enter(m, now);
	leave(m);
}

usec_t modem_now(const struct modem *m)
{
	return m->sched.now;
}

usec_t modem_next(const struct modem *m)
{
	return sched_next(&m->sched);
}

usec_t modem_settle(struct modem *m, usec_t limit)
{
	usec_t end = m->sched.now + limit;
	usec_t next;

	assert(!m->inside);
	while ((next = sched_next_own(&m->sched)) <= end) {
		m->inside = true;
		sched_skip(&m->sched, next);
		leave(m);
	}
	return m->sched.now;
}

bool modem_line_done(const struct modem *m, unsigned port)
{
	const struct channel *ch = at_port(m, port);

	/* a frame may complete a line of a DLC */
	return ch->at->line_done || ch->link->flight || ch->link->mode == LINK_MUX;
}

size_t modem_line_len(const struct modem *m, unsigned port, const void *buf, size_t len)
{
	const struct channel *ch = at_port(m, port);
	bool mux = ch->link->mode == LINK_MUX;
	char end = mux ? (char)MUX_FLAG : (char)ch->set.s3;
	const char *p = buf;
	size_t i;

	/* A/ is complete without S3 (V.250 5.2.4). */
	for (i = 0; i < len; i++)
		if (p[i] == end || (p[i] == '/' && !mux))
			return i + 1;
	return len;
}

int64_t modem_epoch(const struct modem *m)
{
	return m->clock.world;
}

void modem_close(struct modem *m, usec_t now)
{
	/* nobody is left to receive what timers due in the meantime would report */
	if (now > m->sched.now)
		m->sched.now = now;
	nv_renew_clock(m, true);
}

/* looking in */

void modem_nv_dump(const struct modem *m, struct buf *out)
{
	flash_dump(&m->flash, out);
	at_settings_dump(m, out);
	nv_dump(m, out);
}
