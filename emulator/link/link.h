/* What the bytes of the port mean right now, and the way out for bytes. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "link/data.h"
#include "link/download.h"
#include "link/ppp.h"

struct modem;

enum link_mode {
	LINK_COMMAND,  /* command lines */
	LINK_PPP,      /* PPP frames */
	LINK_DATA,     /* a data call: bytes of the far end */
	LINK_DOWNLOAD, /* XMODEM blocks; command lines between start characters */
};

/* Room behind what callers are promised, for what faults say and corrupt. Who has asked
 * for room may want as much as LINK_PROMISED of it. */
#define LINK_SPARE    2048
#define LINK_PROMISED 5120

struct link {
	enum link_mode mode;
	struct buf tx;   /* said, and not yet taken by the port */
	uint64_t said;   /* bytes that the port has taken */
	uint64_t own;    /* the same before noise is made of them for another speed */
	struct buf held; /* heard, and not yet taken by the engine */
	unsigned v24;    /* v24_line set that is on */
	bool dtr;        /* a client is there */
	bool cmee;       /* ... and it has sent AT+CMEE=1 */
	bool unplugged;  /* the cable is out: nothing is heard, and nobody hears */
	unsigned baud;   /* of the client, 0 unknown */
	unsigned rate;   /* of the modem: AT+IPR behind its OK; 0 finds the client's */
	unsigned found;  /* what it has found then, 0: no AT has come yet */
	unsigned blamed_baud, blamed_rate; /* when this client was last told of them */
	size_t flight;  /* the last bytes of `held`: still on the line */
	size_t waiting; /* the first bytes of `held`: heard, and not taken when last
			   offered */
	size_t landing; /* of them, those that are heard when `hears` is due ... */
	size_t leaving; /* ... and of `tx`, those that are said when `says` is */
	struct timer says, hears; /* line.paces */
	/* The engine: whether it takes bytes now, and its share of bytes that are
	 * commands, as link_rx() has it. */
	bool (*takes)(const struct modem *m);
	size_t (*typed)(struct modem *m, const unsigned char *p, size_t len);
	struct download download;
	struct ppp ppp;
	struct data data;
	char tx_mem[8192 + LINK_SPARE];
	char held_mem[4096];
};

void link_init(struct modem *m);

/* Room for what the modem says. A caller asks before it speaks; what does not fit is a
 * broken promise. */
size_t link_room(const struct modem *m);
void link_send(struct modem *m, const void *data, size_t len);

/* How much a fault may say between what others say. */
size_t link_spare(const struct modem *m);

/* Passes on what the port takes. */
void link_flush(struct modem *m);

/* Whether the client and the modem do not understand each other: line.garbles is on, both
 * speeds are known, and differ. rx: what the modem hears; else what it says, which is at
 * 9600 while an autobauding modem has heard no AT (line.md Autobauding). */
bool link_garbles(const struct modem *m, bool rx);

/* What becomes of len bytes at another speed, in out: as many, none of them ASCII
 * (inferred: on metal it depends on both speeds). Gives out. */
const unsigned char *link_noise(const unsigned char *p, size_t len, unsigned char *out);

/* The rate in force: of AT+IPR, or the one that autobauding has found. */
unsigned link_rate(const struct modem *m);

/* Bytes have come while client and modem are at two speeds: a complaint, once for each
 * pair of speeds and client. */
void link_blame_speed(struct modem *m);

/* line.paces: len bytes more of `held` are still on the line. */
void link_take_off(struct modem *m, size_t len);

/* A client has come, or gone. */
void link_dtr(struct modem *m, bool on);

/* Switches V.24 outputs on and off (v24_line sets). */
void link_lines(struct modem *m, unsigned on, unsigned off);
