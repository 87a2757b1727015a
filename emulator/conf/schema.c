/* Binds a document tree by the rows of a schema. */
#include "conf/schema.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

#include "conf/schema_scalar.h"
#include "conf/suggest.h"

/* Recurses only as deep as the schema nests; the readers bound the depth of the trees. */
static bool bind_field(const struct schema_field *f, const struct doc *d, char *to,
	char *owner, bool partial, struct doc_errors *e);

static bool is_scalar_type(enum schema_type t)
{
	return t != SCHEMA_STRUCT && t != SCHEMA_LIST && t != SCHEMA_TABLE &&
	       t != SCHEMA_SET;
}

static void unknown_key(
	const struct schema *s, const struct doc_item *i, struct doc_errors *e)
{
	const struct schema_field *f;
	struct suggest near;
	char mem[160], all[400];
	size_t len = 0;

	suggest_init(&near, i->key);
	all[0] = '\0';
	for (f = s->fields; f->key; f++) {
		suggest_offer(&near, f->key);
		if (len < sizeof(all))
			len += (size_t)snprintf(all + len, sizeof(all) - len, "%s%s",
				len ? ", " : "; known keys: ", f->key);
	}
	doc_error(e, i->at, "unknown key \"%s\"%s", i->key,
		suggest_text(&near, mem, sizeof(mem), all));
}

static bool set_bit(const struct schema_field *f, const struct doc *name, bool on,
	unsigned *bits, struct doc_errors *e)
{
	struct name n = { 0, NULL, NULL };

	if (name->kind != DOC_SCALAR) {
		doc_error(e, name->at, "\"%s\" has names here, not %s; write [A, B]",
			f->key, doc_kind_name(name));
		return false;
	}
	if (!schema_name(f, name, &n.value, e))
		return false;
	if (on)
		*bits |= schema_bit(f, &n);
	else
		*bits &= ~schema_bit(f, &n);
	return true;
}

/* A list names what is in the set; a mapping switches each name on or off, so that a
 * child can remove one that its parent has. */
static bool bind_set(
	const struct schema_field *f, const struct doc *d, char *to, struct doc_errors *e)
{
	static const struct schema_field on = { .type = SCHEMA_BOOL,
		.size = sizeof(bool) };
	struct schema_field sw = on;
	struct doc name;
	unsigned bits = 0;
	bool ok = true, yes;
	size_t i;

	if (d->kind == DOC_SCALAR) {
		doc_error(e, d->at,
			"\"%s\" is a set of names, not a single value; write [%s]",
			f->key, d->text);
		return false;
	}
	for (i = 0; i < d->n; i++) {
		if (d->kind == DOC_LIST) {
			ok &= set_bit(f, d->items[i].value, true, &bits, e);
			continue;
		}
		name = (struct doc){
			.kind = DOC_SCALAR, .at = d->items[i].at, .text = d->items[i].key
		};
		sw.key = d->items[i].key;
		yes = false;
		if (bind_field(&sw, d->items[i].value, (char *)&yes, NULL, false, e))
			ok &= set_bit(f, &name, yes, &bits, e);
		else
			ok = false;
	}
	memcpy(to, &bits, sizeof(bits));
	return ok;
}

static bool bind_list(const struct schema_field *f, const struct doc *d, char *to,
	char *owner, bool partial, struct doc_errors *e)
{
	struct schema_field item = *f->item;
	bool ok = true;
	size_t i;

	if (d->kind != DOC_LIST) {
		doc_error(e, d->at,
			"\"%s\" is a list, not %s; write [...] or lines that begin with "
			"-",
			f->key, doc_kind_name(d));
		return false;
	}
	if (d->n > f->most) {
		doc_error(e, d->items[f->most].at,
			"\"%s\" has %zu entries, the limit is %zu; remove some", f->key,
			d->n, f->most);
		return false;
	}
	if (!item.key)
		item.key = f->key;
	for (i = 0; i < d->n; i++)
		ok &= bind_field(&item, d->items[i].value,
			to + i * f->stride + item.offset, NULL, partial, e);
	if (owner && !(f->flags & SCHEMA_NOWHERE))
		memcpy(owner + f->count, &d->n, sizeof(d->n));
	return ok;
}

static bool bind_key(const struct schema_field *f, const struct doc_item *i, char *to,
	struct doc_errors *e)
{
	const char *wrong;

	if (strlen(i->key) >= f->key_size) {
		doc_error(e, i->at, "the name \"%s\" has more than %zu bytes; shorten it",
			i->key, f->key_size - 1);
		return false;
	}
	wrong = f->check_key ? f->check_key(i->key) : NULL;
	if (wrong) {
		doc_error(e, i->at, "\"%s\" %s", i->key, wrong);
		return false;
	}
	memcpy(to, i->key, strlen(i->key) + 1);
	return true;
}

static bool bind_table(const struct schema_field *f, const struct doc *d, char *to,
	char *owner, bool partial, struct doc_errors *e)
{
	struct schema_field item = *f->item;
	bool ok = true;
	size_t i;

	if (d->kind != DOC_MAP) {
		doc_error(e, d->at,
			"\"%s\" is a mapping, not %s; write lines NAME: VALUE below it",
			f->key, doc_kind_name(d));
		return false;
	}
	if (d->n > f->most) {
		doc_error(e, d->items[f->most].at,
			"\"%s\" has %zu entries, the limit is %zu; remove some", f->key,
			d->n, f->most);
		return false;
	}
	for (i = 0; i < d->n; i++) {
		item.key = d->items[i].key;
		ok &= bind_key(f, &d->items[i], to + i * f->stride, e);
		ok &= bind_field(&item, d->items[i].value,
			to + i * f->stride + item.offset, NULL, partial, e);
	}
	if (owner)
		memcpy(owner + f->count, &d->n, sizeof(d->n));
	return ok;
}

static bool bind_default(
	const struct schema_field *f, char *to, char *owner, struct doc_errors *e)
{
	struct doc d = { .kind = DOC_SCALAR, .style = DOC_EITHER, .text = f->def };
	size_t before = e->n;
	bool ok;

	if (f->flags & SCHEMA_FILL) {
		d = (struct doc){ .kind = DOC_MAP };
		return bind_field(f, &d, to, owner, true, e);
	}
	if (!f->def || f->flags & SCHEMA_ELSEWHERE)
		return true;
	ok = bind_field(f, &d, to, owner, false, e);
	/* a default that does not fit its row is a bug of the schema */
	assert(ok && e->n == before);
	return ok;
}

static bool bind_struct(const struct schema *s, const struct doc *d, char *out,
	bool partial, struct doc_errors *e)
{
	const struct schema_field *f;
	const struct doc_item *i;
	bool ok = true;
	size_t k;

	for (k = 0; k < d->n; k++) {
		for (f = s->fields; f->key && strcmp(f->key, d->items[k].key); f++)
			;
		if (!f->key) {
			unknown_key(s, &d->items[k], e);
			ok = false;
		}
	}
	for (f = s->fields; f->key; f++) {
		i = doc_find(d, f->key);
		if (i && !(f->flags & SCHEMA_ELSEWHERE)) {
			ok &= bind_field(f, i->value, out + f->offset, out, partial, e);
		} else if (!i && f->flags & SCHEMA_REQUIRED && !partial) {
			doc_error(e, d->at, "\"%s\" is missing; add it: %s", f->key,
				f->help);
			ok = false;
		} else if (!i) {
			ok &= bind_default(f, out + f->offset, out, e);
		}
	}
	if (ok && !partial && s->check) {
		size_t before = e->n + e->more;

		s->check(out, d, e);
		ok = e->n + e->more == before;
	}
	return ok;
}

/* Whether the value stands for the whole struct. */
static bool is_short(const struct schema *s, const struct doc *d)
{
	return s->scalar &&
	       (d->kind == DOC_SCALAR ||
		       (d->kind == DOC_LIST && s->scalar->type == SCHEMA_LIST));
}

static bool bind_object(const struct schema *s, const char *key, const struct doc *d,
	char *out, bool partial, struct doc_errors *e)
{
	const struct schema_field *f;
	struct schema_field one;
	bool ok = true;

	if (d->kind == DOC_MAP)
		return bind_struct(s, d, out, partial, e);
	if (!is_short(s, d)) {
		if (key)
			doc_error(e, d->at,
				"\"%s\" is a mapping, not %s; write lines \"%s: ...\"",
				key, doc_kind_name(d), s->fields[0].key);
		else
			doc_error(e, d->at,
				"a %s is a mapping, not %s; write KEY: VALUE lines",
				s->name, doc_kind_name(d));
		return false;
	}
	for (f = s->fields; f->key; f++)
		ok &= bind_default(f, out + f->offset, out, e);
	one = *s->scalar;
	if (key)
		one.key = key;
	return bind_field(&one, d, out + one.offset, out, partial, e) && ok;
}

static bool bind_field(const struct schema_field *f, const struct doc *d, char *to,
	char *owner, bool partial, struct doc_errors *e)
{
	struct doc_item alone = { .key = NULL };
	struct doc list;

	if (is_scalar_type(f->type)) {
		if (f->type == SCHEMA_NOTE || d->kind == DOC_SCALAR)
			return schema_scalar(f, d, to, e);
		doc_error(e, d->at, "\"%s\" is a single value, not %s; write %s: VALUE",
			f->key, doc_kind_name(d), f->key);
		return false;
	}
	switch (f->type) {
	case SCHEMA_SET:
		return bind_set(f, d, to, e);
	case SCHEMA_STRUCT:
		return bind_object(f->schema, f->key, d, to, partial, e);
	case SCHEMA_LIST:
		if (f->flags & SCHEMA_OR_ONE && d->kind == DOC_SCALAR) {
			alone.value = (struct doc *)d;
			list = (struct doc){
				.kind = DOC_LIST, .at = d->at, .items = &alone, .n = 1
			};
			d = &list;
		}
		return bind_list(f, d, to, owner, partial, e);
	case SCHEMA_TABLE:
		return bind_table(f, d, to, owner, partial, e);
	case SCHEMA_TEXT:
	case SCHEMA_VALUE:
	case SCHEMA_INT:
	case SCHEMA_BOOL:
	case SCHEMA_TIME:
	case SCHEMA_ENUM:
	case SCHEMA_NOTE:
		break;
	}
	return false;
}

bool schema_bind(const struct schema *s, const struct doc *d, void *out, bool partial,
	struct doc_errors *e)
{
	return bind_object(s, NULL, d, out, partial, e);
}

/* ---- for readers of schemas -------------------------------------------------------- */

static void each_below(const struct schema *s, const char *above,
	void (*field)(void *ctx, const struct schema_field *f, const char *key),
	void *ctx)
{
	const struct schema_field *f;
	char key[120];

	for (f = s->fields; f->key; f++) {
		if (f->type == SCHEMA_NOTE)
			continue;
		snprintf(key, sizeof(key), "%s%s%s", above, *above ? "." : "", f->key);
		field(ctx, f, key);
		if (f->type == SCHEMA_STRUCT && strlen(above) < 40)
			each_below(f->schema, key, field, ctx);
	}
}

void schema_each_field(const struct schema *s,
	void (*field)(void *ctx, const struct schema_field *f, const char *key),
	void *ctx)
{
	each_below(s, "", field, ctx);
}
