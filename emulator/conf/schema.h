/* Binds document trees to C structs by const tables: one row per key gives its type,
 * limits, help, default and place in the struct. The same rows print the JSON Schema for
 * editors and the tables of the README. All errors of a tree are collected, each with its
 * place, and say what to write instead. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "base/names.h"
#include "conf/doc.h"

enum schema_type {
	SCHEMA_TEXT,  /* char[size]; plain text that looks like another type is refused */
	SCHEMA_VALUE, /* char[size]; a number or a text, kept as written */
	SCHEMA_INT,   /* 1, 2, 4 or 8 bytes, min..max; decimal or 0x */
	SCHEMA_BOOL,  /* bool; true or false */
	SCHEMA_TIME,  /* usec_t from 250ms, 1.5s, 2m, 1h; min..max in microseconds */
	SCHEMA_ENUM,  /* int, or bool, by names */
	SCHEMA_SET,   /* unsigned; [a, b], or {a: true, b: false}; bits of max if not 0 */
	SCHEMA_STRUCT, /* a mapping by schema */
	SCHEMA_LIST,   /* an array of item */
	SCHEMA_TABLE,  /* a mapping with free keys: an array of item, each with its key */
	SCHEMA_NOTE,   /* free text for readers, not stored */
};

enum schema_flag {
	SCHEMA_REQUIRED = 1,
	SCHEMA_SHIFT = 2,     /* a set: the names are numbers of bits, not bits */
	SCHEMA_NOWHERE = 4,   /* checked, but not stored */
	SCHEMA_ELSEWHERE = 8, /* described here, bound by the caller */
	SCHEMA_FILL = 16,     /* a missing mapping counts as empty: its defaults apply */
	SCHEMA_OR_ONE = 32,   /* a list: a single item may stand without the list */
	SCHEMA_ESCAPED = 64,  /* a text: \r, \n and <1A> in it stand for bytes */
};

struct schema;

/* Offset and size of a member that a field is bound to. */
#define SCHEMA_AT(type, m) .offset = offsetof(type, m), .size = sizeof(((type *)0)->m)

struct schema_field {
	const char *key; /* NULL ends the table */
	const char *help;
	enum schema_type type;
	unsigned flags;
	size_t offset, size; /* of the member; of an item: within its array element */
	long long min, max;  /* of a text: min is its shortest length */
	const struct name *names;
	const struct schema *schema;     /* SCHEMA_STRUCT */
	const struct schema_field *item; /* SCHEMA_LIST, SCHEMA_TABLE */
	size_t stride, most;             /* size and number of the array elements */
	size_t count;                    /* offset of the size_t that counts them */
	size_t key_size;                 /* SCHEMA_TABLE: char[] at the element's start */
	const char *def;                 /* value of a missing key; NULL: zeros */
	/* Returns what is wrong with a bound value ("what; remedy"), or NULL. */
	const char *(*check)(const void *value);
	const char *(*check_key)(const char *key); /* SCHEMA_TABLE */
};

struct schema {
	const char *name; /* of the definition in the JSON Schema */
	const char *help;
	const struct schema_field *fields;
	const struct schema_field
		*scalar; /* what a single value sets, or a list if it is one; NULL: not
			    allowed */
	/* Checks the whole struct after all its fields are right. */
	void (*check)(const void *object, const struct doc *d, struct doc_errors *e);
	bool apart; /* used in many places: gets a separate table in the Markdown */
};

/* Binds d over out, which the caller has zeroed. With `partial` (a base to inherit from)
 * a missing required key is not an error, and whole structs are not checked. True when
 * there was no error. */
bool schema_bind(const struct schema *s, const struct doc *d, void *out, bool partial,
	struct doc_errors *e);

/* Reads a duration, as YAML writes it, in microseconds; false if the text is not one. */
bool schema_time(const char *text, uint64_t *usec);

/* True when YAML could read the unquoted text as another type, named in *as: "a number",
 * "a boolean", "a date", "nothing". */
bool schema_looks(const char *text, const char **as);

/* Prints one JSON Schema (draft 7) that allows any of the n schemas. Its $id is
 * urn:fauxtrack:schema:ID; id may be NULL. Required keys are required in schemas without
 * a key "inherits", and in the entries of lists. */
void schema_print_json(
	const char *id, const struct schema *const *s, size_t n, FILE *out);

/* Calls field() for each field of a schema and, after a mapping, for those below it; key:
 * its path, with dots. Not for notes. */
void schema_each_field(const struct schema *s,
	void (*field)(void *ctx, const struct schema_field *f, const char *key),
	void *ctx);

/* Calls row() for each key of a schema, nested keys with dots: its path, what the value
 * may be ("0 to 5, default 1") and what it is ("" if there is no help). Notes, which are
 * kept by no struct, only with `notes`; `see` never, because every mapping may have it. */
void schema_each_row(const struct schema *s, bool notes,
	void (*row)(void *ctx, const char *path, const char *value, const char *help),
	void *ctx);

/* Prints rows "| `key.key` | value | what it is |" of one schema, as schema_each_row()
 * gives them. */
void schema_print_markdown(const struct schema *s, FILE *out);

/* Prints the keys of a flat schema for readers: two lines per key, and one per name that
 * has a help text. */
void schema_print_text(const struct schema *s, FILE *out);
