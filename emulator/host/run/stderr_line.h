/* Standard error, which somebody may hold and not read: a modem goes on all the same. */
#pragma once

#include <stddef.h>

/* Writes the whole line at once, or leaves it out where it would have to wait; the next
 * line that there is room for comes after one that tells how many were left out. Up to
 * 4000 bytes. */
void stderr_line(const char *line, size_t len);
