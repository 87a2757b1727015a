/* One row a command; what a firmware changes is laid over the rows once. */
#include "at/tables.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

extern const struct at_cmd at_cmds_v24[], at_cmds_general[], at_cmds_net[],
	at_cmds_security[], at_cmds_cpol[], at_cmds_cell[], at_cmds_voice[],
	at_cmds_data[], at_cmds_specific[], at_cmds_open_at[];

const struct at_cmd *const at_tables[] = {
	at_cmds_v24,
	at_cmds_general,
	at_cmds_net,
	at_cmds_security,
	at_cmds_cpol,
	at_cmds_cell,
	at_cmds_voice,
	at_cmds_data,
	at_cmds_specific,
	at_cmds_open_at,
	NULL,
};

/* ---- legal values ---------------------------------------------------------------- */

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

/* ---- look-up --------------------------------------------------------------------- */

const struct at_set *at_tables_of(const struct modem *m)
{
	return m->fw ? m->fw->at : m->profile->firmware[m->flash.downloader].at;
}

static int compare(const char *a, size_t n, const char *b)
{
	size_t i;

	for (i = 0; i < n && b[i]; i++) {
		int d = toupper((unsigned char)a[i]) - b[i];

		if (d)
			return d;
	}
	return i < n ? 1 : b[i] ? -1 : 0;
}

const struct at_entry *at_set_find(const struct at_set *set, const char *name, size_t len)
{
	size_t lo = 0, hi = set->n;

	while (lo < hi) {
		size_t mid = (lo + hi) / 2;
		int d = compare(name, len, set->entry[mid].cmd->name);

		if (!d)
			return &set->entry[mid];
		if (d < 0)
			hi = mid;
		else
			lo = mid + 1;
	}
	return NULL;
}

/* ---- building -------------------------------------------------------------------- */

struct complaint {
	void (*tell)(void *ctx, const char *command, const char *what);
	void *ctx;
};

static void complain(const struct complaint *c, const char *command, const char *what)
{
	if (c->tell)
		c->tell(c->ctx, command, what);
}

static void add_rows(struct at_set *set)
{
	size_t t, p, i;
	int slot = SETTING(slot);

	for (t = 0; at_tables[t]; t++) {
		const struct at_cmd *cmd;

		for (cmd = at_tables[t]; cmd->name; cmd++) {
			struct at_entry *e;

			for (i = set->n; i > 0 && strcmp(set->entry[i - 1].cmd->name,
							  cmd->name) > 0;
				i--)
				set->entry[i] = set->entry[i - 1];
			set->n++;
			e = &set->entry[i];
			*e = (struct at_entry){ .cmd = cmd, .test = cmd->test };
			for (p = 0; p < AT_PARAMS && cmd->param[p].name; p++) {
				e->values[p] = cmd->param[p].values;
				e->def[p] = cmd->param[p].def;
				e->field[p] = (short)cmd->param[p].field;
				if (cmd->param[p].field == AT_SLOT)
					e->field[p] = (short)slot++;
			}
		}
	}
}

static struct at_entry *find_mutable(struct at_set *set, const char *name)
{
	const struct at_entry *e = at_set_find(set, name, strlen(name));

	return e ? &set->entry[e - set->entry] : NULL;
}

static void lay_param(
	struct at_entry *e, const struct param_conf *conf, const struct complaint *c)
{
	size_t i;

	for (i = 0; i < AT_PARAMS && e->cmd->param[i].name; i++) {
		if (strcmp(e->cmd->param[i].name, conf->name) != 0)
			continue;
		if (conf->values[0])
			e->values[i] = conf->values;
		return;
	}
	complain(c, e->cmd->name, "has no parameter of that name");
}

static void lay_commands(
	struct at_set *set, const struct firmware *fw, const struct complaint *c)
{
	size_t i, p;

	for (i = 0; i < fw->n_commands; i++) {
		const struct command_conf *conf = &fw->commands[i];
		struct at_entry *e = find_mutable(set, conf->name);

		if (!e) {
			complain(c, conf->name, "is not a command that Fauxtrack knows");
			continue;
		}
		e->absent = conf->absent;
		if (conf->test[0])
			e->test = conf->test;
		for (p = 0; p < conf->params; p++)
			lay_param(e, &conf->param[p], c);
	}
}

/* "+COPS=?" is one form, "+COPS" all of them. */
static unsigned forms_named(const char *name, size_t *len)
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
	return AT_EXEC | AT_SET | AT_READ | AT_TEST;
}

static void set_latency(struct at_entry *e, unsigned forms, usec_t time)
{
	int i;

	for (i = 0; i < AT_FORMS; i++)
		if (forms >> i & 1)
			e->latency[i] = time;
}

/* Those of a whole command first, so that its single forms may differ. */
static void lay_latency(
	struct at_set *set, const struct firmware *fw, const struct complaint *c)
{
	size_t i, len;
	int single;

	for (i = 0; i < set->n; i++)
		if (set->entry[i].cmd->name[0] == '+')
			set_latency(&set->entry[i], 15, fw->latency_default);
	for (single = 0; single < 2; single++) {
		for (i = 0; i < fw->latencies; i++) {
			const char *name = fw->latency[i].command;
			unsigned forms = forms_named(name, &len);
			const struct at_entry *e = at_set_find(set, name, len);

			if (!e && !single)
				complain(
					c, name, "is not a command that Fauxtrack knows");
			if (e && (forms != 15) == single)
				set_latency(&set->entry[e - set->entry], forms,
					fw->latency[i].time);
		}
	}
}

/* A stored parameter by "+NAME" or "+NAME.parameter". */
static const struct at_entry *find_param(
	const struct at_set *set, const char *name, size_t *place)
{
	const char *dot = strchr(name, '.');
	size_t len = dot ? (size_t)(dot - name) : strlen(name);
	const struct at_entry *e = at_set_find(set, name, len);
	size_t i;

	for (i = 0; e && i < AT_PARAMS && e->cmd->param[i].name; i++) {
		*place = i;
		if (dot ? !strcmp(dot + 1, e->cmd->param[i].name) : e->field[i] != 0)
			return e->field[i] ? e : NULL;
	}
	return NULL;
}

static bool read_value(const struct at_entry *e, size_t i, const char *text, int *out)
{
	if (e->cmd->param[i].type == AT_CHOICE) {
		*out = at_values_place(e->values[i], text, strlen(text));
		return *out >= 0;
	}
	return take_number(&text, out) && !*text && at_values_allow(e->values[i], *out);
}

bool at_set_default(
	const struct at_set *set, struct settings *s, const char *name, const char *value)
{
	size_t i;
	const struct at_entry *e = find_param(set, name, &i);
	int v;

	if (!e || !read_value(e, i, value, &v))
		return false;
	*setting_at(s, e->field[i]) = v;
	return true;
}

static void lay_defaults(
	struct at_set *set, const struct firmware *fw, const struct complaint *c)
{
	size_t i, p;
	int v;

	for (i = 0; i < fw->n_defaults; i++) {
		const struct at_entry *e = find_param(set, fw->defaults[i].name, &p);

		if (!e)
			complain(c, fw->defaults[i].name, "is not a stored parameter");
		else if (!read_value(e, p, fw->defaults[i].value, &v))
			complain(c, fw->defaults[i].name, "may not have that default");
		else
			set->entry[e - set->entry].def[p] = v;
	}
}

void at_set_build(struct at_set *set, const struct firmware *fw,
	void (*tell)(void *ctx, const char *command, const char *what), void *ctx)
{
	struct complaint c = { tell, ctx };

	set->n = 0;
	add_rows(set);
	lay_commands(set, fw, &c);
	lay_latency(set, fw, &c);
	lay_defaults(set, fw, &c);
}

void at_set_factory(const struct at_set *set, struct settings *s)
{
	size_t i, p;

	*s = (struct settings){ .none = 0 };
	for (i = 0; i < set->n; i++)
		for (p = 0; p < AT_PARAMS; p++)
			if (set->entry[i].field[p])
				*setting_at(
					s, set->entry[i].field[p]) = set->entry[i].def[p];
}
