#include "host/run/limits.h"

#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/vfs.h>
#include <unistd.h>

#include "conf/must.h"

#define DEVPTS_MAGIC 0x1cd1 /* statfs(2) */
#define MANY         8      /* fewer modems do not pay for a look at every limit */

/* ---- reading ----------------------------------------------------------------------- */

/* A number in /proc; -1 if it cannot be read. */
static long long number_in(const char *path)
{
	FILE *f = fopen(path, "re");
	long long n = -1;

	if (f && fscanf(f, "%lld", &n) != 1)
		n = -1;
	if (f)
		fclose(f);
	return n;
}

/* The option max= of the file system at /dev/pts; -1 if it has none. */
static long long mount_max(void)
{
	FILE *f = fopen("/proc/self/mountinfo", "re");
	char line[4096], where[256], *at;
	long long max = -1;

	while (f && fgets(line, sizeof(line), f)) {
		if (sscanf(line, "%*s %*s %*s %*s %255s", where) != 1 ||
			strcmp(where, "/dev/pts") != 0)
			continue;
		at = strstr(line, " - devpts ");
		at = at ? strstr(at, ",max=") : NULL;
		max = at ? strtoll(at + 5, NULL, 10) : -1; /* the last mount counts */
	}
	if (f)
		fclose(f);
	return max;
}

/* The number of terminals in /dev/pts. */
static long long in_use_here(void)
{
	DIR *d = opendir("/dev/pts");
	const struct dirent *de;
	long long n = 0;

	while (d && (de = readdir(d)))
		n += isdigit((unsigned char)de->d_name[0]) != 0;
	if (d)
		closedir(d);
	return n;
}

/* ---- open files -------------------------------------------------------------------- */

/* What a modem, the program and the clients of the control interface hold open. */
#define FILES_MODEM   1  /* the timer of its virtual time */
#define FILES_PORT    2  /* both ends of the pty, or a listening socket and a client */
#define FILES_STATE   2  /* its folder and the lock */
#define FILES_CALLER  3  /* its socket, a connection, and the notice of its end */
#define FILES_NETWORK 16 /* 8 sockets each of UDP and TCP */
#define FILES_PROGRAM 96

static bool files_allow(const struct limits_need *need, char *why, size_t size)
{
	unsigned long long files = FILES_PROGRAM +
				   (unsigned long long)need->modems * FILES_MODEM +
				   ((unsigned long long)need->ptys + need->streams) *
					   FILES_PORT +
				   need->links + need->traces + need->lines +
				   (unsigned long long)need->callers * FILES_CALLER +
				   (unsigned long long)need->networks * FILES_NETWORK +
				   need->listeners +
				   (unsigned long long)need->states * FILES_STATE;
	struct rlimit limit;

	if (getrlimit(RLIMIT_NOFILE, &limit))
		return true;
	if (limit.rlim_cur < limit.rlim_max) {
		limit.rlim_cur = limit.rlim_max;
		setrlimit(RLIMIT_NOFILE, &limit);
	}
	if (files <= limit.rlim_max)
		return true;
	snprintf(why, size,
		"%u modems need %llu open files, and the hard limit of this process is "
		"%llu (ulimit -Hn); raise it as root (ulimit -n %llu, LimitNOFILE= of a "
		"systemd unit, docker run --ulimit nofile=%llu), or run fewer modems",
		need->modems, files, (unsigned long long)limit.rlim_max, files, files);
	return false;
}

/* ---- pseudo-terminals -------------------------------------------------------------- */

static bool pts_is_mounted(char *why, size_t size)
{
	struct statfs fs;

	if (!statfs("/dev/pts", &fs) && fs.f_type == DEVPTS_MAGIC)
		return true;
	snprintf(why, size,
		"/dev/pts is not mounted, so there are no pseudo-terminals; as root: "
		"mkdir -p /dev/pts && mount -t devpts -o ptmxmode=666 devpts /dev/pts");
	return false;
}

static void too_few(unsigned modems, unsigned got, int error, char *why, size_t size)
{
	const long long max = number_in("/proc/sys/kernel/pty/max"),
			nr = number_in("/proc/sys/kernel/pty/nr"),
			reserve = number_in("/proc/sys/kernel/pty/reserve"),
			here = mount_max();

	if (error != ENOSPC) {
		snprintf(why, size, "cannot open a pseudo-terminal (/dev/ptmx): %s; %s",
			strerror(error),
			error == EACCES || error == EPERM
				? "its mode must be 666: mount -o remount,ptmxmode=666 "
				  "/dev/pts"
			: error == EMFILE || error == ENFILE
				? "raise the limit of open files (ulimit -n, "
				  "/proc/sys/fs/file-max)"
				: "it must exist, beside /dev/pts or as a link to "
				  "pts/ptmx");
		return;
	}
	if (here >= 0 && here - in_use_here() < (long long)modems) {
		snprintf(why, size,
			"%u modems need as many pseudo-terminals, and /dev/pts is "
			"mounted "
			"with max=%lld, of which %lld are in use; as root: mount -o "
			"remount,max=%lld /dev/pts, or run fewer modems",
			modems, here, in_use_here(), in_use_here() + modems);
		return;
	}
	snprintf(why, size,
		"%u modems need as many pseudo-terminals, and the system gave %u: "
		"/proc/sys/kernel/pty/max is %lld for all programs, %lld are in use, and "
		"%lld are reserved for the first /dev/pts (containers do not get them); "
		"as root: sysctl kernel.pty.max=%lld, or run fewer modems",
		modems, got, max, nr, reserve, nr + reserve + modems + 1);
}

/* Opens so many masters and closes them again: only the kernel knows whether the reserve
 * is ours. Returns how many there were. */
static unsigned open_masters(unsigned most, int *error)
{
	int *fd = must(calloc(most, sizeof(*fd)));
	unsigned n = 0, i;

	*error = 0;
	while (n < most && (fd[n] = posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC)) >= 0)
		n++;
	if (n < most)
		*error = errno;
	for (i = 0; i < n; i++)
		close(fd[i]);
	free(fd);
	return n;
}

/* Whether the numbers in /proc leave no doubt that there are enough. */
static bool surely_enough(unsigned modems)
{
	const long long max = number_in("/proc/sys/kernel/pty/max"),
			nr = number_in("/proc/sys/kernel/pty/nr"),
			reserve = number_in("/proc/sys/kernel/pty/reserve"),
			here = mount_max();

	return max >= 0 && nr >= 0 && reserve >= 0 && nr + modems < max - reserve &&
	       (here < 0 || in_use_here() + modems <= here);
}

static bool ptys_allow(const struct limits_need *need, char *why, size_t size)
{
	unsigned tries = need->ptys, got;
	int error;

	if (!need->ptys)
		return true;
	if (!pts_is_mounted(why, size))
		return false;
	/* one shows whether it works at all */
	if (need->ptys >= MANY && surely_enough(need->ptys))
		tries = 1;
	got = open_masters(tries, &error);
	if (got == tries)
		return true;
	too_few(need->ptys, got, error, why, size);
	return false;
}

/* ---- limits that are a number in /proc ---------------------------------------------- */

static bool numbers_allow(const struct limits_need *need, char *why, size_t size)
{
	static const struct {
		const char *path, *sysctl, *what;
		unsigned a_pty, a_modem, beside;
	} rows[] = {
		{ "/proc/sys/user/max_inotify_instances", "user.max_inotify_instances",
			"inotify instances", 0, 0, 1 },
		{ "/proc/sys/fs/inotify/max_user_instances",
			"fs.inotify.max_user_instances", "inotify instances", 0, 0, 1 },
		{ "/proc/sys/user/max_inotify_watches", "user.max_inotify_watches",
			"inotify watches", 1, 0, 1 },
		{ "/proc/sys/fs/inotify/max_user_watches", "fs.inotify.max_user_watches",
			"inotify watches", 1, 0, 1 },
		{ "/proc/sys/fs/epoll/max_user_watches", "fs.epoll.max_user_watches",
			"epoll watches", 0, 3, 16 },
		{ "/proc/sys/vm/max_map_count", "vm.max_map_count", "mappings of memory",
			0, 4, 512 },
	};
	long long has, wants;
	size_t i;

	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		has = number_in(rows[i].path);
		wants = (long long)need->ptys * rows[i].a_pty +
			(long long)need->modems * rows[i].a_modem + rows[i].beside;
		if (has < 0 || has >= wants)
			continue;
		snprintf(why, size,
			"%u modems need %lld %s, and the limit is %lld (%s); as root: "
			"sysctl %s=%lld, or run fewer modems",
			need->modems, wants, rows[i].what, has, rows[i].path,
			rows[i].sysctl, wants);
		return false;
	}
	return true;
}

bool limits_check(const struct limits_need *need, char *why, size_t size)
{
	return files_allow(need, why, size) &&
	       (need->modems < MANY || numbers_allow(need, why, size)) &&
	       ptys_allow(need, why, size);
}

void limits_terminals(long long *most, long long *used)
{
	const long long here = mount_max();

	*most = number_in("/proc/sys/kernel/pty/max");
	if (here >= 0 && (*most < 0 || here < *most))
		*most = here;
	*used = number_in("/proc/sys/kernel/pty/nr");
}
