/* Shared by profile_conf.c, which builds profiles, and shelf.c, which reads their
 * firmwares. */
#pragma once

#include "conf/profile_conf.h"

struct build {
	struct doc_pool *pool;
	const struct part_source *source;
	const struct profile_hook *hook;
	struct doc_errors *errors;
};

/* Number of errors so far. */
size_t build_trouble(const struct build *b);

/* Reads a part by its name, with everything it inherits; NULL, with errors at `asked`, if
 * that fails. */
struct doc *build_part(
	struct build *b, enum part_kind kind, const char *name, struct doc_place asked);

/* Binds a resolved firmware over *f, which the caller has zeroed, and asks the hook about its commands. */
bool build_firmware(
	struct build *b, struct firmware *f, const char *name, const struct doc *d);

/* Whether a key of the tree is true. */
bool build_says_yes(const struct doc *d, const char *key);

/* How a combination chooses its firmware. */
struct shelf_order {
	const char *installed;
	struct doc *own;        /* its resolved tree, as the combination changes it */
	struct doc_place asked; /* where the combination names it */
	const struct doc *over; /* every_firmware, NULL: not given */
};

/* Lists the firmwares in p->shelf and reads the installed one, whose number is then
 * p->installed; the device of p is bound. Does not read the others. False, with errors,
 * if anything is wrong. shelf_free() is due in any case. */
bool shelf_fill(struct build *b, struct profile *p, const struct shelf_order *order);

/* Reads a firmware that the profile cannot do without; *slot is its number. False if this
 * device has no such firmware, or with errors. */
bool shelf_find(struct build *b, struct profile *p, const char *name, size_t *slot);

void shelf_free(struct profile *p);
