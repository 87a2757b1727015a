/* One row per command; a firmware's changes are laid over the rows once. */
#include "at/tables.h"

#include <assert.h>
#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "at/chapter.h"
#include "at/data_rows.h"
#include "at/tables_int.h"
#include "state/modem_state.h"

/* legal values */

static bool take_number(const char **p, int *out)
{
	long n = 0;

	if (!isdigit((unsigned char)**p))
		return false;
	for (; isdigit((unsigned char)**p); (*p)++)
		if (n < 0x10000000)
			n = n * 10 + (**p - '0');
	*out = (int)n;
	return true;
}

bool at_values_allow(const char *values, int v)
{
	const char *p = values;
	int lo, hi;

	while (*p) {
		if (!take_number(&p, &lo)) {
			p++;
			continue;
		}
		hi = lo;
		if (*p == '-') {
			p++;
			if (!take_number(&p, &hi))
				hi = lo;
		}
		if (v >= lo && v <= hi)
			return true;
	}
	return false;
}

const char *at_values_text(const char *values, int place, size_t *len)
{
	const char *p = values;
	const char *end;

	for (p = strchr(p, '"'); p; p = strchr(end + 1, '"')) {
		end = strchr(p + 1, '"');
		if (!end)
			return NULL;
		if (!place--) {
			*len = (size_t)(end - p - 1);
			return p + 1;
		}
	}
	return NULL;
}

int at_values_place(const char *values, const char *text, size_t len)
{
	const char *choice;
	size_t n;
	int i;

	for (i = 0; (choice = at_values_text(values, i, &n)); i++)
		if (n == len && !memcmp(choice, text, len))
			return i;
	return -1;
}

bool at_autobauds(const struct at_set *set, unsigned baud)
{
	static const char ipr[] = "+IPR";
	const struct at_entry *e = at_set_find(set, ipr, strlen(ipr));
	char first[80];

	if (!e || !e->test)
		return true;
	snprintf(first, sizeof(first), "%.*s", (int)strcspn(e->test, ")"), e->test);
	return at_values_allow(first, (int)baud);
}

/* look-up */

const struct at_set *at_tables_of(const struct modem *m)
{
	return m->fw ? m->fw->at : profile_at(m->profile, m->flash.downloader)->at;
}

static int upper(char c)
{
	return c >= 'a' && c <= 'z' ? c - 'a' + 'A' : (unsigned char)c;
}

static int compare(const char *a, size_t n, const char *b)
{
	size_t i;

	for (i = 0; i < n && b[i]; i++) {
		int d = upper(a[i]) - b[i];

		if (d)
			return d;
	}
	return i < n ? 1 : b[i] ? -1 : 0;
}

const struct at_entry *at_set_find(const struct at_set *set, const char *name, size_t len)
{
	size_t lo = 0, hi = set->n, i;
	char key[32]; /* longer than any name */

	if (len >= sizeof(key))
		return NULL;
	for (i = 0; i < len; i++)
		key[i] = (char)upper(name[i]);
	key[len] = '\0';
	while (lo < hi) {
		size_t mid = (lo + hi) / 2;
		int d = strcmp(key, set->entry[mid].cmd->name);

		if (!d)
			return &set->entry[mid];
		if (d < 0)
			hi = mid;
		else
			lo = mid + 1;
	}
	return NULL;
}

/* building */

#define OWN_LATENCY MS(10) /* of an application's commands (inferred) */

const struct at_cmd *at_row_find(
	const struct chapter *const *chapters, const char *name, size_t len)
{
	struct chapter_walk walk = { .chapter = chapters };
	const struct at_cmd *cmd;

	while ((cmd = chapter_next_row(&walk)))
		if (!compare(name, len, cmd->name))
			return cmd;
	return NULL;
}

long at_find_param(const struct at_cmd *cmd, const char *name)
{
	long i;

	for (i = 0; i < AT_PARAMS && cmd->param[i].name; i++)
		if (!strcmp(cmd->param[i].name, name))
			return i;
	return -1;
}

/* The firmware lacks the parameter at this position, and those after it. */
static void cut_params(struct at_entry *e, size_t place)
{
	size_t p;

	for (p = place; p < e->params; p++)
		e->field[p] = 0;
	e->params = place < e->params ? place : e->params;
}

/* The row with the changes of the firmware's `commands`; slots are assigned by
 * at_set_build(). */
void at_lay_row(struct at_entry *e, const struct at_cmd *cmd,
	const struct command_conf *commands, size_t n)
{
	size_t i, p;

	*e = (struct at_entry){ .cmd = cmd, .test = cmd->test };
	for (p = 0; p < AT_PARAMS && cmd->param[p].name; p++) {
		e->values[p] = cmd->param[p].values;
		e->def[p] = cmd->param[p].def;
		e->field[p] = (short)cmd->param[p].field;
		e->params += !cmd->param[p].inner;
	}
	for (i = 0; i < n; i++) {
		const struct command_conf *conf = &commands[i];

		if (strcmp(conf->name, cmd->name) != 0)
			continue;
		e->conf = conf;
		e->absent = conf->absent;
		e->after_cmee = conf->after_cmee;
		e->refused = conf->refused;
		e->differs = conf->see;
		if (conf->test[0])
			e->test = conf->test;
		for (p = 0; p < conf->params; p++) {
			long place = at_find_param(cmd, conf->param[p].name);

			if (place < 0)
				continue;
			if (!strcmp(conf->param[p].values, "absent"))
				cut_params(e, (size_t)place);
			else if (conf->param[p].values[0])
				e->values[place] = conf->param[p].values;
		}
		if (cmd->flags & AT_F_DATA)
			at_data_defaults(e);
	}
}

/* "+COPS=?" is one form, "+COPS" all of them. */
unsigned at_forms_named(const char *name, size_t *len)
{
	size_t n = strlen(name);

	if (n > 2 && !strcmp(name + n - 2, "=?")) {
		*len = n - 2;
		return AT_TEST;
	}
	if (n > 1 && name[n - 1] == '?') {
		*len = n - 1;
		return AT_READ;
	}
	if (n > 1 && name[n - 1] == '=') {
		*len = n - 1;
		return AT_SET;
	}
	*len = n;
	return AT_ALL_FORMS;
}

static void set_latency(struct at_entry *e, unsigned forms, usec_t time)
{
	int i;

	for (i = 0; i < AT_FORMS; i++)
		if (forms >> i & 1)
			e->latency[i] = time;
}

/* Those for a whole command first, so that its single forms may differ. */
static void lay_latency(struct at_entry *e, const struct firmware *fw)
{
	bool single;
	size_t i, len;

	if (e->cmd->name[0] == '+')
		set_latency(e, AT_ALL_FORMS, fw->latency_default);
	for (single = false;; single = true) {
		for (i = 0; i < fw->latencies; i++) {
			const char *name = fw->latency[i].command;
			unsigned forms = at_forms_named(name, &len);

			if ((forms != AT_ALL_FORMS) == single &&
				!compare(name, len, e->cmd->name))
				set_latency(e, forms, fw->latency[i].time);
		}
		if (single)
			break;
	}
	at_data_latency(e);
}

/* A parameter by its older name with the opposite sense; -1 if there is none. */
static long find_opposite(const struct at_cmd *cmd, const char *name)
{
	long i;

	for (i = 0; i < AT_PARAMS && cmd->param[i].name; i++)
		if (cmd->param[i].opposite && !strcmp(cmd->param[i].opposite, name))
			return i;
	return -1;
}

/* A stored parameter of a row by "+NAME" or "+NAME.parameter", -1 if there is none. */
long at_stored_param(const struct at_cmd *cmd, const char *name)
{
	const char *dot = strchr(name, '.');
	long i;

	if (dot) {
		i = at_find_param(cmd, dot + 1);
		i = i < 0 ? find_opposite(cmd, dot + 1) : i;
		return i >= 0 && cmd->param[i].field ? i : -1;
	}
	for (i = 0; i < AT_PARAMS && cmd->param[i].name; i++)
		if (cmd->param[i].field)
			return i;
	return -1;
}

static size_t name_length(const char *name)
{
	return strcspn(name, ".");
}

bool at_value_legal(const struct at_entry *e, size_t i, int v)
{
	const char *values = e->values[i];
	size_t len;

	if (e->cmd->param[i].type == AT_CHOICE)
		return v >= 0 && at_values_text(values, v, &len);
	return !values || at_keeps_text(e, i) || at_values_allow(values, v);
}

/* Reads the value that parameter i is set to. */
bool at_read_value(
	const struct at_entry *e, long i, const char *name, const char *text, int *out)
{
	const char *dot = strchr(name, '.');

	if (e->cmd->param[i].type == AT_CHOICE) {
		*out = at_values_place(e->values[i], text, strlen(text));
		return *out >= 0;
	}
	if (!take_number(&text, out) || *text || !at_value_legal(e, (size_t)i, *out))
		return false;
	if (dot && find_opposite(e->cmd, dot + 1) == i)
		*out = !*out;
	return true;
}

static void lay_defaults(struct at_entry *e, const struct firmware *fw)
{
	size_t i;

	for (i = 0; i < fw->n_defaults; i++) {
		const char *name = fw->defaults[i].name;
		long p;
		int v;

		if (compare(name, name_length(name), e->cmd->name) != 0)
			continue;
		p = at_stored_param(e->cmd, name);
		if (p >= 0 && e->cmd->flags & AT_F_DATA &&
			e->cmd->param[p].type == AT_TEXT)
			e->def_text[p] = fw->defaults[i].value;
		else if (p >= 0 && at_read_value(e, p, name, fw->defaults[i].value, &v))
			e->def[p] = v;
	}
}

/* Rows sorted by name; among equal names the order is kept. */
struct sorted {
	const struct at_cmd *row[AT_COMMANDS];
	size_t n;
};

static void insert(struct sorted *s, const struct at_cmd *cmd)
{
	size_t low = 0, high = s->n, middle;

	assert(s->n < AT_COMMANDS);
	while (low < high) {
		middle = (low + high) / 2;
		if (strcmp(s->row[middle]->name, cmd->name) > 0)
			high = middle;
		else
			low = middle + 1;
	}
	memmove(&s->row[low + 1], &s->row[low], (s->n - low) * sizeof(s->row[0]));
	s->row[low] = cmd;
	s->n++;
}

/* Makes the rows from YAML at `mem`, and sorts them in. */
static void insert_data(struct sorted *s, const struct chapter *const *chapters,
	const struct command_conf *conf, size_t n, struct at_cmd *mem)
{
	size_t i;

	for (i = 0; i < n; i++) {
		if (!at_row_is_data(chapters, &conf[i]))
			continue;
		at_data_row(mem, &conf[i]);
		insert(s, mem++);
	}
}

/* Assigns places to settings that no code reads, in the order of the tables, the same for
 * every firmware. */
static void lay_slots(struct at_set *set, const struct chapter *const *chapters)
{
	struct chapter_walk walk = { .chapter = chapters };
	const struct at_cmd *cmd;
	struct at_entry *e;
	int slot = SETTING(slot);
	size_t p;

	while ((cmd = chapter_next_row(&walk))) {
		e = (struct at_entry *)at_set_find(set, cmd->name, strlen(cmd->name));
		for (p = 0; p < AT_PARAMS; p++) {
			if (cmd->param[p].field != AT_SLOT)
				continue;
			assert(slot < (int)SETTINGS_FIELDS);
			if (e->field[p])
				e->field[p] = (short)slot;
			slot++;
		}
	}
}

static void lay_classes(struct at_set *set, const struct chapter *const *chapters)
{
	const struct at_cmd *const *table;
	const struct chapter *const *c;
	const struct at_cmd *cmd;
	struct at_entry *e;

	for (c = chapters; *c; c++) {
		if (!(*c)->class)
			continue;
		for (table = (*c)->rows; *table; table++)
			for (cmd = *table; cmd->name; cmd++) {
				e = (struct at_entry *)at_set_find(
					set, cmd->name, strlen(cmd->name));
				e->class = *c;
			}
	}
}

static size_t count_rows(const struct chapter *const *chapters)
{
	struct chapter_walk walk = { .chapter = chapters };
	size_t n = 0;

	while (chapter_next_row(&walk))
		n++;
	return n;
}

static size_t set_size(size_t entries, size_t data)
{
	return sizeof(struct at_set) + entries * sizeof(struct at_entry) +
	       data * sizeof(struct at_cmd);
}

/* The rows from YAML follow the entries. */
static struct at_cmd *rows_of(struct at_set *set, size_t entries)
{
	return (struct at_cmd *)&set->entry[entries];
}

size_t at_set_size(const struct chapter *const *chapters, const struct firmware *fw)
{
	size_t data = at_data_count(chapters, fw->commands, fw->n_commands);

	return set_size(count_rows(chapters) + data, data);
}

void at_set_build(struct at_set *set, const struct chapter *const *chapters,
	const struct firmware *fw)
{
	struct chapter_walk walk = { .chapter = chapters };
	struct sorted sorted = { .n = 0 };
	const struct at_cmd *cmd;
	size_t i;

	while ((cmd = chapter_next_row(&walk)))
		insert(&sorted, cmd);
	set->n = sorted.n + at_data_count(chapters, fw->commands, fw->n_commands);
	insert_data(
		&sorted, chapters, fw->commands, fw->n_commands, rows_of(set, set->n));
	for (i = 0; i < set->n; i++) {
		at_lay_row(&set->entry[i], sorted.row[i], fw->commands, fw->n_commands);
		if (!set->entry[i].conf)
			set->entry[i].absent = sorted.row[i]->flags & AT_F_DEAD &&
					       !firmware_has(fw, QUIRK_DEAD_LETTERS);
		lay_latency(&set->entry[i], fw);
		lay_defaults(&set->entry[i], fw);
	}
	lay_slots(set, chapters);
	at_data_slots(set, 0);
	lay_classes(set, chapters);
}

size_t at_own_size(
	const struct chapter *const *chapters, const struct command_conf *conf, size_t n)
{
	size_t data = at_data_count(chapters, conf, n);

	return set_size(data, data);
}

void at_own_build(struct at_set *set, const struct chapter *const *chapters,
	const struct command_conf *conf, size_t n)
{
	struct sorted sorted = { .n = 0 };
	size_t i;

	set->n = at_data_count(chapters, conf, n);
	insert_data(&sorted, chapters, conf, n, rows_of(set, set->n));
	for (i = 0; i < set->n; i++) {
		at_lay_row(&set->entry[i], sorted.row[i], conf, n);
		set_latency(&set->entry[i], AT_ALL_FORMS, OWN_LATENCY);
		at_data_latency(&set->entry[i]);
	}
	at_data_slots(set, SETTINGS_APPLICATION);
}

void at_set_add_factory(const struct at_set *set, struct settings *s)
{
	size_t i, p;

	for (i = 0; i < set->n; i++)
		for (p = 0; p < AT_PARAMS; p++)
			if (set->entry[i].field[p])
				*setting_at(
					s, set->entry[i].field[p]) = set->entry[i].def[p];
}

void at_set_factory(const struct at_set *set, struct settings *s)
{
	*s = (struct settings){ .port = { .none = 0 } };
	at_set_add_factory(set, s);
}

bool at_set_default(
	const struct at_set *set, struct settings *s, const char *name, const char *value)
{
	const struct at_entry *e = at_set_find(set, name, name_length(name));
	long i = e ? at_stored_param(e->cmd, name) : -1;
	int v;

	if (i < 0 || !at_read_value(e, i, name, value, &v))
		return false;
	*setting_at(s, e->field[i]) = v;
	return true;
}

bool at_delivered(const struct at_cmd *cmd, const char *text, int *v)
{
	return take_number(&text, v) && !*text && at_values_allow(cmd->delivers, *v);
}

bool at_deliver(
	const struct at_set *set, struct modem *m, const char *name, const char *value)
{
	const struct at_entry *e = at_set_find(set, name, strlen(name));
	int v;

	if (!e || !e->cmd->deliver)
		return at_set_default(set, &m->user, name, value);
	if (!at_delivered(e->cmd, value, &v))
		return false;
	e->cmd->deliver(m, v);
	return true;
}
