/* Concatenated short messages (23.040 clause 9.2.3.24.1): a text into parts, and parts
 * into the text again. The memory for parts that wait is the caller's. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/names.h"
#include "codec/tpdu.h"
#include "codec/userdata.h"

#define CONCAT_PARTS 255 /* most parts of one message */

enum concat_choice {
	CONCAT_AUTO, /* GSM7 if every character is in it, else UCS2 */
	CONCAT_GSM7,
	CONCAT_UCS2,
};

/* A text being split. The caller may read all but change nothing. */
struct concat_split {
	const uint32_t *cp; /* the caller's text, which must last */
	size_t n, done;     /* characters, and how many are in parts already */
	enum dcs_alphabet alphabet;
	struct userdata_concat part; /* part.at is the last one made */
};

/* Begins: chooses the alphabet and counts the parts (part.total, 1 for a text that needs
 * no header). ref is the reference of 8 or, if wide, 16 bits. PDU_TEXT_CHARACTER when
 * GSM7 is wanted and a character is missing there, PDU_TEXT_LENGTH above 255 parts. */
enum pdu_error concat_begin(struct concat_split *s, const uint32_t *cp, size_t n,
	enum concat_choice choice, bool wide, uint16_t ref);

/* Puts the next part into a DELIVER or SUBMIT: TP-DCS (class is 0-3 or DCS_NO_CLASS),
 * header and text. No character is cut in two. False after the last one. */
bool concat_next(struct concat_split *s, struct tpdu *t, int class);

enum concat_result {
	CONCAT_SINGLE,    /* no part of anything: a whole message, not kept */
	CONCAT_WAITING,   /* kept; others are missing */
	CONCAT_COMPLETE,  /* kept; it was the last one missing */
	CONCAT_DUPLICATE, /* that part is there already; the first one stays */
	CONCAT_FULL,      /* no room: drop a message first */
};
extern const struct name concat_result_names[];

struct concat_part {
	bool used;
	uint64_t order; /* of arrival */
	struct userdata_concat part;
	struct tpdu t;
};

/* Parts that wait for others. Parts belong together when kind, address, reference and
 * its width, and number of parts are the same. */
struct concat {
	struct concat_part *parts;
	size_t cap;
	uint64_t order;
};

void concat_init(struct concat *c, struct concat_part *parts, size_t cap);

/* Keeps a copy of t. */
enum concat_result concat_add(struct concat *c, const struct tpdu *t);

/* For the message that t is a part of: how many parts are there, and part number `at`
 * (from 1), NULL if it is missing. */
size_t concat_count(const struct concat *c, const struct tpdu *t);
const struct tpdu *concat_get(const struct concat *c, const struct tpdu *t, uint8_t at);

/* Appends its text, the parts in their order; what is missing is passed over. False when
 * not all fitted or a part is no text. */
bool concat_text(const struct concat *c, const struct tpdu *t, struct text *out);

/* Forgets its parts. t may be one of the concat's own. */
void concat_drop(struct concat *c, const struct tpdu *t);

/* A part of the message whose first arrival is longest ago, NULL if there is none. */
const struct tpdu *concat_oldest(const struct concat *c);
