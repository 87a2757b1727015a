/* What the multiplexer's files send by. */
#include "link/mux_int.h"

struct dlc *mux_dlc(struct mux *x, unsigned dlci)
{
	return dlci <= MUX_DLCS ? &x->dlc[dlci] : NULL;
}

void mux_send(struct mux *x, const struct mux_frame *f)
{
	char mem[MUX_FRAME_MAX];
	struct buf b;

	buf_init(&b, mem, sizeof(mem));
	mux_encode(&b, f);
	link_send(x->carrier, b.data, b.len);
}

void mux_say(struct mux *x, uint8_t type, const uint8_t *value, size_t len)
{
	uint8_t mem[MUX_INFO_MAX];
	struct buf b;

	buf_init(&b, mem, sizeof(mem));
	buf_putc(&b, (char)type);
	if (len <= 127) {
		buf_putc(&b, (char)(uint8_t)(len << 1 | 1));
	} else {
		buf_putc(&b, (char)(uint8_t)(len << 1 & 0xff));
		buf_putc(&b, (char)(uint8_t)(len >> 7));
	}
	if (len)
		buf_put(&b, value, len);
	mux_send(x, &(struct mux_frame){ .type = MUX_UIH, .info = mem, .len = b.len });
}
