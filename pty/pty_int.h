/* What the files of a pty share: pty.c opens and closes, clients.c reads and acts on
 * clients that come and go, presence.c knows which are there, leave.c undoes what a
 * client left, transmit.c writes, line.c reads the line settings. */
#pragma once

#include "port_int.h"
#include "pty.h"
#include "slave.h"

struct pty {
	struct port port;
	struct pty_hub *hub;
	struct pty *next;       /* all ports of the hub */
	struct pty *next_noted; /* ports with notices to act on */
	struct slave s;
	char *link;
	int link_mark; /* shows that the link is ours; -1: there is no link */
	int mode;      /* mode and group as in struct pty_options */
	gid_t group;
	bool plugged;               /* as the owner wants it: see plug.c */
	bool moves;                 /* and at another path */
	struct modem_lines *lines;  /* NULL: clients see none */
	struct line_socket *socket; /* NULL: there is none */
	bool line_socket;           /* there should be one */
	bool keeps_dtr; /* the last client has closed it with HUPCL off: DTR stays on */
	int watch;

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

	bool ended; /* the master has reported an end of file */

	bool read; /* in this turn of the loop; on hub->read */
	struct pty *next_read;
	char *got; /* what was read, in hub->turn: not passed on yet */
	size_t got_len;

	bool set; /* this client has changed a setting, so the speed is its own */
	bool told_echo;
	bool hung_up;   /* by B0 */
	bool spoke;     /* this client has sent at a speed that is not B0 */
	bool b0_works;  /* this client sends at B0, so B0 is no hang-up */
	bool heard;     /* bytes have come since the last poll, or the client has */
	bool looked;    /* the settings were read with bytes since the last poll */
	bool spared;    /* ... so that the present poll need not ask the kernel */
	unsigned polls; /* since the client has come */
	bool locked;    /* exclusive mode was on at the last poll */
	bool ruled;     /* another line discipline was set at the last poll */
};

#define HUB_TURN 65536

struct pty_hub {
	struct event_base *base;
	const struct log *log;
	struct event *notices, *poll, *undo, *plug, *linger;
	struct event *end_of_turn;    /* comes after the ports that are readable now */
	struct pty *read, **read_end; /* read in this turn, in this order */
	char *turn;                   /* their bytes: HUB_TURN */
	size_t turn_len;
	int inotify, poll_fd;
	int directory; /* watch of /dev/pts, -1 */
	struct pty *ports, *noted;
	struct pty **by_watch;
	size_t watches;
	bool overflow, polling;
	bool learned;   /* own_opens is known */
	bool own_opens; /* the kernel makes a notice of our own opens: since Linux 6.6 */
	bool drains;    /* a client may wait until all its bytes are taken */
};

/* pty.c */
/* Opens and publishes the pty of a port that has none. Returns 0, or a negative number
 * (logged); then pty_detach() cleans up. */
int pty_attach(struct pty *p);
/* Closes and removes the pty of a port; the owner gets no call. */
void pty_detach(struct pty *p);
static inline bool pty_attached(const struct pty *p)
{
	return p->s.master >= 0;
}

/* plug.c */
void pty_plug(struct port *p, bool in);
void pty_move(struct port *p);
void hub_on_plug(evutil_socket_t fd, short what, void *hub);
/* The slave cannot be opened any more: the device is unplugged and plugged in again. */
void pty_replace(struct pty *p);

/* presence.c */
/* Counts pending notices, without acting on them. */
void hub_collect(struct pty_hub *h);
/* A client has the port open, as far as is known. */
static inline bool pty_is_open(const struct pty *p)
{
	return p->clients || p->lingers;
}
/* Asks the kernel whether a client is there, and corrects p->clients: returns false with
 * a count of 0, or true with at least 1. Settles what notices could not. */
bool pty_probe(struct pty *p);
/* A client is there whose open was not noticed. */
void pty_met(struct pty *p);
/* The count has reached 0. True if that is right; else the client that is still seen is
 * checked again soon. */
bool pty_is_left(struct pty *p);
/* A last check before settings are restored: true if no client is there. */
bool pty_confirm(struct pty *p);
/* Called by polls: settles a count that may be too high, and a slave that was lost. */
void pty_doubt(struct pty *p);
/* presence.c still has something to settle: polls continue. */
bool pty_in_doubt(const struct pty *p);
/* For a new port: finds out whether the kernel notices our own opens. */
void pty_learn(struct pty *p);
void hub_on_linger(evutil_socket_t fd, short what, void *hub);
/* Corrects all counts after notices were lost. */
void hub_recount(struct pty_hub *h);

/* clients.c */
void pty_put_on_list(struct pty *p);
/* Passes on what was read from ports in this turn of the loop, after a look at the
 * notices. */
void hub_pass_on(struct pty_hub *h);
void hub_on_end_of_turn(evutil_socket_t fd, short what, void *hub);
/* What was read from this port is lost. */
void pty_unread(struct pty *p);
void hub_settle(struct pty_hub *h);
/* Collects notices and acts on them. */
void hub_look(struct pty_hub *h);
void pty_on_readable(evutil_socket_t fd, short what, void *port);
/* Passes on what the client has written so far. True if that was all and the owner has
 * taken it. */
bool pty_pump(struct pty *p);
/* A client that has just made a request is certainly there, noticed or not. */
void pty_vouch(struct pty *p);
/* DTR of a client that is there. */
void pty_tell_dtr(struct pty *p);
void hub_on_notices(evutil_socket_t fd, short what, void *hub);
/* Goes on after the owner has taken the last client's remaining bytes. */
void pty_last_left(struct pty *p);
/* The last client has gone, or others have come since. locked: exclusive mode was its
 * own. */
void pty_left(struct pty *p, bool locked);

/* leave.c */
#define PTY_CONFIRMS 2
/* Undoes all that the last client left, except settings where that can wait a moment.
 * locked: it has left exclusive mode on. */
void pty_undo(struct pty *p, bool locked);
/* Between two clients: undoes only what surely belongs to the one that has gone. */
void pty_undo_between(struct pty *p);
void hub_on_undo(evutil_socket_t fd, short what, void *hub);

/* line.c */
/* Reads the settings; `bytes`: some bytes have just been read. */
void pty_line_seen(struct pty *p, bool bytes);
void pty_line_new_client(struct pty *p);
void hub_poll(struct pty_hub *h); /* from now on, until nothing needs it */
void hub_on_poll(evutil_socket_t fd, short what, void *hub);
