/* PPP: what its files share. Each calls only those before it: ppp_send.c, ppp_fsm.c,
 * ppp_session.c, ppp_ipcp.c, ppp_auth.c, ppp_lcp.c, ppp.c; up it goes by struct ppp_layer. */
#pragma once

#include "link/link.h"
#include "state/modem_state.h"

#define PPP_MRU 1500 /* of the modem, and the default (RFC 1661 clause 6.1) */

/* What holds before LCP is up, and always for its first seven codes (RFC 1661 clause 6.6,
 * RFC 1662 clause 7.1). */
extern const struct ppp_terms ppp_plain;

static inline struct ppp_memory *ppp_of(const struct channel *ch)
{
	return ch->link->ppp.memory;
}

/* ppp_send.c: a packet to the host. Nothing is sent while the port is in another mode, or
 * has no room: the host may be gone. */
void ppp_say(struct channel *ch, unsigned protocol, const struct ppp_control *packet);

/* Logs a control packet at level debug; way: "to" or "from" the host. */
void ppp_log(const struct channel *ch, const char *way, unsigned protocol,
	const struct ppp_control *packet);

/* A frame, as negotiated. False: there is no room for it. */
bool ppp_send(struct channel *ch, unsigned protocol, const void *info, size_t len,
	const struct ppp_terms *as);

/* The longest information that the host takes. */
size_t ppp_most(const struct channel *ch);

/* The one timer: of the phase that the session is in. 0 stops it. */
void ppp_restart_timer(struct channel *ch, usec_t delay);

/* ppp_session.c */
extern const uint8_t ppp_modem_address[4];
void ppp_phase(struct channel *ch, enum ppp_phase phase);

/* The modem closes the link: a Terminate-Request, then the end for that reason. */
void ppp_close(struct channel *ch, enum ppp_end why);

/* The end at once. */
void ppp_end(struct channel *ch, enum ppp_end why);

/* ppp_ipcp.c: begins when the host may use the network. */
void ppp_ipcp_start(struct channel *ch);
void ppp_ipcp_stop(struct channel *ch);
void ppp_ipcp_timeout(struct channel *ch);
void ppp_ipcp_context(struct channel *ch); /* it is there */
void ppp_ipcp_rx(struct channel *ch, const struct ppp_control *packet);

/* ppp_auth.c: the host logs in. */
void ppp_auth_start(struct channel *ch, unsigned protocol);
void ppp_auth_timeout(struct channel *ch);
void ppp_auth_rx(struct channel *ch, unsigned protocol, const struct ppp_control *packet);

/* ppp_lcp.c */
void ppp_lcp_init(struct channel *ch);
void ppp_lcp_rx(struct channel *ch, const struct ppp_control *packet);
