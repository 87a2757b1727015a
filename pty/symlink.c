/* A symbolic link that is never missing and never half made: it is made under another
 * name, then renamed. Its maker holds it open (O_PATH), so that other processes see in
 * /proc who owns it, and that nobody does once that process has ended. */
#include "symlink.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "holder.h"

#define PTS "/dev/pts/"

/* ---- whose it is ------------------------------------------------------------------ */

static bool is_that(const char *fd_path, const void *stat_of_link)
{
	const struct stat *link = stat_of_link;
	struct stat st;

	return !stat(fd_path, &st) && st.st_ino == link->st_ino &&
	       st.st_dev == link->st_dev;
}

/* Whether the process has another /dev/pts than this one (in a container), and so other
 * terminals with the same numbers. A process that we may not inspect counts as having
 * ours. */
static bool has_other_terminals(int pid)
{
	char path[64];
	struct stat its, ours;

	snprintf(path, sizeof(path), "/proc/%d/root" PTS, pid);
	return !stat(path, &its) && !stat(PTS, &ours) && its.st_dev != ours.st_dev;
}

/* Whether the descriptor is the master of the terminal with that number. */
static bool is_master(const char *fd_path, const void *number)
{
	char info[64], line[64];
	unsigned index;
	bool found = false;
	int pid, fd;
	FILE *f;

	if (sscanf(fd_path, "/proc/%d/fd/%d", &pid, &fd) != 2)
		return false;
	snprintf(info, sizeof(info), "/proc/%d/fdinfo/%d", pid, fd);
	f = fopen(info, "re");
	while (f && !found && fgets(line, sizeof(line), f))
		found = sscanf(line, "tty-index: %u", &index) == 1 &&
			index == *(const unsigned *)number;
	if (f)
		fclose(f);
	return found && !has_other_terminals(pid);
}

/* The terminal was made after the link: the number now belongs to another one. */
static bool reused(const struct stat *link, const struct stat *target)
{
	return link->st_mtim.tv_sec < target->st_ctim.tv_sec ||
	       (link->st_mtim.tv_sec == target->st_ctim.tv_sec &&
		       link->st_mtim.tv_nsec < target->st_ctim.tv_nsec);
}

/* Whether the existing link may be replaced; logs why not. */
static bool is_left(const char *link, const struct stat *st, const struct log *log)
{
	char to[PATH_MAX];
	struct stat target;
	unsigned number;
	ssize_t len;
	int pid;

	pid = holder_find(is_that, st);
	if (pid) {
		log_error(log, LOG_PTY,
			"--link %s belongs to the emulator with pid %d, which is still "
			"running; end "
			"it, or choose another name",
			link, pid);
		return false;
	}
	if (stat(link, &target))
		return true;
	len = readlink(link, to, sizeof(to) - 1);
	to[len < 0 ? 0 : len] = '\0';
	if (st->st_uid == geteuid() && !strncmp(to, PTS, strlen(PTS)) &&
		reused(st, &target))
		return true;
	number = minor(target.st_rdev);
	pid = S_ISCHR(target.st_mode) && !strncmp(to, PTS, strlen(PTS))
		      ? holder_find(is_master, &number)
		      : 0;
	if (pid)
		log_error(log, LOG_PTY,
			"--link %s points to %s, a terminal of the process with pid %d; "
			"remove the link if it is not needed, or choose another name",
			link, to, pid);
	else
		log_error(log, LOG_PTY,
			"--link %s, owned by user %u, points to %s; remove the link if "
			"it "
			"is not needed, or choose another name",
			link, (unsigned)st->st_uid, to);
	return false;
}

/* ---- making and removing ---------------------------------------------------------- */

int symlink_publish(const char *target, const char *link, const struct log *log)
{
	char aside[PATH_MAX];
	struct stat st;
	int err, mark = -1;

	if (!lstat(link, &st)) {
		if (!S_ISLNK(st.st_mode)) {
			log_error(log, LOG_PTY,
				"--link %s: a file that is not a symbolic link "
				"exists already; remove it, or choose another name",
				link);
			return -EEXIST;
		}
		if (!is_left(link, &st, log))
			return -EEXIST;
	}
	if (snprintf(aside, sizeof(aside), "%s.fauxtrack-%d", link, (int)getpid()) >=
		(int)sizeof(aside)) {
		log_error(
			log, LOG_PTY, "--link: the name is too long; give a shorter one");
		return -ENAMETOOLONG;
	}
	unlink(aside);
	if (symlink(target, aside) ||
		(mark = open(aside, O_PATH | O_NOFOLLOW | O_CLOEXEC)) < 0 ||
		rename(aside, link)) {
		err = -errno;
		unlink(aside);
		if (mark >= 0)
			close(mark);
		log_error(log, LOG_PTY,
			"--link %s: %s; its directory must exist and be writable", link,
			strerror(-err));
		return err;
	}
	return mark;
}

void symlink_retract(const char *link, int mark)
{
	struct stat ours, now;

	if (!fstat(mark, &ours) && !lstat(link, &now) && ours.st_ino == now.st_ino &&
		ours.st_dev == now.st_dev)
		unlink(link);
	close(mark);
}
