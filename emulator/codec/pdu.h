/* What the PDU codecs share: error codes, and reading octet by octet. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/names.h"

/* Why a PDU, or a text that should become one, is refused. */
enum pdu_error {
	PDU_OK,
	PDU_DIGITS,         /* not hexadecimal, or half an octet */
	PDU_COUNT,          /* number of octets other than given */
	PDU_SHORT,          /* ends before its last field */
	PDU_LONG,           /* octets after its last field */
	PDU_TYPE,           /* another message type than the one wanted */
	PDU_SMSC_LENGTH,    /* service centre address of 1 octet, or of more than 11 */
	PDU_ADDRESS_LENGTH, /* more than 20 digits, or 11 characters */
	PDU_ADDRESS_TYPE,   /* type-of-address without bit 7, or a service centre with a
			       name */
	PDU_ADDRESS_DIGIT,  /* filler among the digits */
	PDU_ADDRESS_FILLER, /* no filler after an odd number of digits */
	PDU_VALIDITY,       /* an invalid validity period */
	PDU_USER_DATA,      /* user data longer than the message allows */
	PDU_HEADER_LENGTH,  /* user data header longer than the user data */
	PDU_HEADER_ELEMENT, /* an information element that goes past the header's end */
	PDU_TEXT_CHARACTER, /* a character that the alphabet does not have */
	PDU_TEXT_LENGTH,    /* a text that does not fit */
	PDU_NUMBER,         /* a number with non-digits, or without digits */
	PDU_TIME,           /* not a time */
	PDU_ROOM,           /* the caller's buffer is too small */
};
extern const struct name pdu_error_names[];

/* Octets not yet read. */
struct pdu_in {
	const uint8_t *at;
	size_t left;
};

/* Reads one octet; PDU_SHORT at the end. */
enum pdu_error pdu_octet(struct pdu_in *in, uint8_t *out);

/* Reads n octets; out may be NULL. */
enum pdu_error pdu_octets(struct pdu_in *in, void *out, size_t n);
