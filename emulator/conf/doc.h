/* A document tree: what a YAML or JSON reader produces and the schema binds. Every node
 * knows where it was written, so that an error can name file:line:col.
 *
 * Nodes and texts live in a pool and are freed with it; trees may therefore share nodes.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#define DOC_DEPTH 32            /* deepest nesting that a reader lets through */
#define DOC_ITEMS 4096          /* most entries of one list or mapping */
#define DOC_BYTES (1024 * 1024) /* longest input of a reader */

enum doc_kind {
	DOC_SCALAR,
	DOC_LIST,
	DOC_MAP,
};

enum doc_style { /* how a scalar was written */
	DOC_PLAIN,
	DOC_QUOTED, /* always a text */
	DOC_EITHER, /* from a command line, which has no quotes: any type that fits */
};

struct doc_place {
	const char *file; /* or its source, such as "--set sim.pin" */
	int line, col;    /* from 1; line 0: the file as a whole */
};

struct doc_item {
	const char *key; /* NULL in a list */
	struct doc_place at;
	struct doc *value;
};

struct doc {
	enum doc_kind kind;
	enum doc_style style;
	struct doc_place at;
	const char *text;       /* of a scalar, never NULL there */
	struct doc_item *items; /* of a list or mapping, in the order of the file */
	size_t n, cap;
};

struct doc_pool;

/* These never return NULL: out of memory ends the program with a message. */
struct doc_pool *doc_pool_new(void);
void doc_pool_free(struct doc_pool *pool); /* NULL is allowed */
const char *doc_pool_text(struct doc_pool *pool, const char *text, size_t len);

/* The file name of a place must live as long as the pool: see doc_pool_text(). */
struct doc *doc_scalar(struct doc_pool *pool, struct doc_place at, const char *text,
	size_t len, enum doc_style style);
struct doc *doc_list(struct doc_pool *pool, struct doc_place at);
struct doc *doc_map(struct doc_pool *pool, struct doc_place at);

/* Appends to a list; false when it already holds DOC_ITEMS. */
bool doc_append(struct doc_pool *pool, struct doc *list, struct doc *value);

/* Adds or replaces the value of a key; false when the mapping already holds DOC_ITEMS. */
bool doc_put(struct doc_pool *pool, struct doc *map, const char *key, struct doc_place at,
	struct doc *value);

/* The entry of a key; NULL if there is none or if map is NULL or not a mapping. */
const struct doc_item *doc_find(const struct doc *map, const char *key);
/* Its value, and its text if it is a scalar; else NULL. */
const struct doc *doc_get(const struct doc *map, const char *key);
const char *doc_get_text(const struct doc *map, const char *key);

/* "a text", "a list", "a mapping": for messages. */
const char *doc_kind_name(const struct doc *d);

/* Merges the child over its parent: mappings key by key, anything else is the child's.
 * Returns a new mapping where both are mappings; neither argument changes, and both must
 * outlive the pool. */
struct doc *doc_merge(struct doc_pool *pool, struct doc *parent, struct doc *child);

/* A copy whose entries are shared with the original, so that it can get other ones. */
struct doc *doc_copy(struct doc_pool *pool, const struct doc *d);
/* A copy that shares nothing, so that it outlives the pools of the original. */
struct doc *doc_clone(struct doc_pool *pool, const struct doc *d);

/* A copy of the mapping without one of its keys (the values are shared). */
struct doc *doc_without(struct doc_pool *pool, const struct doc *map, const char *key);

struct kv {
	const char *key, *value;
};

/* Cuts KEY=VALUE in place and returns the value, NULL when there is no "=". The "=" and
 * "=?" of a command's form stay in the key: "latency.+COPS=?=20s". */
char *kv_split(char *arg);

struct doc_errors;

/* Sets the scalar at a dotted path, creating mappings on the way; a number selects an
 * entry of a list (from 0). Of the nodes that exist only the root changes: those below it
 * are copied. A value [a, b] is a list of texts. If keys of the tree
 * contain dots, the longest key that matches is used. The place of the new nodes is
 * "<option> <path>". False, with an error, when the path leads through a text. */
bool doc_set(struct doc_pool *pool, struct doc *root, const char *option,
	const struct kv *kv, struct doc_errors *e);

/* All errors of a run, to be shown together. Texts have the form "what; remedy". */
struct doc_error {
	char *file;
	int line, col;
	char *text;
};

#define DOC_ERRORS 100 /* later errors are only counted */

struct doc_errors {
	struct doc_error item[DOC_ERRORS];
	size_t n;
	size_t more;
};

void doc_errors_init(struct doc_errors *e);
void doc_errors_clear(struct doc_errors *e);

/* Adds an error; the same text at the same place is kept once. */
void doc_error(struct doc_errors *e, struct doc_place at, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));

/* By file, line and column; those in the file `first` (NULL: none) before all others. */
void doc_errors_sort(struct doc_errors *e, const char *first);

/* One "file:line:col: text" a line. */
void doc_errors_print(const struct doc_errors *e, FILE *out);
