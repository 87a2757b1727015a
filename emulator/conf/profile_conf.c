/* Combinations and parts to struct profile: inheritance, --set, binding, and the checks
 * that need more than one part. */
#include "conf/profile_conf.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "conf/command_schema.h"
#include "conf/far_conf.h"
#include "conf/must.h"
#include "conf/profile_int.h"
#include "conf/profile_schema.h"
#include "conf/suggest.h"
#include "state/application.h"

const struct name part_names[] = {
	{ PART_PROFILE, "profile", "a combination of the others" },
	{ PART_DEVICE, "device", "a modem without its firmware" },
	{ PART_FIRMWARE, "firmware", "a firmware with its downloader" },
	{ PART_NETWORK, "network", "operators and cells" },
	{ PART_SIM, "sim", "a SIM, or its absence" },
	{ PART_OPERATORS, "operators", "a table of operator names" },
	{ PART_SET, "set", "combinations that scenarios name together" },
	{ PART_APPLICATION, "application", "an Open AT application" },
	{ 0, NULL, NULL },
};

static const struct schema *const schemas[PART_KINDS] = { &profile_schema, &device_schema,
	&firmware_schema, &network_schema, &sim_schema, &operators_schema, &set_schema,
	&application_schema };

/* Keys of a combination that name a part or give one. */
static const struct {
	const char *key;
	enum part_kind kind;
} part_keys[] = { { "device", PART_DEVICE }, { "firmware", PART_FIRMWARE },
	{ "network", PART_NETWORK }, { "sim", PART_SIM },
	{ "application", PART_APPLICATION } };

enum {
	DEVICE_KEY,
	FIRMWARE_KEY,
	NETWORK_KEY,
	SIM_KEY,
	APPLICATION_KEY, /* may be missing, or none */
};
#define NO_APPLICATION "none"
#define PART_KEYS      (sizeof(part_keys) / sizeof(part_keys[0]))

/* The chain of inheritance, back to the file that was asked for. */
struct chain {
	const char *name;
	const struct chain *up;
};

size_t build_trouble(const struct build *b)
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

bool build_says_yes(const struct doc *d, const char *key)
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

bool build_firmware(
	struct build *b, struct firmware *f, const char *name, const struct doc *d)
{
	snprintf(f->name, sizeof(f->name), "%s", name);
	if (!schema_bind(&firmware_schema, d, f, build_says_yes(d, "base"), b->errors))
		return false;
	commands_note_places(f->commands, f->n_commands, doc_get(d, "commands"));
	if (!f->base)
		ask_hook_all(b, f, d);
	return true;
}

char *build_unreadable(const struct build *b, enum part_kind kind, const char *name)
{
	char why[700];

	if (!b->source->unreadable ||
		!b->source->unreadable(b->source->ctx, kind, name, why, sizeof(why)))
		return NULL;
	return must(strdup(why));
}

/* In that file if it has any, for those in files that it inherits from may only follow
 * from them. */
char *build_first_error(struct doc_errors *e, const char *file)
{
	char *text = NULL, *end;
	size_t len;
	FILE *f = must(open_memstream(&text, &len));

	doc_errors_sort(e, file);
	doc_errors_print(e, f);
	fclose(f);
	end = strchr(must(text), '\n');
	if (end)
		*end = '\0';
	return text;
}

/* A combination with its parts resolved. */
struct parts {
	struct doc *root;
	struct doc *part[PART_KEYS];
	const char *name[PART_KEYS];
	struct doc_place asked[PART_KEYS]; /* where the combination names it */
};

struct doc *build_part(
	struct build *b, enum part_kind kind, const char *name, struct doc_place asked)
{
	struct chain self = { name, NULL };
	struct doc *d = b->source->read(
		b->source->ctx, kind, name, asked, b->pool, b->errors);

	return d ? resolve(b, kind, d, &self) : NULL;
}

/* Resolves a part as a combination gives it: a name, or a mapping that may inherit. */
static struct doc *given_part(
	struct build *b, enum part_kind kind, struct doc *d, const char **name)
{
	if (d->kind == DOC_MAP && doc_get_text(d, "inherits"))
		*name = doc_get_text(d, "inherits");
	if (d->kind != DOC_SCALAR)
		return resolve(b, kind, d, NULL);
	*name = d->text;
	return build_part(b, kind, d->text, d->at);
}

/* Whether the combination says that it has no application. */
static bool is_none(size_t key, const struct doc *d)
{
	return key == APPLICATION_KEY && d->kind == DOC_SCALAR &&
	       !strcmp(d->text, NO_APPLICATION);
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
		if (!i || is_none(k, i->value)) {
			ok &= k == APPLICATION_KEY;
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
	struct doc *d;
	size_t i, k;

	for (i = 0; i < n; i++) {
		if (whole != !strchr(sets[i].key, '.'))
			continue;
		ok &= doc_set(b->pool, p->root, sets[i].option ? sets[i].option : "--set",
			&sets[i], b->errors);
	}
	for (k = 0; !whole && k < PART_KEYS; k++) {
		d = (struct doc *)doc_get(p->root, part_keys[k].key);
		if (d && d->kind == DOC_MAP)
			p->part[k] = d;
	}
	return ok;
}

static void find_downloader(struct build *b, struct profile *p, const struct doc *root)
{
	const struct doc *d = doc_get(root, "downloader");
	const struct firmware *f;
	size_t before = build_trouble(b), i;
	struct suggest s;
	char near[160];

	p->downloader = p->installed;
	if (!d || (d->kind == DOC_SCALAR && shelf_find(b, p, d->text, &p->downloader)) ||
		build_trouble(b) > before)
		return;
	suggest_init(&s, d->kind == DOC_SCALAR ? d->text : "");
	for (i = 0; (f = profile_nth(p, i)); i++)
		suggest_offer(&s, f->name);
	doc_error(b->errors, d->at, "there is no firmware \"%s\" for this device%s",
		d->kind == DOC_SCALAR ? d->text : "",
		suggest_text(&s, near, sizeof(near), "; see fauxtrack list firmware"));
}

static void bind_parts(struct build *b, struct profile *p, const struct parts *parts)
{
	const struct doc *memory = doc_get(parts->root, "memory");
	const struct shelf_order firmware = {
		.installed = parts->name[FIRMWARE_KEY],
		.own = parts->part[FIRMWARE_KEY],
		.asked = parts->asked[FIRMWARE_KEY],
		.over = doc_get(parts->root, "every_firmware"),
	};
	const struct application_order application = {
		.name = parts->name[APPLICATION_KEY],
		.tree = parts->part[APPLICATION_KEY],
		.asked = parts->asked[APPLICATION_KEY],
	};
	size_t i;

	snprintf(p->device.name, sizeof(p->device.name), "%s", parts->name[DEVICE_KEY]);
	snprintf(
		p->network.name, sizeof(p->network.name), "%s", parts->name[NETWORK_KEY]);
	snprintf(p->sim.name, sizeof(p->sim.name), "%s", parts->name[SIM_KEY]);
	if (schema_bind(&network_schema, parts->part[NETWORK_KEY], &p->network, false,
		    b->errors))
		far_conf_settle(&p->network.calls, parts->part[NETWORK_KEY], b->errors);
	schema_bind(&sim_schema, parts->part[SIM_KEY], &p->sim, false, b->errors);
	/* without the device's modules its firmware cannot be checked */
	if (!schema_bind(&device_schema, parts->part[DEVICE_KEY], &p->device, false,
		    b->errors))
		return;
	if (!shelf_fill(b, p, &firmware) || !applications_fill(b, p, &application) ||
		build_trouble(b))
		return;
	find_downloader(b, p, parts->root);
	for (i = 0; b->hook && b->hook->command && i < p->memories; i++)
		ask_hook(b, profile_at(p, p->installed), COMMAND_MEMORY, &p->memory[i],
			p->memory[i].name, memory);
}

/* The combination's tree with everything it inherits; it may be changed. */
static struct doc *combination(struct build *b, const char *name, struct doc *d)
{
	struct chain self = { name, NULL };
	struct doc *root = resolve(b, PART_PROFILE, d, &self);

	if (root && root->kind != DOC_MAP) {
		doc_error(b->errors, d->at,
			"a profile is a mapping, not %s; write KEY: VALUE lines",
			doc_kind_name(root));
		return NULL;
	}
	/* other trees may share it */
	return root ? doc_copy(b->pool, root) : NULL;
}

struct profile *profile_build(const char *name, struct doc *d, struct doc_pool *pool,
	const struct part_source *source, const struct profile_hook *hook,
	const struct kv *sets, size_t n_sets, struct doc_errors *e)
{
	struct build b = { pool, source, hook, e };
	struct parts parts = { .root = combination(&b, name, d) };
	struct profile *p = must(calloc(1, sizeof(*p)));
	bool ok = parts.root;

	snprintf(p->name, sizeof(p->name), "%s", name);
	if (ok) {
		ok = apply_sets(&b, &parts, sets, n_sets, true);
		ok = resolve_parts(&b, name, &parts) && ok;
		ok = ok && apply_sets(&b, &parts, sets, n_sets, false);
		ok = schema_bind(&profile_schema, parts.root, p, false, e) && ok;
	}
	if (ok)
		bind_parts(&b, p, &parts);
	if (ok && !build_trouble(&b))
		return p;
	if (!p->shelf && source->done)
		source->done(source->ctx);
	profile_free(p);
	return NULL;
}

const char *profile_set_key(const char *key)
{
	return strcmp(key, "sim.number") ? key : "sim.books.ON.entries.0.number";
}

void profile_free(struct profile *p)
{
	if (p) {
		applications_free(p);
		shelf_free(p);
	}
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

/* Room for a part of any kind but a set. */
union part {
	struct device device;
	struct firmware firmware;
	struct network network;
	struct sim_conf sim;
	struct operator_table operators;
	struct application application;
};

bool profile_check(enum part_kind kind, const char *name, struct doc *d,
	struct doc_pool *pool, const struct part_source *source,
	const struct profile_hook *hook, struct doc_errors *e)
{
	struct build b = { pool, source, hook, e };
	union part *out;
	struct profile *p;
	size_t before = build_trouble(&b);

	if (kind == PART_PROFILE) {
		p = profile_build(name, d, pool, source, hook, NULL, 0, e);
		if (p)
			profile_complete(p, e);
		profile_free(p);
		return build_trouble(&b) == before;
	}
	d = profile_resolve(kind, name, d, pool, source, e);
	out = must(calloc(1, sizeof(*out)));
	if (d && kind == PART_FIRMWARE && d->kind == DOC_MAP)
		build_firmware(&b, &out->firmware, name, d);
	else if (d && kind == PART_APPLICATION && d->kind == DOC_MAP)
		build_application(&b, &out->application, name, d);
	else if (d && kind == PART_SET)
		check_set(&b, d);
	else if (d)
		schema_bind(schemas[kind], d, out, build_says_yes(d, "base"), e);
	free(out);
	return d && build_trouble(&b) == before;
}

void profile_print_json(enum part_kind kind, FILE *out)
{
	if (kind == PART_KINDS)
		schema_print_json("any", schemas, PART_KINDS, out);
	else
		schema_print_json(name_of(part_names, (int)kind), &schemas[kind], 1, out);
}

const struct schema *profile_schema_at(size_t i)
{
	static const struct schema *const apart[] = { &fact_schema, &book_schema,
		&behaviour_schema, &message_schema, &command_schema, &answer_schema,
		&toolkit_item_schema, &toolkit_step_schema };

	if (i < PART_KINDS)
		return schemas[i];
	i -= PART_KINDS;
	return i < sizeof(apart) / sizeof(apart[0]) ? apart[i] : NULL;
}

void profile_print_markdown(FILE *out)
{
	const struct schema *s;
	size_t i;

	for (i = 0; (s = profile_schema_at(i)); i++) {
		fputs(i ? "\n" : "", out);
		if (i >= PART_KINDS)
			fprintf(out, "### a %s: %s\n\n", s->name, s->help);
		else
			fprintf(out, "### %s\n\n", s->help);
		schema_print_markdown(s, out);
	}
}
