/* The symbolic link by which clients find a port under a name that does not change. */
#pragma once

#include "base/log.h"

/* Makes `link` point to target at once. A link that is there is replaced when it leads
 * nowhere, or when a dead emulator of this user has left it; never one of a process that
 * runs, or one that no emulator has made. Returns a descriptor that marks the link as
 * this process's (O_PATH), for symlink_retract(); or -errno, after saying what is in the
 * way and what to do. */
int symlink_publish(const char *target, const char *link, const struct log *log);

/* Removes the link if it is still the one that `mark` was returned for, and closes mark.
 */
void symlink_retract(const char *link, int mark);
