/* Shared by the parts of the host's PPP: ppp_host.c frames and phases, ppp_host_cp.c the
 * control protocols, ppp_host_auth.c PAP and CHAP, ppp_host_text.c words for people. */
#pragma once

#include "host/play/ppp_host.h"

enum { /* protocols (RFC 1661, 1332, 1334, 1994, 1962, 5072) */
	PPP_IP = 0x0021,
	PPP_IPCP_PROTOCOL = 0x8021,
	PPP_IPV6CP_PROTOCOL = 0x8057,
	PPP_CCP_PROTOCOL = 0x80fd,
	PPP_LCP_PROTOCOL = 0xc021,
	PPP_PAP = 0xc023,
	PPP_CHAP = 0xc223,
};

enum ppp_code { /* of the control protocols; 8 to 11 of LCP only */
	PPP_CONFIGURE_REQUEST = 1,
	PPP_CONFIGURE_ACK,
	PPP_CONFIGURE_NAK,
	PPP_CONFIGURE_REJECT,
	PPP_TERMINATE_REQUEST,
	PPP_TERMINATE_ACK,
	PPP_CODE_REJECT,
	PPP_PROTOCOL_REJECT,
	PPP_ECHO_REQUEST,
	PPP_ECHO_REPLY,
	PPP_DISCARD_REQUEST,
};

/* A packet of a control or authentication protocol: code, id, length, data. */
struct ppp_packet {
	uint8_t code, id;
	const uint8_t *data;
	size_t len;
};

#define PPP_PACKET_HEADER 4
#define PPP_DATA_MAX      1500

/* ---- ppp_host.c ---- */
void ppp_host_send(struct ppp_host *h, uint16_t protocol, uint8_t code, uint8_t id,
	const void *data, size_t len);

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
int cp_find(uint16_t protocol);
const char *cp_name(int cp);
const char *cp_option(int cp, int option); /* NULL: there are no more */

/* Asks again from the start: the layer below is up. */
void cp_up(struct ppp_host *h, int cp);
void cp_down(struct ppp_host *h, int cp); /* the layer below is down */
void cp_close(struct ppp_host *h, int cp);
void cp_timeout(struct ppp_host *h, int cp);

/* A packet of codes 1 to 7. */
void cp_packet(struct ppp_host *h, int cp, const struct ppp_packet *in);

/* The modem does not know the protocol. */
void cp_unknown(struct ppp_host *h, int cp);

/* ---- ppp_host_auth.c ---- */
void auth_start(struct ppp_host *h);
void auth_packet(struct ppp_host *h, uint16_t protocol, const struct ppp_packet *in);

/* ---- ppp_host_text.c ---- */

/* Traces a frame: protocol and the rest. */
void ppp_host_trace(
	struct ppp_host *h, bool sent, uint16_t protocol, const uint8_t *p, size_t len);
