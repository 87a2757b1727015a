/* The multiplexer on a port: the modem's end of 3GPP 27.010, basic option (mux.md).
 *
 *   port <-> carrier, in LINK_MUX: frames <-> DLC 0: control messages
 *                                         <-> DLC 1 to 4: a channel each
 *
 * A DLC is a conversation like that of a port. Its output becomes frames in the output of
 * the carrier. What only a running multiplexer needs is all zero until then. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/fsm.h"
#include "base/sched.h"
#include "codec/mux_frame.h"
#include "link/link.h"
#include "state/channel.h"

struct modem;

#define MUX_DLCS 4

/* As in AT+CMUX. */
struct mux_params {
	int speed;      /* 1-8; 0: that of +IPR */
	int n1;         /* octets of information in a frame */
	int t1, n2, t2; /* 20 ms, times, 20 ms */
	int t3;         /* 2 s */
};

enum mux_state {
	MUX_OFF,
	MUX_WAITS,     /* for DLC 0 */
	MUX_OPEN,      /* DLC 0 is open */
	MUX_SUSPENDED, /* the firmware restarts */
	MUX_CALLS,     /* the modem opens DLC 0, after a restart */
};
extern const struct fsm_state mux_states[];

enum mux_sleep {
	MUX_AWAKE,
	MUX_ASLEEP,  /* sends nothing but answers */
	MUX_CALLED,  /* the host has sent flags: the modem answers with flags */
	MUX_CALLING, /* the modem has something to send: it sends flags */
};
extern const struct fsm_state mux_sleeps[];

enum mux_end {
	MUX_CLOSED,    /* by the host: CLD, or DISC of DLC 0 */
	MUX_TIMED_OUT, /* nobody has opened DLC 0 */
	MUX_REFUSED,   /* the host has refused DLC 0 after a restart */
	MUX_UNUSED,    /* no other DLC was open for too long */
};

/* What the layers above do for it. */
struct mux_user {
	/* Makes the channel of a DLC, whose place in the modem is set, anew. */
	void (*make)(struct channel *ch);
	/* The DLC closes: what its channel does ends, without a result. */
	void (*close)(struct channel *ch);
	/* The host has switched DTR of a DLC. */
	void (*dtr)(struct channel *ch, bool on);
	/* The multiplexer has ended; the port takes command lines. */
	void (*ended)(struct channel *carrier, enum mux_end why);
};

enum dlc_state {
	DLC_CLOSED,
	DLC_OPENS, /* the modem has sent SABM, or will */
	DLC_OPEN,
};

struct dlc {
	enum dlc_state state;
	struct channel *ch; /* not of DLC 0 */
	size_t n1;
	bool stopped;    /* by the host: FC */
	bool reopen;     /* after the restart */
	uint8_t said;    /* signals in the newest MSC, 0: none yet */
	int tries;       /* how often it was repeated */
	struct timer t2; /* until it is repeated */
	size_t unheard;  /* output for which the host did not wake up */
};

struct mux {
	struct modem *modem;
	struct channel *carrier;
	struct fsm fsm, sleep;
	struct mux_params p;
	struct dlc dlc[1 + MUX_DLCS];
	bool stopped;        /* by the host: FCoff */
	bool may_sleep;      /* the host has sent PSC */
	bool again;          /* the coming restart leaves it running */
	unsigned turn;       /* the DLC that has sent the newest data */
	int tries;           /* SABM sent */
	usec_t until;        /* flags are sent */
	unsigned blamed;     /* mistakes of the host already reported */
	struct timer idle;   /* without DLC 0, or with no other */
	struct timer repeat; /* the modem's SABM */
	struct timer wake;   /* the next flag */
	struct mux_decoder rx;
	struct channel channel[MUX_DLCS];
	struct link link[MUX_DLCS];
	struct link_memory memory[MUX_DLCS];
};

/* Whether it runs on this port; on any port. */
bool mux_runs_on(const struct channel *ch);
bool mux_runs(const struct modem *m);

/* Starts it on a port whose OK has been sent. It must not run yet. */
void mux_start(struct channel *ch, const struct mux_params *p);

/* The coming restart of the firmware leaves it running (mux.md Multiplexer rules). */
void mux_keep(struct modem *m);

/* The firmware stops: the multiplexer ends, or waits if it was kept; the firmware starts,
 * and is ready. */
void mux_stop(struct modem *m);
void mux_restart(struct modem *m);
void mux_ready(struct modem *m);

/* Bytes from the host, as in link_rx(). */
size_t mux_rx(struct channel *ch, const unsigned char *p, size_t len);

/* For the links of the channels of DLCs. */
extern const struct link_carrier mux_carrier;

/* Bits per second that it has set on its port. */
unsigned mux_rate(const struct modem *m);

/* The channel that speaks for a port, which may be NULL: the port itself, or its first
 * open DLC; NULL: there is none. */
struct channel *mux_speaker(struct channel *port);
