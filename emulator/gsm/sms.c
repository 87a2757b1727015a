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
	struct sms copy = { .memory = &out->memory };
	int id;

	for (id = 0; id < SMS_STORES; id++)
		memcpy(slots(&copy, (enum sms_store_id)id),
			slots_of(s, (enum sms_store_id)id),
			(size_t)s->top[id] * sizeof(struct sms_slot));
	memcpy(out->top, s->top, sizeof(out->top));
	out->order = s->order;
}

void sms_restore(struct sms *s, const struct sms_copy *from)
{
	struct sms copy = { .memory = (struct sms_memory *)&from->memory };
	struct sms_slot *to;
	const struct sms_slot *was;
	int id, i;

	for (id = 0; id < SMS_STORES; id++) {
		to = slots(s, (enum sms_store_id)id);
		was = slots_of(&copy, (enum sms_store_id)id);
		for (i = 0; i < s->top[id]; i++)
			to[i] = i < from->top[id] ? was[i]
						  : (struct sms_slot){ .used = false };
	}
	memcpy(s->top, from->top, sizeof(s->top));
	s->order = from->order;
}

int sms_capacity(const struct sms *s, enum sms_store_id id)
{
	return s->capacity[id];
}

int sms_top(const struct sms *s, enum sms_store_id id)
{
	return s->top[id];
}

int sms_used(const struct sms *s, enum sms_store_id id)
{
	int i, n = 0;

	for (i = 0; i < s->top[id]; i++)
		n += slots_of(s, id)[i].used;
	return n;
}

bool sms_unread(const struct sms *s, enum sms_store_id id)
{
	const struct sms_slot *slot = slots_of(s, id);
	int i;

	for (i = 0; i < s->top[id]; i++)
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

	for (i = 0; i < s->top[id]; i++)
		if (!slots_of(s, id)[i].used)
			return i + 1;
	return i < s->capacity[id] ? i + 1 : 0;
}

int sms_oldest(const struct sms *s, enum sms_store_id id)
{
	const struct sms_slot *slot = slots_of(s, id);
	int i, oldest = 0;

	for (i = 0; i < s->top[id]; i++)
		if (slot[i].used && (!oldest || slot[i].order < slot[oldest - 1].order))
			oldest = i + 1;
	return oldest;
}

static void note(struct sms *s, const struct sms_slot *slot)
{
	const struct sms_slot *first;
	int id;

	for (id = 0; id < SMS_STORES; id++) {
		first = slots(s, (enum sms_store_id)id);
		if (slot >= first && slot < first + s->capacity[id] &&
			slot - first >= s->top[id])
			s->top[id] = (int)(slot - first) + 1;
	}
}

void sms_write(struct sms *s, struct sms_slot *slot, enum sms_status status,
	const void *octets, size_t len)
{
	assert(len <= SMS_OCTETS);
	note(s, slot);
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

	for (i = 0; i < s->top[id]; i++)
		slot[i] = (struct sms_slot){ .used = false };
	s->top[id] = 0;
}
