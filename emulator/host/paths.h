/* Files named on the command line, and those in folders. */
#pragma once

#include <stdbool.h>

/* Calls each(ctx, path) for the file, whatever its name; for a folder, for every .yaml
 * file in it and in its subfolders, sorted, but for names that begin with a dot. Links
 * are followed, but not back into a folder that is open. False, after saying why, when a
 * folder cannot be read. */
bool paths_each(const char *path, void (*each)(void *ctx, const char *path), void *ctx);
