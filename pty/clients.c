/* What happens when a client opens the port, sends, and closes it.
 *
 * inotify queues its notices in the order of events, and the notice of an open comes
 * before any byte of that client. So notices are read after bytes are read and before
 * they are passed on, once for all ports that are readable in one turn of the loop:
 *
 *   open  (0 -> 1)   DTR on
 *   close (1 -> 0)   drain the master: these bytes still reach the modem; make sure that
 *                    no client is there (presence.c); DTR off; then undo what the client
 *                    left (leave.c): unread bytes, settings, exclusive mode
 *   close and open   seen together: it is unknown which client made the settings, and
 *                    DTR was never low; only unread bytes and exclusive mode are undone
 *
 * The next client may come between the last check and the undoing: see README.md. */
#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "conf/must.h"
#include "modem_lines.h"

#define READ_MAX 4096
#define ROUNDS   64 /* reads for one client before the turn of others */

static void feed(struct pty *p, const char *buf, size_t len)
{
	if (!len)
		return;
	pty_line_seen(p, true);
	lines_sent(p, len);
	port_feed(&p->port, buf, len);
}

/* Reads up to READ_MAX bytes once; returns their number, 0 if there are none. */
static size_t read_master(struct pty *p, char *buf)
{
	ssize_t n;

	do
		n = read(p->s.master, buf, READ_MAX);
	while (n < 0 && errno == EINTR);
	if (n < 0 && errno == EIO) {
		/* EIO persists as long as no process has the slave open, not even this
		 * one */
		event_del(p->port.readable);
		p->ended = true;
	}
	return n > 0 ? (size_t)n : 0;
}

void pty_put_on_list(struct pty *p)
{
	if (p->noted)
		return;
	p->noted = true;
	p->next_noted = p->hub->noted;
	p->hub->noted = p;
}

static void session_begin(struct pty *p)
{
	p->leaving = p->lingers = false;
	p->confirm = p->spoilt = 0;
	if (slave_is_hung_up(&p->s))
		slave_unborn(&p->s);
	p->keeps_dtr = false;
	pty_line_new_client(p);
	lines_opened(p);
	port_tell_dtr(&p->port, true);
}

void pty_tell_dtr(struct pty *p)
{
	port_tell_dtr(&p->port, lines_dtr(p) && !p->hung_up);
}

/* One client has closed the port and another has opened it before we looked. */
static void turn_over(struct pty *p)
{
	log_debug(p->hub->log, LOG_PTY, "%s: one client after the other", p->s.path);
	pty_undo_between(p);
	session_begin(p);
}

static void closed(struct pty *p)
{
	lines_closed(p);
	if (!p->keeps_dtr)
		port_tell_gone(&p->port);
	else if (p->port.ev.gone)
		p->port.ev.gone(p->port.ev.ctx);
}

void pty_left(struct pty *p, bool locked)
{
	p->turned = false;
	if (!p->clients && pty_attached(p) && !locked && slave_is_locked(&p->s))
		pty_met(p); /* the lock belongs to a client whose open was not noticed */
	if (p->clients) {
		turn_over(p);
		return;
	}
	if (!pty_attached(p))
		return;
	if (!p->leaving)
		p->keeps_dtr = p->lines && p->port.dtr && slave_keeps_dtr(&p->s);
	p->leaving = p->port.held != NULL;
	/* a client that opens the port because DTR has fallen finds it clean */
	pty_undo(p, locked);
	if (p->clients)
		session_begin(p);
	else if (pty_attached(p) && !p->leaving)
		closed(p);
}

/* A read that finds nothing is final: the kernel first makes available all that was
 * written. While exclusive mode is on, the kernel cannot be asked about other clients: a
 * client that waits for the end of exclusive mode would get in during the check. */
void pty_last_left(struct pty *p)
{
	char buf[READ_MAX];
	size_t n = 1;
	bool locked;

	while (n && !p->port.held) {
		n = read_master(p, buf);
		hub_collect(p->hub);
		if (p->clients) {
			p->turned = false;
			turn_over(p);
			feed(p, buf, n);
			return;
		}
		feed(p, buf, n);
	}
	locked = slave_is_locked(&p->s);
	if (locked || pty_is_left(p))
		pty_left(p, locked);
}

/* DTR of a client that is there can be off because the client wants it so. */
static bool in_session(const struct pty *p)
{
	return p->port.dtr || p->hung_up || !lines_dtr(p);
}

/* Acts on the notices that were counted, and passes on what was read before them. */
static void pty_settle(struct pty *p)
{
	bool turned = p->turned;
	size_t len = p->got_len;

	p->turned = false;
	p->got_len = 0;
	if (len && !p->clients && !turned && !p->leaving) {
		p->lingers = false;
		pty_met(p);
	}
	if ((turned || p->lingers) && p->clients)
		turn_over(p);
	else if ((turned || p->clients) && (!in_session(p) || p->keeps_dtr))
		session_begin(p);
	else if (p->clients && p->leaving)
		session_begin(p); /* the last client's bytes still wait for the modem */
	feed(p, p->got, len);
	if (turned && !p->clients)
		pty_last_left(p);
	if (pty_attached(p))
		port_resume(&p->port);
}

void hub_settle(struct pty_hub *h)
{
	struct pty *p;

	if (h->overflow)
		hub_recount(h);
	while ((p = h->noted)) {
		h->noted = p->next_noted;
		p->noted = false;
		pty_settle(p);
	}
}

void hub_look(struct pty_hub *h)
{
	hub_pass_on(h);
	hub_collect(h);
	hub_settle(h);
}

void hub_on_notices(evutil_socket_t fd, short what, void *hub)
{
	(void)fd;
	(void)what;
	hub_look(hub);
}

/* Takes the first port off the list of those that were read. */
static struct pty *next_read(struct pty_hub *h)
{
	struct pty *p = h->read;

	if (!p)
		return NULL;
	h->read = p->next_read;
	if (!h->read)
		h->read_end = &h->read;
	p->read = false;
	return p;
}

void hub_pass_on(struct pty_hub *h)
{
	struct pty *p;

	if (!h->read)
		return;
	hub_collect(h);
	while ((p = next_read(h))) {
		pty_settle(p);
		if (p->ended && pty_attached(p)) {
			pty_probe(p);
			pty_put_on_list(p);
		}
		p->ended = false;
	}
	h->turn_len = 0;
	hub_settle(h);
}

/* And answers clients that wait for that. */
static void pass_on(struct pty_hub *h)
{
	hub_pass_on(h);
	if (h->drains)
		lines_settle_all(h);
}

void hub_on_end_of_turn(evutil_socket_t fd, short what, void *hub)
{
	(void)fd;
	(void)what;
	pass_on(hub);
}

void pty_unread(struct pty *p)
{
	struct pty **at;

	p->got_len = 0;
	if (!p->read)
		return;
	p->read = false;
	for (at = &p->hub->read; *at != p; at = &(*at)->next_read)
		;
	*at = p->next_read;
	if (!p->next_read)
		p->hub->read_end = at;
}

/* Reads, after what was read before is passed on if there is no room for more; returns the
 * number of bytes. */
static size_t read_next(struct pty *p)
{
	struct pty_hub *h = p->hub;

	if (p->read || h->turn_len + READ_MAX > HUB_TURN)
		hub_pass_on(h);
	if (!pty_attached(p) || p->port.held)
		return 0;
	p->got = h->turn + h->turn_len;
	p->got_len = read_master(p, p->got);
	h->turn_len += p->got_len;
	p->read = true;
	p->next_read = NULL;
	*h->read_end = p;
	h->read_end = &p->next_read;
	return p->got_len;
}

/* Reads, and passes on at once if no other event waits; else the ports that are readable
 * now are read first, so that one look at the notices serves all. */
void pty_on_readable(evutil_socket_t fd, short what, void *port)
{
	struct pty *p = port;
	struct pty_hub *h = p->hub;

	(void)fd;
	(void)what;
	read_next(p);
	if (event_base_get_num_events(h->base, EVENT_BASE_COUNT_ACTIVE))
		event_active(h->end_of_turn, EV_TIMEOUT, 1);
	else
		pass_on(h);
}

bool pty_pump(struct pty *p)
{
	size_t n = 1;
	int round;

	hub_pass_on(p->hub);
	for (round = 0; n && round < ROUNDS && !p->port.held && pty_attached(p);
		round++) {
		n = read_next(p);
		hub_pass_on(p->hub);
	}
	return !n;
}

void pty_vouch(struct pty *p)
{
	if (p->clients || p->leaving || !pty_attached(p))
		return;
	p->lingers = false;
	pty_met(p);
	pty_put_on_list(p);
	hub_settle(p->hub);
}
