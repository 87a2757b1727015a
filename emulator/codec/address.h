/* Addresses of 3GPP 23.040 clause 9.1.2.5 (TP-DA, -OA, -RA) and 24.011 clause 8.2.5 (the
 * service centre's): type and number octet, and digits as swapped semi-octets or text in
 * septets. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "codec/pdu.h"
#include "codec/unicode.h"

#define ADDRESS_DIGITS  20 /* most digits */
#define ADDRESS_SEPTETS 11 /* most characters of an alphanumeric address */
#define ADDRESS_OCTETS  12 /* most octets of the coded field */

enum address_type { /* <toda> as AT commands say it: bit 7, type of number, plan */
	ADDRESS_UNKNOWN = 129,
	ADDRESS_INTERNATIONAL = 145,
	ADDRESS_NATIONAL = 161,
	ADDRESS_ALPHANUMERIC = 208,
};

struct address {
	uint8_t type;                  /* the octet; 0 with len 0: there is no address */
	uint8_t len;                   /* of text */
	char text[ADDRESS_DIGITS + 1]; /* digits "0-9*#abc" and a zero, or septets */
};

/* Type of number 5: text holds septets. */
bool address_alphanumeric(const struct address *a);
bool address_international(const struct address *a);
bool address_equal(const struct address *a, const struct address *b);

/* Takes a TP address: number of semi-octets, type, digits. */
enum pdu_error address_get(struct pdu_in *in, struct address *a);

/* Appends it: all or nothing. */
bool address_put(struct buf *out, const struct address *a);

/* Takes a service centre address: number of octets (0: none, len becomes 0), type,
 * digits. The field's octets are as many as the first says, plus one. */
enum pdu_error address_get_smsc(struct pdu_in *in, struct address *a);
bool address_put_smsc(struct buf *out, const struct address *a);

/* Digits as address_parse() takes them with type 0, else a name of up to 11 septets, as
 * UTF-8. PDU_NUMBER when it is neither. */
enum pdu_error address_parse_utf8(struct address *a, const char *text);

/* A number as a host writes it: a leading + (only there), digits 0-9 * # a b c in either
 * case. type is the octet, or 0 for 145 after a +, else 129. PDU_NUMBER for anything else
 * and for no digits at all, PDU_ADDRESS_LENGTH above 20 digits. An alphanumeric type
 * takes septets instead. */
enum pdu_error address_parse(
	struct address *a, const char *text, size_t len, uint8_t type);

/* Appends digits with + before international ones. Septets of an alphanumeric address
 * are not for this: see charset_from_septets(). */
bool address_print(const struct address *a, struct buf *out);

/* Appends digits, or the text of an alphanumeric address, for people. */
bool address_text(const struct address *a, struct text *out);
