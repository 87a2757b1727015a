/* Which process has a file open, as /proc shows it. */
#pragma once

#include <stdbool.h>

/* Returns the pid of a process with a descriptor for which is() is true, among the
 * processes that we may inspect; 0: there is none. is() gets "/proc/PID/fd/N" and what. */
int holder_find(bool (*is)(const char *fd_path, const void *what), const void *what);
