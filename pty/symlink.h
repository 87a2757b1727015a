/* The symbolic link by which clients find a port under a name that does not change. */
#pragma once

#include "base/log.h"

/* Makes `link` point to target at once, in place of a link that was there: 0, or -errno
 * after saying what is in the way. */
int symlink_publish(const char *target, const char *link, const struct log *log);

/* Removes the link if it still points to target. */
void symlink_retract(const char *target, const char *link);
