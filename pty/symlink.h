/* The symbolic link by which clients find a port under a name that does not change. */
#pragma once

#include "base/log.h"

/* Makes `link` point to target, atomically. An existing link is replaced when its target
 * does not exist, or when a dead emulator of this user has left it; never one of a
 * running process, or one that no emulator has made. Returns a descriptor (O_PATH) that
 * marks the link as this process's, for symlink_retract(); or -errno, after logging the
 * reason and the remedy. */
int symlink_publish(const char *target, const char *link, const struct log *log);

/* Removes the link if it is still the one that `mark` was returned for, and closes mark.
 */
void symlink_retract(const char *link, int mark);
