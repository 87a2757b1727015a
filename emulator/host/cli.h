/* The command line of a subcommand. One description feeds getopt_long(), --help,
 * --version and the error messages. Nothing else reads argv. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "host/exits.h"
#include "host/manual/page.h"

/* `take` gets the value (NULL for an option without one; the text stays in argv). When it
 * returns false it has written "what is wrong; remedy" into why. */
struct cli_option {
	const char *name; /* without the dashes; NULL ends a table */
	const char *arg;  /* the value as --help shows it, NULL: takes no value */
	const char *help;
	bool (*take)(void *ctx, char *arg, char *why, size_t size);
	char letter; /* the short form, 0: no short form */
	/* In a table that subcommands share: the only subcommand that accepts the option,
	 * NULL: all of them. `instead` is the remedy shown by the others. */
	const char *only, *instead;
	unsigned also; /* for the owner of the table: where else the row is used */
};

struct cli_example {
	const char *command; /* as typed; NULL ends a table */
	const char *what;    /* what it does, a sentence without the full stop */
};

/* A member of the objects that --json prints. */
struct cli_member {
	const char *name; /* NULL ends a table */
	const char *help;
};

struct cli_command {
	const char *name;  /* as it is typed: "dwl make" */
	const char *words; /* its words in the usage line: "FILE..." */
	const char *about; /* sentences of --help, may be NULL */
	enum exits exits;
	const struct cli_option *options; /* NULL: only --help and --version */
	int least, most;                  /* number of words; most -1: any number */
	const char *missing; /* "which file? ...": the message for too few words */
	const char *surplus; /* the remedy for too many words, NULL: leave them out */
	/* A remedy by what the first word too many is; NULL or a NULL: surplus. */
	const char *(*stray)(const char *word, char *out, size_t size);
	bool leads; /* options end at the first word: the rest is a command */
	void (*more)(struct page *p); /* adds to --help after the options, may be NULL */
	const struct cli_member *members;   /* of what --json prints, NULL: none */
	const struct cli_example *examples; /* NULL: none */
	const char *related;                /* names for page_see(), may be NULL */
};

#define CLI_ANSWERED -1 /* --help or --version: nothing left to do */
#define CLI_WRONG    -2 /* wrong usage, which standard error reports */

/* Reads the options of argv into ctx; argv[0] is the last word of the name. Returns the
 * index of the first word after the options, CLI_ANSWERED or CLI_WRONG. */
int cli_parse(const struct cli_command *c, int argc, char **argv, void *ctx);

/* Writes what --help prints: the whole page of a command. */
void cli_page(const struct cli_command *c, struct page *p);

/* The part of --help on the members of what --json prints: its title, for rows that come
 * from elsewhere; and all of it. */
void cli_members_begin(struct page *p);
void cli_members(struct page *p, const struct cli_member *m);

/* From now on --help is written to that page instead of standard output; NULL: as before.
 * What asks a subcommand for its page calls it with --help. */
void cli_help_to(struct page *p);

/* Writes the page of --help by `print`, to the page of cli_help_to() if there is one. */
void cli_help(void (*print)(struct page *p, const void *of), const void *of);

/* The exit status for CLI_ANSWERED or CLI_WRONG. */
int cli_status(const struct cli_command *c, int result);

/* Prints "fauxtrack NAME: MESSAGE" on standard error; returns the exit status for wrong
 * usage. */
int cli_wrong(const struct cli_command *c, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

/* Whether the word asks for help (--help, -h) or for the version (--version). */
bool cli_is_help(const char *word);
bool cli_is_version(const char *word);
void cli_version(void);

/* Reads a whole number up to max, decimal digits only. */
bool cli_number(const char *text, unsigned long long max, unsigned long long *out);

/* Whether arg names a file: it is not empty, and not "-", which elsewhere means a
 * standard stream. If not, why has the message. */
bool cli_path(const char *arg, char *why, size_t size);

/* Whether a file can be written, asked before long work; errno says why not. What is in
 * it stays, and one that was not there is not there afterwards. */
bool cli_writable(const char *path);

/* ---- standard output ----------------------------------------------------------------
 */

/* To be called first: opens closed standard streams on /dev/null, so that no port or file
 * gets their descriptors. Writing to such a standard output fails. */
void cli_begin(void);

/* Whether everything printed was written; if not, reports once why on standard error. */
bool cli_flush(void);
