/* The command tables for the program: their memory, the hook that checks commands in
 * profiles, and the rows of `fauxtrack list commands`. */
#pragma once

#include <stdio.h>

#include "conf/profile_conf.h"

/* For library_hook(): errors name the command and what it accepts. */
extern const struct profile_hook tables_hook;

/* Builds the tables of the firmwares and applications of the profile: now of those that
 * have been read, of others when they are. tables_free() frees them; call it before
 * profile_free(). */
void tables_build(struct profile *p);
void tables_free(struct profile *p);

/* Calls each() for every command of the installed firmware, then of the application that
 * is delivered with it: name, forms (E exec, S set, R
 * read, T test, or -), where it is stored, status, section of the reference. */
#define TABLES_CELLS 5
void tables_each(const struct profile *p,
	void (*each)(void *ctx, const char *const cell[TABLES_CELLS]), void *ctx);

/* Prints an empty line, then the number of commands of the installed firmware, and a line
 * for each other firmware of the device. */
void tables_print_counts(const struct profile *p, FILE *out);
