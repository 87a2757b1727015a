/* The command tables for the program: checks for the library of profiles, memory, the
 * list of `fauxtrack list commands`. */
#pragma once

#include <stdio.h>

#include "conf/profile_conf.h"

/* For library_hook(): errors name the command and what it would take. */
extern const struct profile_hook tables_hook;

/* Gives every firmware of the profile its tables. tables_free() takes them away again,
 * before profile_free(). */
void tables_build(struct profile *p);
void tables_free(struct profile *p);

/* Each command as the installed firmware has it: name, forms (E exec, S set, R read, T
 * test, or -), where it is stored, status, section of the reference. */
#define TABLES_CELLS 5
void tables_each(const struct profile *p,
	void (*each)(void *ctx, const char *const cell[TABLES_CELLS]), void *ctx);

/* An empty line, then how many commands the installed firmware has, and a line for each
 * of the others that exist for the device. */
void tables_print_counts(const struct profile *p, FILE *out);
