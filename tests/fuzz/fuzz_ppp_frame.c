/* Exercises codec/ppp_frame with arbitrary octets from the line. A decoded frame encodes,
 * with the map in the first four octets, and decodes to the same. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "codec/ppp_frame.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(bool is)
{
	if (!is)
		abort();
}

static void again(const uint8_t *frame, size_t len, uint32_t accm)
{
	static uint8_t line[4 * PPP_FRAME_MAX];
	static struct ppp_decoder back;
	struct buf out;
	size_t i, got = 0;

	buf_init(&out, line, sizeof(line));
	check(ppp_encode(&out, frame, len, accm));
	ppp_decoder_init(&back);
	for (i = 0; i < out.len; i++) {
		check(!got);
		check(i == 0 || i + 1 == out.len || line[i] != 0x7e);
		got = ppp_decode(&back, line[i]);
	}
	check(got == len && !memcmp(back.data, frame, len));
	/* one octet too little room: nothing is written */
	buf_init(&out, line, out.len - 1);
	check(!ppp_encode(&out, frame, len, accm) && !out.len);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct ppp_decoder d;
	uint32_t accm;
	size_t i, len;

	if (size < sizeof(accm))
		return 0;
	memcpy(&accm, data, sizeof(accm));
	ppp_decoder_init(&d);
	for (i = sizeof(accm); i < size; i++) {
		len = ppp_decode(&d, data[i]);
		check(len + 2 <= PPP_FRAME_MAX || !len);
		if (len)
			again(d.data, len, accm);
	}
	/* any octets can also be sent as a frame */
	if (size <= PPP_FRAME_MAX - 2)
		again(data, size, accm);
	return 0;
}
