/* Where things are in flash. The lines of ATI9 tell it:
 *
 *	"FW","FW_752_34_3.SL6087G","R7.52...",...,673436,"062613
 *08:37","89796368","001d0000" kind                                        bytes address
 *
 * The firmware is one binary ("FW"), from 7.51 on two ("MODEM" and "FW"); "OAT" tells
 *where an application begins. For a firmware without such lines the address of the binary
 *is inferred, and the profile says where the application begins. Plain values. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "state/profile.h"

#define LAYOUT_BINARIES 2

struct extent {
	uint32_t at;   /* address of its first byte */
	uint32_t size; /* bytes, 0: nothing is there */
};

/* Reads a line of ATI9: false when it has no such kind, size or address. An "OAT" line
 * without an application has size 0. */
bool layout_line(const char *text, const char *kind, struct extent *out);

/* The firmware's binaries, in the order of their addresses, which is that of the image:
 * gives how many, 1 or 2. */
size_t layout_binaries(const struct firmware *f, struct extent out[LAYOUT_BINARIES]);

/* Where the second binary begins in an image of that length (bytes of the file). */
uint32_t layout_second(const struct firmware *f, uint32_t length);

/* Where an application begins that this firmware puts into flash. */
uint32_t layout_application(const struct firmware *f);

/* How large that application is if nobody says otherwise: as a unit was seen with one, or
 * 256 KB (inferred). */
uint32_t layout_application_size(const struct firmware *f);

/* A line of ATI9 with another size. */
void layout_line_sized(const char *text, uint32_t size, struct buf *out);

/* They have a byte in common. */
bool layout_overlap(const struct extent *a, const struct extent *b);
