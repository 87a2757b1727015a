/* 3GPP 23.041 clause 9.4.1: one page of a cell broadcast message, 88 octets: serial
 * number, message identifier, data coding scheme, page, 82 octets of content. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "codec/dcs.h"
#include "codec/pdu.h"
#include "codec/unicode.h"

#define CBM_OCTETS  88
#define CBM_CONTENT 82
#define CBM_SEPTETS 93 /* of the content */
#define CBM_PAGES   15

struct cbm {
	uint16_t serial; /* <sn>: scope, code and update number, see below */
	uint16_t id;     /* <mid> */
	uint8_t dcs;     /* clause 5: dcs_broadcast() */
	uint8_t page;    /* from 1 */
	uint8_t pages;   /* 1-15 */
	uint8_t content[CBM_CONTENT];
};

/* PDU_SHORT or PDU_LONG when it is not 88 octets. A page parameter that contains a 0
 * means page 1 of 1 (clause 9.4.1.2.4). */
enum pdu_error cbm_decode(const uint8_t *data, size_t len, struct cbm *c);
bool cbm_encode(const struct cbm *c, struct buf *out);

/* Appends the text without the language before it and the CRs after it. False when not
 * all of it fitted, or when it is not text (8 bit, compressed). */
bool cbm_text(const struct cbm *c, struct text *out);

/* Puts as much of a text into the page as fits, padded with CR, in the alphabet of the
 * DCS, which must be one without language or header; *used is the number of characters.
 * PDU_TEXT_CHARACTER when the alphabet lacks a character, or the DCS has no such
 * alphabet. */
enum pdu_error cbm_set_text(struct cbm *c, const uint32_t *cp, size_t n, size_t *used);
