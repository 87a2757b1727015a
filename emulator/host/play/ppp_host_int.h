/* Shared by the parts of the host's PPP: ppp_host.c frames and phases, ppp_host_cp.c the
 * control protocols, ppp_host_auth.c PAP and CHAP, ppp_host_text.c words for people. */
#pragma once

#include "codec/ppp_control.h"
#include "host/play/ppp_host.h"

enum { /* protocols that the modem does not know (RFC 1962, 5072) */
	PPP_IPV6CP = 0x8057,
	PPP_CCP = 0x80fd,
};

#define PPP_DATA_MAX 1500 /* of a packet */

/* ---- ppp_host.c ---- */

/* Sends a control packet. */
void ppp_host_send(
	struct ppp_host *h, unsigned protocol, const struct ppp_control *packet);

/* Moves on to the phase that follows this event. */
void ppp_host_lcp_up(struct ppp_host *h);
void ppp_host_lcp_down(struct ppp_host *h);
void ppp_host_authenticated(
	struct ppp_host *h, bool good, const uint8_t *message, size_t len);
void ppp_host_ipcp_up(struct ppp_host *h);
void ppp_host_ipcp_down(struct ppp_host *h);
void ppp_host_ended(struct ppp_host *h, bool by_modem);

/* ---- ppp_host_cp.c ---- */

/* The index of a control protocol, -1: it is not one. */
int cp_find(unsigned protocol);
const char *cp_name(int cp);
const char *cp_option(int cp, int option); /* NULL: there are no more */

/* Asks again from the start: the layer below is up. */
void cp_up(struct ppp_host *h, int cp);
void cp_down(struct ppp_host *h, int cp); /* the layer below is down */
void cp_close(struct ppp_host *h, int cp);
void cp_timeout(struct ppp_host *h, int cp);

/* A packet of codes 1 to 7. */
void cp_packet(struct ppp_host *h, int cp, const struct ppp_control *in);

/* The modem does not know the protocol. */
void cp_unknown(struct ppp_host *h, int cp);

/* ---- ppp_host_auth.c ---- */
void auth_start(struct ppp_host *h);
void auth_packet(struct ppp_host *h, unsigned protocol, const struct ppp_control *in);

/* ---- ppp_host_text.c ---- */

/* Traces a frame: protocol and the rest. */
void ppp_host_trace(
	struct ppp_host *h, bool sent, unsigned protocol, const uint8_t *p, size_t len);
