/* The state of a modem as a tree, and as values by path. The rows are in device.c and
 * network.c. */
#include "describe/describe.h"

#include <string.h>

#include "describe/rows.h"

static const struct part *const tables[] = { describe_device, describe_network,
	describe_packets, describe_wip };

#define TABLES (sizeof(tables) / sizeof(tables[0]))

/* writing the tree */

static void tell_number(const struct teller *t, const char *key, long long value)
{
	if (value == UNKNOWN)
		t->text(t->ctx, key, NULL);
	else
		t->number(t->ctx, key, value);
}

static void tell_row(const struct row *r, const struct view *v, const struct teller *t)
{
	const char *place = (const char *)v->m;
	char mem[MODEM_STATE_TEXT];
	bool flag;
	int number;

	if (r->text) {
		t->text(t->ctx, r->key, r->text(v, mem));
	} else if (r->number) {
		tell_number(t, r->key, r->number(v));
	} else if (r->flag) {
		t->flag(t->ctx, r->key, r->flag(v));
	} else if (r->int_at) {
		memcpy(&number, place + r->int_at, sizeof(number));
		t->number(t->ctx, r->key, number);
	} else {
		memcpy(&flag, place + r->bool_at, sizeof(flag));
		t->flag(t->ctx, r->key, flag);
	}
}

static void tell_entry(const struct part *p, const struct view *v, const char *key,
	const struct teller *t)
{
	const struct row *r;

	if (p->there && !p->there(v))
		return;
	t->open(t->ctx, key, false);
	for (r = p->rows; r->key; r++)
		tell_row(r, v, t);
	t->close(t->ctx);
}

static void tell_part(const struct part *p, struct view v, const struct teller *t)
{
	const struct name *n;
	const struct row *r;

	if (!p->key) {
		for (r = p->rows; r->key; r++)
			tell_row(r, &v, t);
		return;
	}
	if (!p->each && !p->most) {
		tell_entry(p, &v, p->key, t);
		return;
	}
	t->open(t->ctx, p->key, p->most > 0);
	for (n = p->each; n && n->name; n++) {
		v.i = n->value;
		tell_entry(p, &v, n->name, t);
	}
	for (v.i = 0; v.i < p->most; v.i++)
		tell_entry(p, &v, NULL, t);
	t->close(t->ctx);
}

void modem_describe(const struct modem *m, usec_t now, const struct teller *t)
{
	const struct view v = { m, now, 0 };
	const struct part *p;
	size_t i;

	for (i = 0; i < TABLES; i++)
		for (p = tables[i]; p->rows; p++)
			tell_part(p, v, t);
}

/* rows */

static void show(const struct part *p, const struct row *r, struct state_field *out)
{
	*out = (struct state_field){
		.part = p->key,
		.key = r->key,
		.help = r->help,
		.type = r->text                  ? STATE_TEXT
			: r->number || r->int_at ? STATE_NUMBER
						 : STATE_FLAG,
		.values = r->values,
		.states = r->states,
		.choice = r->choice,
		.most = r->most ? r->most : INT64_MAX,
		.each = p->each,
		.list = p->most > 0,
	};
}

bool modem_state_field(size_t i, struct state_field *out)
{
	const struct part *p;
	const struct row *r;
	size_t t;

	for (t = 0; t < TABLES; t++)
		for (p = tables[t]; p->rows; p++)
			for (r = p->rows; r->key; r++)
				if (!i--) {
					show(p, r, out);
					return true;
				}
	return false;
}

const char *state_field_path(const struct state_field *f, char mem[STATE_PATH])
{
	snprintf(mem, STATE_PATH, "%s%s%s%s", f->part ? f->part : "", f->part ? "." : "",
		f->each   ? "NAME."
		: f->list ? "N."
			  : "",
		f->key);
	return mem;
}

const char *state_field_value(
	const struct state_field *f, const struct profile *p, size_t i)
{
	static const char *const flags[] = { "true", "false" };

	if (f->type == STATE_FLAG)
		return i < 2 ? flags[i] : NULL;
	/* the first NULL ends a table: i counts up from 0 */
	if (f->values)
		return f->values[i].name;
	if (f->states)
		return f->states[i].name;
	return f->choice && p ? f->choice(p, i) : NULL;
}

/* paths */

/* Takes the next name off a path: true if it is `key`. */
static bool take(const char **path, const char *key)
{
	size_t len = strlen(key);

	if (strncmp(*path, key, len) != 0 || ((*path)[len] && (*path)[len] != '.') ||
		!strcmp(*path + len, "."))
		return false;
	*path += len + ((*path)[len] == '.');
	return true;
}

/* The index in a list: a number from 0 without leading zeros, -1 if it is not one. */
static int take_index(const char **path, int most)
{
	char key[2] = { 0, 0 };
	int i;

	for (i = 0; i < most && i < 10; i++) {
		key[0] = (char)('0' + i);
		if (take(path, key))
			return i;
	}
	return -1;
}

static const struct row *row_in(const struct part *p, const char *path)
{
	const struct row *r;

	if (!*path && p->key)
		return p->rows;
	for (r = p->rows; r->key; r++)
		if (!strcmp(r->key, path))
			return r;
	return NULL;
}

/* The row of a path, and its part; i is the value of the name, or the index in the
 * list. */
static const struct row *find(const char *path, const struct part **part, int *i)
{
	const struct name *n;
	const struct part *p;
	const struct row *r;
	const char *rest;
	size_t t;

	*i = 0;
	for (t = 0; t < TABLES; t++) {
		for (p = tables[t]; p->rows; p++) {
			rest = path;
			if (p->key && !take(&rest, p->key))
				continue;
			if (p->most && (*i = take_index(&rest, p->most)) < 0)
				continue;
			for (n = p->each; n && n->name && !take(&rest, n->name); n++)
				;
			if (n)
				*i = n->value;
			r = n && !n->name ? NULL : row_in(p, rest);
			*part = p;
			if (r)
				return r;
		}
	}
	return NULL;
}

bool modem_state_known(const char *path, struct state_field *out)
{
	const struct part *p;
	const struct row *r;
	int i;

	r = find(path, &p, &i);
	if (r && out)
		show(p, r, out);
	return r;
}

/* Finds the i-th entry that exists in a list. */
static bool skip_to(const struct part *p, struct view *v)
{
	int wanted = v->i;

	for (v->i = 0; v->i < p->most; v->i++)
		if (p->there(v) && !wanted--)
			return true;
	return false;
}

struct caught {
	char *mem;
	bool known;
};

static void catch_text(void *ctx, const char *key, const char *value)
{
	struct caught *c = ctx;

	(void)key;
	c->known = value;
	if (value)
		snprintf(c->mem, MODEM_STATE_TEXT, "%s", value);
}

static void catch_number(void *ctx, const char *key, long long value)
{
	struct caught *c = ctx;

	(void)key;
	c->known = true;
	snprintf(c->mem, MODEM_STATE_TEXT, "%lld", value);
}

static void catch_flag(void *ctx, const char *key, bool value)
{
	catch_text(ctx, key, value ? "true" : "false");
}

const char *modem_state(
	const struct modem *m, const char *path, char mem[MODEM_STATE_TEXT])
{
	struct caught c = { mem, false };
	const struct teller t = { &c, NULL, NULL, catch_text, catch_number, catch_flag };
	struct view v = { m, m->sched.now, 0 };
	const struct part *p;
	const struct row *r = find(path, &p, &v.i);

	if (!r || (p->most && !skip_to(p, &v)) || (!p->most && p->there && !p->there(&v)))
		return NULL;
	tell_row(r, &v, &t);
	return c.known ? mem : NULL;
}
