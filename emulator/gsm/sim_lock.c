#include "gsm/sim_lock.h"

#include <string.h>

const struct name sim_lock_names[] = {
	{ LOCK_PS, "PS", "the SIM" },
	{ LOCK_PN, "PN", "the network" },
	{ LOCK_PU, "PU", "the network subset" },
	{ LOCK_PP, "PP", "the service provider" },
	{ LOCK_PC, "PC", "the corporation" },
	{ 0, NULL, NULL },
};

void sim_locks_init(struct sim_locks *l, const char *key)
{
	int i;

	for (i = 0; i < LOCKS; i++) {
		l->lock[i] = (struct sim_lock){ .tries = SIM_LOCK_TRIES };
		strcpy(l->lock[i].key, key);
	}
}

/* What a lock would require of a SIM: this one's identity. */
static void sim_lock_identity(
	enum sim_lock_id id, const struct sim_conf *card, const char *imsi, char *out)
{
	size_t plmn = 3 + (size_t)card->mnc_digits, len = plmn;

	if (id == LOCK_PS)
		len = strlen(imsi);
	else if (id == LOCK_PU)
		len = SIM_LOCK_SUBSET;
	if (len > strlen(imsi))
		len = strlen(imsi);
	memcpy(out, imsi, len);
	out[len] = '\0';
	if (id == LOCK_PP || id == LOCK_PC)
		strcat(out, card->gid1);
	if (id == LOCK_PC)
		strcat(out, card->gid2);
}

static bool verify(struct sim_lock *lock, const char *key)
{
	if (!strcmp(lock->key, key)) {
		lock->tries = SIM_LOCK_TRIES;
		return true;
	}
	lock->tries--;
	return false;
}

enum sim_lock_verdict sim_lock_set(struct sim_locks *l, enum sim_lock_id id, bool on,
	const char *key, const char *to, const struct sim_conf *card, const char *imsi)
{
	struct sim_lock *lock = &l->lock[id];

	if (lock->on == on || !lock->tries)
		return LOCK_NOT_NOW;
	if (!verify(lock, key))
		return LOCK_WRONG;
	lock->on = on;
	lock->to[0] = '\0';
	if (on && to)
		strcpy(lock->to, to);
	else if (on)
		sim_lock_identity(id, card, imsi, lock->to);
	return LOCK_DONE;
}

enum sim_lock_verdict sim_lock_change(
	struct sim_locks *l, enum sim_lock_id id, const char *key, const char *new_key)
{
	struct sim_lock *lock = &l->lock[id];

	if (!lock->tries)
		return LOCK_NOT_NOW;
	if (!verify(lock, key))
		return LOCK_WRONG;
	strcpy(lock->key, new_key);
	return LOCK_DONE;
}

enum sim_lock_id sim_locks_refuse(
	const struct sim_locks *l, const struct sim_conf *card, const char *imsi)
{
	char is[SIM_LOCK_ID];
	int i;

	if (!strncmp(imsi, "00101", 5))
		return LOCKS;
	for (i = 0; i < LOCKS; i++) {
		sim_lock_identity((enum sim_lock_id)i, card, imsi, is);
		if (l->lock[i].on && strcmp(l->lock[i].to, is) != 0)
			return (enum sim_lock_id)i;
	}
	return LOCKS;
}
