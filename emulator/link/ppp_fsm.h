/* The option negotiation automaton (RFC 1661 clause 4), for LCP and IPCP alike. A layer is
 * a table of options and a few functions; the automaton is a table of events and states. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/names.h"
#include "base/usec.h"
#include "codec/ppp_control.h"

struct channel;

/* The reference has the number and the period (gprs.md GPRS timing); Max-Terminate and
 * Max-Failure are the defaults of clause 4.6. */
#define PPP_MAX_CONFIGURE 10
#define PPP_MAX_TERMINATE 2
#define PPP_MAX_FAILURE   5
#define PPP_RESTART       SEC(3)

#define PPP_OPTION_MAX 32  /* octets of an option that the modem sends by itself */
#define PPP_ANSWER_MAX 512 /* octets of options in a Configure packet of the modem */

enum ppp_state { /* clause 4.2 */
	PPP_INITIAL,
	PPP_STARTING,
	PPP_CLOSED,
	PPP_STOPPED,
	PPP_CLOSING,
	PPP_STOPPING,
	PPP_REQ_SENT,
	PPP_ACK_RCVD,
	PPP_ACK_SENT,
	PPP_OPENED,
	PPP_STATES,
};
extern const struct name ppp_state_names[];

enum ppp_event { /* clause 4.3 */
	PPP_UP,
	PPP_DOWN,
	PPP_OPEN,
	PPP_CLOSE,
	PPP_TIMEOUT,      /* TO+: the restart counter is not zero */
	PPP_TIMEOUT_LAST, /* TO- */
	PPP_RCR_GOOD,     /* RCR+: a Configure-Request that is acceptable */
	PPP_RCR_BAD,      /* RCR- */
	PPP_RCA,          /* a Configure-Ack */
	PPP_RCN,          /* a Configure-Nak or a Configure-Reject */
	PPP_RTR,          /* a Terminate-Request */
	PPP_RTA,          /* a Terminate-Ack */
	PPP_RUC,          /* an unknown code */
	PPP_RXJ_GOOD,     /* RXJ+: a rejection that can be lived with */
	PPP_RXJ_BAD,      /* RXJ- */
	PPP_EVENTS,
};

enum ppp_verdict {
	PPP_ACK,
	PPP_NAK,
	PPP_REJECT,
};

/* An option of a layer. What has no row is rejected. */
struct ppp_option_row {
	uint8_t type;
	uint8_t len; /* of the value that a host may send */
	/* Writes the value that the modem asks for; returns its length. NULL: the modem
	 * never asks for it. */
	size_t (*ask)(struct channel *ch, uint8_t value[PPP_OPTION_MAX]);
	/* The host does not want that value but this one, of any length. False: the modem
	 * asks for nothing then. NULL: the same. */
	bool (*naked)(struct channel *ch, const struct ppp_option *wish);
	/* Judges what the host asks for, `len` octets, and keeps it; for PPP_NAK, `better`
	 * gets the value to ask for instead. NULL: rejected. */
	enum ppp_verdict (*judge)(
		struct channel *ch, const uint8_t *value, uint8_t *better);
	/* A host that does not ask for it gets a Nak with what judge() says is better than
	 * all zero (RFC 1661 clause 5.3), at most PPP_MAX_FAILURE times. */
	bool needed;
};

struct ppp_layer {
	const char *name;
	unsigned protocol;
	const struct ppp_option_row *options; /* in the order of a request; type 0 ends */
	/* A Configure-Request is about to be judged: back to the defaults. */
	void (*judging)(struct channel *ch);
	void (*up)(struct channel *ch);       /* tlu: this layer is up */
	void (*down)(struct channel *ch);     /* tld */
	void (*finished)(struct channel *ch); /* tlf: it is no longer needed */
	/* A packet with a code after PPP_CODE_REJECT. False: unknown. NULL: all are. */
	bool (*extra)(struct channel *ch, const struct ppp_control *packet);
};

struct ppp_fsm {
	const struct ppp_layer *layer;
	uint8_t state;    /* enum ppp_state */
	uint8_t id;       /* of the last request of the modem, and of its rejects */
	uint8_t asked;    /* id of the last Configure-Request ... */
	bool answered;    /* ... which has had a valid answer, or none was sent */
	uint8_t restarts; /* the restart counter */
	uint8_t naks;     /* sent since the last Ack */
	uint8_t refusals; /* received since the last Ack: Naks and Rejects */
	uint32_t asks;    /* options still asked for: 1 << row */
};

/* Starts in PPP_INITIAL, with all options that the layer asks for. */
void ppp_fsm_init(struct ppp_fsm *f, const struct ppp_layer *layer);

/* An event from the layers above and below, or the restart timer. */
void ppp_fsm_event(struct channel *ch, struct ppp_fsm *f, enum ppp_event e);
void ppp_fsm_timeout(struct channel *ch, struct ppp_fsm *f);

/* A packet of the layer's protocol from the host. One that is malformed, or does not
 * answer the modem's last request, is discarded (clause 5). */
void ppp_fsm_rx(struct channel *ch, struct ppp_fsm *f, const struct ppp_control *packet);

/* Judges a Configure-Request, and appends the options of the answer to out. */
enum ppp_verdict ppp_fsm_judge(struct channel *ch, const struct ppp_fsm *f,
	const struct ppp_control *packet, struct buf *out);
