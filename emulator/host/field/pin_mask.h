/* PINs and passwords in the bytes of a port: each of their digits becomes a 0 before it is
 * written down. Works on bytes as they come, in both directions (the echo has them too). */
#pragma once

#include <stddef.h>

/* A command with secrets among its arguments: s at their places, a point at others. */
struct secret_place {
	const char *name; /* as it stands on the line, with its = */
	const char *args;
};
extern const struct secret_place secret_places[]; /* ends with a NULL name */

#define PIN_MASK_LINE 64

struct pin_mask {
	char line[PIN_MASK_LINE]; /* the start of the line, in capitals */
	size_t len;
	unsigned quotes, commas; /* of the command with secrets, so far */
	const struct secret_place *secret;
};

/* Masks len bytes in place. m is all zero before the first. */
void pin_mask(struct pin_mask *m, char *buf, size_t len);
