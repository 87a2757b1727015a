/* PPP in HDLC-like framing (RFC 1662): octet stuffing and the 16-bit check sequence. A
 * frame here begins with its address field and ends before its check sequence. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"

#define PPP_FRAME_MAX 1600 /* MRU 1500 with address, control, protocol and FCS */
#define PPP_ACCM_ALL  0xffffffffu

/* Goes on from an earlier value; the first piece starts from 0xffff, and what is sent is
 * the complement, low octet first (RFC 1662 appendix C.2). */
uint16_t ppp_fcs16(uint16_t fcs, const void *data, size_t len);

/* Appends a frame with both flags, its check sequence, and an escape before every
 * control character of the map (bit n: octet n). All of it or nothing. */
bool ppp_encode(struct buf *out, const void *frame, size_t len, uint32_t accm);

struct ppp_decoder {
	uint8_t data[PPP_FRAME_MAX];
	size_t len;
	bool begun, escaped, overlong;
};

void ppp_decoder_init(struct ppp_decoder *d);

/* Takes an octet of the line. At the end of a good frame gives its length, and the frame
 * stands in d->data until the next call; else 0. What lies between frames, is cut off or
 * has a wrong check sequence is passed over. */
size_t ppp_decode(struct ppp_decoder *d, uint8_t octet);
