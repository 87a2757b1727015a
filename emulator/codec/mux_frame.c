#include "codec/mux_frame.h"

#define EA        0x01 /* the last octet of a field */
#define CR        0x02
#define PF        0x10
#define FCS_START 0xff

/* One octet more of the sum: x^8 + x^2 + x + 1, reflected (27.010 clause 5.2.1.6). */
static uint8_t fcs_add(uint8_t fcs, uint8_t octet)
{
	unsigned sum = fcs ^ octet;
	int bit;

	for (bit = 0; bit < 8; bit++)
		sum = sum & 1 ? sum >> 1 ^ 0xe0 : sum >> 1;
	return (uint8_t)sum;
}

static uint8_t fcs_of(uint8_t fcs, const uint8_t *p, size_t len)
{
	size_t i;

	for (i = 0; i < len; i++)
		fcs = fcs_add(fcs, p[i]);
	return fcs;
}

/* Only in UI frames does the sum include the information. */
static bool sums_info(uint8_t type)
{
	return type == MUX_UI;
}

bool mux_encode(struct buf *out, const struct mux_frame *f)
{
	uint8_t head[5] = { MUX_FLAG, (uint8_t)(f->dlci << 2 | (f->cr ? CR : 0) | EA),
		(uint8_t)(f->type | (f->pf ? PF : 0)) };
	size_t n = 3, before = out->len;
	uint8_t fcs;
	bool ok;

	if (f->len <= 127) {
		head[n++] = (uint8_t)(f->len << 1 | EA);
	} else {
		head[n++] = (uint8_t)(f->len << 1 & 0xff);
		head[n++] = (uint8_t)(f->len >> 7);
	}
	fcs = fcs_of(FCS_START, head + 1, n - 1);
	if (sums_info(f->type))
		fcs = fcs_of(fcs, f->info, f->len);
	ok = f->len <= MUX_INFO_MAX && buf_put(out, head, n) &&
	     (!f->len || buf_put(out, f->info, f->len)) &&
	     buf_putc(out, (char)(uint8_t)~fcs) && buf_putc(out, (char)MUX_FLAG);
	if (!ok)
		out->len = before;
	return ok;
}

void mux_decoder_init(struct mux_decoder *d, size_t limit)
{
	d->at = MUX_AT_NOISE;
	d->limit = limit;
	d->len = 0;
	d->faults = 0;
}

static void skip(struct mux_decoder *d, enum mux_fault why)
{
	d->faults |= (unsigned)why;
	d->at = MUX_AT_NOISE;
}

/* The length is known. */
static void begin_info(struct mux_decoder *d)
{
	d->len = 0;
	if (d->frame.len > d->limit)
		skip(d, MUX_TOO_LONG);
	else
		d->at = d->frame.len ? MUX_AT_INFO : MUX_AT_FCS;
}

static void take_address(struct mux_decoder *d, uint8_t octet)
{
	if (octet == MUX_FLAG)
		return;
	d->frame = (struct mux_frame){
		.dlci = octet >> 2, .cr = octet & CR, .info = d->data
	};
	d->fcs = fcs_add(FCS_START, octet);
	d->at = MUX_AT_CONTROL;
	if (!(octet & EA))
		skip(d, MUX_BROKEN);
}

/* An octet that is none of them ends the search at once: what follows is no frame. */
static void take_control(struct mux_decoder *d, uint8_t octet)
{
	d->frame.type = octet & (uint8_t)~PF;
	d->frame.pf = octet & PF;
	d->fcs = fcs_add(d->fcs, octet);
	switch (d->frame.type) {
	case MUX_UI:
	case MUX_DM:
	case MUX_SABM:
	case MUX_DISC:
	case MUX_UA:
	case MUX_UIH:
		d->at = MUX_AT_LENGTH;
		break;
	default:
		skip(d, MUX_BROKEN);
		/* it may be the flag of the next frame */
		if (octet == MUX_FLAG)
			d->at = MUX_AT_ADDRESS;
		break;
	}
}

static void take_length(struct mux_decoder *d, uint8_t octet)
{
	d->fcs = fcs_add(d->fcs, octet);
	if (d->at == MUX_AT_LENGTH_2) {
		d->frame.len |= (size_t)octet << 7;
		begin_info(d);
		return;
	}
	d->frame.len = octet >> 1;
	if (octet & EA)
		begin_info(d);
	else
		d->at = MUX_AT_LENGTH_2;
}

static void take_info(struct mux_decoder *d, uint8_t octet)
{
	d->data[d->len++] = octet;
	if (sums_info(d->frame.type))
		d->fcs = fcs_add(d->fcs, octet);
	if (d->len == d->frame.len)
		d->at = MUX_AT_FCS;
}

bool mux_decode(struct mux_decoder *d, uint8_t octet)
{
	switch (d->at) {
	case MUX_AT_NOISE:
		if (octet == MUX_FLAG)
			d->at = MUX_AT_ADDRESS;
		break;
	case MUX_AT_ADDRESS:
		take_address(d, octet);
		break;
	case MUX_AT_CONTROL:
		take_control(d, octet);
		break;
	case MUX_AT_LENGTH:
	case MUX_AT_LENGTH_2:
		take_length(d, octet);
		break;
	case MUX_AT_INFO:
		take_info(d, octet);
		break;
	case MUX_AT_FCS:
		d->at = MUX_AT_END;
		if ((octet ^ d->fcs) == 0xff)
			break;
		skip(d, MUX_BAD_FCS);
		/* the octet may be the flag of the next frame */
		if (octet == MUX_FLAG)
			d->at = MUX_AT_ADDRESS;
		break;
	case MUX_AT_END:
		d->at = MUX_AT_ADDRESS;
		if (octet == MUX_FLAG)
			return true;
		skip(d, MUX_BROKEN);
		break;
	}
	return false;
}
