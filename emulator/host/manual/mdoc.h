/* A manual page in mdoc(7), for man(1). */
#pragma once

#include "host/manual/page.h"

struct mdoc {
	struct page page; /* for the functions of page.h */
	struct mdoc_part {
		FILE *out; /* into text */
		char *text;
		size_t len;
		enum page_last last;
		bool list, literal; /* one is open */
	} part[PAGE_SECTIONS], synopsis;
	enum page_section now;
	bool dropped;     /* what comes now stands in the page already */
	bool nested;      /* a page within the page: a word of the subcommand */
	char see[300];    /* names */
	const char *help; /* one line */
};

/* Begins a page. help: one line about what it describes. */
void mdoc_begin(struct mdoc *m, const char *help);

/* From now on pages are parts of this one: they begin with a title, and their
 * environment, files and exit statuses are those of the whole. */
void mdoc_nest(struct mdoc *m);

/* Writes the page and frees what it holds. name: "fauxtrack-run"; see: resolves names of
 * page_see() to sections (0: there is no such page). */
void mdoc_end(struct mdoc *m, const char *name, int section, int (*see)(const char *name),
	FILE *out);
