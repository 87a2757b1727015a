#include "host/run/stderr_line.h"

#include <poll.h>
#include <stdbool.h>
#include <stdio.h>
#include <unistd.h>

/* A pipe that is ready accepts PIPE_BUF (4096) bytes; a terminal stopped with ^S is not
 * ready. The descriptor is not made non-blocking, because other processes share it. */
static bool ready(void)
{
	struct pollfd p = { .fd = STDERR_FILENO, .events = POLLOUT };

	return poll(&p, 1, 0) == 1 && (p.revents & POLLOUT);
}

/* A failed write (closed, no space) cannot be reported anywhere. */
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
			"fauxtrack: %lu log lines were left out: nobody was reading "
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
