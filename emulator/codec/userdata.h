/* 3GPP 23.040 clauses 9.2.3.16 and 9.2.3.24: the contents of TP-UD, a header of
 * information elements and a text or data, and the length that TP-UDL counts in septets
 * or octets. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "codec/pdu.h"
#include "codec/tpdu.h"
#include "codec/unicode.h"

#define USERDATA_SEPTETS 181 /* in TPDU_UD_MAX octets */

enum userdata_element { /* TP-IEI */
	USERDATA_CONCAT8 = 0x00,
	USERDATA_WAITING = 0x01,
	USERDATA_PORT8 = 0x04,
	USERDATA_PORT16 = 0x05,
	USERDATA_CONCAT16 = 0x08,
};

/* One information element; data points into the message. */
struct userdata_ie {
	uint8_t id, len;
	const uint8_t *data;
};

struct userdata_concat {
	uint16_t ref;
	bool wide;         /* the reference has 16 bits */
	uint8_t total, at; /* number of parts, and the number of this one, from 1 */
};

/* True when TP-UDL counts septets: GSM alphabet, not compressed. */
bool userdata_in_septets(const struct tpdu *t);

/* Whether the header, if TPDU_UDHI is set, is whole and within the data. */
enum pdu_error userdata_check(const struct tpdu *t);

/* The octets of the header with its length octet, 0 if there is none. Like all below,
 * only for messages that userdata_check() accepts. */
size_t userdata_header(const struct tpdu *t);

/* The next element; *at is 0 for the first. False when there are no more. */
bool userdata_next(const struct tpdu *t, size_t *at, struct userdata_ie *ie);

/* Reads the last such element (clause 9.2.3.24). False when there is none, or when it has
 * another length, no parts, or a part number beyond them (9.2.3.24.1: such an element is
 * ignored). */
bool userdata_get_concat(const struct tpdu *t, struct userdata_concat *c);

/* The text after the header in septets, at most USERDATA_SEPTETS; returns their number, 0
 * where TP-UDL counts octets. */
size_t userdata_septets(const struct tpdu *t, uint8_t *septets);

/* The octets after the header, whatever they are. */
const uint8_t *userdata_octets(const struct tpdu *t, size_t *n);

/* Appends the text after the header as Unicode; false when not all of it fitted, or when
 * it is not text (8 bit, compressed). */
bool userdata_text(const struct tpdu *t, struct text *out);

/* Sets the user data: a header of header_len octets with its length octet (0: none), and
 * what comes after it. TP-UDL, TPDU_UDHI and, where there is a TP-PI, its bits for
 * non-default fields are set; the DCS must be set before. PDU_TEXT_LENGTH when it is more
 * than the message may have, PDU_HEADER_LENGTH or PDU_HEADER_ELEMENT when the header is
 * malformed; then *t is unchanged. */
enum pdu_error userdata_set_septets(struct tpdu *t, const uint8_t *header,
	size_t header_len, const uint8_t *septets, size_t n);
enum pdu_error userdata_set_octets(struct tpdu *t, const uint8_t *header,
	size_t header_len, const uint8_t *octets, size_t n);

/* Sets a text in the alphabet of the DCS, without a header. PDU_TEXT_CHARACTER when the
 * GSM alphabet lacks a character, and for 8 bit data, which is not text. */
enum pdu_error userdata_set_text(struct tpdu *t, const uint32_t *cp, size_t n);

/* Writes the header of a part, 6 or 7 octets, and returns their number. */
size_t userdata_concat_header(const struct userdata_concat *c, uint8_t header[7]);
