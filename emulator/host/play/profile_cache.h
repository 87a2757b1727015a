/* Keeps profiles with their command tables for repeated use: reading a profile takes
 * longer than playing most scenarios on it. */
#pragma once

#include "host/read/library.h"

#define PROFILE_CACHE 24 /* profiles kept; the least recently used is dropped */

struct profile_cache;

/* library must outlive it. */
struct profile_cache *profile_cache_new(struct library *library);
void profile_cache_free(struct profile_cache *c); /* NULL is allowed */

/* The profile of that name with these sets, valid while at most PROFILE_CACHE others are
 * asked for; NULL, with all errors in e, if it is wrong. */
const struct profile *profile_cache_get(struct profile_cache *c, const char *name,
	const struct kv *sets, size_t n_sets, struct doc_errors *e);
