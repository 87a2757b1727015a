/* Frames of the multiplexer's basic option (3GPP 27.010 clause 5.2; mux.md Frame):
 *
 *   F9 | address | control | length, 1 or 2 octets | information | FCS | F9
 *
 * One flag may end a frame and begin the next. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"

#define MUX_FLAG      0xf9
#define MUX_INFO_MAX  255 /* octets of information: the largest N1 */
#define MUX_OVERHEAD  7   /* octets of a frame around them, at most */
#define MUX_FRAME_MAX (MUX_INFO_MAX + MUX_OVERHEAD)

enum mux_type { /* the control octet without its P/F bit */
	MUX_UI = 0x03,
	MUX_DM = 0x0f,
	MUX_SABM = 0x2f,
	MUX_DISC = 0x43,
	MUX_UA = 0x63,
	MUX_UIH = 0xef,
};

struct mux_frame {
	uint8_t type; /* enum mux_type */
	uint8_t dlci; /* 0-63 */
	bool cr;      /* the C/R bit */
	bool pf;      /* the P/F bit */
	size_t len;   /* of the information, at most MUX_INFO_MAX */
	const uint8_t *info;
};

/* Appends a frame with both of its flags. All of it or nothing: false if it does not
 * fit. */
bool mux_encode(struct buf *out, const struct mux_frame *f);

enum mux_place {        /* what the next octet is */
	MUX_AT_NOISE,   /* skipped up to a flag */
	MUX_AT_ADDRESS, /* or one more flag: between frames */
	MUX_AT_CONTROL,
	MUX_AT_LENGTH,
	MUX_AT_LENGTH_2,
	MUX_AT_INFO,
	MUX_AT_FCS,
	MUX_AT_END, /* the flag that ends a good frame */
};

enum mux_fault { /* why frames were skipped: a set */
	MUX_BAD_FCS = 1,
	MUX_TOO_LONG = 2, /* more information than N1 */
	MUX_BROKEN =
		4, /* an unknown control octet, a longer address, no flag at its end */
};

struct mux_decoder {
	uint8_t data[MUX_INFO_MAX];
	struct mux_frame frame; /* being received */
	size_t len;             /* octets of its information so far */
	size_t limit;           /* the most it may have */
	uint8_t fcs;
	enum mux_place at;
	unsigned faults; /* mux_fault set, for the user to clear */
};

/* limit: N1, at most MUX_INFO_MAX. */
void mux_decoder_init(struct mux_decoder *d, size_t limit);

/* Takes one octet of the line. True at the end of a good frame, which d->frame holds
 * until the next call. What is not a good frame is skipped up to the next flag; the work
 * for an octet never depends on those before it. */
bool mux_decode(struct mux_decoder *d, uint8_t octet);
