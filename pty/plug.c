/* A device that goes and comes back, as a USB adapter does. Nothing can hang a slave up
 * but closing its master (TIOCVHANGUP is root's, and leaves the path): so the path goes
 * with the master, clients get EIO and end of file, and coming back is a new pty. The
 * kernel gives the lowest free number: the old one, unless a client still holds the dead
 * path. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/inotify.h>

#include "pty_int.h"
#include "symlink.h"

static void unplug(struct port *p)
{
	log_note(p->hub->log, LOG_PTY, "%s: unplugged", p->s.path);
	port_detach(p);
	port_tell_dtr(p, false);
}

static void plug(struct port *p)
{
	if (port_attach(p)) {
		port_detach(p);
		log_error(p->hub->log, LOG_PTY,
			"the device stays away; plug it in again when there is room");
		return;
	}
	log_note(p->hub->log, LOG_PTY, "%s: plugged in%s%s", p->s.path,
		p->link ? ", found at " : "", p->link ? p->link : "");
}

void hub_on_plug(evutil_socket_t fd, short what, void *hub)
{
	struct pty_hub *h = hub;
	struct port *p;

	(void)fd;
	(void)what;
	for (p = h->ports; p; p = p->next) {
		if (p->plugged == port_attached(p))
			continue;
		if (p->plugged)
			plug(p);
		else
			unplug(p);
		p->plugged = port_attached(p);
	}
}

void port_plug(struct port *p, bool in)
{
	p->plugged = in;
	event_active(p->hub->plug, EV_TIMEOUT, 1);
}

void port_replace(struct port *p)
{
	log_warn(p->hub->log, LOG_PTY,
		"%s: left in a state that only root can undo; the device goes and comes "
		"back",
		p->s.path);
	port_detach(p);
	port_tell_dtr(p, false);
	event_active(p->hub->plug, EV_TIMEOUT, 1);
}
