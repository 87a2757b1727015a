#include "codec/ppp_frame.h"

#define FLAG   0x7e
#define ESCAPE 0x7d
#define INVERT 0x20
#define GOOD   0xf0b8 /* the sum of a frame with its check sequence */

/* Continues from an earlier value; start from 0xffff. What is sent is the complement, low
 * octet first (RFC 1662 appendix C.2). */
static uint16_t ppp_fcs16(uint16_t fcs, const void *data, size_t len)
{
	const uint8_t *p = data;
	unsigned sum = fcs;
	size_t i;
	int bit;

	for (i = 0; i < len; i++) {
		sum ^= p[i];
		for (bit = 0; bit < 8; bit++)
			sum = sum & 1 ? sum >> 1 ^ 0x8408 : sum >> 1;
	}
	return (uint16_t)sum;
}

static bool put(struct buf *out, uint8_t octet, uint32_t accm)
{
	if (octet == FLAG || octet == ESCAPE || (octet < 0x20 && accm >> octet & 1))
		return buf_putc(out, ESCAPE) && buf_putc(out, (char)(octet ^ INVERT));
	return buf_putc(out, (char)octet);
}

bool ppp_encode(struct buf *out, const void *frame, size_t len, uint32_t accm)
{
	const uint8_t *p = frame;
	uint16_t fcs = (uint16_t)~ppp_fcs16(0xffff, frame, len);
	size_t before = out->len;
	bool ok = buf_putc(out, FLAG);
	size_t i;

	for (i = 0; ok && i < len; i++)
		ok = put(out, p[i], accm);
	ok = ok && put(out, (uint8_t)(fcs & 0xff), accm) &&
	     put(out, (uint8_t)(fcs >> 8), accm) && buf_putc(out, FLAG);
	if (!ok)
		out->len = before;
	return ok;
}

void ppp_decoder_init(struct ppp_decoder *d)
{
	d->len = 0;
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
	if (!d->begun)
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
