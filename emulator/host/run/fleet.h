/* Fleet files: groups of modems as YAML. The keys are the rows of options.c that are
 * marked OPTIONS_FLEET, and some for the identity of the modems. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "conf/doc.h"
#include "host/run/group.h"

struct schema;
struct library;

#define FLEET_GROUPS 256
#define FLEET_NAME   32

struct fleet {
	struct doc_pool *pool;
	char **texts; /* the values, which the options of the groups point to */
	size_t n_texts;
	struct group *groups; /* not loaded */
	size_t n;
	unsigned count; /* of modems in all groups */
};

/* Reads a fleet file. `base` has the options of the command line, which are the defaults
 * of every group; keys at the top of the file come next, those of a group last. NULL,
 * with all errors in e, if anything is wrong. Profiles are not loaded. */
struct fleet *fleet_read(
	const char *path, const struct options *base, struct doc_errors *e);
void fleet_free(struct fleet *f); /* NULL is allowed */

/* Whether the file is a fleet file: a mapping with the key `groups`, or of kind fleet. */
bool fleet_is(const char *path);

/* Checks a fleet file with all its profiles, bugs and images; true if there is no error.
 */
bool fleet_check(struct library *l, const char *path, struct doc_errors *e);

const struct schema *fleet_schema(void);
