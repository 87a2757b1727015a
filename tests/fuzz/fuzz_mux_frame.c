/* Exercises codec/mux_frame with arbitrary octets from the line; the first is N1. A
 * decoded frame encodes and decodes to the same. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "codec/mux_frame.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(bool is)
{
	if (!is)
		abort();
}

static void again(const struct mux_frame *f)
{
	static struct mux_decoder back;
	uint8_t line[MUX_FRAME_MAX];
	struct buf out;
	size_t i, got = 0;

	buf_init(&out, line, sizeof(line));
	check(mux_encode(&out, f));
	mux_decoder_init(&back, f->len);
	for (i = 0; i < out.len; i++) {
		check(!got);
		got = mux_decode(&back, line[i]);
	}
	check(got && back.frame.type == f->type && back.frame.dlci == f->dlci &&
		back.frame.cr == f->cr && back.frame.pf == f->pf &&
		back.frame.len == f->len && !memcmp(back.data, f->info, f->len));
	/* one octet too little room: nothing is written */
	buf_init(&out, line, out.len - 1);
	check(!mux_encode(&out, f) && !out.len);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct mux_decoder d;
	size_t i;

	if (!size)
		return 0;
	mux_decoder_init(&d, data[0]);
	for (i = 1; i < size; i++) {
		if (!mux_decode(&d, data[i]))
			continue;
		check(d.frame.len <= data[0]);
		/* DLCI 62 with these bits is a flag */
		if (d.frame.dlci != 62)
			again(&d.frame);
	}
	/* good frames follow at once or after N1 octets at most */
	for (i = 0; i < 2 * MUX_FRAME_MAX; i++)
		mux_decode(&d, MUX_FLAG);
	check(d.at == MUX_AT_ADDRESS);
	return 0;
}
