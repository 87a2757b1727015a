/* Non-volatile memory as a directory: one file per record, replaced whole or not at all.
 * A kill at any moment leaves the old record or the new one. Record names consist of
 * letters, digits, "-" and "_". */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "base/log.h"

struct nvdir;

/* Opens the directory, creating it (but not its parents) if necessary, and locks it. With
 * `sync` a record is on the disk before nvdir_store() returns; with `repair` a damaged
 * record is set aside. NULL (logged, with the remedy) if the directory cannot be opened
 * or another emulator uses it. log must outlive the directory. */
struct nvdir *nvdir_open(const char *path, bool sync, bool repair, const struct log *log);
void nvdir_close(struct nvdir *d); /* NULL is allowed */

/* These fit struct nv_ops. Failures are logged.
 *
 * nvdir_load() returns the length, NV_ABSENT, NV_TOO_LONG, or NV_UNREADABLE if the record
 * is not a regular file or may not be read.
 *
 * nvdir_damaged() reports what is wrong with the record and the remedy; with `repair` it
 * also renames the file to NAME.aside-1 or the like. nvdir_aside() returns how many files
 * were renamed. */
long nvdir_load(void *nvdir, const char *rec, void *buf, size_t max);
void nvdir_damaged(void *nvdir, const char *rec, const char *what, const char *holds);
unsigned nvdir_aside(const void *nvdir);
int nvdir_store(void *nvdir, const char *rec, const void *buf, size_t len);
int nvdir_erase(void *nvdir, const char *rec);

/* Erases all records; -1 (logged) if any record is left. */
int nvdir_clear(void *nvdir);
