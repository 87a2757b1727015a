/* What the bytes of the port currently mean, and the output path for bytes. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "link/data.h"
#include "link/download.h"
#include "link/ppp.h"
#include "state/ports.h"

struct channel;
struct modem;
struct socket;

enum link_mode {
	LINK_COMMAND,  /* command lines */
	LINK_PPP,      /* PPP frames */
	LINK_DATA,     /* a data call: bytes of the far end */
	LINK_DOWNLOAD, /* XMODEM blocks; command lines between start characters */
	LINK_MUX,      /* frames of the multiplexer: its DLCs are channels of their own */
	LINK_SOCKET,   /* octets of a socket of WIPsoft */
};

/* Room beyond what callers are promised, for output added by fault rules. A caller that
 * has asked for room may send up to LINK_PROMISED bytes. */
#define LINK_SPARE    2048
#define LINK_PROMISED 5120
#define LINK_HELD     4096 /* most bytes from the host that wait */

/* What is written only while bytes wait, PPP is spoken, or a file is received. */
struct link_memory {
	char tx[8192 + LINK_SPARE];
	char held[LINK_HELD];
	struct ppp_memory ppp;
	uint8_t block[XMODEM_MEMORY];
};

/* What takes the output of a channel that has no port of its own. */
struct link_carrier {
	void (*flush)(struct channel *ch); /* as link_flush() */
	void (*lines)(struct channel *ch); /* its V.24 outputs have changed */
};

struct link {
	struct link_memory *memory;
	const struct link_carrier *carrier; /* of a DLC; NULL: the port */
	enum link_mode mode;
	struct buf tx;    /* sent by the modem, not yet taken by the port */
	uint64_t said;    /* bytes that the port has taken */
	uint64_t own;     /* the same before conversion to noise for another speed */
	struct buf held;  /* heard, not yet taken by the engine */
	unsigned v24;     /* v24_line set that is on */
	bool dtr;         /* a client is there */
	bool cmee;        /* ... and has sent AT+CMEE=1 */
	bool unplugged;   /* the cable is out: no bytes in either direction */
	struct uart host; /* what the client has set */
	struct uart_format frame; /* of the modem: AT+ICF after its OK */
	bool rts_seen;            /* RTS was on once: before that it is ignored */
	bool rts;
	unsigned rate;  /* of the modem: AT+IPR after its OK; 0: autobaud */
	usec_t sent_at; /* when the last output left */
	unsigned found; /* rate that autobaud has found, 0: no AT has come yet */
	unsigned blamed_baud, blamed_rate; /* reported to this client last */
	bool blamed_format, blamed_overrun;
	size_t flight;  /* the last bytes of `held`: still on the line */
	size_t waiting; /* the first bytes of `held`: heard, but not taken when last
			   offered */
	bool feeding;   /* the engine takes bytes now ... */
	bool forgets;   /* ... and what is left of them is to be dropped */
	size_t landing; /* the part of them that is heard when `hears` expires ... */
	size_t leaving; /* ... and the part of `tx` that is sent when `says` expires */
	struct timer says, hears; /* line.paces */
	struct timer replug;      /* the cable comes back ... */
	enum cable back;          /* ... so */
	/* The engine: whether it accepts bytes now, and its part of link_rx() for bytes
	 * of command lines. */
	bool (*takes)(const struct channel *ch);
	size_t (*typed)(struct channel *ch, const unsigned char *p, size_t len);
	struct download download;
	struct ppp ppp;
	struct data data;
	struct socket *socket; /* in LINK_SOCKET: whose octets pass */
};

/* The link is all zero but for its memory. */
void link_init(struct channel *ch);

/* A new conversation: the channel takes command lines, at the speed that it now has. */
void link_begin(struct channel *ch);

/* Power-on and reset: the same for every channel. */
void link_restart(struct modem *m);

/* The channel that has the data call or the PPP session, online or escaped; NULL: there
 * is none. */
struct channel *link_online(const struct modem *m);
struct channel *link_speaks_ppp(const struct modem *m);

/* Room for the modem's output. A caller asks before it sends; sending more than fits is a
 * bug. */
size_t link_room(const struct channel *ch);
void link_send(struct channel *ch, const void *data, size_t len);

/* How much a fault rule may add between other output. */
size_t link_spare(const struct channel *ch);

/* Passes output on as far as the port takes it. */
void link_flush(struct channel *ch);

/* Whether client and modem do not understand each other: line.garbles is on, and both
 * speeds are known and differ. rx: for bytes to the modem; otherwise for its output,
 * which is at 9600 while an autobauding modem has heard no AT (line.md Autobauding). */
bool link_garbles(const struct channel *ch, bool rx);

/* The modem's input buffer: with so many bytes waiting, CTS goes off. A host that
 * sends on loses them, and is told (line.paces; the size is inferred). */
#define LINK_FIFO 1024
/* Drops what has landed beyond it, if nothing keeps the host from sending. */
void link_overrun(struct channel *ch);

/* How len bytes look at another speed, in out: the same number, none of them ASCII
 * (inferred: on metal it depends on both speeds). Returns out. */
const unsigned char *link_noise(const unsigned char *p, size_t len, unsigned char *out);

/* The rate in force: set by AT+IPR, or found by autobaud. */
unsigned link_rate(const struct channel *ch);

/* Bytes have come while client and modem have different speeds or formats: reports it,
 * once for each pair of speeds and each client. */
void link_blame_line(struct channel *ch);

/* Whether bytes of the host have come that are not taken yet. */
bool link_waits(const struct channel *ch);

/* Drops what has come and is not taken yet: it was for a call that has ended. */
void link_forget(struct channel *ch);

/* The host has dropped DTR: drops that, and what is still on the line. */
void link_forget_all(struct channel *ch);

/* line.paces: len more bytes of `held` are still on the line. */
void link_take_off(struct channel *ch, size_t len);

/* A client has come or gone. */
void link_dtr(struct channel *ch, bool on);

/* The cable is plugged in (not CABLE_OUT), or pulled out: then it comes back as `back` says
 * after `time`, 0: never by itself. What is so already does not change, but for when it
 * comes back. */
void link_plug(struct channel *ch, enum cable to);
void link_unplug(struct channel *ch, usec_t time, enum cable back);

/* The client has switched RTS. */
void link_rts(struct channel *ch, bool on);

/* Switches V.24 outputs on and off (v24_line sets). */
void link_lines(struct channel *ch, unsigned on, unsigned off);
