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

/* Binds a resolved application over *a, which is zeroed. */
struct application;
bool build_application(
	struct build *b, struct application *a, const char *name, const struct doc *d);

/* What is known to be wrong with a part's file without reading it, or the first error of a
 * part (of `file`, if that has any), as one line for the caller to free. The former may be
 * NULL: nothing. */
char *build_unreadable(const struct build *b, enum part_kind kind, const char *name);
char *build_first_error(struct doc_errors *e, const char *file);

/* How a combination chooses the application in flash. */
struct application_order {
	const char *name;
	const struct doc *tree; /* as the combination changes it; NULL: there is none */
	struct doc_place asked; /* where the combination names it */
};

/* Lists the applications in p->applications and reads the one in flash, whose name is
 * then p->application. Does not read the others. False, with errors, if anything is wrong.
 * applications_free() is due in any case. */
bool applications_fill(
	struct build *b, struct profile *p, const struct application_order *order);

/* Reads all of them; false, with errors in e, if one cannot be read. */
bool applications_complete(struct profile *p, struct doc_errors *e);

void applications_free(struct profile *p);

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
