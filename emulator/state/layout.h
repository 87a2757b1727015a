/* Addresses and sizes in flash, as the lines of ATI9 give them:
 *
 *	"FW","FW_752_34_3.SL6087G","R7.52...",...,673436,"062613 08:37",...,"001d0000"
 *	kind                                       bytes                     address
 *
 * The firmware is one binary ("FW"), from 7.51 on two ("MODEM" and "FW"); "OAT" is the
 * application. For a firmware without such lines the address of the binary is inferred,
 * and the profile gives the address of the application. Plain values. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "state/profile.h"

#define LAYOUT_BINARIES 2

struct extent {
	uint32_t at;   /* address of its first byte */
	uint32_t size; /* bytes, 0: there is nothing */
};

/* Reads a line of ATI9: false when it is not of that kind or lacks size or address. An
 * "OAT" line without an application has size 0. */
bool layout_line(const char *text, const char *kind, struct extent *out);

/* The firmware's binaries in order of address, which is their order in the image. Returns
 * their number, 1 or 2. */
size_t layout_binaries(const struct firmware *f, struct extent out[LAYOUT_BINARIES]);

/* Offset of the second binary in an image of that length (bytes of the file). */
uint32_t layout_second(const struct firmware *f, uint32_t length);

/* The address of an application that this firmware puts into flash. */
uint32_t layout_application(const struct firmware *f);

/* Writes a line of ATI9 with another size. */
void layout_line_sized(const char *text, uint32_t size, struct buf *out);

/* Whether they overlap. */
bool layout_overlap(const struct extent *a, const struct extent *b);
