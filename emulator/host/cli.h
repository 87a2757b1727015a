/* The command line of a subcommand, from one description: it feeds getopt_long(), --help,
 * --version, and the messages about what is wrong. Nothing else reads argv. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "host/exits.h"

/* `take` gets the value (NULL: it takes none; texts stay in argv) and writes "what;
 * remedy" into why when it returns false. */
struct cli_option {
	const char *name; /* without the dashes; NULL ends a table */
	const char *arg;  /* the value as --help shows it, NULL: takes none */
	const char *help;
	bool (*take)(void *ctx, char *arg, char *why, size_t size);
	char letter; /* the short form, 0: none */
	/* Of a table that subcommands share: the one that takes it, NULL: all. `instead`
	 * says how, to one that does not. */
	const char *only, *instead;
};

struct cli_command {
	const char *name;  /* as it is typed: "dwl make" */
	const char *words; /* its words in the usage line: "FILE..." */
	const char *about; /* sentences of --help, may be NULL */
	enum exits exits;
	const struct cli_option *options; /* NULL: none of its own */
	int least, most;                  /* how many words; most -1: any number */
	const char *missing; /* "which file? ...": the message when there are fewer */
	const char *surplus; /* remedy when there are more, NULL: the usual one */
	bool leads;          /* options end at the first word: the rest is a command */
	void (*more)(FILE *out); /* what else --help says, may be NULL */
};

#define CLI_ANSWERED -1 /* --help or --version: nothing is left to do */
#define CLI_WRONG    -2 /* standard error says what, and what to do */

/* Reads argv, whose argv[0] is the last word of the name, for ctx. The index of the first
 * word (words follow the options), CLI_ANSWERED or CLI_WRONG. */
int cli_parse(const struct cli_command *c, int argc, char **argv, void *ctx);

/* The exit status of one of the two negative results. */
int cli_status(const struct cli_command *c, int result);

/* --help of it, on standard output. */
void cli_help(const struct cli_command *c);

/* "fauxtrack NAME: what", on standard error; the exit status for wrong usage. */
int cli_wrong(const struct cli_command *c, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

/* Whether the word asks for help (--help, -h) or for the version (--version). */
bool cli_is_help(const char *word);
bool cli_is_version(const char *word);
void cli_version(void);

/* A whole number up to max, decimal digits only. */
bool cli_number(const char *text, unsigned long long max, unsigned long long *out);

/* A path that can be written to or read by its name: not empty, and not "-", which is no
 * name here. Else why says so. */
bool cli_path(const char *arg, char *why, size_t size);

/* ---- standard output ----------------------------------------------------------------
 */

/* To be called first: standard streams that are closed are opened on /dev/null, so that
 * no port or file is taken for them; writing to standard output fails then. */
void cli_begin(void);

/* Whether all that was printed has been written; else, once, standard error says why. */
bool cli_flush(void);
