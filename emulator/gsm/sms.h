/* Stores of short messages: SM on the SIM, ME in flash, SR for status reports, BM for
 * cell broadcast pages (27.005 clause 3.1; sms.md +CPMS). Indices start at 1. A slot
 * holds the contents of a 27.005 PDU (service centre address and TPDU), or the 88 octets
 * of a page. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/names.h"
#include "codec/address.h"
#include "codec/tpdu.h"
#include "gsm/neighbours.h"

enum sms_store_id {
	SMS_SM,
	SMS_ME,
	SMS_SR,
	SMS_BM, /* in RAM */
	SMS_STORES,
};
extern const struct name sms_store_names[];

enum sms_status { /* <stat> of 27.005 clause 3.1 */
	SMS_UNREAD,
	SMS_READ,
	SMS_UNSENT,
	SMS_SENT,
	SMS_ALL, /* for lists only */
};

#define SMS_SM_MAX 100
#define SMS_ME_MAX 99 /* sms.md +CPMS */
#define SMS_SR_MAX 20
#define SMS_BM_MAX 20
#define SMS_OCTETS (ADDRESS_OCTETS + TPDU_MAX)

struct sms_slot {
	bool used;
	uint8_t status; /* enum sms_status */
	uint8_t len;
	uint8_t octets[SMS_OCTETS];
	uint32_t order; /* of arrival */
};

struct sms_memory {
	struct sms_slot sm[SMS_SM_MAX], me[SMS_ME_MAX], sr[SMS_SR_MAX], bm[SMS_BM_MAX];
};

struct sms {
	struct sms_memory *memory;
	int capacity[SMS_STORES];
	int top[SMS_STORES]; /* the slots from this one on were never written */
	uint32_t order;
	/* What was stored last of the messages that have a name: in the record of the
	 * store, so that message and name are stored together. */
	struct sms_name last[SMS_STORES];
};

/* Empty stores; sm and sr are the SIM's capacities, at most SMS_SM_MAX and SMS_SR_MAX.
 * The memory is all zero and belongs to the caller. */
void sms_init(struct sms *s, struct sms_memory *memory, int sm, int sr);

/* Keeps a copy of the stores, and restores it. */
struct sms_copy {
	struct sms_memory memory; /* as far as `top` */
	int top[SMS_STORES];
	uint32_t order;
};
void sms_keep(const struct sms *s, struct sms_copy *out);
void sms_restore(struct sms *s, const struct sms_copy *from);

int sms_capacity(const struct sms *s, enum sms_store_id id);

/* No index above this one is in use. */
int sms_top(const struct sms *s, enum sms_store_id id);
int sms_used(const struct sms *s, enum sms_store_id id);

/* Whether it holds a received message that has not been read. */
bool sms_unread(const struct sms *s, enum sms_store_id id);

/* The slot of that index, NULL if there is none; it may be free. */
struct sms_slot *sms_slot(struct sms *s, enum sms_store_id id, int index);

/* The lowest free index, 0 when the store is full. */
int sms_free(const struct sms *s, enum sms_store_id id);

/* The index of the slot that was filled first, 0 when all are free. */
int sms_oldest(const struct sms *s, enum sms_store_id id);

/* Fills a slot, overwriting what was in it. */
void sms_write(struct sms *s, struct sms_slot *slot, enum sms_status status,
	const void *octets, size_t len);

/* The same with a message; sc may be NULL or without digits. */
void sms_write_tpdu(struct sms *s, struct sms_slot *slot, enum sms_status status,
	const struct address *sc, const struct tpdu *t);

/* Decodes a slot: false if it is free or holds no message (but a page). */
bool sms_read(const struct sms_slot *slot, struct address *sc, struct tpdu *t);

/* Empties the store. */
void sms_clear(struct sms *s, enum sms_store_id id);
