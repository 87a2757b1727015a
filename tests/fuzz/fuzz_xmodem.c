/* Exercises link/xmodem with arbitrary bytes at any time. The first byte chooses how the
 * receiver requests and answers; then a byte below 0x80 is that many bytes of input plus
 * one, and a higher byte is a silence. The same bytes split differently have the same
 * effect, and no block is stored outside a transfer. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "codec/crc.h"
#include "link/xmodem.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct run {
	struct sched sched;
	struct xmodem x;
	uint8_t how;
	uint32_t happened; /* CRC of all that the receiver did */
	uint32_t blocks;
};

static void did(struct run *r, char what, const void *data, size_t len)
{
	r->happened = crc32_ieee(r->happened, &what, 1);
	r->happened = crc32_ieee(r->happened, data, len);
}

static void on_send(void *ctx, const void *buf, size_t len)
{
	if (len < 1 || len > 3)
		abort();
	did(ctx, 's', buf, len);
}

static bool on_block(void *ctx, const void *data, size_t len, bool first)
{
	struct run *r = ctx;

	if ((len != 128 && len != 1024) || first != (r->blocks == 0))
		abort();
	r->blocks++;
	did(r, 'b', data, len);
	return !(r->how & 8) || r->blocks < 3;
}

static bool on_end(void *ctx)
{
	struct run *r = ctx;

	if (r->blocks == 0 || r->x.phase != XMODEM_OFF)
		abort();
	r->blocks = 0;
	did(r, 'e', NULL, 0);
	return !(r->how & 16);
}

static void start(struct run *r)
{
	struct xmodem_conf conf = {
		.start = { DWL_START_NAK, DWL_START_C },
		.starts = 1 + (r->how & 1),
		.start_period = SEC(1),
		.block_gap = SEC(1),
		.block_wait = SEC(10),
		.retries = 3,
		.nak_eot = r->how & 2,
	};

	if (r->how & 4)
		conf.start[0] = DWL_START_C;
	r->blocks = 0;
	xmodem_start(&r->x, &conf, 0);
}

static void on_failed(void *ctx, enum xmodem_fault why)
{
	struct run *r = ctx;

	did(r, 'f', &(uint8_t){ (uint8_t)why }, 1);
	start(r);
}

static void on_other(void *ctx, uint8_t byte)
{
	struct run *r = ctx;

	if (r->x.phase != XMODEM_OFF && r->x.phase != XMODEM_START)
		abort();
	did(r, 'o', &byte, 1);
	if (byte == 'A')
		start(r);
}

static void run(struct run *r, const uint8_t *data, size_t size, bool bytewise)
{
	uint8_t memory[XMODEM_MEMORY];
	const struct xmodem_user user = { .ctx = r,
		.memory = memory,
		.send = on_send,
		.block = on_block,
		.end = on_end,
		.failed = on_failed,
		.other = on_other };
	usec_t now = 0;
	size_t i, n;

	memset(r, 0, sizeof(*r));
	r->how = *data++;
	size--;
	sched_init(&r->sched, 1);
	xmodem_init(&r->x, &r->sched, &user);
	start(r);
	while (size > 0) {
		n = *data++;
		size--;
		if (n >= 0x80) {
			now += MS((n - 0x7f) * 100);
			sched_run(&r->sched, now);
			continue;
		}
		n = n + 1 < size ? n + 1 : size;
		for (i = 0; bytewise && i < n; i++)
			xmodem_rx(&r->x, data + i, 1);
		if (!bytewise)
			xmodem_rx(&r->x, data, n);
		data += n;
		size -= n;
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct run whole, bytes;

	if (size == 0)
		return 0;
	run(&whole, data, size, false);
	run(&bytes, data, size, true);
	if (whole.happened != bytes.happened || whole.x.phase != bytes.x.phase)
		abort();
	return 0;
}
