/* The library of profiles: folders with combinations (*.yaml) and their parts (devices/,
 * firmware/, networks/, sims/, operators/). A name is looked up in
 * $FAUXTRACK_PROFILES (folders with colons between), then in the source tree when the
 * program runs from its build folder, then in the installed share. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "conf/profile_conf.h"

#define LIBRARY_PROFILE "fastrack-supreme-20-r74" /* where none is named */

struct library;

/* `first` is a folder that goes before all others, or NULL. */
struct library *library_new(const char *first);
void library_free(struct library *l); /* NULL is allowed */

/* The folders that are looked through, in order; NULL behind the last. */
const char *library_dir(const struct library *l, size_t i);

/* Who is asked whether commands in profiles fit; ctx must outlive the library. */
void library_hook(struct library *l, const struct profile_hook *hook);

/* Loads a combination by name, or by path when it holds a "/" or ends in .yaml; parts are
 * then looked for beside that file first. sets are applied last. The caller frees it with
 * profile_free(). NULL, with all errors in e, sorted, when anything is wrong. */
struct profile *profile_load(const struct library *l, const char *name_or_path,
	const struct kv *sets, size_t n_sets, struct doc_errors *e);

struct library_entry {
	char name[PROFILE_NAME];
	char title[PROFILE_TEXT];
	char path[4096];
	bool base; /* a firmware only to be inherited from */
};

/* All of a kind, sorted by name, titles from their files ("" where unreadable). The
 * caller frees *out with free(). Gives their number. */
size_t library_list(
	const struct library *l, enum part_kind kind, struct library_entry **out);

/* The kind of a file: its key `kind`, else its folder, else a combination. -1, with an
 * error, if it cannot be read or its kind is none of these. */
int library_kind(const char *path, struct doc_errors *e);

/* Checks one file of any kind, with what it inherits. True when nothing is wrong, else
 * all errors are in e, sorted. */
bool library_check(const struct library *l, const char *path, struct doc_errors *e);
