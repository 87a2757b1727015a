/* Who has a pty open, and what they send.
 *
 * That clients come and go is told by inotify only. Its notices stand in the order of
 * what happened, and the notice of an open stands before any byte of that client. So
 * notices are looked at before the bytes in hand are handed on:
 *
 *   open  (0 -> 1)     DTR on
 *   close (1 -> 0)     drain the master: these bytes still reach the modem; DTR off; then
 *                      undo what the client left: unread bytes, settings, exclusive mode
 *   close and open     found in one look: whose settings these are cannot be known, and
 *                      DTR was never low; only unread bytes and exclusive mode go
 *
 * Between the last look and the undoing the next client may come: see README.md. */
#include <assert.h>
#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/inotify.h>
#include <unistd.h>

#include "pty_int.h"

#define READ_MAX     4096
#define NOTICE_BYTES 16384
#define UNDO_USEC    1000

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

/* The slave side was hung up (TIOCVHANGUP), ours with it: without a new descriptor the
 * master would report an error for ever. */
static void revive(struct port *p)
{
	int err;

	if (p->s.keep >= 0)
		p->own_closes++;
	err = slave_reopen(&p->s);
	if (!err) {
		p->own_opens++;
		if (!p->held)
			event_add(p->readable, NULL);
		return;
	}
	/* Until the next client comes. */
	event_del(p->readable);
	log_error(p->hub->log, LOG_PTY, "%s: hung up, and not to be opened again: %s",
		p->s.path, strerror(-err));
}

/* Reads once: bytes in buf, 0 if there are none. */
static size_t read_master(struct port *p, char *buf)
{
	ssize_t n;

	do
		n = read(p->s.master, buf, READ_MAX);
	while (n < 0 && errno == EINTR);
	if (n < 0 && errno == EIO) {
		log_note(p->hub->log, LOG_PTY, "%s: hung up by a client", p->s.path);
		revive(p);
	}
	return n > 0 ? (size_t)n : 0;
}

static void put_on_list(struct port *p)
{
	if (p->noted)
		return;
	p->noted = true;
	p->next_noted = p->hub->noted;
	p->hub->noted = p;
}

static void count(struct port *p, unsigned mask)
{
	if (mask & IN_OPEN) {
		if (p->own_opens)
			p->own_opens--;
		else if (p->phantom)
			p->phantom = false;
		else
			p->clients++;
	}
	if (mask & IN_CLOSE) {
		if (p->own_closes)
			p->own_closes--;
		else if (p->clients && !--p->clients)
			p->turned = true;
	}
	put_on_list(p);
}

/* Counts the notices that there are, without acting on them. */
static void hub_collect(struct pty_hub *h)
{
	char buf[NOTICE_BYTES]
		__attribute__((aligned(__alignof__(struct inotify_event))));
	const struct inotify_event *e;
	ssize_t n, at;

	do {
		n = read(h->inotify, buf, sizeof(buf));
		for (at = 0; at < n; at += (ssize_t)(sizeof(*e) + e->len)) {
			e = (const struct inotify_event *)(buf + at);
			if (e->mask & IN_Q_OVERFLOW)
				h->overflow = true;
			else if ((size_t)e->wd < h->watches && h->by_watch[e->wd])
				count(h->by_watch[e->wd], e->mask);
		}
	} while (n > (ssize_t)sizeof(buf) / 2 || (n < 0 && errno == EINTR));
}

static void hub_undo_soon(struct pty_hub *h)
{
	static const struct timeval soon = { 0, UNDO_USEC };

	if (!event_pending(h->undo, EV_TIMEOUT, NULL))
		event_add(h->undo, &soon);
}

static void session_begin(struct port *p)
{
	p->leaving = false;
	port_line_new_client(p);
	if (p->s.keep < 0)
		revive(p);
	port_tell_dtr(p, true);
}

/* Someone went and someone came before we looked. Everything that waits in the slave was
 * written before, so it is of the one that went. Exclusive mode goes if it was his: the
 * one that came may have his own by now. */
static void turn_over(struct port *p)
{
	log_debug(p->hub->log, LOG_PTY, "%s: one client after the other", p->s.path);
	port_tx_drop(p);
	slave_flush(&p->s);
	if (p->locked)
		slave_unlock(&p->s);
	session_begin(p);
}

/* Puts the line settings back if nobody is there. The kernel cannot be asked to do so
 * only while nobody is: so the settings are read, then it is made sure that they are not
 * of a new client, and they are put back only if they are still the same. What is left is
 * the client who sets them while we are held up between the last two system calls. */
static void undo_settings(struct port *p)
{
	struct termios2 left;

	if (!slave_is_spoilt(&p->s, &left))
		return;
	hub_collect(p->hub);
	if (p->clients)
		return;
	slave_clean(&p->s, &left);
	hub_collect(p->hub);
	if (p->clients)
		log_warn(p->hub->log, LOG_PTY,
			"%s: opened at the very moment when the last client's line "
			"settings were put back; if its own are lost, open it again",
			p->s.path);
}

/* Nobody is there: undoes what the last client left. While exclusive mode is on none but
 * root gets in, so it ends last; a lock that is met together with a new client is his.
 * Without it a program that opens the path again comes within microseconds, another one
 * not before the system has started it: the settings are put back between the two. */
static void undo(struct port *p)
{
	bool locked;

	port_tx_drop(p);
	p->hung_up = p->phantom = false;
	if (slave_flush(&p->s) == -EIO)
		revive(p);
	locked = slave_is_locked(&p->s);
	hub_collect(p->hub);
	if (p->clients)
		return;
	/* the next lock is somebody else's, even one whose coming and going is seen in
	 * one look */
	p->locked = false;
	if (!locked) {
		p->spoilt = true;
		hub_undo_soon(p->hub);
		return;
	}
	undo_settings(p);
	if (!p->clients)
		slave_unlock(&p->s);
}

/* A read that finds nothing is final: the kernel moves all that was written before it
 * says so. */
void port_last_left(struct port *p)
{
	char buf[READ_MAX];
	size_t n = 1;

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
	p->turned = false;
	p->leaving = p->held != NULL;
	if (!p->leaving)
		port_tell_dtr(p, false);
	undo(p);
}

/* Acts on the notices that were counted; buf is what was read before they were. */
static void port_settle(struct port *p, const char *buf, size_t len)
{
	bool turned = p->turned;

	p->turned = false;
	if (len && !p->clients && !turned && !p->leaving) {
		/* Somebody is there whose coming was not told. */
		p->clients = 1;
		p->phantom = true;
	}
	if (turned && p->clients)
		turn_over(p);
	else if ((turned || p->clients) && !p->dtr && !p->hung_up)
		session_begin(p);
	else if (p->clients)
		p->leaving = false;
	feed(p, buf, len);
	if (turned && !p->clients)
		port_last_left(p);
	port_resume(p);
}

/* Notices were lost. Only whether anybody is there can be found out: with our own
 * descriptor closed the master says so. Exclusive mode would lock us out. */
static void recount(struct pty_hub *h)
{
	struct pollfd master = { .events = POLLIN };
	char lost[NOTICE_BYTES];
	struct port *p;

	h->overflow = false;
	log_warn(h->log, LOG_PTY, "so many clients came and went that notices were lost");
	while (read(h->inotify, lost, sizeof(lost)) > 0)
		;
	for (p = h->ports; p; p = p->next) {
		if (!port_attached(p))
			continue;
		slave_unlock(&p->s);
		close(p->s.keep);
		p->s.keep = -1;
		master.fd = p->s.master;
		poll(&master, 1, 0);
		p->phantom = !(master.revents & POLLHUP);
		p->clients = p->phantom;
		p->turned = !p->clients;
		p->own_opens = 0;
		p->own_closes = 1;
		revive(p);
		put_on_list(p);
	}
}

static void hub_settle(struct pty_hub *h)
{
	struct port *p;

	if (h->overflow)
		recount(h);
	while ((p = h->noted)) {
		h->noted = p->next_noted;
		p->noted = false;
		port_settle(p, NULL, 0);
	}
}

void hub_on_notices(evutil_socket_t fd, short what, void *hub)
{
	(void)fd;
	(void)what;
	hub_collect(hub);
	hub_settle(hub);
}

void hub_on_undo(evutil_socket_t fd, short what, void *hub)
{
	struct pty_hub *h = hub;
	struct port *p;

	(void)fd;
	(void)what;
	hub_collect(h);
	for (p = h->ports; p; p = p->next) {
		if (p->spoilt && !p->clients)
			undo_settings(p);
		p->spoilt = false;
	}
	hub_settle(h);
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
	hub_settle(p->hub);
}
