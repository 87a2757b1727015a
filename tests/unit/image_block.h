/* A block of XMODEM-1K with a part of an image, and its checksum. */
#pragma once

#include <stdint.h>

#include "codec/dwl.h"

#define BLOCK     1024u
#define BLOCK_LEN (3 + BLOCK + 1)

/* The block number starts at 1. */
static inline void image_block(
	const struct dwl_header *h, uint32_t number, uint8_t out[BLOCK_LEN])
{
	uint32_t at = (number - 1) * BLOCK, head = at ? 0 : DWL_HEADER, i;

	out[0] = 0x02;
	out[1] = (uint8_t)number;
	out[2] = (uint8_t)~number;
	if (head)
		dwl_encode(h, out + 3);
	dwl_body(h, at + head - DWL_HEADER, out + 3 + head, BLOCK - head);
	out[3 + BLOCK] = 0;
	for (i = 0; i < BLOCK; i++)
		out[3 + BLOCK] = (uint8_t)(out[3 + BLOCK] + out[3 + i]);
}
