/* The character sets of the TE (27.007 clause 5.5, +CSCS, and Wavecom's +WCCS):
 * conversion between the bytes of a command or answer and GSM septets or Unicode.
 *
 * GSM and HEX carry septets unchanged, an extension character as escape and code; the
 * others carry characters. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/names.h"
#include "codec/unicode.h"

enum charset_id {
	CHARSET_GSM,     /* a byte is a septet */
	CHARSET_PCCP437, /* code page 437 */
	CHARSET_CUSTOM,  /* the caller's tables */
	CHARSET_HEX,     /* two hexadecimal digits are a septet */
	CHARSET_IRA,     /* ISO 646: ASCII */
	CHARSET_UCS2,    /* four hexadecimal digits are a UTF-16 unit */
};
/* As +CSCS spells them. */
extern const struct name charset_names[];

/* What happens to a character that the other side does not have. */
enum charset_policy {
	CHARSET_REFUSE,   /* the whole text is refused */
	CHARSET_DROP,     /* it is left out */
	CHARSET_SPACE,    /* a space replaces it */
	CHARSET_QUESTION, /* a question mark replaces it */
	CHARSET_NEAREST,  /* a similar character replaces it, else a question mark */
};

/* The three tables of +WCCS. The meaning of the escape in to_gsm (bit 7 with the code of
 * the extension table below it) is inferred. */
struct charset_custom {
	uint8_t to_gsm[256];    /* from a byte of the TE: a septet, or 0x80 | code */
	uint8_t alphabet[128];  /* septet to byte of the TE */
	uint8_t extension[128]; /* septet after an escape to byte of the TE */
};

struct charset {
	enum charset_id id;
	enum charset_policy policy;
	bool no_extension; /* the modem lacks the extension table for TE text */
	const struct charset_custom *custom; /* for CHARSET_CUSTOM, else NULL */
};

enum charset_result {
	CHARSET_OK,
	CHARSET_UNKNOWN, /* a character without counterpart, and the policy refuses it */
	CHARSET_DIGITS,  /* not hexadecimal, or not whole characters */
	CHARSET_VALUE,   /* two digits above 7F where a septet is expected */
	CHARSET_FULL,    /* longer than the space for it */
};

/* Each appends to out. On any result other than CHARSET_OK, out keeps what was appended
 * so far; it must not be used as an answer. */

/* TE text to septets. */
enum charset_result charset_to_septets(
	const struct charset *cs, const char *te, size_t len, struct buf *out);

/* Septets to TE text. */
enum charset_result charset_from_septets(
	const struct charset *cs, const uint8_t *septets, size_t n, struct buf *out);

/* TE text to Unicode; for GSM, HEX and CUSTOM through the GSM alphabet. */
enum charset_result charset_to_unicode(
	const struct charset *cs, const char *te, size_t len, struct text *out);

/* Unicode to TE text. */
enum charset_result charset_from_unicode(
	const struct charset *cs, const uint32_t *cp, size_t n, struct buf *out);

/* The tables before +WCCS changes them: code page 437, with a space where the GSM default
 * table lacks the character. Inferred from the 11 bytes that the guides show. */
void charset_custom_init(struct charset_custom *custom);

/* Code page 437: the character of a byte (below 0x20 the control characters), and the
 * byte of a character or -1. */
uint32_t cp437_unicode(uint8_t byte);
int cp437_byte(uint32_t cp);
