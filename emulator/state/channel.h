/* One conversation with the modem: a port, what its bytes mean, and the AT engine that
 * reads and answers them. A modem has at least one; struct modem holds those of its ports
 * in an array. While a port is multiplexed each DLC is a channel too (link/mux.h): it
 * carries the conversations, and the channel of the port carries frames.
 *
 *   bytes -> link -> at_state -> handlers, which get the channel
 *
 * What a command changes belongs to the modem, and so do most settings; what a port shows
 * of it (echo, verbosity, line ends, circuits) is in `set`. Unsolicited lines go to every
 * channel. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "base/sched.h"
#include "base/usec.h"
#include "state/fault.h"
#include "state/settings.h"

struct at_state;
struct fault_rule;
struct link;
struct modem;

struct channel {
	struct modem *modem;
	unsigned port;            /* its number, from 0, in struct ports and modem.h */
	unsigned dlci;            /* 1-4: a DLC of that port; 0: the port itself */
	struct channel *carrier;  /* of a DLC: the channel of its port; else NULL */
	struct channel *next;     /* for channel_next() */
	bool absent;              /* a DLC that is not open; channel_next() skips it */
	struct port_settings set; /* in effect */
	int awaited; /* id of the call that its ATD or ATA waits for, 0: none */
	bool shut;   /* AT+WMFM has closed it: it hears and says nothing */

	/* what fault rules do here */
	const struct fault_rule
		*answering; /* the rule that answers the running command, NULL: none */
	usec_t owed;        /* by that rule: time to wait after the text */
	size_t spoken;      /* how much of the pending output was sent before a rule
			       silenced the modem */
	struct timer pace;  /* until the next byte may leave */
	unsigned char last[2][FAULT_RUN_MAX]; /* of the modem and of the host: the last
						 bytes, the newest first */

	/* memory of their own, after struct modem */
	struct at_state *at;
	struct link *link;
};

/* A setting in effect on this channel, by its index in struct settings. */
int *live_at(struct channel *ch, int field);
int live_get(const struct channel *ch, int field);

/* The DLCs of a port share its settings: after a command on one of them
 * the port and its other DLCs have them too. */
void channel_share(const struct channel *ch);

/* All settings in effect on this channel. */
struct settings live_settings(const struct channel *ch);
