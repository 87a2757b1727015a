/* GPRS as a host controls it (27.007 clause 10): attach, PDP contexts, and how the
 * network answers. Knows no AT text: events are reported through event(). */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/fsm.h"
#include "base/sched.h"
#include "state/profile.h"

#define GPRS_CONTEXTS 4
#define GPRS_APN_MAX  100
#define GPRS_ADDR_MAX 39
#define GPRS_QOS      5 /* precedence, delay, reliability, peak, mean */
#define GPRS_CID(cid) (1u << (cid))
#define GPRS_LOGIN    255 /* most characters of a user or a password */
#define GPRS_DIGEST   16  /* octets of a challenge, and of a response */

enum gprs_state {
	GPRS_DETACHED,
	GPRS_ATTACHING,
	GPRS_UPDATING, /* attached; the routing area update is still under way */
	GPRS_ATTACHED,
	GPRS_DENIED, /* the network has refused the attach */
};

/* Error numbers of 27.007 clause 9.2.2 that gprs_error() returns; others come from the
 * profile. */
enum gprs_cause {
	GPRS_GOOD = 0,
	GPRS_NO_SERVICE = 30,
	GPRS_PLMN_NOT_ALLOWED = 111,
	GPRS_NO_ROAMING = 113,
	GPRS_UNSPECIFIED = 148,
	GPRS_LOGIN_WRONG = 149,
	GPRS_UNKNOWN_APN = 533,
};

enum gprs_event {
	GPRS_EVENT_SETTLED, /* a request has ended: gprs_error() */
	GPRS_EVENT_STAT,    /* +CGREG state */
	GPRS_EVENT_ME_DETACH,
	GPRS_EVENT_NW_DETACH,
	GPRS_EVENT_NW_DEACT, /* cid: the network deactivates the context */
	GPRS_EVENT_DROPPED,  /* it has, and the modem stays attached */
};

enum gprs_type {
	GPRS_IP,
	GPRS_PPP,
};

/* The login that goes into the request for a context (24.008 clause 10.5.6.3): the
 * network judges it, not the modem. */
enum gprs_login_by {
	GPRS_LOGIN_NONE,
	GPRS_LOGIN_PAP,
	GPRS_LOGIN_CHAP, /* with MD5: RFC 1994 */
};

struct gprs_login {
	enum gprs_login_by by;
	char user[GPRS_LOGIN + 1];
	char password[GPRS_LOGIN + 1]; /* PAP */
	uint8_t id;                    /* CHAP, from here on */
	uint8_t challenge[GPRS_DIGEST], response[GPRS_DIGEST];
};

struct gprs_qos {
	bool set;
	int value[GPRS_QOS];
};

struct gprs_context {
	/* survives power-off */
	bool defined;
	enum gprs_type type;
	char apn[GPRS_APN_MAX + 1];
	char address[GPRS_ADDR_MAX + 1]; /* requested; "" dynamic */
	int d_comp, h_comp;
	struct gprs_qos wanted, minimum; /* +CGQREQ, +CGQMIN */
	/* cleared by power-on and reset */
	bool active;
};

struct gprs {
	const struct gprs_conf *world;
	const struct log *log;
	struct sched *sched;
	struct fsm fsm;
	struct timer step;            /* attach, activation, detach: one at a time */
	struct timer told;            /* for the +CGREG states after an attach */
	struct timer drop;            /* until the network drops the contexts */
	struct gprs_context *context; /* GPRS_CONTEXTS */
	bool registered, roaming;
	bool any_active;                /* a context may be active */
	bool busy;                      /* a request is under way */
	bool accepted;                  /* attached */
	bool detaching;                 /* `step` is the detach */
	unsigned wanted;                /* GPRS_CID set to activate after the attach */
	const struct gprs_login *login; /* of that request, NULL: none */
	int error;
	void (*event)(void *ctx, enum gprs_event e, int cid);
	void *ctx;
};

/* Starts detached, nothing defined. `context` is memory for GPRS_CONTEXTS contexts, all
 * zero. event() must not call back into gprs, but for a new request after
 * GPRS_EVENT_SETTLED. */
void gprs_init(struct gprs *g, struct gprs_context *context,
	const struct gprs_conf *world, struct sched *s, const struct log *l,
	void (*event)(void *ctx, enum gprs_event e, int cid), void *ctx);

/* Power-off and reset: clears all but the definitions, without events. */
void gprs_stop(struct gprs *g);

/* The circuit-switched registration has changed; without it there is no GPRS either. */
void gprs_network(struct gprs *g, bool registered, bool roaming);

/* Each starts its request. True: under way, GPRS_EVENT_SETTLED follows. False: settled at
 * once. In both cases gprs_error() has the result. No other request may be under way. */
bool gprs_attach(struct gprs *g);
bool gprs_detach(struct gprs *g);

/* Activates contexts by a GPRS_CID set; already active ones are ignored. Attaches first.
 * The modem has one NSAPI, so only one context can be active. The login, NULL for none,
 * stays the caller's and must last as long as the request. */
bool gprs_activate(struct gprs *g, unsigned cids, const struct gprs_login *login);

/* Gives up an activation that is under way, and its attach; without GPRS_EVENT_SETTLED. */
void gprs_cancel(struct gprs *g);

/* The first context of a set that can be activated, as a set; the active one if there is
 * one. If none can, the first one, whose error gives the reason. */
unsigned gprs_activatable(const struct gprs *g, unsigned cids);

/* Takes effect at once. */
void gprs_deactivate(struct gprs *g, unsigned cids);

/* The network deactivates all contexts. False: none is active. */
bool gprs_drop(struct gprs *g);

bool gprs_attached(const struct gprs *g);
bool gprs_busy(const struct gprs *g);
int gprs_error(const struct gprs *g); /* enum gprs_cause, or from the profile */

/* +CGREG <stat>: 0, 1 home, 2 searching, 3 denied, 5 roaming. */
int gprs_stat(const struct gprs *g);
extern const struct fsm_state gprs_states[]; /* ends with a NULL name */
const char *gprs_state_name(const struct gprs *g);

/* The context of a cid, 1 to GPRS_CONTEXTS. */
struct gprs_context *gprs_context(struct gprs *g, int cid);

/* True if no access point of the network has the name in the context. */
bool gprs_apn_unknown(const struct gprs *g, int cid);

/* GPRS_CID set of the defined contexts. */
unsigned gprs_defined(const struct gprs *g);

/* The address of an active context, or the static one of an inactive context; "" if none.
 */
void gprs_address(const struct gprs *g, int cid, char out[GPRS_ADDR_MAX + 1]);

/* +CGDCONT=<cid>: undefines it; its QoS profiles stay. */
void gprs_undefine(struct gprs *g, int cid);
