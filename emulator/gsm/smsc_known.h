/* Which messages of neighbours have come, so that each is delivered once, however often
 * it comes. Bounded: of the SMSC_SENDERS senders heard last the refs that they still have
 * open. A repeat is not recognised if so many others were heard since. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "gsm/neighbours.h"

#define SMSC_SENDERS 256
#define SMSC_REFS    1024 /* of all senders; one has at most SMS_POST_OPEN */

#define SMSC_UNSETTLED (-1)

struct smsc_sender {
	uint64_t id;     /* 0: free */
	uint64_t newest; /* of the refs it has told */
	uint64_t heard;  /* the greater, the later */
};

/* A message that its sender has open. */
struct smsc_ref {
	uint64_t ref;
	uint16_t sender; /* its place and 1; 0: free */
	int16_t status; /* TP-ST, or SMSC_UNSETTLED: has not come, or is not at its end */
};

struct smsc_known {
	struct smsc_sender sender[SMSC_SENDERS];
	struct smsc_ref ref[SMSC_REFS];
};

/* How much of it was ever used. */
struct smsc_known_used {
	size_t senders, refs;
	uint64_t heard;
};

enum smsc_heard {
	SMSC_NEW,     /* has not come to its end here */
	SMSC_SETTLED, /* has come before; its status follows */
	SMSC_LATE,    /* a copy of one that its sender has settled long ago */
};

/* A message comes: what is known of it. Notes what its sender has open. keep: senders
 * that must not be forgotten, since messages of theirs are here (may be called for any).
 */
enum smsc_heard smsc_known_hear(struct smsc_known *k, struct smsc_known_used *used,
	const struct sms_post *p, bool (*keep)(void *ctx, uint64_t sender), void *ctx,
	int *status);

/* It has come to its end. */
void smsc_known_settle(struct smsc_known *k, const struct smsc_known_used *used,
	uint64_t sender, uint64_t ref, int status);

/* Forgets all. */
void smsc_known_clear(struct smsc_known *k, struct smsc_known_used *used);

/* From a record: a sender; then each of its refs. False: no room, or not sound. */
bool smsc_known_add(
	struct smsc_known *k, struct smsc_known_used *used, uint64_t id, uint64_t newest);
bool smsc_known_add_ref(struct smsc_known *k, struct smsc_known_used *used,
	uint64_t sender, uint64_t ref, int status);
