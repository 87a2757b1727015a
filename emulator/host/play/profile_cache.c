#include "host/play/profile_cache.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "conf/must.h"
#include "host/read/command_tables.h"

struct entry {
	char *key; /* name and sets, a line each; NULL: unused entry */
	struct profile *profile;
	unsigned long used; /* the last call that used it */
};

struct profile_cache {
	struct library *library;
	struct entry entry[PROFILE_CACHE];
	unsigned long calls;
};

struct profile_cache *profile_cache_new(struct library *library)
{
	struct profile_cache *c = must(calloc(1, sizeof(*c)));

	c->library = library;
	return c;
}

static void drop(struct entry *e)
{
	if (e->profile)
		tables_free(e->profile);
	profile_free(e->profile);
	free(e->key);
	*e = (struct entry){ .key = NULL };
}

void profile_cache_free(struct profile_cache *c)
{
	size_t i;

	if (!c)
		return;
	for (i = 0; i < PROFILE_CACHE; i++)
		drop(&c->entry[i]);
	free(c);
}

static char *key_of(const char *name, const struct kv *sets, size_t n)
{
	size_t len = strlen(name) + 1, at, i;
	char *key;

	for (i = 0; i < n; i++)
		len += strlen(sets[i].key) + strlen(sets[i].value) + 2;
	key = must(malloc(len));
	at = (size_t)sprintf(key, "%s", name);
	for (i = 0; i < n; i++)
		at += (size_t)sprintf(key + at, "\n%s=%s", sets[i].key, sets[i].value);
	return key;
}

/* The entry of the key, else the entry to replace. */
static struct entry *find(struct profile_cache *c, const char *key)
{
	struct entry *oldest = &c->entry[0];
	size_t i;

	for (i = 0; i < PROFILE_CACHE; i++) {
		if (c->entry[i].key && !strcmp(c->entry[i].key, key))
			return &c->entry[i];
		if (c->entry[i].used < oldest->used)
			oldest = &c->entry[i];
	}
	return oldest;
}

const struct profile *profile_cache_get(struct profile_cache *c, const char *name,
	const struct kv *sets, size_t n_sets, struct doc_errors *e)
{
	char *key = key_of(name, sets, n_sets);
	struct entry *found = find(c, key);
	struct profile *p;

	if (found->key && !strcmp(found->key, key)) {
		free(key);
		found->used = ++c->calls;
		return found->profile;
	}
	p = profile_load(c->library, name, sets, n_sets, e);
	if (!p) {
		free(key);
		return NULL;
	}
	tables_build(p);
	drop(found);
	*found = (struct entry){ key, p, ++c->calls };
	return p;
}
