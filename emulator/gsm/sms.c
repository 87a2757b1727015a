#include "gsm/sms.h"

#include <assert.h>
#include <string.h>

const struct name sms_store_names[] = {
	{ SMS_SM, "SM", "on the SIM" },
	{ SMS_ME, "ME", "in flash" },
	{ SMS_SR, "SR", "status reports" },
	{ SMS_BM, "BM", "cell broadcast" },
	{ 0, NULL, NULL },
};

static struct sms_slot *slots(struct sms *s, enum sms_store_id id)
{
	struct sms_memory *m = s->memory;
	struct sms_slot *const all[] = { m->sm, m->me, m->sr, m->bm };

	assert(id < SMS_STORES);
	return all[id];
}

static const struct sms_slot *slots_of(const struct sms *s, enum sms_store_id id)
{
	return slots((struct sms *)s, id);
}

void sms_init(struct sms *s, struct sms_memory *memory, int sm, int sr)
{
	assert(sm <= SMS_SM_MAX && sr <= SMS_SR_MAX);
	*s = (struct sms){ .memory = memory };
	s->capacity[SMS_SM] = sm;
	s->capacity[SMS_ME] = SMS_ME_MAX;
	s->capacity[SMS_SR] = sr;
	s->capacity[SMS_BM] = SMS_BM_MAX;
}

void sms_keep(const struct sms *s, struct sms_copy *out)
{
	out->memory = *s->memory;
	out->order = s->order;
}

/* Writes only what has changed: memory that was never used stays so. */
static void restore(struct sms_slot *to, const struct sms_slot *from, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++)
		if (memcmp(&to[i], &from[i], sizeof(*to)) != 0)
			to[i] = from[i];
}

void sms_restore(struct sms *s, const struct sms_copy *from)
{
	struct sms_memory *to = s->memory;

	restore(to->sm, from->memory.sm, SMS_SM_MAX);
	restore(to->me, from->memory.me, SMS_ME_MAX);
	restore(to->sr, from->memory.sr, SMS_SR_MAX);
	restore(to->bm, from->memory.bm, SMS_BM_MAX);
	s->order = from->order;
}

int sms_capacity(const struct sms *s, enum sms_store_id id)
{
	return s->capacity[id];
}

int sms_used(const struct sms *s, enum sms_store_id id)
{
	int i, n = 0;

	for (i = 0; i < s->capacity[id]; i++)
		n += slots_of(s, id)[i].used;
	return n;
}

bool sms_unread(const struct sms *s, enum sms_store_id id)
{
	const struct sms_slot *slot = slots_of(s, id);
	int i;

	for (i = 0; i < s->capacity[id]; i++)
		if (slot[i].used && slot[i].status == SMS_UNREAD)
			return true;
	return false;
}

struct sms_slot *sms_slot(struct sms *s, enum sms_store_id id, int index)
{
	return index >= 1 && index <= s->capacity[id] ? &slots(s, id)[index - 1] : NULL;
}

int sms_free(const struct sms *s, enum sms_store_id id)
{
	int i;

	for (i = 0; i < s->capacity[id]; i++)
		if (!slots_of(s, id)[i].used)
			return i + 1;
	return 0;
}

int sms_oldest(const struct sms *s, enum sms_store_id id)
{
	const struct sms_slot *slot = slots_of(s, id);
	int i, oldest = 0;

	for (i = 0; i < s->capacity[id]; i++)
		if (slot[i].used && (!oldest || slot[i].order < slot[oldest - 1].order))
			oldest = i + 1;
	return oldest;
}

void sms_write(struct sms *s, struct sms_slot *slot, enum sms_status status,
	const void *octets, size_t len)
{
	assert(len <= SMS_OCTETS);
	*slot = (struct sms_slot){
		.used = true,
		.status = (uint8_t)status,
		.len = (uint8_t)len,
		.order = ++s->order,
	};
	memcpy(slot->octets, octets, len);
}

void sms_write_tpdu(struct sms *s, struct sms_slot *slot, enum sms_status status,
	const struct address *sc, const struct tpdu *t)
{
	static const struct address none;
	char mem[SMS_OCTETS];
	struct buf b;
	bool whole;

	buf_init(&b, mem, sizeof(mem));
	whole = address_put_smsc(&b, sc ? sc : &none) && tpdu_encode(t, &b);
	assert(whole);
	(void)whole;
	sms_write(s, slot, status, b.data, b.len);
}

bool sms_read(const struct sms_slot *slot, struct address *sc, struct tpdu *t)
{
	struct pdu_in in = { slot->octets, slot->len };
	bool from_sc = slot->status == SMS_UNREAD || slot->status == SMS_READ;
	int kind;

	if (!slot->used || address_get_smsc(&in, sc) != PDU_OK || !in.left)
		return false;
	kind = tpdu_kind(in.at[0], from_sc, false);
	return kind >= 0 &&
	       tpdu_decode((enum tpdu_kind)kind, in.at, in.left, t) == PDU_OK;
}

void sms_clear(struct sms *s, enum sms_store_id id)
{
	struct sms_slot *slot = slots(s, id);
	int i;

	/* slots that were never filled stay unwritten */
	for (i = 0; i < s->capacity[id]; i++)
		if (slot[i].order)
			slot[i] = (struct sms_slot){ .used = false };
}
