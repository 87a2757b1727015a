/* Concatenated short messages (23.040 clause 9.2.3.24.1): splits a text into parts, and
 * joins parts into the text. The caller provides the memory for waiting parts. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/names.h"
#include "codec/tpdu.h"
#include "codec/userdata.h"

#define CONCAT_PARTS 255 /* maximum number of parts of one message */

enum concat_choice {
	CONCAT_AUTO, /* GSM7 if the alphabet has every character, else UCS2 */
	CONCAT_GSM7,
	CONCAT_UCS2,
};

/* A text being split. Read-only for the caller. */
struct concat_split {
	const uint32_t *cp; /* the caller's text, which must stay valid */
	size_t n, done;     /* characters, and how many are already in parts */
	enum dcs_alphabet alphabet;
	struct userdata_concat part; /* part.at is the last one made */
};

/* Begins: chooses the alphabet and counts the parts (part.total, 1 for a text that needs
 * no header). ref is the reference, of 8 bits or, if wide, 16. PDU_TEXT_CHARACTER when
 * GSM7 is wanted and the alphabet lacks a character, PDU_TEXT_LENGTH above 255 parts. */
enum pdu_error concat_begin(struct concat_split *s, const uint32_t *cp, size_t n,
	enum concat_choice choice, bool wide, uint16_t ref);

/* Puts the next part into a DELIVER or SUBMIT: TP-DCS (class is 0-3 or DCS_NO_CLASS),
 * header and text. No character is cut in two. False after the last one. */
bool concat_next(struct concat_split *s, struct tpdu *t, int class);

enum concat_result {
	CONCAT_SINGLE,    /* not part of anything: a whole message, not kept */
	CONCAT_WAITING,   /* kept; other parts are missing */
	CONCAT_COMPLETE,  /* kept; it was the last missing part */
	CONCAT_DUPLICATE, /* that part has come already; the first one is kept */
	CONCAT_FULL,      /* no room: drop a message first */
};

struct concat_part {
	bool used;
	uint64_t order; /* of arrival */
	struct userdata_concat part;
	struct tpdu t;
};

/* Parts that wait for others. Parts belong together when their kind, address, reference
 * (and its width) and number of parts are the same. */
struct concat {
	struct concat_part *parts;
	size_t cap;
	uint64_t order;
};

/* The parts are all zero. */
void concat_init(struct concat *c, struct concat_part *parts, size_t cap);

/* Keeps a copy of t. */
enum concat_result concat_add(struct concat *c, const struct tpdu *t);

/* For the message of which t is a part: the number of parts that have come, and part
 * number `at` (from 1), NULL if it is missing. */
size_t concat_count(const struct concat *c, const struct tpdu *t);
const struct tpdu *concat_get(const struct concat *c, const struct tpdu *t, uint8_t at);

/* Appends its text, the parts in order; missing parts are skipped. False when not all of
 * it fitted or a part is not text. */
bool concat_text(const struct concat *c, const struct tpdu *t, struct text *out);

/* Drops its parts. t may be one of the concat's own. */
void concat_drop(struct concat *c, const struct tpdu *t);

/* A part of the message whose first part came first, NULL if there is none. */
const struct tpdu *concat_oldest(const struct concat *c);
