/* Numbers that no modem of this process has: what the exchange of one process asks of a
 * way to others. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "gsm/neighbours.h"

/* The callbacks may only enqueue. `modem` counts from 0. */
struct beyond {
	void *ctx;
	/* Whether a modem elsewhere has this number (with + if international). */
	bool (*has)(void *ctx, unsigned modem, const char *number);
	/* The way is broken for this modem: nobody knows who has which number. */
	bool (*away)(void *ctx, unsigned modem);
	/* A message of that modem; neighbours_tell() follows. Also again. */
	void (*send)(void *ctx, unsigned modem, const struct sms_post *p);
	/* The end of a message of neighbours_bring(): TP-ST or SMS_POST_NO_ROOM. */
	void (*done)(
		void *ctx, unsigned modem, uint64_t sender, uint64_t ref, int status);
};
