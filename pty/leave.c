/* What a client leaves when it closes the port, and how it is undone: unread bytes,
 * settings, exclusive mode, stopped output, the line discipline. */
#include "pty_int.h"

#define UNDO_USEC 1000

static void undo_soon(struct pty_hub *h)
{
	static const struct timeval soon = { 0, UNDO_USEC };

	event_add(h->undo, &soon);
}

/* Restores the line settings if no client is there. The kernel has no call that does so
 * only while there is none. So this reads the settings, makes sure that they are not
 * those of a new client, and restores them only if they are still the same. One race is
 * left: a client that sets them while this process is delayed between the last two system
 * calls. */
static void undo_settings(struct pty *p)
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
			"%s: this client opened the port while the last client's line "
			"settings were being restored; if its own settings are lost, "
			"open the port again",
			p->s.path);
	else if (!clean)
		pty_replace(p);
}

static void undo_discipline(struct pty *p)
{
	if (!slave_has_discipline(&p->s))
		return;
	log_client(p->hub->log, LOG_PTY,
		"%s: the client left another line discipline (TIOCSETD); N_TTY was "
		"restored",
		p->s.path);
	slave_undiscipline(&p->s);
}

void pty_undo(struct pty *p, bool locked)
{
	port_tx_drop(&p->port);
	p->hung_up = false;
	/* the next lock belongs to another client, even if both its open and its close
	 * are seen together */
	p->locked = p->ruled = p->unsure = p->phantom = false;
	undo_discipline(p);
	slave_flush(&p->s);
	hub_collect(p->hub);
	if (p->clients)
		return;
	if (locked)
		undo_settings(p);
	if (!pty_attached(p))
		return;
	if (locked && !p->clients)
		slave_unlock(&p->s);
	/* the timer may be about to fire for another port */
	p->spoilt = event_pending(p->hub->undo, EV_TIMEOUT, NULL) ? 2 : 1;
	p->confirm = PTY_CONFIRMS;
	if (p->spoilt == 1)
		undo_soon(p->hub);
	hub_poll(p->hub);
}

/* All bytes that wait in the slave were written before the present client opened it. A
 * lock or line discipline that was seen while the last client was there belongs to that
 * client; any other may belong to the new one. */
void pty_undo_between(struct pty *p)
{
	port_tx_drop(&p->port);
	if (p->ruled)
		undo_discipline(p);
	slave_flush(&p->s);
	if (p->locked)
		slave_unlock(&p->s);
}

/* While exclusive mode is on only root can open the slave, so exclusive mode ends last.
 * After that, a program that opens the path again does so within microseconds; a
 * different program must first be started. The settings are restored between the two. */
void hub_on_undo(evutil_socket_t fd, short what, void *hub)
{
	struct pty_hub *h = hub;
	struct pty *p;

	(void)fd;
	(void)what;
	hub_look(h);
	for (p = h->ports; p; p = p->next) {
		if (!p->spoilt)
			continue;
		if (--p->spoilt)
			undo_soon(h);
		else if (!p->clients && pty_confirm(p))
			undo_settings(p);
	}
	hub_settle(h);
}
