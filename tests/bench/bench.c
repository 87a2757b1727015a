/* The time of a command through the pty of a server, and its cost for the server,
 * compared with the bare responder, which answers the same number of bytes: both keep
 * running, and are measured in turn. Each modem has one line, or one batch of lines,
 * outstanding. README.md says how to read the table.
 *
 * usage: bench [-l LOAD] [-n MODEMS] [-r ROUNDS] [-s SECONDS] [-b BARE] SERVER [ARG...]
 * LOAD, also as --load: what is sent, see loads[]; at if it is not given.
 * SERVER prints MODEMS paths on standard output. */
#include <getopt.h>
#include <libgen.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <unistd.h>

#include "driver.h"

#define ROUNDS_MAX  99
#define SAMPLES_MAX 4000000

#define MESSAGES 100

struct load {
	const char *name;
	const char *what;
	const char *text; /* sent at once */
	size_t lines;     /* in it, each with an answer that ends with OK */
	size_t commands;  /* in it */
	void (*prepare)(int fd);
};

struct modem {
	int fd;
	uint64_t sent;
	size_t due;   /* bytes of the answer that are still to come */
	char tail[4]; /* the last bytes that came */
};

struct result {
	double p50, p99, rate, cpu;
};

struct server {
	const char *name;
	pid_t pid;
	struct modem *modems;
	int epoll;
	struct result round[ROUNDS_MAX], median;
};

static const struct load *load;
static uint32_t *samples;
static size_t n_samples;
static size_t answer; /* bytes that answer the load */

/* --- a server and its ports --------------------------------------------------------- */

static void open_all(struct server *s, char **argv, int count)
{
	struct epoll_event e = { .events = EPOLLIN };
	FILE *paths = start_server(&s->pid, argv);
	char path[256];
	int i;

	s->name = argv[0];
	s->epoll = epoll_create1(EPOLL_CLOEXEC);
	s->modems = calloc((size_t)count, sizeof(*s->modems));
	if (!paths || !s->modems)
		die("memory");
	for (i = 0; i < count; i++) {
		if (!fgets(path, sizeof(path), paths)) {
			fprintf(stderr, "bench: %s printed %d paths of %d\n", s->name, i,
				count);
			exit(1);
		}
		path[strcspn(path, "\n")] = '\0';
		s->modems[i].fd = open_tty(path);
		e.data.ptr = &s->modems[i];
		epoll_ctl(s->epoll, EPOLL_CTL_ADD, s->modems[i].fd, &e);
	}
	fclose(paths);
}

/* --- commands ----------------------------------------------------------------------- */

/* Messages of one length, so that the list has the same length on every modem. */
static void store_messages(int fd)
{
	char text[128];
	int i;

	talk(fd, "AT+CMGF=1;+CMGD=1,4\r", "OK\r\n", NULL);
	for (i = 0; i < MESSAGES; i++) {
		talk(fd, "AT+CMGW=\"+15551234567\"\r", "> ", NULL);
		snprintf(text, sizeof(text),
			"message %03d of the bench, which is as long as a message "
			"often is\x1a",
			i);
		talk(fd, text, "OK\r\n", NULL);
	}
}

static const struct load loads[] = {
	{ "at", "a bare AT", "AT\r", 1, 1, NULL },
	{ "pipe", "eight AT typed ahead", "AT\rAT\rAT\rAT\rAT\rAT\rAT\rAT\r", 8, 8,
		NULL },
	{ "cmgl", "a list of 100 messages", "AT+CMGL=\"ALL\"\r", 1, 1, store_messages },
	{ "concat", "ten commands in a line",
		"AT+CSQ;+CREG?;+CMEE?;+CMGF?;+CNMI?;+CSCS?;+CPMS?;+IPR?;+IFC?;+WIND?\r",
		1, 10, NULL },
};

static const struct load *find_load(const char *name)
{
	size_t i;

	for (i = 0; i < sizeof(loads) / sizeof(loads[0]); i++)
		if (!strcmp(loads[i].name, name))
			return &loads[i];
	return NULL;
}

static void ask(struct modem *m)
{
	ssize_t len = (ssize_t)strlen(load->text);

	m->sent = now_ns();
	m->due = answer;
	if (write(m->fd, load->text, (size_t)len) != len)
		die("write");
}

/* True when the answer is complete. */
static bool hear(struct modem *m)
{
	char buf[4096];
	ssize_t n = read(m->fd, buf, sizeof(buf));
	size_t keep;

	if (n <= 0)
		die("read");
	keep = n < 4 ? 4 - (size_t)n : 0;
	memmove(m->tail, m->tail + 4 - keep, keep);
	memcpy(m->tail + keep, buf + n - (4 - keep), 4 - keep);
	m->due -= (size_t)n < m->due ? (size_t)n : m->due;
	if (m->due)
		return false;
	if (memcmp(m->tail, "OK\r\n", 4) != 0) {
		fprintf(stderr, "bench: the answer to %.40s is not as long as before\n",
			load->text);
		exit(1);
	}
	return true;
}

/* Keeps the load outstanding on each modem until `until`, then lets all finish. */
static void drive(struct server *s, int count, uint64_t until)
{
	struct epoll_event ready[256];
	struct modem *m;
	int left = count, n, i;
	uint64_t t;

	for (i = 0; i < count; i++)
		ask(&s->modems[i]);
	while (left) {
		n = epoll_wait(s->epoll, ready, 256, GIVE_UP_MS);
		if (n <= 0) {
			fprintf(stderr, "bench: %s: no OK from %d modems\n", s->name,
				left);
			exit(1);
		}
		for (i = 0; i < n; i++) {
			m = ready[i].data.ptr;
			if (!hear(m))
				continue;
			t = now_ns();
			if (n_samples < SAMPLES_MAX)
				samples[n_samples++] = (uint32_t)(t - m->sent);
			if (t < until)
				ask(m);
			else
				left--;
		}
	}
}

static int compare(const void *a, const void *b)
{
	uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;

	return (x > y) - (x < y);
}

static struct result measure(struct server *s, int count, double seconds)
{
	struct result r;
	double cpu, took;
	uint64_t from;

	drive(s, count, now_ns() + 100000000u); /* warm */
	n_samples = 0;
	cpu = cpu_ns(s->pid);
	from = now_ns();
	drive(s, count, from + (uint64_t)(seconds * 1e9));
	took = (double)(now_ns() - from) / 1e9;
	r.cpu = (cpu_ns(s->pid) - cpu) / 1e3 / (double)(n_samples * load->commands);
	qsort(samples, n_samples, sizeof(samples[0]), compare);
	r.p50 = samples[n_samples / 2] / 1e3;
	r.p99 = samples[n_samples * 99 / 100] / 1e3;
	r.rate = (double)(n_samples * load->commands) / took;
	return r;
}

/* --- the table ---------------------------------------------------------------------- */

static int compare_double(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

static double median(const struct server *s, int rounds, size_t offset)
{
	double v[ROUNDS_MAX];
	int i;

	for (i = 0; i < rounds; i++)
		memcpy(&v[i], (const char *)&s->round[i] + offset, sizeof(v[i]));
	qsort(v, (size_t)rounds, sizeof(v[0]), compare_double);
	return v[rounds / 2];
}

static void print_row(const char *name, const struct result *r)
{
	printf("%-12.12s %9.1f %9.1f %10.0f %12.2f\n", name, r->p50, r->p99, r->rate,
		r->cpu);
}

static void report(struct server *s, int rounds, int count)
{
	int i;

	for (i = 0; i < 2; i++)
		s[i].median = (struct result){
			median(&s[i], rounds, offsetof(struct result, p50)),
			median(&s[i], rounds, offsetof(struct result, p99)),
			median(&s[i], rounds, offsetof(struct result, rate)),
			median(&s[i], rounds, offsetof(struct result, cpu)),
		};
	printf("%s, %d modem%s, medians of %d rounds\n", load->what, count,
		count > 1 ? "s" : "", rounds);
	printf("%-12s %9s %9s %10s %12s\n", "", "p50 us", "p99 us", "commands/s",
		"CPU us each");
	print_row("bare", &s[0].median);
	print_row(basename((char *)s[1].name), &s[1].median);
	printf("%-12s %9.2f %9.2f %10.2f %12.2f\n", "ratio",
		s[1].median.p50 / s[0].median.p50, s[1].median.p99 / s[0].median.p99,
		s[1].median.rate / s[0].median.rate, s[1].median.cpu / s[0].median.cpu);
}

/* Echo off, and what the load needs; the length of the answer comes from the first. */
static void prepare(struct server *s, int count)
{
	size_t len;
	int i;

	for (i = 0; i < count; i++) {
		talk(s->modems[i].fd, "ATE0\r", "OK\r\n", NULL);
		if (load->prepare)
			load->prepare(s->modems[i].fd);
	}
	if (load->lines > 1)
		len = load->lines * talk(s->modems[0].fd, "AT\r", "OK\r\n", NULL);
	else
		len = talk(s->modems[0].fd, load->text, "OK\r\n", NULL);
	answer = len;
}

int main(int argc, char **argv)
{
	static const struct option names[] = { { "load", required_argument, NULL, 'l' },
		{ NULL, 0, NULL, 0 } };
	char bare[4096], number[16], length[16];
	char *bare_argv[] = { bare, number, length, NULL };
	struct server servers[2] = { 0 };
	int c, i, round, count = 1, rounds = 5;
	double seconds = 1;

	load = &loads[0];
	snprintf(bare, sizeof(bare), "%s/bare", dirname(strdup(argv[0])));
	while ((c = getopt_long(argc, argv, "+l:n:r:s:b:", names, NULL)) != -1) {
		switch (c) {
		case 'l':
			load = find_load(optarg);
			break;
		case 'n':
			count = atoi(optarg);
			break;
		case 'r':
			rounds = atoi(optarg);
			break;
		case 's':
			seconds = atof(optarg);
			break;
		case 'b':
			snprintf(bare, sizeof(bare), "%s", optarg);
			break;
		default:
			return 2;
		}
	}
	if (!load || optind == argc || count < 1 || rounds < 1 || rounds > ROUNDS_MAX ||
		seconds <= 0) {
		fputs("usage: bench [--load at|pipe|cmgl|concat] [-n MODEMS] "
		      "[-r ROUNDS] [-s SECONDS] [-b BARE] SERVER [ARG...]\n",
			stderr);
		return 2;
	}
	raise_limit();
	atexit(end_servers);
	use_cpu(0);
	samples = malloc(SAMPLES_MAX * sizeof(*samples));
	if (!samples)
		die("memory");
	snprintf(number, sizeof(number), "%d", count);
	open_all(&servers[1], argv + optind, count);
	prepare(&servers[1], count);
	snprintf(length, sizeof(length), "%zu", answer / load->lines);
	open_all(&servers[0], bare_argv, count);
	for (round = 0; round < rounds; round++)
		for (i = 0; i < 2; i++)
			servers[i].round[round] = measure(&servers[i], count, seconds);
	report(servers, rounds, count);
	return 0;
}
