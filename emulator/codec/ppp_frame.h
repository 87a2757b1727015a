/* PPP in HDLC-like framing (RFC 1662): octet stuffing and the 16-bit check sequence. A
 * frame here starts with its address field and ends before its check sequence. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"

#define PPP_FRAME_MAX 1600 /* MRU 1500 with address, control, protocol and FCS */
#define PPP_ACCM_ALL  0xffffffffu

/* Appends a frame with both flags, its check sequence, and an escape before every control
 * character in the map (bit n: octet n). All of it or nothing. */
bool ppp_encode(struct buf *out, const void *frame, size_t len, uint32_t accm);

struct ppp_decoder {
	uint8_t data[PPP_FRAME_MAX];
	size_t len;
	uint32_t accm; /* control characters that the line adds: skipped (clause 7.1) */
	bool begun, escaped, overlong;
};

/* Starts between frames, with an empty map: every control character is data. */
void ppp_decoder_init(struct ppp_decoder *d);

/* Takes one octet of the line. At the end of a good frame returns its length, and d->data
 * holds the frame until the next call; else returns 0. What is between frames, cut off or
 * has a wrong check sequence is skipped. */
size_t ppp_decode(struct ppp_decoder *d, uint8_t octet);
