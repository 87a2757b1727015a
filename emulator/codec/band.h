/* Frequency bands and their channels (ARFCN). */
#pragma once

#include <stdbool.h>

#include "base/names.h"

/* Frequency bands, as a set. */
enum band_bit {
	BAND_850 = 1,
	BAND_900 = 2,
	BAND_1800 = 4,
	BAND_1900 = 8,
};
extern const struct name band_bit_names[];

#define CHANNEL_MAX 1023

/* Whether a channel (ARFCN, 0 to CHANNEL_MAX) is in that band, 45.005 clause 2; and the
 * channels of a band in readable form. */
bool band_has(enum band_bit band, int channel);
const char *band_channels(enum band_bit band);
