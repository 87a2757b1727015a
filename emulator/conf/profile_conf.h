/* Profiles: parts (device, firmware, network, SIM) and combinations of them, from
 * document trees to struct profile. struct part_source supplies the trees.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "base/names.h"
#include "conf/doc.h"
#include "state/profile.h"

enum part_kind {
	PART_PROFILE, /* a combination */
	PART_DEVICE,
	PART_FIRMWARE,
	PART_NETWORK,
	PART_SIM,
	PART_OPERATORS, /* a table of operator names */
	PART_SET,       /* combinations that scenarios name together */
	PART_APPLICATION,
	PART_KINDS,
};
extern const struct name part_names[]; /* "profile", "device", ...: the key kind */

#define PROFILE_SET 16

/* A named set of combinations. */
struct profile_set {
	char name[PROFILE_SET][PROFILE_NAME];
	size_t n;
};

struct part_source {
	void *ctx;
	/* Reads a part, into the pool or a memory that outlives it; NULL, with an error
	 * at `asked`, if it is missing. The tree is not changed. */
	struct doc *(*read)(void *ctx, enum part_kind kind, const char *name,
		struct doc_place asked, struct doc_pool *pool, struct doc_errors *e);
	/* Calls each() with every name of a kind, sorted, once. */
	void (*names)(void *ctx, enum part_kind kind,
		void (*each)(void *each_ctx, const char *name), void *each_ctx);
	/* Whether it is known, without reading the file of that name, that it has an
	 * error: "file: what; remedy" in why. May be NULL. */
	bool (*unreadable)(
		void *ctx, enum part_kind kind, const char *name, char *why, size_t size);
	/* The profile that was built from it is freed, or could not be built. May be
	 * NULL. */
	void (*done)(void *ctx);
};

/* What a profile says about a command; struct profile_hook checks it. */
enum command_use {
	COMMAND_OVERLAY, /* conf is a struct command_conf */
	COMMAND_DEFAULT, /* conf is a struct default_conf: a factory setting */
	COMMAND_MEMORY,  /* conf is a struct default_conf: non-volatile in a new unit */
	COMMAND_LATENCY, /* conf is a struct latency_conf */
};

struct application;

struct profile_hook {
	void *ctx;
	/* Whether the conf fits the command; else writes "what; remedy" into why. For
	 * COMMAND_MEMORY f is the installed firmware. */
	bool (*command)(void *ctx, const struct firmware *f, enum command_use use,
		const void *conf, char *why, size_t size);
	/* The same for a command that the application declares. */
	bool (*own)(void *ctx, const struct application *a,
		const struct command_conf *conf, char *why, size_t size);
};

/* Builds the profile of a combination's tree; sets are applied last. hook may be NULL; the
 * ctx of source and hook must outlive the profile. Of the firmwares only the ones in flash
 * are read: the source is asked for others later, when something asks the profile. The
 * caller frees the result with profile_free(). On any error returns NULL, with all errors
 * in e. */
struct profile *profile_build(const char *name, struct doc *d, struct doc_pool *pool,
	const struct part_source *source, const struct profile_hook *hook,
	const struct kv *sets, size_t n_sets, struct doc_errors *e);
void profile_free(struct profile *p); /* NULL is allowed */

/* The path that a key of a set stands for: sim.number is short for the number of the SIM,
 * which is where AT+CNUM reads it; others are themselves. */
const char *profile_set_key(const char *key);

/* Reads all its firmwares and applications, for lists and checks. False, with all errors
 * in e, sorted, if one cannot be read. */
bool profile_complete(struct profile *p, struct doc_errors *e);

/* Reads the tree of a set; false, with errors, if anything is wrong. Whether its
 * combinations exist is not checked. */
bool profile_set_bind(const struct doc *d, struct profile_set *out, struct doc_errors *e);

/* Checks the tree of one part or combination; true when there was no error. */
bool profile_check(enum part_kind kind, const char *name, struct doc *d,
	struct doc_pool *pool, const struct part_source *source,
	const struct profile_hook *hook, struct doc_errors *e);

/* The tree with everything it inherits; NULL, with errors, if a parent is missing. */
struct doc *profile_resolve(enum part_kind kind, const char *name, struct doc *d,
	struct doc_pool *pool, const struct part_source *source, struct doc_errors *e);

/* The schema of each kind of file, in the order of enum part_kind, then those that stand
 * apart because they are used in many places (schema.apart). NULL after the last. */
const struct schema *profile_schema_at(size_t i);

/* Print the JSON Schema of one kind of file (PART_KINDS: of all kinds), and the tables of
 * profiles/README.md. */
void profile_print_json(enum part_kind kind, FILE *out);
void profile_print_markdown(FILE *out);
