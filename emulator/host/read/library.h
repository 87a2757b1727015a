/* The library of profiles: folders with combinations (*.yaml) and their parts (devices/,
 * firmware/, networks/, sims/, operators/), and named sets of combinations (sets/). A name is looked up in $FAUXTRACK_PROFILES
 * (folders separated by colons), then in the source tree if the program runs from its
 * build folder, then in the installed share/. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "conf/profile_conf.h"

#define LIBRARY_PROFILE "fastrack-supreme-20-r74" /* the default */

/* A file is read when it is first needed, and only once. */
struct library;
struct log;

/* `first` is a folder to search before all others, or NULL. */
struct library *library_new(const char *first);

/* One more folder, to search after all others. */
void library_also(struct library *l, const char *dir);

/* NULL is allowed. If profiles of it exist, it ends with the last of them: they may read
 * more of its files. */
void library_free(struct library *l);

/* Logs "read: PATH" at the level debug for each file read so far, and from now on for each
 * when it is read; the log must outlive the library, or be replaced by NULL. */
void library_log(struct library *l, const struct log *log);

/* The folders that are searched, in order; NULL after the last. */
const char *library_dir(const struct library *l, size_t i);

/* Sets the hook that checks commands in profiles; its ctx must outlive the library. */
void library_hook(struct library *l, const struct profile_hook *hook);

/* Loads a combination by name, or by path if it contains a "/" or ends in .yaml; then
 * parts are first looked for next to that file. sets are applied last. The caller frees
 * the profile with profile_free(). NULL, with all errors in e, sorted, if anything is
 * wrong. */
struct profile *profile_load(struct library *l, const char *name_or_path,
	const struct kv *sets, size_t n_sets, struct doc_errors *e);

/* The combinations of a set: true if there is a set of that name. If its file is not
 * valid, *out is empty and the errors are in e. */
bool library_set(struct library *l, const char *name, struct profile_set *out,
	struct doc_errors *e);

#define LIBRARY_PATH 4096

/* Finds the file of a part by its name. False, and `path` is undefined, if there is none.
 */
bool library_find(struct library *l, enum part_kind kind, const char *name,
	char path[LIBRARY_PATH]);

struct library_entry {
	char name[PROFILE_NAME];
	char title[PROFILE_TEXT];
	char path[LIBRARY_PATH];
	bool base; /* a firmware that exists only to be inherited from */
};

/* Lists all parts of a kind, sorted by name, with the titles of their files ("" if a file
 * is unreadable). The caller frees *out with free(). Returns the number of parts. */
size_t library_list(struct library *l, enum part_kind kind, struct library_entry **out);

/* The kind of a file: its key `kind`, else its folder, else a combination. -1, with an
 * error, if it cannot be read or its kind is unknown. */
int library_kind(const char *path, struct doc_errors *e);

/* Checks one file of any kind, with everything it inherits. True if there is no error; if
 * not, all errors are in e, sorted. */
bool library_check(struct library *l, const char *path, struct doc_errors *e);
