/* An upgrade over AT+WDWL on a whole modem: lines, resets, and an XMODEM sender. */
#pragma once

#include "unit.h"

#include <string.h>

#include "image_block.h"
#include "rig.h"
#include "state/image.h"
#include "state/modem_state.h"

#define IMAGE (20 * 1024u)
#define NAK   0x15
#define ACK   0x06

enum outcome {
	RUNS,
	HEADER_ERROR,
	ALLOCATION_ERROR,
	FAULT, /* nothing was refused, but it does not run */
};

static struct rig r;
static struct profile *profile;

static inline const char *heard(void)
{
	r.out[r.len < sizeof(r.out) ? r.len : sizeof(r.out) - 1] = '\0';
	return r.out;
}

static inline const char *ask(const char *line)
{
	rig_clear(&r);
	rig_type(&r, line, strlen(line));
	rig_type(&r, "\r", 1);
	rig_pass(&r, SEC(5));
	return heard();
}

static inline void reset(void)
{
	assert_non_null(strstr(ask("AT+CFUN=1"), "OK"));
	rig_pass(&r, SEC(40));
}

static inline void block(const struct dwl_header *h, uint32_t number)
{
	uint8_t b[BLOCK_LEN];

	image_block(h, number, b);
	rig_clear(&r);
	rig_type(&r, b, sizeof(b));
	rig_pass(&r, MS(10));
}

/* Sends an image in download mode, at most `most` blocks of it, and EOT only after all
 * blocks; a refusal ends that mode. */
static inline enum outcome deliver_some(
	const struct firmware *f, enum dwl_kind kind, uint32_t most)
{
	struct dwl_header h;
	uint32_t number;

	assert_true(image_header(f, kind, IMAGE, &h));
	h.crc = dwl_body_crc(&h);
	rig_clear(&r);
	rig_pass(&r, SEC(3));
	assert_true(r.len && (unsigned char)r.out[r.len - 1] == NAK);
	for (number = 1; number <= IMAGE / BLOCK && number <= most; number++) {
		block(&h, number);
		if (strstr(heard(), "ERROR IN HEADER"))
			return HEADER_ERROR;
		if (strstr(heard(), "BINARY ALLOCATION ERROR"))
			return ALLOCATION_ERROR;
		assert_int_equal(r.out[0], ACK);
	}
	if (most <= IMAGE / BLOCK)
		return RUNS;
	rig_type(&r, "\4", 1);
	rig_pass(&r, MS(600));
	assert_non_null(strstr(heard(), "*** END OF DOWNLOAD ***"));
	return RUNS;
}

/* The whole image. */
static inline enum outcome deliver(const struct firmware *f, enum dwl_kind kind)
{
	return deliver_some(f, kind, IMAGE);
}

static inline void download(void)
{
	assert_non_null(strstr(ask("AT+WDWL"), "+WDWL: 0"));
}
