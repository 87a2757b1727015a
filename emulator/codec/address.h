/* Addresses of 3GPP 23.040 clause 9.1.2.5 (TP-DA, -OA, -RA) and 24.011 clause 8.2.5 (the
 * service centre's): type-and-number octet, then digits as swapped semi-octets, or text
 * in septets. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "codec/pdu.h"
#include "codec/unicode.h"

#define ADDRESS_DIGITS  20 /* maximum number of digits */
#define ADDRESS_SEPTETS 11 /* maximum length of an alphanumeric address */
#define ADDRESS_OCTETS  12 /* maximum length of the coded field */

enum address_type { /* <toda> of AT commands: bit 7, type of number, plan */
	ADDRESS_UNKNOWN = 129,
	ADDRESS_INTERNATIONAL = 145,
	ADDRESS_NATIONAL = 161,
	ADDRESS_ALPHANUMERIC = 208,
};

struct address {
	uint8_t type;                  /* the octet; 0 with len 0: no address */
	uint8_t len;                   /* of text */
	char text[ADDRESS_DIGITS + 1]; /* digits "0-9*#abc" and a zero, or septets */
};

/* Type of number 5: text holds septets. */
bool address_alphanumeric(const struct address *a);
bool address_equal(const struct address *a, const struct address *b);

/* Digits without a leading +: the same number, or the same subscriber with and without
 * country code: the last ADDRESS_SUBSCRIBER digits are equal. Inferred. */
#define ADDRESS_SUBSCRIBER 8
bool address_same_subscriber(const char *a, const char *b);

/* Reads a TP address: number of semi-octets, type, digits. */
enum pdu_error address_get(struct pdu_in *in, struct address *a);

/* Appends it: all or nothing. */
bool address_put(struct buf *out, const struct address *a);

/* Reads a service centre address: number of octets (0: none, len becomes 0), type,
 * digits. The field is one octet longer than its first octet says. */
enum pdu_error address_get_smsc(struct pdu_in *in, struct address *a);
bool address_put_smsc(struct buf *out, const struct address *a);

/* Digits as address_parse() accepts them with type 0, or else a name of up to 11 septets,
 * in UTF-8. PDU_NUMBER when the text is neither. */
enum pdu_error address_parse_utf8(struct address *a, const char *text);

/* A number as a host writes it: an optional leading +, then digits 0-9 * # a b c in
 * either case. type is the octet, or 0 for 145 after a + and 129 otherwise. PDU_NUMBER
 * for anything else and for no digits at all, PDU_ADDRESS_LENGTH above 20 digits. An
 * alphanumeric type takes septets instead. */
enum pdu_error address_parse(
	struct address *a, const char *text, size_t len, uint8_t type);

/* Appends the digits, with + before international ones. Not for alphanumeric addresses:
 * see charset_from_septets(). */
bool address_print(const struct address *a, struct buf *out);

/* The same as a text of its own, in mem; returns it. */
#define ADDRESS_NUMBER (ADDRESS_DIGITS + 2) /* bytes, with the + and the zero */
const char *address_number(const struct address *a, char mem[ADDRESS_NUMBER]);

/* Appends the digits, or the text of an alphanumeric address, in readable form. */
bool address_text(const struct address *a, struct text *out);
