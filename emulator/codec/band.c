#include "codec/band.h"

#include <stddef.h>

const struct name band_bit_names[] = {
	{ BAND_850, "850", "GSM 850" },
	{ BAND_900, "900", "P-GSM and E-GSM 900" },
	{ BAND_1800, "1800", "DCS 1800" },
	{ BAND_1900, "1900", "PCS 1900" },
	{ 0, NULL, NULL },
};

bool band_has(enum band_bit band, int channel)
{
	switch (band) {
	case BAND_850:
		return channel >= 128 && channel <= 251;
	case BAND_900:
		return channel <= 124 || channel >= 975;
	case BAND_1800:
		return channel >= 512 && channel <= 885;
	case BAND_1900:
		return channel >= 512 && channel <= 810;
	}
	return false;
}

const char *band_channels(enum band_bit band)
{
	switch (band) {
	case BAND_850:
		return "128 to 251";
	case BAND_900:
		return "0 to 124 or 975 to 1023";
	case BAND_1800:
		return "512 to 885";
	case BAND_1900:
		return "512 to 810";
	}
	return "?";
}
