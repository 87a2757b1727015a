/* What the files of a pty share: pty.c opens and closes, clients.c reads and acts on who
 * comes and goes, presence.c knows who is there, leave.c undoes what a client left,
 * transmit.c writes, line.c looks at the line settings. */
#pragma once

#include <event2/event.h>

#include "pty.h"
#include "slave.h"

struct port {
	struct pty_hub *hub;
	struct port *next;       /* all ports of the hub */
	struct port *next_noted; /* those with notices to be acted on */
	struct port_events ev;
	struct slave s;
	char *link;
	int link_mark; /* what says that it is ours, -1: it is not there */
	int mode;      /* as struct pty_options has them */
	gid_t group;
	bool plugged; /* as the owner wants it: see plug.c */
	int watch;
	struct event *readable, *writable;
	bool busy; /* inside a callback of the owner */

	unsigned clients;  /* as notices count them, see presence.c */
	bool lingers;      /* they count none, but the kernel still shows one */
	unsigned lingered; /* how often it has been looked at since */
	bool phantom;   /* one of them was not noticed yet: the next notice may be his */
	bool unsure;    /* the count may be too high: the kernel is asked */
	unsigned asked; /* polls until it is asked again */
	unsigned confirm; /* looks that are still to find nobody there */
	bool probing;     /* notices are of our own doing, or of the same moment */
	unsigned seen_opens, seen_closes; /* of them */
	unsigned spoilt;    /* settings are put back in so many ms if nobody comes */
	bool noted, turned; /* turned: there was a moment without a client */
	bool leaving;       /* the last client's bytes wait for the modem */
	bool dtr;           /* as the owner knows it */

	bool ended; /* the master has reported an end of file */

	char *held; /* read, but not taken by the owner */
	size_t held_len, held_off;

	char *tx;
	size_t tx_len, tx_off;
	bool tx_waits; /* for the master to become writable */
	bool tx_asked; /* the owner has met too little room */

	unsigned baud;
	bool set; /* this client has changed a setting, so the speed is his */
	bool told_echo;
	bool hung_up;  /* by B0 */
	bool spoke;    /* this client has sent at a speed that is not B0 */
	bool b0_works; /* this client sends at B0: it means nothing */
	bool heard;    /* since the last poll */
	bool locked;   /* exclusive mode was on at the last poll */
	bool ruled;    /* so was another line discipline */
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
	bool learned;   /* and it is known whether ... */
	bool own_opens; /* ... the kernel makes a notice of our own opens: Linux 6.6 on */
};

/* pty.c */
/* Opens and publishes the pty of a port that has none: 0, or a negative number (logged);
 * then port_detach() puts away what there is. */
int port_attach(struct port *p);
/* Nobody has it open any more, and it is nowhere to be found. Nothing is told. */
void port_detach(struct port *p);
static inline bool port_attached(const struct port *p)
{
	return p->s.master >= 0;
}

/* plug.c */
void hub_on_plug(evutil_socket_t fd, short what, void *hub);
/* The slave can't be opened any more: the device is taken away and comes back. */
void port_replace(struct port *p);

/* presence.c */
/* Counts the notices that there are, without acting on them. */
void hub_collect(struct pty_hub *h);
/* Somebody has the port open, as far as is known. */
static inline bool port_is_open(const struct port *p)
{
	return p->clients || p->lingers;
}
/* Asks the kernel whether anybody is there, and makes p->clients agree with it: false,
 * and none, or true, and one at least. Settles what notices could not. */
bool port_probe(struct port *p);
/* Somebody is there whose coming was not noticed. */
void port_met(struct port *p);
/* The count has come to none. True if that is so; else the one who is still there is
 * looked at again soon. */
bool port_is_left(struct port *p);
/* A last look before settings are put back: true if nobody is there. */
bool port_confirm(struct port *p);
/* Polls: settles a count that may be too high, and a slave that was lost. */
void port_doubt(struct port *p);
/* Something of presence.c is open: polls go on. */
bool port_in_doubt(const struct port *p);
/* A new port: whether the kernel notices our own opens. */
void port_learn(struct port *p);
void hub_on_linger(evutil_socket_t fd, short what, void *hub);
/* Notices were lost. */
void hub_recount(struct pty_hub *h);

/* clients.c */
void port_tell_dtr(struct port *p, bool on);
void port_put_on_list(struct port *p);
void hub_settle(struct pty_hub *h);
/* Collects notices, and acts on them. */
void hub_look(struct pty_hub *h);
void port_on_readable(evutil_socket_t fd, short what, void *port);
void hub_on_notices(evutil_socket_t fd, short what, void *hub);
/* Goes on with the last client's bytes, which the owner has taken by now. */
void port_last_left(struct port *p);
/* The last one has gone, or others have come since. locked: exclusive mode is his. */
void port_left(struct port *p, bool locked);

/* leave.c */
#define PORT_CONFIRMS 2
/* Undoes all that the last client left, but settings where that can wait a moment.
 * locked: it has left exclusive mode on. */
void port_undo(struct port *p, bool locked);
/* Between two clients: only what is surely of the one that went. */
void port_undo_between(struct port *p);
void hub_on_undo(evutil_socket_t fd, short what, void *hub);

/* transmit.c */
void port_on_writable(evutil_socket_t fd, short what, void *port);
void port_tx_drop(struct port *p);

/* line.c */
/* Looks at the settings; `bytes`: some have just been read. */
void port_line_seen(struct port *p, bool bytes);
void port_line_new_client(struct port *p);
void hub_poll(struct pty_hub *h); /* from now on, until nothing asks for it */
void hub_on_poll(evutil_socket_t fd, short what, void *hub);
