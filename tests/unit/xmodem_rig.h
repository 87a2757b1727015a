/* Shared by the tests of link/xmodem: a receiver whose actions are recorded as text. NAK,
 * ACK, C and CAN are sent, {128 a} is a block of 128 bytes that starts with a, anything
 * else is an argument of other(), end() or failed(). */
#pragma once

#include "unit.h"

#include <stdio.h>
#include <string.h>

#include "base/rand.h"
#include "codec/crc.h"
#include "link/xmodem.h"

static struct {
	struct sched sched;
	struct xmodem x;
	char told[4096];
	bool refuse_block, refuse_end, restart, stop_on_other;
	/* the answer to an event, and how often */
	enum xmodem_answer how[XMODEM_AT_EOT + 1];
	int times;
	usec_t now;
} rig;

static const struct xmodem_conf plain = {
	.start = { DWL_START_NAK },
	.starts = 1,
	.start_period = SEC(1),
	.block_gap = SEC(1),
	.block_wait = SEC(10),
	.retries = 10,
};

static inline void tell(const char *text)
{
	assert_true(strlen(rig.told) + strlen(text) + 2 < sizeof(rig.told));
	if (rig.told[0])
		strcat(rig.told, " ");
	strcat(rig.told, text);
}

static inline void on_send(void *ctx, const void *buf, size_t len)
{
	const uint8_t *p = buf;
	size_t i;

	(void)ctx;
	for (i = 0; i < len; i++)
		tell(p[i] == 0x06      ? "ACK"
			: p[i] == 0x15 ? "NAK"
			: p[i] == 0x18 ? "CAN"
				       : "C");
}

static inline bool on_block(void *ctx, const void *data, size_t len, bool first)
{
	char text[32];

	(void)ctx;
	snprintf(text, sizeof(text), "{%s%zu %c}", first ? "first " : "", len,
		*(const char *)data);
	tell(text);
	return !rig.refuse_block;
}

static inline bool on_end(void *ctx)
{
	(void)ctx;
	tell("end");
	return !rig.refuse_end;
}

static inline void on_failed(void *ctx, enum xmodem_fault why)
{
	(void)ctx;
	tell(name_of(xmodem_fault_names, (int)why));
	if (rig.restart)
		xmodem_start(&rig.x, &plain, SEC(1));
}

static inline void on_other(void *ctx, uint8_t byte)
{
	char text[2] = { (char)byte, '\0' };

	(void)ctx;
	tell(byte == 0x18 ? "can" : byte == 0x08 ? "bs" : byte == 0x04 ? "eot" : text);
	if (rig.stop_on_other)
		xmodem_stop(&rig.x);
}

static inline enum xmodem_answer on_answer(
	void *ctx, enum xmodem_moment at, uint32_t number)
{
	(void)ctx;
	(void)number;
	return rig.how[at] && rig.times-- > 0 ? rig.how[at] : XMODEM_NORMAL;
}

static inline void begin(const struct xmodem_conf *conf)
{
	static uint8_t memory[XMODEM_MEMORY];
	static const struct xmodem_user user = {
		.memory = memory,
		.send = on_send,
		.block = on_block,
		.end = on_end,
		.failed = on_failed,
		.answer = on_answer,
		.other = on_other,
	};

	memset(&rig, 0, sizeof(rig));
	sched_init(&rig.sched, 1);
	xmodem_init(&rig.x, &rig.sched, &user);
	xmodem_start(&rig.x, conf, 0);
	sched_run(&rig.sched, 0);
}

static inline void rx(const void *data, size_t len)
{
	xmodem_rx(&rig.x, data, len);
}

#define RX(text) rx(text, sizeof(text) - 1)

/* What has happened since the last call. */
static inline const char *told(void)
{
	static char copy[sizeof(rig.told)];

	strcpy(copy, rig.told);
	rig.told[0] = '\0';
	return copy;
}

#define TOLD(text) assert_string_equal(told(), text)

static inline void wait_for(usec_t time)
{
	rig.now += time;
	sched_run(&rig.sched, rig.now);
}

/* A block as a sender makes it, with all bytes c. Returns its length. */
static inline size_t make(uint8_t *out, uint8_t number, size_t size, bool crc, char c)
{
	uint16_t sum;

	out[0] = size == 128 ? 1 : 2;
	out[1] = number;
	out[2] = (uint8_t)~number;
	memset(out + 3, c, size);
	sum = crc ? crc16_xmodem(0, out + 3, size) : sum8(0, out + 3, size);
	if (!crc) {
		out[3 + size] = (uint8_t)sum;
		return size + 4;
	}
	out[3 + size] = (uint8_t)(sum >> 8);
	out[4 + size] = (uint8_t)sum;
	return size + 5;
}

static inline void send_block(uint8_t number, size_t size, char c)
{
	uint8_t raw[3 + 1024 + 2];

	rx(raw, make(raw, number, size, rig.x.crc, c));
}

static inline void send_bad(uint8_t number, char c)
{
	uint8_t raw[3 + 1024 + 2];
	size_t len = make(raw, number, 128, rig.x.crc, c);

	raw[10] ^= 0x40;
	rx(raw, len);
}
