#include "gsm/smsc_known.h"

static size_t find(
	const struct smsc_known *k, const struct smsc_known_used *used, uint64_t id)
{
	size_t i = 0;

	while (i < used->senders && k->sender[i].id != id)
		i++;
	return i;
}

/* used->refs: there is none. */
static size_t find_ref(const struct smsc_known *k, const struct smsc_known_used *used,
	size_t sender, uint64_t ref)
{
	size_t i = 0;

	while (i < used->refs &&
		!(k->ref[i].sender == sender + 1 && k->ref[i].ref == ref))
		i++;
	return i;
}

static void forget(struct smsc_known *k, const struct smsc_known_used *used, size_t place)
{
	size_t i;

	k->sender[place].id = 0;
	for (i = 0; i < used->refs; i++)
		if (k->ref[i].sender == place + 1)
			k->ref[i].sender = 0;
}

/* Forgets the sender that was heard first. There is one to forget: fewer are kept than
 * SMSC_SENDERS, and all of theirs are fewer than SMSC_REFS. */
static void forget_oldest(struct smsc_known *k, const struct smsc_known_used *used,
	bool (*keep)(void *ctx, uint64_t sender), void *ctx)
{
	size_t i, oldest = used->senders;

	for (i = 0; i < used->senders; i++)
		if (k->sender[i].id &&
			(oldest == used->senders ||
				k->sender[i].heard < k->sender[oldest].heard) &&
			!keep(ctx, k->sender[i].id))
			oldest = i;
	if (oldest < used->senders)
		forget(k, used, oldest);
}

/* A free place, SMSC_SENDERS: none. */
static size_t place_of_sender(const struct smsc_known *k, struct smsc_known_used *used)
{
	size_t i = find(k, used, 0);

	if (i == used->senders && i < SMSC_SENDERS)
		used->senders++;
	return i;
}

void smsc_known_clear(struct smsc_known *k, struct smsc_known_used *used)
{
	size_t i;

	for (i = 0; i < used->senders; i++)
		k->sender[i].id = 0;
	for (i = 0; i < used->refs; i++)
		k->ref[i].sender = 0;
}

static size_t place_of_ref(const struct smsc_known *k, struct smsc_known_used *used)
{
	size_t i = 0;

	while (i < used->refs && k->ref[i].sender)
		i++;
	if (i == used->refs && i < SMSC_REFS)
		used->refs++;
	return i;
}

bool smsc_known_add(
	struct smsc_known *k, struct smsc_known_used *used, uint64_t id, uint64_t newest)
{
	size_t i;

	if (!id || find(k, used, id) < used->senders)
		return false;
	i = place_of_sender(k, used);
	if (i == SMSC_SENDERS)
		return false;
	k->sender[i] = (struct smsc_sender){ id, newest, ++used->heard };
	return true;
}

bool smsc_known_add_ref(struct smsc_known *k, struct smsc_known_used *used,
	uint64_t sender, uint64_t ref, int status)
{
	size_t i, of = find(k, used, sender);

	if (of == used->senders || !ref || find_ref(k, used, of, ref) < used->refs)
		return false;
	i = place_of_ref(k, used);
	if (i == SMSC_REFS)
		return false;
	k->ref[i] = (struct smsc_ref){ ref, (uint16_t)(of + 1), (int16_t)status };
	return true;
}

/* The refs that a message lists, `ref` itself among them. */
struct listed {
	const uint64_t *ref;
	size_t n;
	uint64_t newest;
};

static struct listed listed_by(const struct sms_post *p)
{
	struct listed l = { p->open, p->n_open, p->ref };
	bool itself = false;
	size_t i;

	for (i = 0; i < p->n_open && i < SMS_POST_OPEN; i++) {
		itself = itself || p->open[i] == p->ref;
		l.newest = p->open[i] > l.newest ? p->open[i] : l.newest;
	}
	if (!itself || p->n_open > SMS_POST_OPEN)
		l = (struct listed){ &p->ref, 1, p->ref };
	return l;
}

static bool lists(const struct listed *l, uint64_t ref)
{
	size_t i = 0;

	while (i < l->n && l->ref[i] != ref)
		i++;
	return i < l->n;
}

/* What the sender has settled is forgotten; what is new to it is noted. A late copy lists
 * less than was told since, and changes nothing. */
static void note(struct smsc_known *k, struct smsc_known_used *used, uint64_t id,
	const struct listed *l, bool (*keep)(void *ctx, uint64_t sender), void *ctx)
{
	size_t i, of = find(k, used, id);
	uint64_t newest = k->sender[of].newest;

	for (i = 0; i < used->refs; i++)
		if (k->ref[i].sender == of + 1 && k->ref[i].ref <= l->newest &&
			!lists(l, k->ref[i].ref))
			k->ref[i].sender = 0;
	k->sender[of].heard = ++used->heard;
	for (i = 0; i < l->n; i++) {
		if (l->ref[i] <= newest || find_ref(k, used, of, l->ref[i]) < used->refs)
			continue;
		while (!smsc_known_add_ref(k, used, id, l->ref[i], SMSC_UNSETTLED))
			forget_oldest(k, used, keep, ctx);
	}
	if (l->newest > newest)
		k->sender[of].newest = l->newest;
}

enum smsc_heard smsc_known_hear(struct smsc_known *k, struct smsc_known_used *used,
	const struct sms_post *p, bool (*keep)(void *ctx, uint64_t sender), void *ctx,
	int *status)
{
	const struct listed l = listed_by(p);
	size_t i;

	while (find(k, used, p->sender) == used->senders &&
		!smsc_known_add(k, used, p->sender, 0))
		forget_oldest(k, used, keep, ctx);
	note(k, used, p->sender, &l, keep, ctx);
	i = find_ref(k, used, find(k, used, p->sender), p->ref);
	if (i == used->refs)
		return SMSC_LATE;
	*status = k->ref[i].status;
	return *status == SMSC_UNSETTLED ? SMSC_NEW : SMSC_SETTLED;
}

void smsc_known_settle(struct smsc_known *k, const struct smsc_known_used *used,
	uint64_t sender, uint64_t ref, int status)
{
	size_t of = find(k, used, sender);
	size_t i = of < used->senders ? find_ref(k, used, of, ref) : used->refs;

	if (i < used->refs)
		k->ref[i].status = (int16_t)status;
}
