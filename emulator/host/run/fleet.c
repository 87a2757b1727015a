#include "host/run/fleet.h"

#include <assert.h>
#include <ctype.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/names.h"
#include "conf/must.h"
#include "conf/schema.h"
#include "conf/schema_scalar.h"
#include "host/exits.h"
#include "host/read/doc_yaml.h"
#include "host/read/library.h"

#define ROWS  40
#define NAMES 4 /* choices of an option, such as warm|cold */

/* ---- the language ------------------------------------------------------------------ */

/* Numbers of the first modem of a group; the next ones count up. */
static const struct {
	const char *key, *help, *path;
} identities[] = {
	{ "numbers", "phone number of the first modem; the next ones count up",
		"sim.books.ON.entries.0.number" },
	{ "imsi", "IMSI of the first modem; the next ones count up", "sim.imsi" },
	{ "iccid",
		"ICCID of the first modem; the next ones count up, each with its check "
		"digit",
		"sim.iccid" },
	{ "imei",
		"IMEI of the first modem; the next ones count up, each with its check "
		"digit",
		"device.imei" },
	{ "serial", "serial number of the first modem; the next ones count up",
		"device.serial" },
};
#define IDENTITIES (sizeof(identities) / sizeof(identities[0]))

static const struct name kinds[] = { { 0, "fleet", NULL }, { 0, NULL, NULL } };

static const char *check_name(const void *value)
{
	const char *name = value;

	if (!islower((unsigned char)name[0]) ||
		name[strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789-_")])
		return "a name of a group begins with a letter and has a-z, 0-9, - and "
		       "_; write north, or site-2";
	return strcmp(name, "all") ? NULL
				   : "\"all\" means all modems; write another name";
}

static struct schema_field group_rows[ROWS], top_rows[ROWS];
static struct schema group = { .name = "group",
	.help = "a group of modems with the same options",
	.fields = group_rows };
static struct schema top = { .name = "fleet",
	.help = "groups of modems, for fauxtrack run --fleet",
	.fields = top_rows };

/* The words of "warm|cold" as names; NULL if the value is no choice of words. */
static const struct name *choices(const char *arg, struct name names[NAMES])
{
	static char mem[ROWS * 16];
	static size_t used;
	size_t n, len;

	if (!strchr(arg, '|') || arg[strspn(arg, "abcdefghijklmnopqrstuvwxyz|")])
		return NULL;
	for (n = 0; *arg && n < NAMES - 1; n++) {
		len = strcspn(arg, "|");
		if (used + len >= sizeof(mem))
			return NULL;
		memcpy(mem + used, arg, len);
		names[n] = (struct name){ (int)n, mem + used, NULL };
		used += len + 1;
		arg += len + (arg[len] == '|');
	}
	return *arg ? NULL : names;
}

static struct schema_field row_field(const struct cli_option *o, struct name names[NAMES])
{
	static const struct schema_field text = { .type = SCHEMA_VALUE,
		.size = PATH_MAX };
	struct schema_field f = text;

	f.key = o->name;
	f.help = o->help;
	f.flags = SCHEMA_ELSEWHERE;
	if (!o->arg)
		f.type = SCHEMA_BOOL;
	else if (o->also & OPTIONS_MANY) {
		f.type = SCHEMA_LIST;
		f.item = &text;
		f.most = OPTIONS_SETS;
		f.flags |= SCHEMA_OR_ONE;
	} else if ((f.names = choices(o->arg, names))) {
		f.type = SCHEMA_ENUM;
	}
	return f;
}

/* The rows of the options are those of both tables. */
static void make_schemas(void)
{
	static struct name names[ROWS][NAMES];
	static const struct schema_field groups = { .type = SCHEMA_STRUCT,
		.schema = &group };
	size_t g = 0, t = 0, i;
	const struct cli_option *o;

	if (group_rows[0].key)
		return;
	top_rows[t++] = (struct schema_field){ .key = "kind",
		.help = "fleet: what the file is; may be left out",
		.type = SCHEMA_ENUM,
		.names = kinds,
		.size = sizeof(int) };
	top_rows[t++] = (struct schema_field){ .key = "groups",
		.help = "the groups; keys beside it are the defaults of every group",
		.type = SCHEMA_LIST,
		.item = &groups,
		.most = FLEET_GROUPS,
		.flags = SCHEMA_REQUIRED | SCHEMA_ELSEWHERE };
	group_rows[g++] = (struct schema_field){ .key = "name",
		.help = "its name, for ctl --modem and the HTTP interface",
		.type = SCHEMA_TEXT,
		.size = FLEET_NAME,
		.min = 1,
		.check = check_name,
		.flags = SCHEMA_REQUIRED };
	for (i = 0; i < IDENTITIES; i++)
		group_rows[g++] = (struct schema_field){ .key = identities[i].key,
			.help = identities[i].help,
			.type = SCHEMA_VALUE,
			.size = PATH_MAX,
			.flags = SCHEMA_ELSEWHERE };
	for (o = options_rows, i = 0; o->name; o++) {
		if (!(o->also & OPTIONS_FLEET))
			continue;
		assert(g + 1 < ROWS && t + 1 < ROWS);
		group_rows[g++] = top_rows[t++] = row_field(o, names[i]);
		i++;
	}
}

const struct schema *fleet_schema(void)
{
	make_schemas();
	return &top;
}

/* ---- values ------------------------------------------------------------------------ */

struct reader {
	struct fleet *fleet;
	struct doc_errors *e;
	struct options *o;
};

/* A copy that options may change and keep. */
static char *keep(struct fleet *f, const char *text)
{
	f->texts = must(realloc(f->texts, (f->n_texts + 1) * sizeof(*f->texts)));
	f->texts[f->n_texts] = must(strdup(text));
	return f->texts[f->n_texts++];
}

static void take(struct reader *r, const struct cli_option *row, const char *key,
	const struct doc *d, const char *text)
{
	size_t before = r->o->n_sets, i;
	char why[400];

	if (!row->take(r->o, text ? keep(r->fleet, text) : NULL, why, sizeof(why)))
		doc_error(r->e, d->at, "%s: %s", key, why);
	for (i = before; i < r->o->n_sets; i++)
		r->o->sets[i].at = d->at;
}

static const struct cli_option *row_of(const char *key)
{
	const struct cli_option *o;

	for (o = options_rows; o->name; o++)
		if (o->also & OPTIONS_FLEET && !strcmp(o->name, key))
			return o;
	return NULL;
}

/* Checks what the row of the schema says, which options do not: a text and not a list,
 * true or false. */
static bool fits(const struct reader *r, const struct schema_field *f,
	const struct doc *d, char value[PATH_MAX])
{
	struct schema_field as = *f;

	as.flags = 0;
	as.check = NULL;
	if (f->type == SCHEMA_ENUM) { /* the option has a better message */
		as.type = SCHEMA_VALUE;
		as.size = PATH_MAX;
	}
	if (f->type == SCHEMA_BOOL)
		as.size = sizeof(bool);
	if (d->kind == DOC_SCALAR)
		return schema_scalar(&as, d, value, r->e);
	doc_error(r->e, d->at, "\"%s\" is a single value, not %s; write %s: VALUE",
		f->key, doc_kind_name(d), f->key);
	return false;
}

static void take_many(struct reader *r, const struct cli_option *row,
	const struct schema_field *f, const struct doc *d)
{
	struct schema_field one = *f->item;
	char value[PATH_MAX];
	size_t i;

	one.key = f->key;
	if (d->kind == DOC_SCALAR) {
		if (fits(r, &one, d, value))
			take(r, row, f->key, d, value);
		return;
	}
	if (d->kind != DOC_LIST) {
		doc_error(r->e, d->at,
			"\"%s\" is a list, not %s; write [KEY=VALUE, ...], or lines that "
			"begin with -",
			f->key, doc_kind_name(d));
		return;
	}
	for (i = 0; i < d->n; i++)
		if (fits(r, &one, d->items[i].value, value))
			take(r, row, f->key, d->items[i].value, value);
}

static void take_identity(struct reader *r, const char *path, const char *key,
	const struct doc *d, const char *value)
{
	char set[PATH_MAX + 64];

	snprintf(set, sizeof(set), "%s=%s", path, value);
	take(r, row_of("set"), key, d, set);
}

/* Takes all keys of a mapping that are options or identities. */
static void take_all(struct reader *r, const struct schema *s, const struct doc *d)
{
	const struct schema_field *f;
	const struct cli_option *row;
	const struct doc *value;
	char text[PATH_MAX];
	size_t i;

	for (f = s->fields; f->key; f++) {
		value = doc_get(d, f->key);
		row = row_of(f->key);
		if (!value || !(f->flags & SCHEMA_ELSEWHERE) || f->type == SCHEMA_LIST) {
			if (value && row)
				take_many(r, row, f, value);
			continue;
		}
		if (!fits(r, f, value, text))
			continue;
		for (i = 0; !row && i < IDENTITIES; i++)
			if (!strcmp(f->key, identities[i].key))
				take_identity(r, identities[i].path, f->key, value, text);
		if (row && row->arg)
			take(r, row, f->key, value, text);
		else if (row && *(const bool *)text)
			take(r, row, f->key, value, NULL);
	}
}

/* ---- groups ------------------------------------------------------------------------ */

static bool same(const char *a, const char *b)
{
	return a && b && !strcmp(a, b);
}

/* What only one group may have. */
static void check_apart(const struct group *g, const struct group *other,
	const struct doc *d, struct doc_errors *e)
{
	const struct {
		const char *key, *own, *others;
	} rows[] = {
		{ "name", g->name, other->name },
		{ "link", g->o.link, other->o.link },
		{ "state", g->o.state, other->o.state },
		{ "trace", g->o.trace, other->o.trace },
		{ "pcap", g->o.pcap, other->o.pcap },
	};
	const struct doc *value;
	size_t i;

	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		if (!same(rows[i].own, rows[i].others))
			continue;
		value = doc_get(d, rows[i].key);
		doc_error(e, value ? value->at : d->at,
			"%s \"%s\" is that of an earlier group%s%s too; write another",
			rows[i].key, rows[i].own, i ? ", " : "", i ? other->name : "");
	}
}

static void read_group(struct reader *r, const struct doc *d, const struct doc *all)
{
	struct fleet *f = r->fleet;
	struct group *g = &f->groups[f->n];
	const char *conflict;
	char name[FLEET_NAME] = "";
	size_t before = r->e->n, i;

	schema_bind(&group, d, name, false, r->e);
	if (d->kind != DOC_MAP)
		return;
	*g = (struct group){ .o = *r->o, .written = { d, all } };
	r->o = &g->o;
	take_all(r, &group, d);
	g->name = keep(f, name);
	g->first = f->count + 1;
	if (r->e->n == before && (conflict = options_conflict(&g->o)))
		doc_error(r->e, d->at, "%s", conflict);
	for (i = 0; i < f->n && *name; i++)
		check_apart(g, &f->groups[i], d, r->e);
	f->n++;
	f->count += g->o.count;
	if (f->count > OPTIONS_MODEMS && f->count - g->o.count <= OPTIONS_MODEMS)
		doc_error(r->e, d->at,
			"with this group there are %u modems, the limit of a process is "
			"%d; start the rest in another process",
			f->count, OPTIONS_MODEMS);
}

static void read_groups(struct reader *r, const struct doc *d)
{
	const struct doc *list = doc_get(d, "groups");
	struct options shared = *r->o;
	size_t i;

	r->o = &shared;
	take_all(r, &top, d);
	if (!list)
		return;
	if (list->kind != DOC_LIST || !list->n || list->n > FLEET_GROUPS) {
		doc_error(r->e, list->at,
			"\"groups\" is a list of 1 to %d groups; write lines that begin "
			"with - name: NAME",
			FLEET_GROUPS);
		return;
	}
	r->fleet->groups = must(calloc(list->n, sizeof(struct group)));
	for (i = 0; i < list->n; i++) {
		r->o = &shared;
		read_group(r, list->items[i].value, d);
	}
}

struct fleet *fleet_read(
	const char *path, const struct options *base, struct doc_errors *e)
{
	struct fleet *f = must(calloc(1, sizeof(*f)));
	struct options defaults = *base;
	struct reader r = { f, e, &defaults };
	const struct doc *d;
	int kind = 0;

	make_schemas();
	defaults.fleet = NULL;
	f->pool = doc_pool_new();
	d = doc_yaml_file(f->pool, path, e);
	if (d && schema_bind(&top, d, &kind, false, e))
		read_groups(&r, d);
	if (d && !e->n)
		return f;
	doc_errors_sort(e, NULL);
	fleet_free(f);
	return NULL;
}

void fleet_free(struct fleet *f)
{
	size_t i;

	if (!f)
		return;
	for (i = 0; i < f->n; i++)
		group_clear(&f->groups[i]);
	for (i = 0; i < f->n_texts; i++)
		free(f->texts[i]);
	free(f->texts);
	free(f->groups);
	doc_pool_free(f->pool);
	free(f);
}

/* ---- checking ---------------------------------------------------------------------- */

bool fleet_is(const char *path)
{
	struct doc_pool *pool = doc_pool_new();
	const struct doc *d;
	struct doc_errors e;
	bool is;

	doc_errors_init(&e);
	d = doc_yaml_file(pool, path, &e);
	is = doc_find(d, "groups") || same(doc_get_text(d, "kind"), "fleet");
	doc_errors_clear(&e);
	doc_pool_free(pool);
	return is;
}

bool fleet_check(struct library *l, const char *path, struct doc_errors *e)
{
	struct options base;
	struct fleet *f;
	size_t i;

	options_default(&base);
	f = fleet_read(path, &base, e);
	for (i = 0; f && i < f->n; i++)
		group_load(&f->groups[i], l, e);
	fleet_free(f);
	doc_errors_sort(e, NULL);
	return e->n == 0;
}
