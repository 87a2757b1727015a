#include "codec/dcs.h"

#include <stddef.h>

/* Bits 3-0 of the general groups. */
static void general(struct dcs *d, uint8_t octet)
{
	d->compressed = octet & 0x20;
	if (octet & 0x10)
		d->class = octet & 3;
	switch (octet >> 2 & 3) {
	case 1:
		d->alphabet = DCS_8BIT;
		break;
	case 2:
		d->alphabet = DCS_UCS2;
		break;
	case 3:
		d->reserved = true;
		break;
	}
}

static void with_class(struct dcs *d, uint8_t octet)
{
	d->alphabet = octet & 4 ? DCS_8BIT : DCS_GSM7;
	d->class = octet & 3;
	d->reserved = octet & 8;
}

struct dcs dcs_sms(uint8_t octet)
{
	struct dcs d = { .class = DCS_NO_CLASS };
	unsigned group = octet >> 4;

	if (group <= 7) {
		d.auto_delete = group >= 4;
		general(&d, octet);
	} else if (group == 15) {
		with_class(&d, octet);
	} else if (group >= 12) {
		d.waiting = group == 12 ? DCS_WAITING_DISCARD : DCS_WAITING_STORE;
		d.alphabet = group == 14 ? DCS_UCS2 : DCS_GSM7;
		d.waiting_active = octet & 8;
		d.waiting_kind = octet & 3;
		d.reserved = octet & 4;
	} else {
		d.reserved = true;
	}
	return d;
}

struct dcs dcs_broadcast(uint8_t octet)
{
	struct dcs d = { .class = DCS_NO_CLASS };
	unsigned group = octet >> 4;

	if (group == 1) {
		d.alphabet = octet == 0x11 ? DCS_UCS2 : DCS_GSM7;
		d.language = octet == 0x10 ? 3 : octet == 0x11 ? 2 : 0;
		d.reserved = !d.language;
	} else if (group >= 4 && group <= 7) {
		general(&d, octet);
	} else if (group == 9) {
		general(&d, octet & 0x0f);
		d.class = octet & 3;
		d.header = true;
	} else if (group == 15) {
		with_class(&d, octet);
	} else if (group > 3) { /* I1 and WAP have their own; the others are left open */
		d.reserved = true;
	}
	return d;
}

uint8_t dcs_sms_octet(enum dcs_alphabet alphabet, int class)
{
	uint8_t octet = alphabet == DCS_UCS2 ? 8 : alphabet == DCS_8BIT ? 4 : 0;

	return class == DCS_NO_CLASS ? octet : (uint8_t)(octet | 0x10 | (class & 3));
}
