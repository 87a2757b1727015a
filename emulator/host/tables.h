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

/* Each command as the firmware has it, and a line of counts. */
void tables_print(const struct firmware *f, FILE *out);
