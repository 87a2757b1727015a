/* The modem's end of PPP on GPRS (gprs.md PPP; RFC 1661):
 *
 *   ppp_start       LCP is open        logged in             IPCP is open
 *   ---------> establish ----> authenticate ----> network ----------------> open
 *                  |  no answer                     |  ^                     |
 *                  v                           wants() ppp_context()         |
 *   ended() <--------------- terminate <-------------------------------------+
 *
 * It is the active side and asks for a login, which it never judges: the network does,
 * when the host's first IPCP request makes the modem want the context. A host may close
 * the link at any time. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/names.h"
#include "base/sched.h"
#include "codec/ppp_frame.h"
#include "gsm/gprs.h"
#include "link/ppp_fsm.h"
#include "state/ports.h"

struct channel;
struct modem;

enum ppp_end {
	PPP_UNANSWERED, /* no host speaks PPP */
	PPP_TERMINATED, /* the host has sent a Terminate-Request */
	PPP_LOST,       /* the modem has closed the link: the network is lost or refuses,
			   or the host did not log in or ask for an address */
};

enum ppp_phase { /* RFC 1661 clause 3.2 */
	PPP_PHASE_DEAD,
	PPP_PHASE_ESTABLISH,
	PPP_PHASE_AUTHENTICATE,
	PPP_PHASE_NETWORK,   /* no IP packets yet: the context, or IPCP, is not up */
	PPP_PHASE_OPEN,      /* the network phase, and IP packets pass */
	PPP_PHASE_TERMINATE, /* until the Terminate-Ack */
};
extern const struct name ppp_phase_names[];

/* What the network has given. */
struct ppp_context {
	uint8_t address[4];
	uint8_t dns[2][4]; /* all zero: none */
};

/* What is written only while PPP is spoken. */
struct ppp_memory {
	struct ppp_fsm lcp, ipcp;
	struct ppp_own { /* what the modem asks for */
		uint16_t mru;
		uint32_t accm, magic;
		unsigned login; /* PPP_PAP, PPP_CHAP */
	} own;
	struct ppp_terms { /* what the host has asked for */
		uint16_t mru;
		uint32_t accm;
		bool acfc, pfc;
	} asked, tx; /* ... last; and in force */
	struct gprs_login login;
	bool logged_in;
	uint8_t tries;              /* of a Challenge */
	struct ppp_context context; /* once it is there */
	uint8_t address[4];         /* the host's, as IPCP told it */
	bool has_context, wants;    /* wants() was called */
	struct {
		size_t len; /* 0: none */
		uint8_t data[256];
	} waits;             /* an IPCP request that waits for the context */
	uint64_t packets[2]; /* IP packets from the host, and to it */
	struct ppp_decoder rx;
};

struct ppp_owner {
	/* The session has ended. PPP is off by then. */
	void (*ended)(struct channel *ch, enum ppp_end why);
	/* The host has logged in and wants an address: the context is to be activated,
	 * with ppp_login(). ppp_context() is to be called, also within this call. */
	void (*wants)(struct channel *ch);
};

struct ppp {
	bool on;
	enum ppp_phase phase;
	enum ppp_end why;
	struct timer restart;
	usec_t packet_at; /* when the last IP packet passed */
	struct ppp_memory *memory;
	const struct ppp_owner *owner;
};

/* Starts off. */
void ppp_init(struct channel *ch, const struct ppp_owner *owner);

/* Starts to speak: CONNECT has been sent, and PPP owns the port while the link mode is
 * LINK_PPP. In another mode it is silent, IP packets are lost (inferred), and its timers
 * run on. silent: it sends nothing until the host has (AT+WGPRS=3). */
void ppp_start(struct channel *ch, bool silent);
void ppp_stop(struct channel *ch);
void ppp_reset(struct channel *ch); /* the same; also clears all state */

/* The network is lost: sends the host a Terminate-Request; ended() follows when it has
 * acknowledged it, or after two tries. With the port in another mode at once. */
void ppp_lose(struct channel *ch);

/* The context that wants() has asked for is there; NULL: the network refuses it, and the
 * link is closed. */
void ppp_context(struct channel *ch, const struct ppp_context *context);

/* Whether wants() was called, and ppp_context() was not. */
bool ppp_wants(const struct channel *ch);

/* The login of the host. */
const struct gprs_login *ppp_login(const struct channel *ch);

/* An IP packet for the host. False: there is no room now. */
bool ppp_packet(struct modem *m, const void *packet, size_t len);

/* Bytes from the host, up to the end of a frame. Returns how many were taken, at least 1. */
size_t ppp_rx(struct channel *ch, const uint8_t *p, size_t len);
