/* Replaces what is personal in a conversation by inventions: the same number is the same
 * invention everywhere, and every invention is as long as what it replaces. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "host/field/exchange.h"

enum mask_kind {
	MASK_NUMBER, /* of a phone; up to 5 digits are a short code and stay */
	MASK_IMEI,   /* keeps the type (8 digits); its check digit is right */
	MASK_IMSI,   /* keeps country and network */
	MASK_ICCID,  /* keeps country and issuer; its check digit is right */
	MASK_SECRET, /* PIN, PUK, password */
	MASK_WORD,   /* of a name or a text */
	MASK_DIGITS, /* in a text */
	MASK_OCTETS, /* of a SIM file, or of a PDU that cannot be read */
	MASK_KINDS,
};

struct mask;

/* keep: nothing is replaced. */
struct mask *mask_new(bool keep);
void mask_free(struct mask *m); /* NULL is allowed */

/* Replaces in the exchange, whose texts the caller owns and which are allocated; some are
 * allocated anew. Call it for each in order: what a line means depends on those before. */
void mask_exchange(struct mask *m, struct exchange *x);

/* Replaces numbers in a text that have been replaced elsewhere. */
void mask_again(const struct mask *m, char *text);

/* Replaces a login or password (PAP of PPP) in place. */
void mask_login(struct mask *m, char *text);

/* How many different ones of a kind were replaced. */
unsigned mask_count(const struct mask *m, enum mask_kind kind);
