/* Combinations and parts to struct profile: inheritance, --set, binding, and the checks
 * that need more than one part. */
#include "conf/profile_conf.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "conf/profile_schema.h"
#include "conf/suggest.h"

const struct name part_names[] = {
	{ PART_PROFILE, "profile", "a combination of the others" },
	{ PART_DEVICE, "device", "a modem without its firmware" },
	{ PART_FIRMWARE, "firmware", "a firmware with its downloader" },
	{ PART_NETWORK, "network", "operators and cells" },
	{ PART_SIM, "sim", "a SIM, or its absence" },
	{ PART_OPERATORS, "operators", "a table of operator names" },
	{ PART_SET, "set", "combinations that scenarios name together" },
	{ 0, NULL, NULL },
};

static const struct schema *const schemas[PART_KINDS] = { &profile_schema, &device_schema,
	&firmware_schema, &network_schema, &sim_schema, &operators_schema, &set_schema };

/* Keys of a combination that name a part or give one. */
static const struct {
	const char *key;
	enum part_kind kind;
} part_keys[] = { { "device", PART_DEVICE }, { "firmware", PART_FIRMWARE },
	{ "network", PART_NETWORK }, { "sim", PART_SIM } };

enum {
	DEVICE_KEY,
	FIRMWARE_KEY,
	NETWORK_KEY,
	SIM_KEY
};
#define PART_KEYS (sizeof(part_keys) / sizeof(part_keys[0]))

struct build {
	struct doc_pool *pool;
	const struct part_source *source;
	const struct profile_hook *hook;
	struct doc_errors *errors;
};

/* The chain of inheritance, back to the file that was asked for. */
struct chain {
	const char *name;
	const struct chain *up;
};

static size_t trouble(const struct build *b)
{
	return b->errors->n + b->errors->more;
}

/* Returns a mapping unchanged, and a name NAME as {inherits: NAME}. */
static struct doc *as_part(struct build *b, struct doc *d)
{
	struct doc *m;

	if (d->kind != DOC_SCALAR)
		return d;
	m = doc_map(b->pool, d->at);
	doc_put(b->pool, m, "inherits", d->at, d);
	return m;
}

/* Merges the child over the parent. A combination with sim: {pin: "9999"} changes the SIM
 * that its parent names; with sim: NAME it replaces that SIM. */
static struct doc *inherit(
	struct build *b, enum part_kind kind, struct doc *parent, struct doc *child)
{
	struct doc *out, *over, *under;
	size_t i;

	parent = doc_without(b->pool, parent, "base");
	out = doc_merge(b->pool, parent, child);
	for (i = 0; kind == PART_PROFILE && i < PART_KEYS; i++) {
		over = (struct doc *)doc_get(child, part_keys[i].key);
		under = (struct doc *)doc_get(parent, part_keys[i].key);
		if (!over || !under)
			continue;
		if (over->kind == DOC_MAP && !doc_find(over, "inherits"))
			over = doc_merge(b->pool, as_part(b, under), over);
		doc_put(b->pool, out, part_keys[i].key, over->at, over);
	}
	return out;
}

static void report_cycle(
	struct build *b, const struct doc *parent, const struct chain *from)
{
	char path[300];
	size_t len = 0;
	const struct chain *c;

	path[0] = '\0';
	for (c = from; c && len < sizeof(path); c = c->up) {
		len += (size_t)snprintf(path + len, sizeof(path) - len, " < %s", c->name);
		if (!strcmp(c->name, parent->text))
			break;
	}
	doc_error(b->errors, parent->at,
		"\"%s\" inherits from itself (%s%s); remove one \"inherits\"",
		parent->text, parent->text, path);
}

static struct doc *resolve(
	struct build *b, enum part_kind kind, struct doc *d, const struct chain *up)
{
	const struct doc *parent = doc_get(d, "inherits");
	struct chain link;
	const struct chain *c;
	struct doc *p;

	if (d->kind != DOC_MAP || !parent)
		return d;
	if (parent->kind != DOC_SCALAR) {
		doc_error(b->errors, parent->at,
			"\"inherits\" is one name, not %s; write it alone",
			doc_kind_name(parent));
		return NULL;
	}
	for (c = up; c; c = c->up)
		if (!strcmp(c->name, parent->text)) {
			report_cycle(b, parent, up);
			return NULL;
		}
	p = b->source->read(
		b->source->ctx, kind, parent->text, parent->at, b->pool, b->errors);
	if (!p)
		return NULL;
	link = (struct chain){ parent->text, up };
	p = resolve(b, kind, p, &link);
	if (!p || p->kind != DOC_MAP)
		return p;
	return inherit(b, kind, p, doc_without(b->pool, d, "inherits"));
}

struct doc *profile_resolve(enum part_kind kind, const char *name, struct doc *d,
	struct doc_pool *pool, const struct part_source *source, struct doc_errors *e)
{
	struct build b = { pool, source, NULL, e };
	struct chain self = { name, NULL };

	return resolve(&b, kind, d, &self);
}

static bool says_yes(const struct doc *d, const char *key)
{
	const char *text = doc_get_text(d, key);

	return text && !strcmp(text, "true");
}

static void ask_hook(struct build *b, const struct firmware *f, enum command_use use,
	const void *conf, const char *key, const struct doc *table)
{
	const struct doc_item *i = doc_find(table, key);
	char why[256] = "this does not fit the command; see fauxtrack list commands";

	if (i && !b->hook->command(b->hook->ctx, f, use, conf, why, sizeof(why)))
		doc_error(b->errors, use == COMMAND_OVERLAY ? i->at : i->value->at, "%s",
			why);
}

static void ask_hook_all(struct build *b, const struct firmware *f, const struct doc *d)
{
	size_t i;

	if (!b->hook || !b->hook->command)
		return;
	for (i = 0; i < f->n_defaults; i++)
		ask_hook(b, f, COMMAND_DEFAULT, &f->defaults[i], f->defaults[i].name,
			doc_get(d, "defaults"));
	for (i = 0; i < f->n_commands; i++)
		ask_hook(b, f, COMMAND_OVERLAY, &f->commands[i], f->commands[i].name,
			doc_get(d, "commands"));
	for (i = 0; i < f->latencies; i++)
		ask_hook(b, f, COMMAND_LATENCY, &f->latency[i], f->latency[i].command,
			doc_get(doc_get(d, "timing"), "latency"));
}

static bool bind_firmware(
	struct build *b, struct firmware *f, const char *name, const struct doc *d)
{
	memset(f, 0, sizeof(*f));
	snprintf(f->name, sizeof(f->name), "%s", name);
	if (!schema_bind(&firmware_schema, d, f, says_yes(d, "base"), b->errors))
		return false;
	if (!f->base)
		ask_hook_all(b, f, d);
	return true;
}

/* A combination with its parts resolved. */
struct parts {
	struct doc *root;
	struct doc *part[PART_KEYS];
	const char *name[PART_KEYS];
	struct doc_place asked[PART_KEYS]; /* where the combination names it */
};

/* Resolves a part as a combination gives it: a name, or a mapping that may inherit. */
static struct doc *given_part(
	struct build *b, enum part_kind kind, struct doc *d, const char **name)
{
	struct chain self = { NULL, NULL };

	if (d->kind == DOC_MAP && doc_get_text(d, "inherits"))
		*name = doc_get_text(d, "inherits");
	if (d->kind != DOC_SCALAR)
		return resolve(b, kind, d, NULL);
	*name = self.name = d->text;
	d = b->source->read(b->source->ctx, kind, d->text, d->at, b->pool, b->errors);
	return d ? resolve(b, kind, d, &self) : NULL;
}

static bool resolve_parts(struct build *b, const char *name, struct parts *p)
{
	const struct doc_item *i;
	struct doc *d;
	bool ok = true;
	size_t k;

	for (k = 0; k < PART_KEYS; k++) {
		i = doc_find(p->root, part_keys[k].key);
		p->name[k] = name;
		if (!i) {
			ok = false;
			continue;
		}
		p->asked[k] = i->value->at;
		d = given_part(b, part_keys[k].kind, i->value, &p->name[k]);
		if (d && d->kind != DOC_MAP) {
			doc_error(b->errors, d->at,
				"\"%s\" is a name or a mapping, not %s; write a name",
				part_keys[k].key, doc_kind_name(d));
			d = NULL;
		}
		ok &= d != NULL;
		p->part[k] = d;
		/* --set changes the tree of the whole combination */
		if (d)
			doc_put(b->pool, p->root, part_keys[k].key, i->at, d);
	}
	return ok;
}

/* With whole: applies the sets that choose a part (--set sim=pin); else those that change
 * keys of a part. */
static bool apply_sets(
	struct build *b, struct parts *p, const struct kv *sets, size_t n, bool whole)
{
	bool ok = true;
	size_t i, k;

	for (i = 0; i < n; i++) {
		if (whole != !strchr(sets[i].key, '.'))
			continue;
		ok &= doc_set(b->pool, p->root, "--set", &sets[i], b->errors);
	}
	for (k = 0; !whole && k < PART_KEYS; k++)
		p->part[k] = (struct doc *)doc_get(p->root, part_keys[k].key);
	return ok;
}

/* Binds the operator names of a firmware; firmwares with the same table share it. */
static void bind_operators(
	struct build *b, struct profile *p, struct firmware *f, const struct doc *d)
{
	const struct doc *named = doc_get(d, "operators");
	struct operator_table *t = p->operators;
	struct doc *table;

	for (; t < p->operators + p->tables; t++)
		if (!strcmp(t->name, f->operators))
			break;
	f->names = t;
	if (t < p->operators + p->tables)
		return;
	if (p->tables == PROFILE_TABLES) {
		doc_error(b->errors, named ? named->at : d->at,
			"there are more than %d tables of operators; let some firmwares "
			"share one",
			PROFILE_TABLES);
		return;
	}
	p->tables++;
	snprintf(t->name, sizeof(t->name), "%s", f->operators);
	table = b->source->read(b->source->ctx, PART_OPERATORS, f->operators,
		named ? named->at : d->at, b->pool, b->errors);
	if (table)
		schema_bind(&operators_schema, table, t, false, b->errors);
}

struct firmwares {
	struct build *b;
	struct profile *p;
	const struct parts *parts;
	const char *installed;
	bool found;
};

static bool device_takes(const struct device *d, const char *module)
{
	size_t i;

	for (i = 0; i < d->n_modules; i++)
		if (!strcmp(d->modules[i], module))
			return true;
	return false;
}

static void add_firmware(struct firmwares *s, const char *name, struct doc *d)
{
	const struct doc *over = doc_get(s->parts->root, "every_firmware");
	const struct doc_place asked = s->parts->asked[FIRMWARE_KEY];
	const char *module = doc_get_text(d, "module");
	bool mine = !strcmp(name, s->installed);
	struct firmware *f;

	/* the device does not accept firmware of other modules: skip it */
	if (!mine && module && !device_takes(&s->p->device, module))
		return;
	if (says_yes(d, "base")) {
		if (mine)
			doc_error(s->b->errors, asked,
				"\"%s\" is only a base to inherit from; name a complete "
				"firmware",
				name);
		return;
	}
	if (s->p->firmwares == PROFILE_FIRMWARES) {
		doc_error(s->b->errors, d->at,
			"there are more than %d firmwares; move some out of the folder",
			PROFILE_FIRMWARES);
		return;
	}
	f = &s->p->firmware[s->p->firmwares];
	if (over)
		d = doc_merge(s->b->pool, d, (struct doc *)over);
	if (!bind_firmware(s->b, f, name, d))
		return;
	if (!device_takes(&s->p->device, f->module)) {
		if (mine)
			doc_error(s->b->errors, asked,
				"firmware \"%s\" is for module %s, which the device does "
				"not accept; choose another, or add the module to the "
				"device",
				name, f->module);
		return;
	}
	bind_operators(s->b, s->p, f, d);
	if (mine) {
		s->p->installed = s->p->firmwares;
		s->found = true;
	}
	s->p->firmwares++;
}

static void each_firmware(void *ctx, const char *name)
{
	const struct doc_place nowhere = { name, 0, 0 };
	struct firmwares *s = ctx;
	struct chain self = { name, NULL };
	struct doc *d;

	/* the installed one may have been changed in the combination */
	if (!strcmp(name, s->installed)) {
		add_firmware(s, name, s->parts->part[FIRMWARE_KEY]);
		return;
	}
	d = s->b->source->read(s->b->source->ctx, PART_FIRMWARE, name, nowhere,
		s->b->pool, s->b->errors);
	if (d)
		d = resolve(s->b, PART_FIRMWARE, d, &self);
	if (d && d->kind != DOC_MAP)
		doc_error(s->b->errors, d->at,
			"a firmware is a mapping, not %s; write KEY: VALUE lines",
			doc_kind_name(d));
	else if (d)
		add_firmware(s, name, d);
}

/* Binds all firmwares that exist for the device, including the installed one. */
static void bind_firmwares(struct build *b, struct profile *p, const struct parts *parts)
{
	struct firmwares s = { b, p, parts, parts->name[FIRMWARE_KEY], false };
	bool listed;
	size_t before = trouble(b);

	b->source->names(b->source->ctx, PART_FIRMWARE, each_firmware, &s);
	listed = s.found || trouble(b) != before;
	if (!listed)
		add_firmware(&s, s.installed, parts->part[FIRMWARE_KEY]);
}

static void find_downloader(struct build *b, struct profile *p, const struct doc *root)
{
	const struct doc *d = doc_get(root, "downloader");
	const struct firmware *f;
	struct suggest s;
	char near[160];
	size_t i;

	p->downloader = p->installed;
	if (!d)
		return;
	f = d->kind == DOC_SCALAR ? profile_firmware(p, d->text) : NULL;
	if (f) {
		p->downloader = (size_t)(f - p->firmware);
		return;
	}
	suggest_init(&s, d->kind == DOC_SCALAR ? d->text : "");
	for (i = 0; i < p->firmwares; i++)
		suggest_offer(&s, p->firmware[i].name);
	doc_error(b->errors, d->at, "there is no firmware \"%s\" for this device%s",
		d->kind == DOC_SCALAR ? d->text : "",
		suggest_text(&s, near, sizeof(near), "; see fauxtrack list firmware"));
}

static void bind_parts(struct build *b, struct profile *p, const struct parts *parts)
{
	const struct doc *memory = doc_get(parts->root, "memory");
	size_t i;

	snprintf(p->device.name, sizeof(p->device.name), "%s", parts->name[DEVICE_KEY]);
	snprintf(
		p->network.name, sizeof(p->network.name), "%s", parts->name[NETWORK_KEY]);
	snprintf(p->sim.name, sizeof(p->sim.name), "%s", parts->name[SIM_KEY]);
	schema_bind(
		&network_schema, parts->part[NETWORK_KEY], &p->network, false, b->errors);
	schema_bind(&sim_schema, parts->part[SIM_KEY], &p->sim, false, b->errors);
	/* without the device's modules its firmware cannot be checked */
	if (!schema_bind(&device_schema, parts->part[DEVICE_KEY], &p->device, false,
		    b->errors))
		return;
	bind_firmwares(b, p, parts);
	if (trouble(b))
		return;
	find_downloader(b, p, parts->root);
	for (i = 0; b->hook && b->hook->command && i < p->memories; i++)
		ask_hook(b, &p->firmware[p->installed], COMMAND_MEMORY, &p->memory[i],
			p->memory[i].name, memory);
}

struct profile *profile_build(const char *name, struct doc *d, struct doc_pool *pool,
	const struct part_source *source, const struct profile_hook *hook,
	const struct kv *sets, size_t n_sets, struct doc_errors *e)
{
	struct build b = { pool, source, hook, e };
	struct parts parts = { 0 };
	struct profile *p;
	bool ok;

	parts.root = profile_resolve(PART_PROFILE, name, d, pool, source, e);
	if (parts.root && parts.root->kind != DOC_MAP) {
		doc_error(e, d->at,
			"a profile is a mapping, not %s; write KEY: VALUE lines",
			doc_kind_name(parts.root));
		return NULL;
	}
	if (!parts.root)
		return NULL;
	p = calloc(1, sizeof(*p));
	if (!p) {
		fputs("fauxtrack: out of memory\n", stderr);
		exit(EXIT_FAILURE);
	}
	snprintf(p->name, sizeof(p->name), "%s", name);
	ok = apply_sets(&b, &parts, sets, n_sets, true);
	ok = resolve_parts(&b, name, &parts) && ok;
	ok = ok && apply_sets(&b, &parts, sets, n_sets, false);
	ok = schema_bind(&profile_schema, parts.root, p, false, e) && ok;
	if (ok) {
		bind_parts(&b, p, &parts);
	}
	if (!ok || trouble(&b)) {
		free(p);
		return NULL;
	}
	return p;
}

void profile_free(struct profile *p)
{
	free(p);
}

bool profile_set_bind(const struct doc *d, struct profile_set *out, struct doc_errors *e)
{
	*out = (struct profile_set){ .n = 0 };
	return schema_bind(&set_schema, d, out, false, e);
}

static void check_set(struct build *b, const struct doc *d)
{
	const struct doc *list = doc_get(d, "profiles");
	struct profile_set set;
	size_t i;

	if (!profile_set_bind(d, &set, b->errors))
		return;
	for (i = 0; i < set.n; i++)
		b->source->read(b->source->ctx, PART_PROFILE, set.name[i],
			list->items[i].value->at, b->pool, b->errors);
}

bool profile_check(enum part_kind kind, const char *name, struct doc *d,
	struct doc_pool *pool, const struct part_source *source,
	const struct profile_hook *hook, struct doc_errors *e)
{
	struct build b = { pool, source, hook, e };
	struct profile *p;
	size_t before = trouble(&b);

	if (kind == PART_PROFILE) {
		profile_free(profile_build(name, d, pool, source, hook, NULL, 0, e));
		return trouble(&b) == before;
	}
	d = profile_resolve(kind, name, d, pool, source, e);
	p = calloc(1, sizeof(*p));
	if (d && p && kind == PART_FIRMWARE && d->kind == DOC_MAP)
		bind_firmware(&b, &p->firmware[0], name, d);
	else if (d && kind == PART_SET)
		check_set(&b, d);
	else if (d && p)
		/* a struct profile is large enough for any part */
		schema_bind(schemas[kind], d, p, says_yes(d, "base"), e);
	free(p);
	return d && trouble(&b) == before;
}

void profile_print_json(enum part_kind kind, FILE *out)
{
	if (kind == PART_KINDS)
		schema_print_json("any", schemas, PART_KINDS, out);
	else
		schema_print_json(name_of(part_names, (int)kind), &schemas[kind], 1, out);
}

void profile_print_markdown(FILE *out)
{
	static const struct schema *const apart[] = { &fact_schema, &book_schema,
		&behaviour_schema, &message_schema };
	size_t i;

	for (i = 0; i < PART_KINDS; i++) {
		fprintf(out, "%s### %s\n\n", i ? "\n" : "", schemas[i]->help);
		schema_print_markdown(schemas[i], out);
	}
	for (i = 0; i < sizeof(apart) / sizeof(apart[0]); i++) {
		fprintf(out, "\n### a %s: %s\n\n", apart[i]->name, apart[i]->help);
		schema_print_markdown(apart[i], out);
	}
}
