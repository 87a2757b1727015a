/* Judges a file as a newly delivered modem would: by the flash code itself, with a memory
 * of its own. */
#include <string.h>

#include "state/flash.h"
#include "state/image.h"
#include "state/ports.h"

#define BLOCK 1024

static int keep_nothing(void *ctx, const char *rec, const void *buf, size_t len)
{
	(void)ctx;
	(void)rec;
	(void)buf;
	(void)len;
	return 0;
}

/* The block that begins at `at`, padded as a sender does; false after the end. */
static bool block_at(const uint8_t *data, size_t len, size_t at, uint8_t out[BLOCK])
{
	size_t n = at < len ? len - at : 0;

	if (!n)
		return false;
	memset(out, IMAGE_PADDING, BLOCK);
	memcpy(out, data + at, n < BLOCK ? n : BLOCK);
	return true;
}

enum flash_verdict image_judge(const struct profile *p, const void *data, size_t len)
{
	static const struct nv_ops memory = { .store = keep_nothing };
	static const struct log quiet;
	enum flash_verdict verdict;
	uint8_t block[BLOCK];
	struct flash f;
	size_t at;

	flash_init(&f, p, &memory, &quiet);
	if (!block_at(data, len, 0, block))
		return FLASH_NOT_AN_IMAGE;
	verdict = flash_begin(&f, block, BLOCK);
	for (at = 0; verdict == FLASH_ACCEPTED && block_at(data, len, at, block);
		at += BLOCK)
		verdict = flash_data(&f, block, BLOCK);
	return verdict == FLASH_ACCEPTED ? flash_end(&f) : verdict;
}
