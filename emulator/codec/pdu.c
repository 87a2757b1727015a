#include "codec/pdu.h"

#include <string.h>

const struct name pdu_error_names[] = {
	{ PDU_OK, "ok", NULL },
	{ PDU_DIGITS, "not pairs of hexadecimal digits", NULL },
	{ PDU_COUNT, "the number of octets differs from the given length", NULL },
	{ PDU_SHORT, "the PDU ends too early", NULL },
	{ PDU_LONG, "there are octets after the end of the PDU", NULL },
	{ PDU_TYPE, "wrong message type here", NULL },
	{ PDU_SMSC_LENGTH, "wrong length of the service centre address", NULL },
	{ PDU_ADDRESS_LENGTH, "address too long", NULL },
	{ PDU_ADDRESS_TYPE, "invalid type of address", NULL },
	{ PDU_ADDRESS_DIGIT, "filler among the digits of an address", NULL },
	{ PDU_ADDRESS_FILLER, "no filler after the last digit of an address", NULL },
	{ PDU_VALIDITY, "invalid validity period", NULL },
	{ PDU_USER_DATA, "user data too long", NULL },
	{ PDU_HEADER_LENGTH, "user data header longer than the user data", NULL },
	{ PDU_HEADER_ELEMENT, "an element of the user data header goes past its end",
		NULL },
	{ PDU_TEXT_CHARACTER, "a character that the alphabet does not have", NULL },
	{ PDU_TEXT_LENGTH, "text too long", NULL },
	{ PDU_NUMBER, "not a number", NULL },
	{ PDU_TIME, "not a time", NULL },
	{ PDU_ROOM, "no room for the result", NULL },
	{ 0, NULL, NULL },
};

enum pdu_error pdu_octet(struct pdu_in *in, uint8_t *out)
{
	return pdu_octets(in, out, 1);
}

enum pdu_error pdu_octets(struct pdu_in *in, void *out, size_t n)
{
	if (n > in->left)
		return PDU_SHORT;
	if (out && n)
		memcpy(out, in->at, n);
	in->at += n;
	in->left -= n;
	return PDU_OK;
}
