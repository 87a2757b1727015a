#include "host/run/stderr_line.h"

#include <poll.h>
#include <stdbool.h>
#include <stdio.h>
#include <unistd.h>

/* A pipe that is ready takes PIPE_BUF (4096) bytes, and a terminal that is held by ^S is
 * not ready. The descriptor itself stays as it is: others share it. */
static bool ready(void)
{
	struct pollfd p = { .fd = STDERR_FILENO, .events = POLLOUT };

	return poll(&p, 1, 0) == 1 && (p.revents & POLLOUT);
}

/* What cannot be written (closed, no space) can be told to nobody. */
static void put(const char *text, size_t len)
{
	if (write(STDERR_FILENO, text, len) < 0)
		return;
}

void stderr_line(const char *line, size_t len)
{
	static unsigned long left_out;
	char text[100];
	int n;

	if (!ready()) {
		left_out++;
		return;
	}
	if (left_out) {
		n = snprintf(text, sizeof(text),
			"fauxtrack: %lu lines of the log were left out: nobody read "
			"standard error\n",
			left_out);
		left_out = 0;
		put(text, (size_t)n);
		if (!ready()) {
			left_out++;
			return;
		}
	}
	put(line, len);
}
