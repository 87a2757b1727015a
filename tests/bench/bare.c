/* The least that a server behind a pty can do: CR LF OK CR LF for each CR, the answers to
 * one read in one write, one libevent event a port. What a real server is divided by.
 *
 * usage: bare [COUNT]     prints the paths, then serves until it is killed */
#include <event2/event.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <termios.h>
#include <unistd.h>

#define ANSWER "\r\nOK\r\n"

static void on_readable(evutil_socket_t fd, short what, void *ctx)
{
	char in[4096], out[4096 * (sizeof(ANSWER) - 1)];
	ssize_t n = read(fd, in, sizeof(in)), i;
	size_t len = 0;

	(void)what;
	(void)ctx;
	for (i = 0; i < n; i++)
		if (in[i] == '\r') {
			memcpy(out + len, ANSWER, sizeof(ANSWER) - 1);
			len += sizeof(ANSWER) - 1;
		}
	/* the driver reads what it has asked for: there is always room */
	if (len && write(fd, out, len) != (ssize_t)len)
		abort();
}

static void open_port(struct event_base *base)
{
	struct termios t;
	struct event *e;
	int master = posix_openpt(O_RDWR | O_NOCTTY), keep;

	if (master < 0 || grantpt(master) || unlockpt(master))
		abort();
	keep = open(ptsname(master), O_RDWR | O_NOCTTY);
	if (keep < 0 || tcgetattr(keep, &t))
		abort();
	cfmakeraw(&t);
	tcsetattr(keep, TCSANOW, &t);
	fcntl(master, F_SETFL, O_RDWR | O_NONBLOCK);
	e = event_new(base, master, EV_READ | EV_PERSIST, on_readable, NULL);
	if (!e || event_add(e, NULL))
		abort();
	puts(ptsname(master));
}

int main(int argc, char **argv)
{
	struct event_base *base = event_base_new();
	long i, count = argc > 1 ? strtol(argv[1], NULL, 10) : 1;
	struct rlimit limit;

	if (!base)
		return 1;
	getrlimit(RLIMIT_NOFILE, &limit);
	limit.rlim_cur = limit.rlim_max;
	setrlimit(RLIMIT_NOFILE, &limit);
	for (i = 0; i < count; i++)
		open_port(base);
	fflush(stdout);
	return event_base_dispatch(base);
}
