/* What happens when a client comes, sends, and goes.
 *
 * The notices of inotify stand in the order of what happened, and the notice of an open
 * stands before any byte of that client. So notices are looked at before the bytes in
 * hand are handed on:
 *
 *   open  (0 -> 1)     DTR on
 *   close (1 -> 0)     drain the master: these bytes still reach the modem; make sure
 * that nobody is there (presence.c); DTR off; then undo what the client left (leave.c):
 * unread bytes, settings, exclusive mode close and open     found in one look: whose
 * settings these are cannot be known, and DTR was never low; only unread bytes and
 * exclusive mode go
 *
 * Between the last look and the undoing the next client may come: see README.md. */
#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "pty_int.h"

#define READ_MAX 4096

void port_tell_dtr(struct port *p, bool on)
{
	if (p->dtr == on)
		return;
	p->dtr = on;
	log_debug(p->hub->log, LOG_PTY, "%s: DTR %s", p->s.path, on ? "on" : "off");
	if (p->ev.dtr)
		p->ev.dtr(p->ev.ctx, on);
}

static void hold(struct port *p, const char *buf, size_t len)
{
	assert(!p->held);
	p->held = malloc(len);
	if (!p->held)
		abort();
	memcpy(p->held, buf, len);
	p->held_len = len;
	p->held_off = 0;
	event_del(p->readable);
}

static void feed(struct port *p, const char *buf, size_t len)
{
	size_t taken = len;

	if (!len)
		return;
	port_line_seen(p, true);
	p->busy = true;
	if (p->ev.rx)
		taken = p->ev.rx(p->ev.ctx, buf, len);
	p->busy = false;
	assert(taken <= len);
	if (taken < len)
		hold(p, buf + taken, len - taken);
}

/* Reads once: bytes in buf, 0 if there are none. */
static size_t read_master(struct port *p, char *buf)
{
	ssize_t n;

	do
		n = read(p->s.master, buf, READ_MAX);
	while (n < 0 && errno == EINTR);
	if (n < 0 && errno == EIO) {
		/* for ever, as long as nobody has the slave open: not even we */
		event_del(p->readable);
		p->ended = true;
	}
	return n > 0 ? (size_t)n : 0;
}

void port_put_on_list(struct port *p)
{
	if (p->noted)
		return;
	p->noted = true;
	p->next_noted = p->hub->noted;
	p->hub->noted = p;
}

static void session_begin(struct port *p)
{
	p->leaving = p->lingers = false;
	p->confirm = p->spoilt = 0;
	if (slave_is_hung_up(&p->s))
		slave_unborn(&p->s);
	port_line_new_client(p);
	port_tell_dtr(p, true);
}

/* Someone went and someone came before we looked. */
static void turn_over(struct port *p)
{
	log_debug(p->hub->log, LOG_PTY, "%s: one client after the other", p->s.path);
	port_undo_between(p);
	session_begin(p);
}

void port_left(struct port *p, bool locked)
{
	p->turned = false;
	if (!p->clients && port_attached(p) && !locked && slave_is_locked(&p->s))
		port_met(p); /* it is of one whose coming was not noticed */
	if (p->clients) {
		turn_over(p);
		return;
	}
	if (!port_attached(p))
		return;
	p->leaving = p->held != NULL;
	/* whoever comes because DTR has fallen finds it done */
	port_undo(p, locked);
	if (p->clients)
		session_begin(p);
	else if (port_attached(p) && !p->leaving)
		port_tell_dtr(p, false);
}

/* A read that finds nothing is final: the kernel moves all that was written before it
 * says so. While exclusive mode is on nobody can be asked for: whoever waits for its end
 * comes at the very moment when it does. */
void port_last_left(struct port *p)
{
	char buf[READ_MAX];
	size_t n = 1;
	bool locked;

	while (n && !p->held) {
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
	if (locked || port_is_left(p))
		port_left(p, locked);
}

/* Acts on the notices that were counted; buf is what was read before they were. */
static void port_settle(struct port *p, const char *buf, size_t len)
{
	bool turned = p->turned;

	p->turned = false;
	if (len && !p->clients && !turned && !p->leaving) {
		p->lingers = false;
		port_met(p);
	}
	if ((turned || p->lingers) && p->clients)
		turn_over(p);
	else if ((turned || p->clients) && !p->dtr && !p->hung_up)
		session_begin(p);
	else if (p->clients && p->leaving)
		session_begin(p); /* the last one's bytes still wait for the modem */
	feed(p, buf, len);
	if (turned && !p->clients)
		port_last_left(p);
	if (port_attached(p))
		port_resume(p);
}

void hub_settle(struct pty_hub *h)
{
	struct port *p;

	if (h->overflow)
		hub_recount(h);
	while ((p = h->noted)) {
		h->noted = p->next_noted;
		p->noted = false;
		port_settle(p, NULL, 0);
	}
}

void hub_look(struct pty_hub *h)
{
	hub_collect(h);
	hub_settle(h);
}

void hub_on_notices(evutil_socket_t fd, short what, void *hub)
{
	(void)fd;
	(void)what;
	hub_look(hub);
}

void port_on_readable(evutil_socket_t fd, short what, void *port)
{
	struct port *p = port;
	char buf[READ_MAX];
	size_t n;

	(void)fd;
	(void)what;
	n = read_master(p, buf);
	hub_collect(p->hub);
	port_settle(p, buf, n);
	if (p->ended && port_attached(p)) {
		port_probe(p);
		port_put_on_list(p);
	}
	p->ended = false;
	hub_settle(p->hub);
}
