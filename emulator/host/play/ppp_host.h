/* The host's end of PPP (RFC 1661, 1332, 1334, 1877, 1994), for scenarios and tests: it
 * negotiates as a computer does, or sends what no computer sends. Bytes go in and out; no
 * I/O and no clock. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/names.h"
#include "codec/ppp_frame.h"

enum ppp_host_auth {   /* what it does when the modem asks for authentication */
	PPP_HOST_ANY,  /* accepts PAP and CHAP */
	PPP_HOST_PAP,  /* accepts PAP, and asks for it instead of CHAP */
	PPP_HOST_CHAP, /* the reverse */
	PPP_HOST_NONE, /* rejects both */
};
extern const struct name ppp_host_auths[];

struct ppp_host_conf {
	char user[64], password[64];
	int auth;         /* enum ppp_host_auth */
	char address[16]; /* asked for; "": 0.0.0.0, any */
	int64_t accm;     /* asked for; -1: not */
	int mru;          /* asked for; 0: not */
	/* what else it asks for: options of LCP, options of IPCP, protocols */
	bool magic, pfc, acfc;
	bool dns, wins, vj;
	bool ccp, ipv6cp;
};

#define PPP_HOST_MAGIC 0x0fa4fa00u /* its magic number */

enum ppp_host_phase { /* RFC 1661 clause 3.2 */
	PPP_HOST_DEAD,
	PPP_HOST_ESTABLISH,
	PPP_HOST_AUTHENTICATE,
	PPP_HOST_NETWORK,
	PPP_HOST_UP,        /* IPCP is open */
	PPP_HOST_TERMINATE, /* it has sent a Terminate-Request */
	PPP_HOST_ENDED,
};
extern const struct name ppp_host_phases[];

enum ppp_host_cp_state { /* RFC 1661 clause 4.2; the names are the RFC's */
	CP_CLOSED,
	CP_REQ_SENT,
	CP_ACK_RCVD,
	CP_ACK_SENT,
	CP_OPENED,
	CP_CLOSING,
	CP_STATES,
};

/* The control protocols, in the order of ppp_host_cp.c's table. */
enum {
	CP_LCP,
	CP_IPCP,
	CP_CCP,
	CP_IPV6CP,
	CP_KINDS
};

#define CP_OPTIONS 6 /* at most, of one protocol */
#define CP_VALUE   8 /* octets of the longest value */

struct ppp_host_cp {
	enum ppp_host_cp_state state;
	uint8_t id;               /* of its last request */
	unsigned asked, rejected; /* options, a bit each in the order of the table */
	bool unknown;             /* the modem has rejected the protocol */
	uint8_t value[CP_OPTIONS][CP_VALUE];
};

struct ppp_host_ops {
	void *ctx;
	/* Bytes for the modem. */
	void (*send)(void *ctx, const void *bytes, size_t len);
	/* An IPv4 packet from the modem; NULL: they are dropped. */
	void (*packet)(void *ctx, const void *packet, size_t len);
	/* A frame has come or is sent, in words; NULL: not needed. */
	void (*trace)(void *ctx, bool sent, const char *text);
};

struct ppp_host {
	struct ppp_host_conf conf;
	struct ppp_host_ops ops;
	struct ppp_decoder rx;
	enum ppp_host_phase phase;
	struct ppp_host_cp cp[CP_KINDS];
	bool by_modem;      /* it was the modem that has ended the link */
	bool authenticates; /* PAP: waits for an answer */
	uint8_t last_id, pap_id;
	/* what the modem has asked for, and the host has accepted */
	unsigned auth; /* protocol; 0: none */
	uint32_t mru, accm, magic;
	bool has_magic, pfc, acfc;
	uint8_t peer[4];  /* the modem's address */
	char message[64]; /* of the last answer to authentication */
	bool refused;     /* it was a refusal */
	unsigned echoes;  /* LCP Echo-Replies that have come */
};

/* conf and ops are copied. */
void ppp_host_init(struct ppp_host *h, const struct ppp_host_conf *conf,
	const struct ppp_host_ops *ops);

/* CONNECT has come: asks for a link. */
void ppp_host_start(struct ppp_host *h);

/* A byte from the modem; not after the end of the link, where bytes are text again. */
void ppp_host_rx(struct ppp_host *h, uint8_t byte);

/* No answer has come in the time of the Restart timer (RFC 1661 clause 4.6): sends again
 * what waits for one. */
void ppp_host_again(struct ppp_host *h);

/* Ends the link with a Terminate-Request. */
void ppp_host_terminate(struct ppp_host *h);

/* Sends a packet; false unless the link is up and it fits the modem's MRU. */
bool ppp_host_packet(struct ppp_host *h, const void *packet, size_t len);

/* Sends any frame: the protocol and what follows. Address and control are put before it,
 * and every control character is escaped. */
void ppp_host_frame(struct ppp_host *h, const void *frame, size_t len);

/* Addresses that IPCP has agreed on; i: 0 or 1. All zero: none. */
const uint8_t *ppp_host_address(const struct ppp_host *h);
const uint8_t *ppp_host_dns(const struct ppp_host *h, int i);

/* What is known of the session, as text; the names and their meaning are in the table. */
#define PPP_HOST_TEXT 160
extern const struct name ppp_host_values[];
void ppp_host_value(const struct ppp_host *h, int value, char out[PPP_HOST_TEXT]);
