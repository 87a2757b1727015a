/* Between list_main.c, which has the kinds of `fauxtrack list`, and what fills them. */
#pragma once

#include <jansson.h>
#include <stdbool.h>

#include "base/names.h"

#define LIST_COLUMNS 5

struct list_kind;

struct listing {
	const struct list_kind *kind;
	json_t *rows;        /* an array; NULL: rows are printed as text */
	const char *profile; /* of `list commands` */
	const char *word;    /* after the kind, NULL: none */
	bool any;            /* there was a row */
};

struct list_kind {
	const char *name, *help;
	/* Keys of a row in JSON, and how wide each is as text; the last one is not
	 * padded.
	 */
	struct list_column {
		const char *key;
		int width;
	} column[LIST_COLUMNS];
	/* All rows, by list_row(), or whatever else it prints; the exit status. */
	int (*fill)(struct listing *l);
	const struct name *names; /* instead of fill: a row a name, and its help */
	const char *words;        /* what may follow, "" nothing */
	const char *missing;      /* what to say when it must, NULL: it need not */
};

/* A row, one cell a column; NULL is null in JSON and "-" as text. */
void list_row(struct listing *l, const char *const *cell);

/* A single object instead of rows (taken over). */
void list_object(json_t *object);

/* list_bugs.c: field bugs as documentation. */
int list_bugs(struct listing *l);
int list_bug(struct listing *l);
