/* One entry of a phonebook as a card holds it (GSM 11.11 clause 10.5.1): a number with
 * its type, and an alpha field of GSM septets or of UCS2 behind an 80. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "codec/charset.h"

#define CONTACT_NUMBER 47
#define CONTACT_TEXT   32 /* octets of the alpha field */

enum contact_type { /* TON and NPI with bit 7 set (phonebook.md Number types) */
	CONTACT_NATIONAL = 129,
	CONTACT_INTERNATIONAL = 145,
};

#define CONTACT_MORE 4  /* further numbers of an extended contact */
#define CONTACT_LINE 40 /* octets of its e-mail and of its address; inferred */

struct contact {
	uint8_t type; /* 0: the place is free */
	uint8_t text_len;
	uint8_t group; /* of callers, from 1; 0: none */
	uint8_t text[CONTACT_TEXT];
	char number[CONTACT_NUMBER + 1]; /* without the + of an international one */
	/* what the modem keeps beside, of entries of ME (GDW-11 p. 58 to 70) */
	struct contact_number {
		uint8_t type; /* 0: none */
		char number[21];
	} more[CONTACT_MORE];
	char mail[CONTACT_LINE + 1], address[CONTACT_LINE + 1];
};

enum contact_result {
	CONTACT_OK,
	CONTACT_NUMBER_EMPTY,
	CONTACT_NUMBER_LONG,
	CONTACT_NUMBER_BAD, /* a character that cannot be dialled */
	CONTACT_TEXT_LONG,
	CONTACT_TEXT_BAD, /* a character that the alphabet does not have */
};

/* Takes over a number of at most max characters, a leading + not counted. type 0: by the
 * +; else its bit 7 is set. */
enum contact_result contact_set_number(
	struct contact *c, const char *number, size_t len, int type, int max);

/* Takes over TE text of at most max octets. Digits 80 and whole UCS2 units are the alpha
 * field itself, whatever the character set (phonebook.md UCS2 names). */
enum contact_result contact_set_text(
	struct contact *c, const struct charset *cs, const char *te, size_t len, int max);

/* The same from UTF-8: GSM where the alphabet has it all, else UCS2. */
void contact_set_utf8(struct contact *c, const char *text);

/* Anything is written in the fields of an extended contact, its group aside. */
bool contact_is_extended(const struct contact *c);

/* The number as it is told: with + where it is international. Gives out, of at least
 * CONTACT_NUMBER + 2. */
const char *contact_number(const struct contact *c, char *out);

/* Appends the text in a character set; UCS2 fields are told in hexadecimal, as they are,
 * those that begin with 80 with one FFFF after their last character (GDW-11 p. 61). */
void contact_put_text(const struct contact *c, const struct charset *cs, struct buf *out);

/* Alphabetical order, case aside. */
int contact_compare(const struct contact *a, const struct contact *b);

/* The alpha field begins with the other's, case aside. */
bool contact_begins(const struct contact *c, const struct contact *prefix);

/* The same number; + and 00 mean the same. */
bool contact_same_number(const struct contact *a, const struct contact *b);

/* The same subscriber: a national number that begins with 0, and an international one
 * that has a country code in its place (GDW-11 p. 70), or the same number. */
bool contact_same_subscriber(const struct contact *a, const struct contact *b);

/* ---- as octets of EF-ADN ----------------------------------------------------------
 */

#define CONTACT_TAIL 14 /* what stands behind the alpha field */

/* The record of alpha_len + CONTACT_TAIL octets; all FF for NULL. A number that is longer
 * than 20 digits is cut. */
void contact_encode(const struct contact *c, int alpha_len, uint8_t *out);

/* The reverse; false when the record is no entry. A record of FF gives a free one. */
bool contact_decode(struct contact *c, int alpha_len, const uint8_t *record);
