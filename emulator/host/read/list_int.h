/* Shared by list_main.c, which has the kinds of `fauxtrack list`, and the files that
 * print their rows. */
#pragma once

#include <jansson.h>
#include <stdbool.h>

#include "base/names.h"
#include "host/manual/page.h"

#define LIST_COLUMNS 5

struct list_kind;

struct listing {
	const struct list_kind *kind;
	json_t *rows;        /* an array; NULL: rows are printed as text */
	const char *profile; /* of `list commands` */
	const char *word;    /* after the kind, NULL: no word */
	bool any;            /* at least one row was printed */
};

struct list_kind {
	const char *name, *help;
	/* The keys of a row in JSON, their widths as text, and what they are, for --help;
	 * the last column is not padded. */
	struct list_column {
		const char *key;
		int width;
		const char *help;
	} column[LIST_COLUMNS];
	/* Prints all rows with list_row(), or something else; returns the exit status. */
	int (*fill)(struct listing *l);
	const struct name *names; /* instead of fill: one row per name, with its help */
	const char *words;        /* the word that may follow, NULL: no word */
	const char *missing; /* the message if it must follow, NULL: it is optional */
	/* Adds to --help: what --json prints if it is not rows. NULL: rows. */
	void (*more)(struct page *p);
};

/* Prints a row, one cell per column; a NULL cell is null in JSON and "-" as text. */
void list_row(struct listing *l, const char *const *cell);

/* Prints a single object instead of rows, and frees it. */
void list_object(json_t *object);

/* list_bugs.c: field bugs as documentation. */
int list_bugs(struct listing *l);
int list_bug(struct listing *l);
struct scenario;
/* A new object with all that a bug says of itself. */
json_t *list_bug_json(const char *name, const struct scenario *s);
