/* The minimum that a server at a pty can do, with one libevent event per port: the
 * reference with which a real server is compared.
 *
 * usage: bare [COUNT [LENGTH]]
 *                       prints the paths, then serves until it is killed: CR LF OK CR LF
 *                       for each CR, with one write for all answers to one read; with a
 *                       LENGTH each answer has so many bytes, of which these are the last
 *        bare xmodem    receives files one after another: a NAK per second, an ACK for
 *                       each block with a correct sum; prints the time of each in us */
#include <event2/event.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>

#define ANSWER     "\r\nOK\r\n"
#define ANSWER_MAX 65536
#define LINES_MAX  64 /* in one read: the driver has at most eight outstanding */

static char answers[LINES_MAX * (sizeof(ANSWER) - 1) + ANSWER_MAX];
static size_t answer_len = sizeof(ANSWER) - 1;

/* A port whose answer does not fit at once waits until there is room. */
struct port {
	struct event *writable;
	const char *rest;
	size_t left;
};

static void go_on(int fd, struct port *p)
{
	ssize_t n = write(fd, p->rest, p->left);

	if (n > 0) {
		p->rest += n;
		p->left -= (size_t)n;
	}
	if (p->left)
		event_add(p->writable, NULL);
}

static void on_writable(evutil_socket_t fd, short what, void *ctx)
{
	(void)what;
	go_on(fd, ctx);
}

static void on_readable(evutil_socket_t fd, short what, void *ctx)
{
	struct port *p = ctx;
	char in[4096];
	ssize_t n = read(fd, in, sizeof(in)), i;
	size_t lines = 0;

	(void)what;
	for (i = 0; i < n; i++)
		lines += in[i] == '\r';
	if (!lines)
		return;
	/* the driver has read the answers to what it sent before */
	if (p->left || lines * answer_len > sizeof(answers))
		abort();
	p->rest = answers;
	p->left = lines * answer_len;
	go_on(fd, p);
}

static void make_answers(size_t len)
{
	size_t at, end = len < sizeof(ANSWER) - 1 ? sizeof(ANSWER) - 1 : len;

	answer_len = end;
	memset(answers, 'x', sizeof(answers));
	for (at = end; at <= sizeof(answers); at += end)
		memcpy(answers + at - (sizeof(ANSWER) - 1), ANSWER, sizeof(ANSWER) - 1);
}

/* --- XMODEM with checksums ---------------------------------------------------------- */

static struct {
	int fd;
	uint8_t block[3 + 1024 + 1];
	size_t have;
	uint64_t begun; /* 0: between two files */
} file;

static uint64_t now_us(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (uint64_t)t.tv_sec * 1000000u + (uint64_t)t.tv_nsec / 1000u;
}

static void answer(uint8_t c)
{
	if (write(file.fd, &c, 1) != 1)
		abort();
}

static void on_second(evutil_socket_t fd, short what, void *ctx)
{
	(void)fd;
	(void)what;
	(void)ctx;
	if (!file.begun)
		answer(0x15);
}

static bool sound(size_t data)
{
	uint8_t sum = 0;
	size_t i;

	for (i = 0; i < data; i++)
		sum = (uint8_t)(sum + file.block[3 + i]);
	return (file.block[1] ^ file.block[2]) == 0xff && sum == file.block[3 + data];
}

static void take(uint8_t c)
{
	size_t data;

	if (!file.have && c == 0x04 && file.begun) {
		answer(0x06);
		printf("%llu\n", (unsigned long long)(now_us() - file.begun));
		fflush(stdout);
		file.begun = 0;
	}
	if (!file.have && c != 0x01 && c != 0x02)
		return;
	if (!file.begun)
		file.begun = now_us();
	file.block[file.have++] = c;
	data = file.block[0] == 0x02 ? 1024 : 128;
	if (file.have < 3 + data + 1)
		return;
	file.have = 0;
	answer(sound(data) ? 0x06 : 0x15);
}

static void on_file(evutil_socket_t fd, short what, void *ctx)
{
	uint8_t in[4096];
	ssize_t n = read(fd, in, sizeof(in)), i;

	(void)what;
	(void)ctx;
	for (i = 0; i < n; i++)
		take(in[i]);
}

/* --- ports ----------------------------------------------------------------------------
 */

/* Returns its master. */
static int open_port(struct event_base *base, event_callback_fn on_bytes)
{
	struct termios t;
	struct event *e;
	struct port *p;
	int master = posix_openpt(O_RDWR | O_NOCTTY), keep;

	if (master < 0 || grantpt(master) || unlockpt(master))
		abort();
	keep = open(ptsname(master), O_RDWR | O_NOCTTY);
	if (keep < 0 || tcgetattr(keep, &t))
		abort();
	cfmakeraw(&t);
	tcsetattr(keep, TCSANOW, &t);
	fcntl(master, F_SETFL, O_RDWR | O_NONBLOCK);
	p = calloc(1, sizeof(*p));
	if (!p)
		abort();
	p->writable = event_new(base, master, EV_WRITE, on_writable, p);
	e = event_new(base, master, EV_READ | EV_PERSIST, on_bytes, p);
	if (!p->writable || !e || event_add(e, NULL))
		abort();
	puts(ptsname(master));
	return master;
}

static int xmodem(struct event_base *base)
{
	const struct timeval second = { 1, 0 };
	struct event *e = event_new(base, -1, EV_PERSIST, on_second, NULL);

	if (!e || event_add(e, &second))
		abort();
	file.fd = open_port(base, on_file);
	fflush(stdout);
	return event_base_dispatch(base);
}

int main(int argc, char **argv)
{
	struct event_base *base = event_base_new();
	long i, count = argc > 1 ? strtol(argv[1], NULL, 10) : 1;
	struct rlimit limit;

	if (!base)
		return 1;
	if (argc > 1 && !strcmp(argv[1], "xmodem"))
		return xmodem(base);
	make_answers(argc > 2 ? (size_t)strtoul(argv[2], NULL, 10) : 0);
	getrlimit(RLIMIT_NOFILE, &limit);
	limit.rlim_cur = limit.rlim_max;
	setrlimit(RLIMIT_NOFILE, &limit);
	for (i = 0; i < count; i++)
		open_port(base, on_readable);
	fflush(stdout);
	return event_base_dispatch(base);
}
