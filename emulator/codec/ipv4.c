#include "codec/ipv4.h"

#include <stdio.h>

bool ipv4_read(const char *text, uint8_t out[4])
{
	unsigned value;
	int i, digits;

	for (i = 0; i < 4; i++) {
		if (i && *text++ != '.')
			return false;
		value = 0;
		for (digits = 0; *text >= '0' && *text <= '9' && digits < 4; digits++)
			value = value * 10 + (unsigned)(*text++ - '0');
		if (!digits || digits > 3 || value > 255)
			return false;
		out[i] = (uint8_t)value;
	}
	return !*text;
}

void ipv4_write(const uint8_t address[4], char out[IPV4_TEXT])
{
	snprintf(out, IPV4_TEXT, "%u.%u.%u.%u", address[0], address[1], address[2],
		address[3]);
}
