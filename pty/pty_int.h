/* What the files of a pty share: pty.c opens and closes, clients.c knows who is there and
 * reads, transmit.c writes, line.c looks at the line settings. */
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
	int mode; /* as struct pty_options has them */
	gid_t group;
	bool plugged; /* as the owner wants it: see plug.c */
	int watch;
	struct event *readable, *writable;
	bool busy; /* inside a callback of the owner */

	unsigned clients;
	unsigned own_opens, own_closes; /* notices of our own doing, to be passed over */
	bool phantom;       /* a client that was not told: the next one takes its place */
	bool spoilt;        /* line settings are to be put back if nobody comes */
	bool noted, turned; /* turned: there was a moment without a client */
	bool leaving;       /* the last client's bytes wait for the modem */
	bool dtr;           /* as the owner knows it */

	char *held; /* read, but not taken by the owner */
	size_t held_len, held_off;

	char *tx;
	size_t tx_len, tx_off;
	bool tx_waits; /* for the master to become writable */
	bool tx_asked; /* the owner has met too little room */

	unsigned baud;
	bool told_echo;
	bool hung_up;  /* by B0 */
	bool spoke;    /* this client has sent at a speed that is not B0 */
	bool b0_works; /* this client sends at B0: it means nothing */
	bool heard;    /* since the last poll */
	bool locked;   /* exclusive mode was on at the last poll */
};

struct pty_hub {
	struct event_base *base;
	const struct log *log;
	struct event *notices, *poll, *undo, *plug;
	int inotify, poll_fd;
	int directory; /* watch of /dev/pts, -1 */
	struct port *ports, *noted;
	struct port **by_watch;
	size_t watches;
	bool overflow, polling;
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

/* clients.c */
void port_tell_dtr(struct port *p, bool on);
void port_on_readable(evutil_socket_t fd, short what, void *port);
void hub_on_notices(evutil_socket_t fd, short what, void *hub);
void hub_on_undo(evutil_socket_t fd, short what, void *hub);
/* Goes on with the last client's bytes, which the owner has taken by now. */
void port_last_left(struct port *p);

/* transmit.c */
void port_on_writable(evutil_socket_t fd, short what, void *port);
void port_tx_drop(struct port *p);

/* line.c */
/* Looks at the settings; `bytes`: some have just been read. */
void port_line_seen(struct port *p, bool bytes);
void port_line_new_client(struct port *p);
void hub_on_poll(evutil_socket_t fd, short what, void *hub);
