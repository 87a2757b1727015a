/* Numbers that no modem of this process has: what the exchange of one process asks of a
 * way to others. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "gsm/neighbours.h"

/* Octets of a data call, in one direction, that have not reached the other modem. */
#define BEYOND_OCTETS 4096

/* The callbacks may only enqueue. `modem` counts from 0. Signals and lines have the names
 * that neighbours_unit() gives. */
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
	/* neighbour_ports.call, room and tx, of that modem. */
	void (*call)(void *ctx, unsigned modem, const struct call_signal *s);
	size_t (*room)(void *ctx, unsigned modem, const struct call_line *to);
	void (*tx)(void *ctx, unsigned modem, const struct call_line *to, const void *buf,
		size_t len);
	/* So many octets of neighbours_bring_octets() have reached the modem. */
	void (*taken)(
		void *ctx, unsigned modem, const struct call_line *from, size_t len);
	/* The modem is made anew, and has another name from now on; `unit` is gone. */
	void (*gone)(void *ctx, unsigned modem, uint64_t unit);
};
