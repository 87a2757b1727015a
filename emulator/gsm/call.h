/* Calls of the modem, up to seven, as 3GPP 22.030, 22.083 and 22.084 describe them for a
 * host: set-up, ringing, waiting, hold, multiparty. The profile describes the far ends.
 * Knows no AT text: events are reported through event(). */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "base/fsm.h"
#include "base/sched.h"
#include "gsm/neighbours.h"
#include "gsm/ss.h"
#include "state/profile.h"

#define CALLS 7

enum call_state {
	CALL_FREE,
	CALL_DIALING,  /* mobile originated, no answer from the far end yet */
	CALL_ALERTING, /* the far end rings */
	CALL_INCOMING, /* this end rings */
	CALL_WAITING,  /* it would ring, but there is another call */
	CALL_TRAINING, /* answered; the modems of a data call train */
	CALL_ACTIVE,
	CALL_HELD,
};

enum call_event {
	CALL_EVENT_CREATED,
	CALL_EVENT_ALERTING,  /* the far end rings */
	CALL_EVENT_RING,      /* one ring of an incoming call; repeated every 5 s */
	CALL_EVENT_WAITING,   /* a call waits during another call */
	CALL_EVENT_CONNECTED, /* now active */
	CALL_EVENT_HINT,      /* the network reports a service: see hint */
	CALL_EVENT_ENDED, /* cause and local_end give the reason; the call is free after
			     this */
	CALL_EVENT_TONE,  /* the far end sends DTMF: see tone */
};

/* What the network reports about services that others have or use (24.080 clause 3.1). */
enum call_hint {
	/* to the caller, before the far end rings */
	HINT_FORWARDED, /* the call goes to another number */
	HINT_DEFLECTED,
	HINT_WAITS, /* it waits during another call there */
	HINT_GROUP, /* it stays in the closed user group `group` */
	HINT_BARS,  /* the far end bars incoming calls */
	/* to either end during a call */
	HINT_HELD,
	HINT_RETRIEVED,
	HINT_CONFERENCE,
	HINT_SENT_ON, /* another call has come, and was forwarded */
};

/* 24.008 annex H, as +CEER reports them (errors.md Cause numbers). */
enum call_cause {
	CAUSE_NONE = 0,
	CAUSE_UNALLOCATED = 1,
	CAUSE_NORMAL = 16,
	CAUSE_BUSY = 17,
	CAUSE_NO_RESPONSE = 18,
	CAUSE_NO_ANSWER = 19,
	CAUSE_REJECTED = 21,
	CAUSE_OUT_OF_ORDER = 27, /* the far end is not there */
	CAUSE_NETWORK = 38,
	CAUSE_NOT_SUBSCRIBED = 50,
	CAUSE_BEARER = 65,
	CAUSE_CHARGE = 68, /* the SIM's meter has reached its limit */
	CAUSE_NOT_IN_GROUP = 87,
	CAUSE_DETACHED = 224,
	CAUSE_GPRS_DETACHED = 225,    /* by the network */
	CAUSE_GPRS_NO_SERVICE = 226,  /* nowhere to attach */
	CAUSE_GPRS_NO_ACCESS = 227,   /* not in this network or area */
	CAUSE_GPRS_REFUSED = 228,     /* the attach is refused */
	CAUSE_GPRS_DEACTIVATED = 229, /* the context, by the network */
	CAUSE_GPRS_REJECTED = 235,    /* its activation, by the network */
	CAUSE_FIXED_DIALLING = 240,
	CAUSE_REFUSED_HERE = 241, /* not allowed now */
	CAUSE_OUTGOING_BARRED = 252,
	CAUSE_INCOMING_BARRED = 253,
	CAUSE_LOWER_LAYER = 255,
};

/* Where the far end of a data call is. */
enum call_far {
	CALL_FAR_HERE,    /* the row of the profile, and actions */
	CALL_FAR_AWAITED, /* outside; it has been asked for */
	CALL_FAR_THERE,   /* outside, and connected */
};

/* What is known before a call starts. */
struct call_terms {
	enum call_bearer bearer;
	bool hidden;                    /* the caller's number is withheld */
	int group;                      /* closed user group, GROUP_NONE for none */
	bool group_only;                /* outgoing: it must stay in the group */
	bool emergency;                 /* outgoing: needs no registration */
	enum call_detour detour;        /* incoming: how it comes */
	usec_t gives_up;                /* incoming: how long it rings, 0 for no limit */
	enum call_far far;              /* incoming data: where the caller is */
	const struct call_signal *from; /* incoming: of a neighbour, NULL: not */
};

struct calls;

struct call {
	struct fsm fsm;
	int id; /* 1-7, as in +CLCC */
	bool incoming, withheld, emergency;
	bool multiparty;
	bool answered;
	bool local_end; /* released by this side */
	bool held_there, group_only;
	bool hides;              /* outgoing: the own number is withheld */
	bool neighbour;          /* a neighbour is the far end ... */
	bool linked;             /* ... and knows of this call */
	bool doubted;            /* ... and was asked whether it still does */
	int group;               /* GROUP_NONE: none */
	enum call_detour detour; /* outgoing: how the call was forwarded to `reached` */
	enum call_hint hint;     /* for CALL_EVENT_HINT */
	char tone;               /* for CALL_EVENT_TONE */
	enum call_bearer bearer;
	enum call_far far;
	bool overdue;             /* it would be connected if the far end were there */
	char number[CALL_NUMBER]; /* with + if international; "" if withheld */
	const char *reached;      /* outgoing: the number that the call has reached */
	char other[CALL_NUMBER];  /* ... where a neighbour has given it */
	int forwards;             /* how often it was forwarded */
	int speed, element;       /* data: +CBST of the caller */
	struct call_key key;      /* its name, as this side hears it ... */
	struct call_line line;    /* ... and says it */
	const struct subscriber
		*who; /* world->others: a number without a row of its own */
	int rings;
	int cause;           /* why it ended */
	enum call_state was; /* before it ended */
	struct timer step;   /* for what the far end does next */
	struct timer hold;   /* for when it puts the call on hold, and resumes it */
	struct calls *home;  /* the calls to which it belongs */
};

struct calls {
	const struct calls_conf *world;
	const struct ss *services; /* whether another call may wait, and what is barred */
	const int *unsaid;         /* +CSNS: 0 voice, 2 fax, 4 data */
	bool registered, roaming;
	const struct log *log;
	struct sched *sched;
	unsigned live;     /* set of the calls that are not free: 1 << (id - 1) */
	struct call *call; /* CALLS of them; id 1 is call[0] */
	size_t made; /* how many were used since the start; the others are all zero */
	struct timer ring;
	struct timer back; /* a subscriber calls back */
	const struct subscriber *caller;
	int cause; /* of the last call that ended: +CEER */
	void (*event)(void *ctx, enum call_event e, const struct call *c);
	/* rejects a caller before it rings; NULL: none */
	bool (*refuses)(void *ctx, const char *number);
	/* Asks for the far end of a data call outside, where its row says so; then
	 * calls_far_there() or calls_far_hang_up() follows. False: nobody is there to be
	 * asked. And the call has ended: the outside lets go of it. May be NULL. */
	bool (*reach)(void *ctx, const struct call *c);
	void (*leave)(void *ctx, const struct call *c);
	const int *speed, *element;               /* +CBST; NULL: 0 */
	const struct neighbour_ports *neighbours; /* NULL: none */
	const char *
		own; /* the SIM's number, with its + ("": none); NULL without neighbours */
	uint64_t refs; /* the newest call_key.ref */
	/* Whether a session keeps data calls of neighbours away; NULL: none. */
	bool (*engaged)(void *ctx);
	void *ctx;
};

/* Starts without a call. `call` is memory for CALLS calls, all zero. event() must not call back into calls, except call_answer().
 * unsaid: the bearer of a call that names none, numbered as in 27.007 clause 6.19. */
void calls_init(struct calls *a, struct call *call, const struct calls_conf *world,
	const struct ss *services, const int *unsaid, struct sched *s,
	const struct log *l,
	void (*event)(void *ctx, enum call_event e, const struct call *c), void *ctx);

/* Power-off and reset: drops all calls without events. */
void calls_stop(struct calls *a);

/* The registration has changed; without it calls can neither be made nor come in. */
void calls_network(struct calls *a, bool registered, bool roaming);

/* Sets a call up; an active one is put on hold first. NULL when there are too many
 * (22.083: one active and one held). The number has digits, * # A-D, and may begin with
 * +. */
struct call *call_dial(
	struct calls *a, const char *number, const struct call_terms *terms);

/* A call comes in. NULL when it does not get through: this side is busy or away, bars it
 * or forwards it. */
struct call *call_incoming(
	struct calls *a, const char *number, const struct call_terms *terms);

/* A signal of a neighbour has come; a neighbour is gone; the id of a call, 0: there is
 * none. */
void calls_signal(struct calls *a, const struct call_signal *s);
void calls_neighbour_gone(struct calls *a, uint64_t unit);
int calls_id(const struct calls *a, const struct call_key *key);

/* The host sends a DTMF tone: neighbours in the active calls hear it. */
void calls_tone(const struct calls *a, char tone);

/* The bearer that a caller wants, named or not. */
enum call_bearer calls_bearer(
	const struct calls *a, enum caller_bearer as, bool has_modem);

/* Answers the call that rings; false when there is none. CALL_EVENT_CONNECTED follows
 * (for data after the training), or CALL_EVENT_ENDED. */
bool call_answer(struct calls *a);

/* Releases calls from this side with a cause: all, or one of them. */
void calls_release(struct calls *a, int cause);
void call_release(struct call *c, int cause);

/* The network ends calls with that cause: all, or all except emergency calls. */
void calls_lost(struct calls *a, int cause);
void calls_lost_but_emergencies(struct calls *a, int cause);
void call_lost(struct call *c, int cause); /* one that is not free */

/* The far end that reach() has asked for is connected. */
void calls_far_there(struct calls *a, int id);

/* The far end of an outgoing call answers now; false when there is no such call, or it is
 * a neighbour, which answers itself. */
bool calls_far_answer(struct calls *a);

/* The far end of call `id` (0: of all) hangs up; false when there is no such call. */
bool calls_far_hang_up(struct calls *a, int id, int cause);

/* +CHLD (22.030 clause 6.5.5.1). x is a call id, 0 for none. False: no such call. */
bool calls_hold(struct calls *a, int action, int x);

/* ---- looking in ------------------------------------------------------------------ */

static inline enum call_state call_state(const struct call *c)
{
	return (enum call_state)c->fsm.state;
}

/* The first call in that state, NULL if there is none. */
const struct call *calls_find(const struct calls *a, enum call_state state);
bool calls_any(const struct calls *a);

/* True when a call is active or being set up, not merely ringing: +CPAS 4. */
bool calls_busy(const struct calls *a);
bool calls_ringing(const struct calls *a);   /* +CPAS 3 */
extern const struct fsm_state call_states[]; /* ends with a NULL name */
const char *call_state_name(const struct call *c);

/* Whether it is an emergency number (22.101 clause 10); without a SIM there are more of
 * them. */
bool call_is_emergency(const char *number, bool card);
