#include "state/nv_wip.h"

#include <stdio.h>
#include <string.h>

#include "state/modem_state.h"

static const char *const text_keys[WIP_TEXTS] = { "login", "password", "phone", "apn" };

void nv_put_wip(const struct modem *m, struct buf *b)
{
	const struct wip_kept *k = &m->cold->wip.kept;
	char key[24];
	int i;

	for (i = 0; k->stack && i < WIP_OPTIONS; i++) {
		snprintf(key, sizeof(key), "stack.%d", i);
		record_put(b, key, k->option[i]);
	}
	if (!k->bearer)
		return;
	record_put(b, "apn_given", k->o.apn_given);
	for (i = 0; i < WIP_TEXTS; i++)
		record_put_text(b, text_keys[i], k->o.text[i]);
	for (i = 0; i < WIP_NUMBERS; i++) {
		snprintf(key, sizeof(key), "bearer.%d", i);
		record_put(b, key, k->o.number[i]);
	}
}

/* "stack.3": its number, below n; -1: another key. */
static int place(const char *key, const char *prefix, int n)
{
	size_t len = strlen(prefix);
	int i = 0;

	if (strncmp(key, prefix, len) != 0 || !key[len])
		return -1;
	for (key += len; *key; key++) {
		if (*key < '0' || *key > '9' || i >= n)
			return -1;
		i = 10 * i + *key - '0';
	}
	return i < n ? i : -1;
}

bool nv_take_wip(struct modem *m, const struct record *r)
{
	struct wip_kept *k = &m->cold->wip.kept;
	int i, given;

	i = place(r->key, "stack.", WIP_OPTIONS);
	if (i >= 0) {
		k->stack = true;
		return record_int_in(r, 0, 65535, &k->option[i]);
	}
	i = place(r->key, "bearer.", WIP_NUMBERS);
	if (i >= 0) {
		k->bearer = true;
		return record_int_in(r, i == WIP_CID, i == WIP_CID ? GPRS_CONTEXTS : 255,
			&k->o.number[i]);
	}
	if (!strcmp(r->key, "apn_given")) {
		if (!record_int_in(r, 0, 1, &given))
			return false;
		k->o.apn_given = given;
		return true;
	}
	for (i = 0; i < WIP_TEXTS; i++)
		if (!strcmp(r->key, text_keys[i]))
			return record_text(r, k->o.text[i], WIP_TEXT);
	return true;
}
