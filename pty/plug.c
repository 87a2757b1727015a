/* A device that disappears and returns, as a USB adapter does. Only closing the master
 * hangs a slave up (TIOCVHANGUP needs root, and keeps the path). So the path disappears
 * together with the master, and clients get EIO and end of file; plugging in makes a new
 * pty. The kernel gives it the lowest free number: the old one, unless a client still
 * holds the dead path open. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/inotify.h>

#include "pty_int.h"
#include "symlink.h"

static void unplug(struct pty *p)
{
	log_note(p->hub->log, LOG_PTY, "%s: unplugged", p->s.path);
	pty_detach(p);
	port_tell_gone(&p->port);
}

/* The kernel gives the lowest number that is free. So that it is not the old one, that is
 * taken meanwhile. */
static int attach_elsewhere(struct pty *p)
{
	struct slave old = { .master = -1, .keep = -1 };
	char path[sizeof(old.path)];
	int err;

	memcpy(path, p->s.path, sizeof(path));
	err = pty_attach(p);
	if (err || strcmp(path, p->s.path) != 0)
		return err;
	old = p->s;
	p->s.master = p->s.keep = -1;
	pty_detach(p);
	err = pty_attach(p);
	slave_close(&old);
	return err;
}

static void plug(struct pty *p)
{
	int err = p->moves ? attach_elsewhere(p) : pty_attach(p);

	p->moves = false;
	if (err) {
		pty_detach(p);
		log_error(p->hub->log, LOG_PTY,
			"the device stays unplugged; plug it in again once that is "
			"mended");
		return;
	}
	log_note(p->hub->log, LOG_PTY, "%s: plugged in%s%s", p->s.path,
		p->link ? ", linked at " : "", p->link ? p->link : "");
}

void hub_on_plug(evutil_socket_t fd, short what, void *hub)
{
	struct pty_hub *h = hub;
	struct pty *p;

	(void)fd;
	(void)what;
	hub_pass_on(h);
	for (p = h->ports; p; p = p->next) {
		if (p->plugged == pty_attached(p))
			continue;
		if (p->plugged)
			plug(p);
		else
			unplug(p);
		p->plugged = pty_attached(p);
	}
}

void pty_move(struct port *port)
{
	((struct pty *)port)->moves = true;
}

void pty_plug(struct port *port, bool in)
{
	struct pty *p = (struct pty *)port;

	p->plugged = in;
	event_active(p->hub->plug, EV_TIMEOUT, 1);
}

void pty_replace(struct pty *p)
{
	log_warn(p->hub->log, LOG_PTY,
		"%s: the client left a state that only root can undo; the device is "
		"unplugged and plugged in again",
		p->s.path);
	pty_detach(p);
	port_tell_gone(&p->port);
	event_active(p->hub->plug, EV_TIMEOUT, 1);
}
