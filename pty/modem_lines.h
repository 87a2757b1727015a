/* A pty as a UART: the modem lines, their counters, breaks, the format and what waits for
 * them. The supervisor and the line socket both answer their callers from here. */
#pragma once

#include "line_call.h"
#include "pty_int.h"

/* A request that waits for its answer. The caller owns it. */
struct line_wait {
	struct line_wait *next;
	const void *owner; /* see lines_drop() */
	/* The answer (0 or -errno), once; the wait is no longer used and may be freed. */
	void (*answer)(struct line_wait *w, int result);
	bool (*gone)(const struct line_wait *w); /* nobody waits any more; may be NULL */

	/* Used by modem_lines.c. */
	struct pty *pty;
	enum {
		LINE_WAIT_CHANGE,
		LINE_WAIT_DRAIN,
		LINE_WAIT_BREAK
	} state;
	unsigned mask;         /* of TIOCMIWAIT */
	unsigned since[4];     /* its counters */
	struct line_call then; /* what follows when all is drained */
	struct event *timer;   /* the end of a break */
};

#define LINES_LATER 1 /* the wait gets the answer */

/* Carries the request out: 0 (c has the answer) or -errno, or LINES_LATER. To be called
 * from the event loop only. */
int lines_call(struct pty *p, struct line_call *c, struct line_wait *w);

/* Takes a wait back, without an answer. */
void lines_cancel(struct line_wait *w);

/* Takes all waits of this owner back and hands them to forget(). */
void lines_drop(struct pty *p, const void *owner, void (*forget)(struct line_wait *w));

/* The state of the lines, which pty.c makes and frees. */
struct modem_lines *lines_new(void);
void lines_free(struct modem_lines *l);

/* Reports of the pty, each of which does nothing where p->lines is NULL. */
void lines_opened(struct pty *p); /* a session begins: DTR and RTS are on */
void lines_closed(struct pty *p); /* the last client has gone */
void lines_lost(struct pty *p);   /* the device goes away: nobody waits any more */
void lines_sent(struct pty *p, size_t len); /* bytes have come from the client */
void lines_changed(struct pty *p, unsigned v24);

/* Bytes of some ports have been passed on or taken: answers those who wait until all are.
 */
void lines_settle_all(struct pty_hub *h);

/* DTR as the client has set it: off after TIOCMBIC. */
bool lines_dtr(const struct pty *p);

/* Whether the client has asked for a format that a pty does not keep. */
bool lines_have_format(const struct pty *p);

/* The format of a client whose settings have this c_cflag. */
void lines_format(const struct pty *p, tcflag_t cflag, struct uart *u);
