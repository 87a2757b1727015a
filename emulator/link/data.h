/* A circuit-switched data call on the port (V.250 clause 5.3 and 6.1; data.md CONNECT):
 * bytes go to and come from the far end until it hangs up, the host drops DTR, or the
 * host escapes: a pause, three times S2, a pause. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/sched.h"
#include "base/usec.h"
#include "link/far_talk.h"

struct call;
struct channel;
struct subscriber;

struct data {
	bool on;                      /* the call is up, online or escaped */
	bool outside;                 /* its far end is reached by struct far_ports ... */
	bool neighbour;               /* ... or struct neighbour_ports */
	bool mute;                    /* ... and says nothing yet */
	int id;                       /* of the call */
	const struct subscriber *who; /* the far end, once a call has been up */
	usec_t last;                  /* when the host last sent something */
	int pluses;                   /* of an escape sequence so far */
	struct timer guard;           /* the pause after it */
	struct timer far;             /* the far end begins to speak */
	struct far_talk talk;         /* ... and answers, unless it is outside */
	/* Called when the escape is complete: back to commands. */
	void (*escaped)(struct channel *ch);
	void (*left)(struct channel *ch); /* instead of it in LINK_SOCKET */
};

void data_init(struct channel *ch, void (*escaped)(struct channel *ch));

/* The call is up: the port is online. */
void data_start(struct channel *ch, const struct call *c);

/* Back to command mode while the call stays, and online again. */
void data_escape(struct channel *ch);
void data_resume(struct channel *ch);

/* The call has ended. */
void data_stop(struct channel *ch);
void data_reset(struct channel *ch); /* the same; also clears all state */

/* The far end sends a text (with the escapes \r,
 *  and \\) while online: as much of it as there is room for. */
void data_far_text(struct channel *ch, const char *text);

/* How many bytes of the far end the port takes now. */
size_t data_far_room(const struct channel *ch);

/* Bytes from the host while online: passed to the far end (modem_far_received()) as far
 * as it, or the port for its echo, has room. Returns their number. */
size_t data_rx(struct channel *ch, const unsigned char *p, size_t len);

/* The host has dropped DTR: what it had sent before, as far as the far end takes it, still
 * goes there; the rest is lost. */
void data_last(struct channel *ch);

/* Only looks for the escape; for a session that handles its bytes itself. It has just
 * gone online; a byte has come. */
void data_watch_start(struct channel *ch);
void data_watch(struct channel *ch, uint8_t byte);
