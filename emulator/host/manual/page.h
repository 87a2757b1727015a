/* A page of help. --help, `fauxtrack help` and the manual pages have one source: it calls
 * the functions below, and a kind of page (text for a terminal, mdoc for man(1), a list of
 * options for a shell's completion) decides what becomes of it.
 *
 * Texts may have more than one sentence; where a line ends is decided by the kind. */
#pragma once

#include <stdbool.h>
#include <stdio.h>

/* Sections that every kind knows, in the order of manual pages. */
enum page_section {
	PAGE_BODY,  /* what comes first */
	PAGE_OTHER, /* a part of the body with a title of its own */
	PAGE_ENVIRONMENT,
	PAGE_FILES,
	PAGE_EXITS,
	PAGE_EXAMPLES,
	PAGE_SECTIONS,
};

struct page;

struct page_option {
	char letter;      /* 0: no short form */
	const char *name; /* without the dashes */
	const char *arg;  /* NULL: takes no value */
	const char *help;
};

struct page_kind {
	void (*usage)(struct page *p, const char *name, const char *words, bool options);
	void (*section)(
		struct page *p, enum page_section which, const char *title, int width);
	void (*text)(struct page *p, const char *text);
	void (*option)(struct page *p, const struct page_option *o);
	void (*row)(struct page *p, const char *term, const char *text);
	void (*code)(struct page *p, const char *line);
	void (*see)(struct page *p, const char *names);
};

/* What was printed last, for the empty lines between. */
enum page_last {
	PAGE_NOTHING,
	PAGE_TITLE,
	PAGE_TEXT,
	PAGE_ROW,
	PAGE_CODE,
};

struct page {
	const struct page_kind *kind;
	FILE *out;
	/* of the kind: */
	enum page_last last;
	int width; /* of the terms of rows */
};

/* "usage: fauxtrack NAME [OPTION...] WORDS"; name "": the program itself. */
void page_usage(struct page *p, const char *name, const char *words, bool options);

/* Begins a section; title only for PAGE_OTHER. width: room for the terms of its rows. */
void page_section(struct page *p, enum page_section which, const char *title, int width);

void page_text(struct page *p, const char *text); /* a paragraph; NULL: none */
void page_option(struct page *p, const struct page_option *o);
void page_row(struct page *p, const char *term, const char *text); /* text may be "" */
void page_code(struct page *p, const char *line); /* as typed, or as in a file */

/* Names of subcommands and topics with more about it, separated by blanks; "." is the
 * program itself; NULL: none. */
void page_see(struct page *p, const char *names);

/* A page of text, 80 columns wide. */
void page_plain(struct page *p, FILE *out);

/* The title of a section that every kind knows ("Exit status"). */
const char *page_title(enum page_section which);

/* Writes the words of a text in lines of at most `most` columns; each line after the first
 * begins with `indent` blanks. at: the column where the first begins. */
void page_wrap(FILE *out, const char *text, int at, int indent, int most);
