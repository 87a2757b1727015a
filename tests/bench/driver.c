#include "driver.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>

static pid_t servers_pid[2];

void end_servers(void)
{
	int i;

	for (i = 0; i < 2; i++)
		if (servers_pid[i] > 0)
			kill(servers_pid[i], SIGTERM);
	for (i = 0; i < 2; i++)
		if (servers_pid[i] > 0)
			waitpid(servers_pid[i], NULL, 0);
}

void die(const char *what)
{
	fprintf(stderr, "bench: %s: %s\n", what, strerror(errno));
	exit(1);
}

uint64_t now_ns(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (uint64_t)t.tv_sec * 1000000000u + (uint64_t)t.tv_nsec;
}

double cpu_ns(pid_t pid)
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

void use_cpu(int cpu)
{
	cpu_set_t set;

	CPU_ZERO(&set);
	CPU_SET(cpu, &set);
	if (sysconf(_SC_NPROCESSORS_ONLN) > 1)
		sched_setaffinity(0, sizeof(set), &set);
}

FILE *start_server(pid_t *pid, char **argv)
{
	int out[2];

	if (pipe(out))
		die("pipe");
	*pid = fork();
	if (*pid < 0)
		die("fork");
	if (*pid == 0) {
		servers_pid[0] = servers_pid[1] = 0;
		dup2(out[1], STDOUT_FILENO);
		close(out[0]);
		close(out[1]);
		use_cpu(1);
		execvp(argv[0], argv);
		die(argv[0]);
	}
	servers_pid[servers_pid[0] > 0] = *pid;
	close(out[1]);
	return fdopen(out[0], "r");
}

size_t talk(int fd, const char *text, const char *end, const char **heard)
{
	static char got[1 << 18];
	struct pollfd p = { .fd = fd, .events = POLLIN };
	size_t len = 0, want = strlen(end);
	ssize_t n = (ssize_t)strlen(text);

	if (write(fd, text, (size_t)n) != n)
		die("write");
	do {
		n = poll(&p, 1, GIVE_UP_MS) > 0
			    ? read(fd, got + len, sizeof(got) - 1 - len)
			    : 0;
		if (n <= 0) {
			got[len] = '\0';
			fprintf(stderr, "bench: %.40s: no %.4s after %s\n", text, end,
				got);
			exit(1);
		}
		len += (size_t)n;
	} while (len < want || memcmp(got + len - want, end, want) != 0);
	got[len] = '\0';
	if (heard)
		*heard = got;
	return len;
}

int open_tty(const char *path)
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

void raise_limit(void)
{
	struct rlimit limit;

	getrlimit(RLIMIT_NOFILE, &limit);
	limit.rlim_cur = limit.rlim_max;
	setrlimit(RLIMIT_NOFILE, &limit);
}
