/* Log lines on standard error. A modem never waits for somebody to read them. */
#pragma once

#include <stddef.h>

/* Writes the whole line, up to 4000 bytes, or leaves it out if it would have to wait.
 * When there is room again, a line reports how many were left out. */
void stderr_line(const char *line, size_t len);
