#include "codec/ppp_frame.h"

#define FLAG   0x7e
#define ESCAPE 0x7d
#define INVERT 0x20
#define GOOD   0xf0b8 /* the sum of a frame with its check sequence */

/* The remainder of each nibble (RFC 1662 appendix C.2, whose table is for octets). */
static const uint16_t fcs_of[16] = { 0x0000, 0x1081, 0x2102, 0x3183, 0x4204, 0x5285,
	0x6306, 0x7387, 0x8408, 0x9489, 0xa50a, 0xb58b, 0xc60c, 0xd68d, 0xe70e, 0xf78f };

/* Continues from an earlier value; start from 0xffff. What is sent is the complement, low
 * octet first (RFC 1662 appendix C.2). */
static uint16_t ppp_fcs16(uint16_t fcs, const void *data, size_t len)
{
	const uint8_t *p = data;
	unsigned sum = fcs;
	size_t i;

	for (i = 0; i < len; i++) {
		sum = sum >> 4 ^ fcs_of[(sum ^ p[i]) & 15];
		sum = sum >> 4 ^ fcs_of[(sum ^ p[i] >> 4) & 15];
	}
	return (uint16_t)sum;
}

/* Where the next octet goes, and the end of the room; at NULL: it did not fit. */
struct pen {
	uint8_t *at, *end;
	uint32_t accm;
};

static void put(struct pen *pen, uint8_t octet)
{
	bool escape = octet == FLAG || octet == ESCAPE ||
		      (octet < 0x20 && pen->accm >> octet & 1);

	if (!pen->at || pen->end - pen->at < 1 + escape) {
		pen->at = NULL;
		return;
	}
	if (escape) {
		*pen->at++ = ESCAPE;
		octet ^= INVERT;
	}
	*pen->at++ = octet;
}

bool ppp_encode(struct buf *out, const void *frame, size_t len, uint32_t accm)
{
	const uint8_t *p = frame;
	uint16_t fcs = (uint16_t)~ppp_fcs16(0xffff, frame, len);
	uint8_t *mem = (uint8_t *)out->data;
	struct pen pen = { mem + out->len, mem + out->cap, accm };
	size_t i;

	if (buf_room(out) < len + 4)
		return false;
	*pen.at++ = FLAG;
	for (i = 0; i < len; i++)
		put(&pen, p[i]);
	put(&pen, (uint8_t)(fcs & 0xff));
	put(&pen, (uint8_t)(fcs >> 8));
	if (!pen.at || pen.at == pen.end)
		return false;
	*pen.at++ = FLAG;
	out->len = (size_t)(pen.at - mem);
	return true;
}

void ppp_decoder_init(struct ppp_decoder *d)
{
	d->len = 0;
	d->accm = 0;
	d->begun = d->escaped = d->overlong = false;
}

static size_t end_of_frame(struct ppp_decoder *d)
{
	/* an escape before the flag means "discard this frame" */
	bool good = d->begun && !d->escaped && !d->overlong && d->len > 2 &&
		    ppp_fcs16(0xffff, d->data, d->len) == GOOD;
	size_t len = good ? d->len - 2 : 0;

	d->begun = true;
	d->escaped = d->overlong = false;
	d->len = 0;
	return len;
}

size_t ppp_decode(struct ppp_decoder *d, uint8_t octet)
{
	if (octet == FLAG)
		return end_of_frame(d);
	if (!d->begun || (octet < 0x20 && d->accm >> octet & 1))
		return 0;
	if (octet == ESCAPE) {
		d->escaped = true;
		return 0;
	}
	if (d->escaped)
		octet ^= INVERT;
	d->escaped = false;
	if (d->len == sizeof(d->data)) {
		d->overlong = true;
		return 0;
	}
	d->data[d->len++] = octet;
	return 0;
}
