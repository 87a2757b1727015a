/* What the files of a pty share: pty.c opens and closes, clients.c reads and acts on
 * clients that come and go, presence.c knows which are there, leave.c undoes what a
 * client left, transmit.c writes, line.c reads the line settings. */
#pragma once

#include <event2/event.h>

#include "pty.h"
#include "slave.h"

struct port {
	struct pty_hub *hub;
	struct port *next;       /* all ports of the hub */
	struct port *next_noted; /* ports with notices to act on */
	struct port_events ev;
	struct slave s;
	char *link;
	int link_mark; /* shows that the link is ours; -1: there is no link */
	int mode;      /* mode and group as in struct pty_options */
	gid_t group;
	bool plugged; /* as the owner wants it: see plug.c */
	int watch;
	struct event *readable, *writable;
	bool busy; /* inside a callback of the owner */

	unsigned clients;  /* as counted by notices, see presence.c */
	bool lingers;      /* the count is 0, but the kernel still shows a client */
	unsigned lingered; /* how often it has been checked since */
	bool phantom; /* one client was not noticed yet: the next notice may be its own */
	bool unsure;  /* the count may be too high: the kernel is asked */
	unsigned asked;   /* polls until it is asked again */
	unsigned confirm; /* checks left that must find no client */
	bool probing;     /* notices come from our own check, or from the same moment */
	unsigned seen_opens, seen_closes; /* notices of that moment */
	unsigned spoilt;    /* settings are restored in so many ms if no client comes */
	bool noted, turned; /* turned: for a moment there was no client */
	bool leaving;       /* the last client's bytes wait for the modem */
	bool dtr;           /* as last reported to the owner */

	bool ended; /* the master has reported an end of file */

	char *held; /* read, but not taken by the owner */
	size_t held_len, held_off;

	char *tx;
	size_t tx_len, tx_off;
	bool tx_waits; /* for the master to become writable */
	bool tx_asked; /* the owner has found too little room */

	unsigned baud;
	bool set; /* this client has changed a setting, so the speed is its own */
	bool told_echo;
	bool hung_up;  /* by B0 */
	bool spoke;    /* this client has sent at a speed that is not B0 */
	bool b0_works; /* this client sends at B0, so B0 is no hang-up */
	bool heard;    /* bytes have come since the last poll */
	bool locked;   /* exclusive mode was on at the last poll */
	bool ruled;    /* another line discipline was set at the last poll */
};

struct pty_hub {
	struct event_base *base;
	const struct log *log;
	struct event *notices, *poll, *undo, *plug, *linger;
	int inotify, poll_fd;
	int directory; /* watch of /dev/pts, -1 */
	struct port *ports, *noted;
	struct port **by_watch;
	size_t watches;
	bool overflow, polling;
	bool learned;   /* own_opens is known */
	bool own_opens; /* the kernel makes a notice of our own opens: since Linux 6.6 */
};

/* pty.c */
/* Opens and publishes the pty of a port that has none. Returns 0, or a negative number
 * (logged); then port_detach() cleans up. */
int port_attach(struct port *p);
/* Closes and removes the pty of a port; the owner gets no call. */
void port_detach(struct port *p);
static inline bool port_attached(const struct port *p)
{
	return p->s.master >= 0;
}

/* plug.c */
void hub_on_plug(evutil_socket_t fd, short what, void *hub);
/* The slave cannot be opened any more: the device is unplugged and plugged in again. */
void port_replace(struct port *p);

/* presence.c */
/* Counts pending notices, without acting on them. */
void hub_collect(struct pty_hub *h);
/* A client has the port open, as far as is known. */
static inline bool port_is_open(const struct port *p)
{
	return p->clients || p->lingers;
}
/* Asks the kernel whether a client is there, and corrects p->clients: returns false with
 * a count of 0, or true with at least 1. Settles what notices could not. */
bool port_probe(struct port *p);
/* A client is there whose open was not noticed. */
void port_met(struct port *p);
/* The count has reached 0. True if that is right; else the client that is still seen is
 * checked again soon. */
bool port_is_left(struct port *p);
/* A last check before settings are restored: true if no client is there. */
bool port_confirm(struct port *p);
/* Called by polls: settles a count that may be too high, and a slave that was lost. */
void port_doubt(struct port *p);
/* presence.c still has something to settle: polls continue. */
bool port_in_doubt(const struct port *p);
/* For a new port: finds out whether the kernel notices our own opens. */
void port_learn(struct port *p);
void hub_on_linger(evutil_socket_t fd, short what, void *hub);
/* Corrects all counts after notices were lost. */
void hub_recount(struct pty_hub *h);

/* clients.c */
void port_tell_dtr(struct port *p, bool on);
void port_put_on_list(struct port *p);
void hub_settle(struct pty_hub *h);
/* Collects notices and acts on them. */
void hub_look(struct pty_hub *h);
void port_on_readable(evutil_socket_t fd, short what, void *port);
void hub_on_notices(evutil_socket_t fd, short what, void *hub);
/* Goes on after the owner has taken the last client's remaining bytes. */
void port_last_left(struct port *p);
/* The last client has gone, or others have come since. locked: exclusive mode was its
 * own. */
void port_left(struct port *p, bool locked);

/* leave.c */
#define PORT_CONFIRMS 2
/* Undoes all that the last client left, except settings where that can wait a moment.
 * locked: it has left exclusive mode on. */
void port_undo(struct port *p, bool locked);
/* Between two clients: undoes only what surely belongs to the one that has gone. */
void port_undo_between(struct port *p);
void hub_on_undo(evutil_socket_t fd, short what, void *hub);

/* transmit.c */
void port_on_writable(evutil_socket_t fd, short what, void *port);
void port_tx_drop(struct port *p);

/* line.c */
/* Reads the settings; `bytes`: some bytes have just been read. */
void port_line_seen(struct port *p, bool bytes);
void port_line_new_client(struct port *p);
void hub_poll(struct pty_hub *h); /* from now on, until nothing needs it */
void hub_on_poll(evutil_socket_t fd, short what, void *hub);
