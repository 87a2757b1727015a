/* The modem's end of PPP on GPRS (gprs.md LCP request): it asks for a link as a Q2687
 * does, and gives up when nobody answers. A host may close the link properly. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/sched.h"
#include "codec/ppp_frame.h"

struct channel;
struct modem;

enum ppp_end {
	PPP_UNANSWERED, /* no host speaks PPP */
	PPP_TERMINATED, /* the host has sent a Terminate-Request */
	PPP_LOST,       /* the network is lost */
};

struct ppp {
	bool on;
	int sent; /* Configure-Requests so far */
	struct timer repeat;
	struct ppp_decoder *rx;
	void (*ended)(struct channel *ch, enum ppp_end why);
};

/* Starts off; ended() is called when a session ends by itself. PPP is off by then. */
void ppp_init(struct channel *ch, void (*ended)(struct channel *ch, enum ppp_end why));

/* Starts to speak: CONNECT has been sent, and PPP owns the port while the link mode is
 * LINK_PPP. In another mode it is silent, while its timers run on. */
void ppp_start(struct channel *ch);
void ppp_stop(struct channel *ch);
void ppp_reset(struct channel *ch); /* the same; also clears all state */

/* The network is lost: sends the host a Terminate-Request, then calls ended(). */
void ppp_lose(struct channel *ch);

/* An IP packet for the host. False: there is no room now. */
bool ppp_packet(struct modem *m, const void *packet, size_t len);

/* A byte from the host. */
void ppp_rx(struct channel *ch, uint8_t byte);
