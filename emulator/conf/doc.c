/* Document trees in a pool, their paths and their errors. */
#include "conf/doc.h"
#include "conf/must.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#define BLOCK 16384

struct block {
	struct block *next;
	size_t used, size;
	max_align_t data[];
};

struct doc_pool {
	struct block *blocks;
};

struct doc_pool *doc_pool_new(void)
{
	return must(calloc(1, sizeof(struct doc_pool)));
}

void doc_pool_free(struct doc_pool *pool)
{
	struct block *b, *next;

	if (!pool)
		return;
	for (b = pool->blocks; b; b = next) {
		next = b->next;
		free(b);
	}
	free(pool);
}

static void *pool_take(struct doc_pool *pool, size_t size)
{
	size_t step = sizeof(max_align_t);
	struct block *b = pool->blocks;
	char *p;

	size = (size + step - 1) / step * step;
	if (!b || b->size - b->used < size) {
		size_t room = size > BLOCK ? size : BLOCK;

		b = must(calloc(1, sizeof(*b) + room));
		b->size = room;
		b->next = pool->blocks;
		pool->blocks = b;
	}
	p = (char *)b->data + b->used;
	b->used += size;
	return p;
}

const char *doc_pool_text(struct doc_pool *pool, const char *text, size_t len)
{
	char *copy = pool_take(pool, len + 1);

	if (len)
		memcpy(copy, text, len);
	copy[len] = '\0';
	return copy;
}

static struct doc *node(struct doc_pool *pool, enum doc_kind kind, struct doc_place at)
{
	struct doc *d = pool_take(pool, sizeof(*d));

	d->kind = kind;
	d->at = at;
	return d;
}

struct doc *doc_scalar(struct doc_pool *pool, struct doc_place at, const char *text,
	size_t len, enum doc_style style)
{
	struct doc *d = node(pool, DOC_SCALAR, at);

	d->text = doc_pool_text(pool, text, len);
	d->style = style;
	return d;
}

struct doc *doc_list(struct doc_pool *pool, struct doc_place at)
{
	return node(pool, DOC_LIST, at);
}

struct doc *doc_map(struct doc_pool *pool, struct doc_place at)
{
	return node(pool, DOC_MAP, at);
}

static struct doc_item *add_item(struct doc_pool *pool, struct doc *d)
{
	struct doc_item *more;

	if (d->n == DOC_ITEMS)
		return NULL;
	if (d->n == d->cap) {
		d->cap = d->cap ? d->cap * 2 : 4;
		more = pool_take(pool, d->cap * sizeof(*more));
		if (d->n)
			memcpy(more, d->items, d->n * sizeof(*more));
		d->items = more;
	}
	return &d->items[d->n++];
}

bool doc_append(struct doc_pool *pool, struct doc *list, struct doc *value)
{
	struct doc_item *i = add_item(pool, list);

	if (!i)
		return false;
	*i = (struct doc_item){ .at = value->at, .value = value };
	return true;
}

/* The key must live as long as the pool. */
static bool put(struct doc_pool *pool, struct doc *map, const struct doc_item *item)
{
	struct doc_item *i = (struct doc_item *)doc_find(map, item->key);

	if (!i)
		i = add_item(pool, map);
	if (!i)
		return false;
	*i = *item;
	return true;
}

bool doc_put(struct doc_pool *pool, struct doc *map, const char *key, struct doc_place at,
	struct doc *value)
{
	const struct doc_item item = { doc_pool_text(pool, key, strlen(key)), at, value };

	return put(pool, map, &item);
}

const struct doc_item *doc_find(const struct doc *map, const char *key)
{
	size_t i;

	if (!map || map->kind != DOC_MAP)
		return NULL;
	for (i = 0; i < map->n; i++)
		if (!strcmp(map->items[i].key, key))
			return &map->items[i];
	return NULL;
}

const struct doc *doc_get(const struct doc *map, const char *key)
{
	const struct doc_item *i = doc_find(map, key);

	return i ? i->value : NULL;
}

const char *doc_get_text(const struct doc *map, const char *key)
{
	const struct doc *d = doc_get(map, key);

	return d && d->kind == DOC_SCALAR ? d->text : NULL;
}

const char *doc_kind_name(const struct doc *d)
{
	switch (d->kind) {
	case DOC_SCALAR:
		return "a single value";
	case DOC_LIST:
		return "a list";
	case DOC_MAP:
		return "a mapping";
	}
	return "?";
}

struct doc *doc_merge(struct doc_pool *pool, struct doc *parent, struct doc *child)
{
	const struct doc_item *old;
	struct doc_item item;
	struct doc *out;
	size_t i;

	if (parent->kind != DOC_MAP || child->kind != DOC_MAP)
		return child;
	out = doc_copy(pool, parent);
	out->at = child->at;
	for (i = 0; i < child->n; i++) {
		item = child->items[i];
		old = doc_find(parent, item.key);
		if (old)
			item.value = doc_merge(pool, old->value, item.value);
		put(pool, out, &item);
	}
	return out;
}

struct doc *doc_copy(struct doc_pool *pool, const struct doc *d)
{
	struct doc *out = node(pool, d->kind, d->at);

	*out = *d;
	out->cap = d->n;
	if (!d->n)
		return out;
	out->items = pool_take(pool, d->n * sizeof(*d->items));
	memcpy(out->items, d->items, d->n * sizeof(*d->items));
	return out;
}

struct doc *doc_clone(struct doc_pool *pool, const struct doc *d)
{
	struct doc *out = doc_copy(pool, d);
	size_t i;

	out->at.file = doc_pool_text(pool, d->at.file, strlen(d->at.file));
	if (d->kind == DOC_SCALAR)
		out->text = doc_pool_text(pool, d->text, strlen(d->text));
	for (i = 0; i < d->n; i++) {
		struct doc_item *to = &out->items[i];

		if (to->key)
			to->key = doc_pool_text(pool, to->key, strlen(to->key));
		to->at.file = doc_pool_text(pool, to->at.file, strlen(to->at.file));
		to->value = doc_clone(pool, to->value);
	}
	return out;
}

struct doc *doc_without(struct doc_pool *pool, const struct doc *map, const char *key)
{
	struct doc *out = doc_map(pool, map->at);
	size_t i;

	for (i = 0; i < map->n; i++)
		if (strcmp(map->items[i].key, key))
			put(pool, out, &map->items[i]);
	return out;
}

char *kv_split(char *arg)
{
	char *p;

	for (p = strchr(arg, '='); p; p = strchr(p + 1, '=')) {
		if (!strncmp(p, "=?=", 3))
			p += 2;
		else if (p[1] == '=')
			p++;
		*p = '\0';
		return p + 1;
	}
	return NULL;
}

/* The length of the next key in the path: the longest existing key, else up to the dot.
 */
static size_t key_length(const struct doc *map, const char *path)
{
	size_t i, len, best = 0;

	for (i = 0; i < map->n; i++) {
		len = strlen(map->items[i].key);
		if (len > best && !strncmp(path, map->items[i].key, len) &&
			(path[len] == '.' || !path[len]))
			best = len;
	}
	return best ? best : strcspn(path, ".");
}

/* Whether the keys below are settings, whose names may have a dot: "+WGPRS.detached". */
static bool has_settings(const char *key)
{
	return !strcmp(key, "memory") || !strcmp(key, "defaults");
}

static struct doc *set_value(struct doc_pool *pool, struct doc_place at, const char *text)
{
	size_t len = strlen(text), n;
	const char *p = text + 1, *end = text + len - 1;
	struct doc *list;

	if (len < 2 || text[0] != '[' || *end != ']')
		return doc_scalar(pool, at, text, len, DOC_EITHER);
	list = doc_list(pool, at);
	while (p < end) {
		p += strspn(p, " ");
		n = strcspn(p, ",]");
		len = n;
		while (len && p[len - 1] == ' ')
			len--;
		if (len)
			doc_append(pool, list, doc_scalar(pool, at, p, len, DOC_EITHER));
		p += n + 1;
	}
	return list;
}

/* The entry of a list that a path names; NULL, with an error, if there is none. */
static struct doc_item *list_entry(struct doc *list, const char *path, size_t len,
	struct doc_place at, struct doc_errors *e)
{
	size_t i = 0, k;

	for (k = 0; k < len && path[k] >= '0' && path[k] <= '9' && i < DOC_ITEMS; k++)
		i = i * 10 + (size_t)(path[k] - '0');
	if (k < len || !len || i >= list->n) {
		doc_error(e, at,
			"\"%.*s\" is not an entry of this list of %zu; count from 0, or "
			"write the whole list as [A, B]",
			(int)len, path, list->n);
		return NULL;
	}
	return &list->items[i];
}

bool doc_set(struct doc_pool *pool, struct doc *root, const char *option,
	const struct kv *kv, struct doc_errors *e)
{
	const char *path = kv->key;
	struct doc_place at = { NULL, 0, 0 };
	struct doc_item *i;
	struct doc *d = root;
	bool settings = false;
	char name[256];
	size_t len;

	len = (size_t)snprintf(name, sizeof(name), "%s %s", option, kv->key);
	at.file = doc_pool_text(pool, name, len < sizeof(name) ? len : sizeof(name) - 1);
	for (;;) {
		if (d->kind == DOC_SCALAR) {
			doc_error(e, at,
				"\"%s\" has no keys, so \".%s\" leads nowhere; remove it",
				d->text, path);
			return false;
		}
		len = d->kind == DOC_MAP ? key_length(d, path) : strcspn(path, ".");
		if (settings)
			len = strlen(path);
		if (!len) {
			doc_error(e, at,
				"a part of the path is empty; write names separated by "
				"single dots");
			return false;
		}
		if (d->kind == DOC_LIST) {
			i = list_entry(d, path, len, at, e);
		} else {
			const char *key = doc_pool_text(pool, path, len);

			if (!doc_find(d, key) &&
				!doc_put(pool, d, key, at, doc_map(pool, at)))
				return false;
			i = (struct doc_item *)doc_find(d, key);
			settings = has_settings(key);
		}
		if (!i)
			return false;
		if (!path[len])
			break;
		path += len + 1;
		/* other trees may share it */
		i->value = doc_copy(pool, i->value);
		d = i->value;
	}
	i->at = at;
	i->value = set_value(pool, at, kv->value);
	return true;
}
