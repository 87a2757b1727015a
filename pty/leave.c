/* What a client leaves behind, and how it is undone: unread bytes, settings, exclusive
 * mode, stopped output, the line discipline. */
#include "pty_int.h"

#define UNDO_USEC 1000

static void undo_soon(struct pty_hub *h)
{
	static const struct timeval soon = { 0, UNDO_USEC };

	event_add(h->undo, &soon);
}

/* Puts the line settings back if nobody is there. The kernel cannot be asked to do so
 * only while nobody is: so the settings are read, then it is made sure that they are not
 * of a new client, and they are put back only if they are still the same. What is left is
 * the client who sets them while we are held up between the last two system calls. */
static void undo_settings(struct port *p)
{
	struct termios2 left;
	bool clean;

	if (!slave_is_spoilt(&p->s, &left))
		return;
	hub_collect(p->hub);
	if (p->clients)
		return;
	clean = slave_clean(&p->s, &left);
	hub_collect(p->hub);
	if (p->clients)
		log_warn(p->hub->log, LOG_PTY,
			"%s: opened at the very moment when the last client's line "
			"settings were put back; if its own are lost, open it again",
			p->s.path);
	else if (!clean)
		port_replace(p);
}

static void undo_discipline(struct port *p)
{
	if (!slave_has_discipline(&p->s))
		return;
	log_client(p->hub->log, LOG_PTY,
		"%s: left in another line discipline (TIOCSETD); put back", p->s.path);
	slave_undiscipline(&p->s);
}

void port_undo(struct port *p, bool locked)
{
	port_tx_drop(p);
	p->hung_up = false;
	/* the next lock is somebody else's, even one whose coming and going is seen in
	 * one look */
	p->locked = p->ruled = p->unsure = p->phantom = false;
	undo_discipline(p);
	slave_flush(&p->s);
	hub_collect(p->hub);
	if (p->clients)
		return;
	if (locked)
		undo_settings(p);
	if (!port_attached(p))
		return;
	if (locked && !p->clients)
		slave_unlock(&p->s);
	/* the timer may be about to go off for another port */
	p->spoilt = event_pending(p->hub->undo, EV_TIMEOUT, NULL) ? 2 : 1;
	p->confirm = PORT_CONFIRMS;
	if (p->spoilt == 1)
		undo_soon(p->hub);
	hub_poll(p->hub);
}

/* Everything that waits in the slave was written before the one came who is there now. A
 * lock or a line discipline that was seen while the other was there is his; one that was
 * not may be the new client's own. */
void port_undo_between(struct port *p)
{
	port_tx_drop(p);
	if (p->ruled)
		undo_discipline(p);
	slave_flush(&p->s);
	if (p->locked)
		slave_unlock(&p->s);
}

/* While exclusive mode is on none but root gets in, so it ends last. Without it a program
 * that opens the path again comes within microseconds, another one not before the system
 * has started it: settings are put back between the two. */
void hub_on_undo(evutil_socket_t fd, short what, void *hub)
{
	struct pty_hub *h = hub;
	struct port *p;

	(void)fd;
	(void)what;
	hub_look(h);
	for (p = h->ports; p; p = p->next) {
		if (!p->spoilt)
			continue;
		if (--p->spoilt)
			undo_soon(h);
		else if (!p->clients && port_confirm(p))
			undo_settings(p);
	}
	hub_settle(h);
}
