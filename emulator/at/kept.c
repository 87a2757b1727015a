#include "at/kept.h"

#include <limits.h>
#include <stdio.h>
#include <string.h>

#include "at/known.h"
#include "at/tables_int.h"
#include "state/modem_state.h"
#include "state/record.h"

void at_kept_key(
	const struct at_cmd *cmd, size_t param, const char *name, char *key, size_t size)
{
	if (param)
		snprintf(key, size, "%s.%s", cmd->name, name);
	else
		snprintf(key, size, "%s", cmd->name);
}

/* by name */

static struct kept_value *find(const struct modem *m, const char *key)
{
	struct kept_value *v = m->cold->kept.value;
	size_t i;

	for (i = 0; i < m->kept.n; i++)
		if (!strcmp(v[i].key, key))
			return &v[i];
	return NULL;
}

static void put(struct modem *m, const char *key, const char *value)
{
	struct kept_value *v = find(m, key);

	if (!v && m->kept.n == KEPT_VALUES) {
		log_warn(&m->log, LOG_NV,
			"%s is not stored: %d values of firmwares and applications are "
			"kept "
			"already",
			key, KEPT_VALUES);
		return;
	}
	if (!v)
		v = &m->cold->kept.value[m->kept.n++];
	snprintf(v->key, sizeof(v->key), "%s", key);
	snprintf(v->value, sizeof(v->value), "%s", value);
}

static void put_number(struct modem *m, const char *key, int value)
{
	char text[16];

	snprintf(text, sizeof(text), "%d", value);
	put(m, key, text);
}

static void put_text(struct modem *m, const char *key, const char *text)
{
	char value[COMMAND_TEXT + 1];

	snprintf(value, sizeof(value), "\"%.*s", COMMAND_TEXT - 1, text);
	put(m, key, value);
}

/* A decimal number; true if it is one. */
static bool is_number(const char *text, int *out)
{
	const char *t = text + (*text == '-');
	long long n = 0;

	if (!*t || strlen(t) > 10 || t[strspn(t, "0123456789")])
		return false;
	for (; *t; t++)
		n = n * 10 + (*t - '0');
	n = *text == '-' ? -n : n;
	*out = (int)n;
	return n >= INT_MIN && n <= INT_MAX;
}

/* A key that a row or YAML could have; a damaged record may have any octets. */
static bool is_key(const char *key)
{
	const char *k;

	for (k = key; *k; k++)
		if (*k <= ' ' || *k == 0x7f)
			return false;
	return k > key;
}

bool at_kept_load(struct modem *m, const char *key, const char *value, size_t len)
{
	char text[COMMAND_TEXT + 1];
	int n;

	if (len >= sizeof(text) || !is_key(key))
		return false;
	memcpy(text, value, len);
	text[len] = '\0';
	if (text[0] != '"' && !is_number(text, &n))
		return false;
	put(m, key, text);
	return true;
}

bool at_kept_default(
	struct modem *m, const struct at_set *set, const char *name, const char *value)
{
	const struct at_entry *e = at_set_find(set, name, strcspn(name, "."));
	long i = e && e->cmd->flags & AT_F_DATA ? at_stored_param(e->cmd, name) : -1;
	char key[48];
	int v;

	if (i < 0)
		return false;
	at_kept_key(e->cmd, (size_t)i, e->cmd->param[i].name, key, sizeof(key));
	if (e->cmd->param[i].type == AT_TEXT) {
		put_text(m, key, value);
		return at_kept_fits(value, strlen(value));
	}
	if (!at_read_value(e, i, name, value, &v))
		return false;
	put_number(m, key, v);
	return true;
}

void at_kept_write(const struct modem *m, struct buf *out)
{
	const struct kept_value *v = m->cold->kept.value;
	size_t i;

	for (i = 0; i < m->kept.n; i++)
		record_put_text(out, v[i].key, v[i].value);
}

/* by place */

static void each_kept(struct modem *m, const struct at_set *set,
	void (*visit)(struct modem *m, const struct at_entry *e, size_t param))
{
	size_t i, p;

	for (i = 0; set && i < set->n; i++) {
		const struct at_entry *e = &set->entry[i];

		for (p = 0; e->cmd->flags & AT_F_DATA && p < e->params; p++)
			if (e->field[p])
				visit(m, e, p);
	}
}

/* A factory value that was never another one is not stored, so that an application
 * which only starts leaves the record as it is. */
static void save_one(struct modem *m, const struct at_entry *e, size_t p)
{
	const struct at_param *param = &e->cmd->param[p];
	int value = setting_get(&m->user, e->field[p]);
	char key[48];

	if (!(param->store & (AT_W | AT_EE)))
		return;
	at_kept_key(e->cmd, p, param->name, key, sizeof(key));
	if (value == e->def[p] && !find(m, key))
		return;
	if (param->type == AT_TEXT)
		put_text(m, key, at_kept_text(m, e, p, value));
	else
		put_number(m, key, value);
}

/* What has begun to run, but whose values have not been restored yet, has none. */
void at_kept_save(struct modem *m)
{
	struct at_known known = at_known_of(m);

	if (m->kept.of[0] == known.firmware)
		each_kept(m, known.firmware, save_one);
	if (m->kept.of[1] == known.own)
		each_kept(m, known.own, save_one);
}

static void restore_one(struct modem *m, const struct at_entry *e, size_t p)
{
	const struct at_param *param = &e->cmd->param[p];
	const struct kept_value *v;
	int value = e->def[p];
	char key[48];

	at_kept_key(e->cmd, p, param->name, key, sizeof(key));
	v = find(m, key);
	if (v && v->value[0] == '"' && param->type == AT_TEXT)
		value = at_kept_number(m, v->value + 1, strlen(v->value + 1));
	else if (v && v->value[0] != '"' && param->type != AT_TEXT)
		(void)is_number(v->value, &value);
	*setting_at(&m->user, e->field[p]) = value;
}

/* Texts are counted anew: those of other firmwares and applications go. */
static void forget_one(struct modem *m, const struct at_entry *e, size_t p)
{
	*setting_at(&m->user, e->field[p]) = e->def[p];
}

void at_kept_restore(struct modem *m)
{
	struct at_known known = at_known_of(m);
	const struct at_set *sets[] = { known.firmware, known.own };
	int i;

	for (i = 0; i < 2; i++)
		each_kept(m, sets[i], forget_one);
	for (i = 0; i < 2; i++) {
		each_kept(m, sets[i], restore_one);
		m->kept.of[i] = sets[i];
	}
}

/* texts */

const char *at_kept_text(
	const struct modem *m, const struct at_entry *e, size_t param, int value)
{
	if (value > 0 && value <= KEPT_TEXTS)
		return m->cold->kept.text[value - 1];
	return param < PROFILE_PARAMS && e->def_text[param] ? e->def_text[param] : "";
}

bool at_kept_fits(const char *text, size_t len)
{
	size_t i;

	for (i = 0; i < len; i++)
		if ((unsigned char)text[i] < ' ' || text[i] == 0x7f || text[i] == '"')
			return false;
	return len < COMMAND_TEXT;
}

static bool refers(const struct modem *m, const struct at_set *set, int value)
{
	const struct settings *user = &m->user;
	size_t i, p;

	for (i = 0; set && i < set->n; i++) {
		const struct at_entry *e = &set->entry[i];

		for (p = 0; e->cmd->flags & AT_F_DATA && p < e->params; p++)
			if (e->field[p] && e->cmd->param[p].type == AT_TEXT &&
				(setting_get(user, e->field[p]) == value ||
					m->live.data[e->field[p] - SETTING(data)] ==
						value))
				return true;
	}
	return false;
}

/* There are many more than can be referred to, so one that a change has just left is not
 * taken soon: the change may be undone. */
int at_kept_number(struct modem *m, const char *text, size_t len)
{
	struct at_known known = at_known_of(m);
	char *place;
	size_t i;
	int value = 0;

	for (i = 0; i < KEPT_TEXTS; i++) {
		m->kept.next_text = m->kept.next_text % KEPT_TEXTS + 1;
		value = (int)m->kept.next_text;
		if (!refers(m, known.firmware, value) && !refers(m, known.own, value))
			break;
	}
	place = m->cold->kept.text[value - 1];
	len = len < COMMAND_TEXT ? len : COMMAND_TEXT - 1;
	memcpy(place, text, len);
	place[len] = '\0';
	return value;
}
