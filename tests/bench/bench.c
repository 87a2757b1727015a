/* The time of a bare AT through the pty of a server, and its cost for the server,
 * compared with the bare responder: both keep running, and are measured in turn. Each
 * modem has one command outstanding. README.md says how to read the table.
 *
 * usage: bench [-n MODEMS] [-r ROUNDS] [-s SECONDS] [-b BARE] SERVER [ARG...]
 * SERVER prints MODEMS paths on standard output. */
#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <sched.h>
#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>

#define ROUNDS_MAX  99
#define SAMPLES_MAX 4000000
#define GIVE_UP_MS  5000

struct modem {
	int fd;
	uint64_t sent;
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

static uint32_t *samples;
static size_t n_samples;

static void die(const char *what)
{
	fprintf(stderr, "bench: %s: %s\n", what, strerror(errno));
	exit(1);
}

static uint64_t now_ns(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (uint64_t)t.tv_sec * 1000000000u + (uint64_t)t.tv_nsec;
}

/* CPU time of the server in nanoseconds. The work of the kernel's workers for its pty is
 * charged to no process. */
static double cpu_ns(pid_t pid)
{
	char path[64];
	double ns = 0;
	FILE *f;

	snprintf(path, sizeof(path), "/proc/%d/schedstat", (int)pid);
	f = fopen(path, "r");
	if (!f || fscanf(f, "%lf", &ns) != 1)
		die(path);
	fclose(f);
	return ns;
}

/* --- a server and its ports --------------------------------------------------------- */

/* One processor for the servers and another for this driver; otherwise the result depends
 * on where the scheduler puts them. */
static void use_cpu(int cpu)
{
	cpu_set_t set;

	CPU_ZERO(&set);
	CPU_SET(cpu, &set);
	if (sysconf(_SC_NPROCESSORS_ONLN) > 1)
		sched_setaffinity(0, sizeof(set), &set);
}

static FILE *start(struct server *s, char **argv)
{
	int out[2];

	if (pipe(out))
		die("pipe");
	s->name = argv[0];
	s->pid = fork();
	if (s->pid < 0)
		die("fork");
	if (s->pid == 0) {
		dup2(out[1], STDOUT_FILENO);
		close(out[0]);
		close(out[1]);
		use_cpu(1);
		execvp(argv[0], argv);
		die(argv[0]);
	}
	close(out[1]);
	return fdopen(out[0], "r");
}

static int open_tty(const char *path)
{
	struct termios t;
	int fd = open(path, O_RDWR | O_NOCTTY | O_NONBLOCK | O_CLOEXEC);

	if (fd < 0 || tcgetattr(fd, &t))
		die(path);
	cfmakeraw(&t);
	cfsetspeed(&t, B115200);
	tcsetattr(fd, TCSANOW, &t);
	tcflush(fd, TCIOFLUSH);
	return fd;
}

static void open_all(struct server *s, char **argv, int count)
{
	struct epoll_event e = { .events = EPOLLIN };
	FILE *paths = start(s, argv);
	char path[256];
	int i;

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

static void ask(struct modem *m, const char *line)
{
	ssize_t len = (ssize_t)strlen(line);

	m->sent = now_ns();
	if (write(m->fd, line, (size_t)len) != len)
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
	return !memcmp(m->tail, "OK\r\n", 4);
}

/* Keeps one command outstanding on each modem until `until`, then lets all finish. */
static void drive(struct server *s, int count, const char *line, uint64_t until)
{
	struct epoll_event ready[256];
	struct modem *m;
	int left = count, n, i;
	uint64_t t;

	for (i = 0; i < count; i++)
		ask(&s->modems[i], line);
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
				ask(m, line);
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

	drive(s, count, "AT\r", now_ns() + 100000000u); /* warm */
	n_samples = 0;
	cpu = cpu_ns(s->pid);
	from = now_ns();
	drive(s, count, "AT\r", from + (uint64_t)(seconds * 1e9));
	took = (double)(now_ns() - from) / 1e9;
	r.cpu = (cpu_ns(s->pid) - cpu) / 1e3 / (double)n_samples;
	qsort(samples, n_samples, sizeof(samples[0]), compare);
	r.p50 = samples[n_samples / 2] / 1e3;
	r.p99 = samples[n_samples * 99 / 100] / 1e3;
	r.rate = (double)n_samples / took;
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
	printf("%d modem%s, medians of %d rounds\n", count, count > 1 ? "s" : "", rounds);
	printf("%-12s %9s %9s %10s %12s\n", "", "p50 us", "p99 us", "commands/s",
		"CPU us each");
	print_row("bare", &s[0].median);
	print_row(basename((char *)s[1].name), &s[1].median);
	printf("%-12s %9.2f %9.2f %10.2f %12.2f\n", "ratio",
		s[1].median.p50 / s[0].median.p50, s[1].median.p99 / s[0].median.p99,
		s[1].median.rate / s[0].median.rate, s[1].median.cpu / s[0].median.cpu);
}

static void raise_limit(void)
{
	struct rlimit limit;

	getrlimit(RLIMIT_NOFILE, &limit);
	limit.rlim_cur = limit.rlim_max;
	setrlimit(RLIMIT_NOFILE, &limit);
}

int main(int argc, char **argv)
{
	char bare[4096], number[16], *bare_argv[] = { bare, number, NULL };
	struct server servers[2] = { 0 };
	int c, i, round, count = 1, rounds = 5;
	double seconds = 1;

	snprintf(bare, sizeof(bare), "%s/bare", dirname(strdup(argv[0])));
	while ((c = getopt(argc, argv, "+n:r:s:b:")) != -1) {
		switch (c) {
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
	if (optind == argc || count < 1 || rounds < 1 || rounds > ROUNDS_MAX ||
		seconds <= 0) {
		fputs("usage: bench [-n MODEMS] [-r ROUNDS] [-s SECONDS] [-b BARE] "
		      "SERVER "
		      "[ARG...]\n",
			stderr);
		return 2;
	}
	raise_limit();
	use_cpu(0);
	samples = malloc(SAMPLES_MAX * sizeof(*samples));
	if (!samples)
		die("memory");
	snprintf(number, sizeof(number), "%d", count);
	open_all(&servers[0], bare_argv, count);
	open_all(&servers[1], argv + optind, count);
	drive(&servers[1], count, "ATE0\r", 0);
	for (round = 0; round < rounds; round++)
		for (i = 0; i < 2; i++)
			servers[i].round[round] = measure(&servers[i], count, seconds);
	report(servers, rounds, count);
	for (i = 0; i < 2; i++) {
		kill(servers[i].pid, SIGTERM);
		waitpid(servers[i].pid, NULL, 0);
	}
	return 0;
}
