/* Non-volatile memory as a directory: a file a record, replaced whole or not at all. A
 * kill at any moment leaves the old record or the new one. Names of records are small
 * letters, digits, "-" and "_". */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "base/log.h"

struct nvdir;

/* Opens the directory, making it (but not its parents) if need be, and locks it. With
 * `sync` a record is on the disk before nvdir_store() returns; with `repair` a damaged
 * record is set aside. NULL, after saying why and what to do, if that cannot be, or if
 * another emulator has it. log must outlive it. */
struct nvdir *nvdir_open(const char *path, bool sync, bool repair, const struct log *log);
void nvdir_close(struct nvdir *d); /* NULL is allowed */

/* These fit struct ports. Failures are logged.
 * load: the length, NV_ABSENT, NV_TOO_LONG, or NV_UNREADABLE when it is no regular file
 * or may not be read.
 * damaged: reports what is wrong with it and the remedy, or with `repair` gives the file
 * another name (NAME.aside-1); nvdir_aside() counts these. */
long nvdir_load(void *nvdir, const char *rec, void *buf, size_t max);
void nvdir_damaged(void *nvdir, const char *rec, const char *what, const char *holds);
unsigned nvdir_aside(const void *nvdir);
int nvdir_store(void *nvdir, const char *rec, const void *buf, size_t len);
int nvdir_erase(void *nvdir, const char *rec);

/* Erases all records; -1 (logged) if one is left. */
int nvdir_clear(void *nvdir);
