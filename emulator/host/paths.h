/* The files that a command line names, directly or by their folder. */
#pragma once

#include <stdbool.h>

/* Calls each(ctx, path) for the file, whatever its name; for a folder, for every .yaml
 * file in it and its subfolders, sorted, except names that begin with a dot. Links are
 * followed, but not into a folder that the walk is already in. False, after reporting
 * why, when a folder cannot be read. */
bool paths_each(const char *path, void (*each)(void *ctx, const char *path), void *ctx);
