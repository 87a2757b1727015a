/* Octets written as in mux.md: "F9 03 3F 01 1C F9". */
#pragma once

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

/* Writes them to out, which must have room; returns how many there are. */
static inline size_t octets_of(const char *hex, uint8_t *out)
{
	size_t n = 0;
	unsigned byte;
	int len;

	while (sscanf(hex, "%x%n", &byte, &len) == 1) {
		out[n++] = (uint8_t)byte;
		hex += len;
	}
	return n;
}
