/* A directory of records. A record is written to ".NAME.tmp" and renamed over the old
 * one. Only regular files are ever read. */
#include "nvdir.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "conf/must.h"
#include "modem.h"

#define LOCK         ".lock"
#define NAME_MAX_LEN 48

struct nvdir {
	const struct log *log;
	char *path;
	bool sync, repair;
	bool made_lock; /* the lock file did not exist before */
	bool wrote;     /* we have written, so the lock file stays */
	unsigned aside; /* number of records set aside */
	int dir, lock;
};

static int fail(const struct nvdir *d, const char *rec, const char *what)
{
	log_error(d->log, LOG_NV,
		"%s/%s: cannot %s: %s; check the permissions and free space "
		"of the --state directory",
		d->path, rec, what, strerror(errno));
	return -1;
}

static const char *kind_of_file(mode_t mode)
{
	return S_ISDIR(mode)    ? "a directory"
	       : S_ISFIFO(mode) ? "a FIFO"
	       : S_ISLNK(mode)  ? "a symbolic link"
	       : S_ISSOCK(mode) ? "a socket"
				: "a device";
}

/* Opens a file of the directory. -1: the file does not exist (*absent is set), or it
 * cannot be used (why has the reason and the remedy). */
static int open_regular(const struct nvdir *d, const char *name, int flags, bool *absent,
	char *why, size_t size)
{
	struct stat st;
	int fd = openat(d->dir, name,
		flags | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC, 0666);
	int error = errno;

	*absent = fd < 0 && error == ENOENT;
	if (fd >= 0 && !fstat(fd, &st) && S_ISREG(st.st_mode))
		return fd;
	if (fd < 0 &&
		(fstatat(d->dir, name, &st, AT_SYMLINK_NOFOLLOW) || S_ISREG(st.st_mode)))
		snprintf(why, size, "%s; make it readable and writable for this user",
			strerror(error));
	else
		snprintf(why, size, "it is %s, not a regular file; remove it",
			kind_of_file(st.st_mode));
	if (fd >= 0)
		close(fd);
	return -1;
}

static bool name_fits(const struct nvdir *d, const char *rec)
{
	size_t len = strlen(rec);

	if (len && len <= NAME_MAX_LEN &&
		strspn(rec, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
			    "0123456789_-") == len)
		return true;
	log_error(d->log, LOG_NV, "\"%s\" is not a valid record name", rec);
	return false;
}

static bool is_leftover(const char *name)
{
	size_t len = strlen(name);

	return name[0] == '.' && len > 4 && !strcmp(name + len - 4, ".tmp");
}

/* Before the first write: removes files that a kill left between writing and renaming.
 * They were never records. */
static void remove_leftovers(const struct nvdir *d)
{
	int fd = openat(d->dir, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *list = fd < 0 ? NULL : fdopendir(fd);
	const struct dirent *e;

	while (list && (e = readdir(list)))
		if (is_leftover(e->d_name) && !unlinkat(d->dir, e->d_name, 0))
			log_note(d->log, LOG_NV, "%s: removed the unfinished file %s",
				d->path, e->d_name);
	if (list)
		closedir(list);
}

/* Opens the lock file; -1 (logged) if it cannot be opened. */
static int open_lock(struct nvdir *d)
{
	struct stat st;
	char why[160];
	bool absent;
	int fd;

	d->made_lock = fstatat(d->dir, LOCK, &st, AT_SYMLINK_NOFOLLOW) != 0;
	fd = open_regular(d, LOCK, O_RDWR | O_CREAT, &absent, why, sizeof(why));
	if (fd < 0)
		log_error(d->log, LOG_NV, "%s/" LOCK ": %s", d->path, why);
	return fd;
}

static bool take_lock(struct nvdir *d)
{
	struct stat st;
	char pid[24];
	ssize_t n;
	int len;

	do { /* an emulator that refused to start may have removed its lock meanwhile */
		if (d->lock >= 0)
			close(d->lock);
		d->lock = open_lock(d);
		if (d->lock < 0)
			return false;
		if (flock(d->lock, LOCK_EX | LOCK_NB)) {
			d->made_lock = false;
			n = read(d->lock, pid, sizeof(pid) - 1);
			pid[n > 0 ? n : 0] = '\0';
			pid[strcspn(pid, "\n")] = '\0';
			log_error(d->log, LOG_NV,
				"%s: another emulator (pid %s) is using this state "
				"directory; stop it, or give --state another directory",
				d->path, pid[0] ? pid : "unknown");
			return false;
		}
	} while (!fstat(d->lock, &st) && !st.st_nlink);
	len = snprintf(pid, sizeof(pid), "%d\n", (int)getpid());
	if (ftruncate(d->lock, 0) || pwrite(d->lock, pid, (size_t)len, 0) != len)
		fail(d, LOCK, "write");
	return true;
}

struct nvdir *nvdir_open(const char *path, bool sync, bool repair, const struct log *log)
{
	struct nvdir *d = calloc(1, sizeof(*d));

	if (!d || !(d->path = strdup(path)))
		out_of_memory();
	d->log = log;
	d->sync = sync;
	d->repair = repair;
	d->lock = -1;
	d->dir = -1;
	if (!mkdir(path, 0777) || errno == EEXIST)
		d->dir = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (d->dir < 0) {
		log_error(log, LOG_NV,
			"%s: %s; --state needs a directory that you can write, or one "
			"that can be created: its parent must exist",
			path, strerror(errno));
	} else if (take_lock(d)) {
		return d;
	}
	nvdir_close(d);
	return NULL;
}

void nvdir_close(struct nvdir *d)
{
	if (!d)
		return;
	/* a directory whose records were refused is left unchanged */
	if (d->lock >= 0 && d->made_lock && !d->wrote)
		unlinkat(d->dir, LOCK, 0);
	if (d->lock >= 0)
		close(d->lock);
	if (d->dir >= 0)
		close(d->dir);
	free(d->path);
	free(d);
}

/* Renames the file to NAME.aside-N, so that nothing is lost. */
static bool set_aside(struct nvdir *d, const char *rec)
{
	char to[NAME_MAX_LEN + 24];
	struct stat st;
	int i;

	for (i = 1; i < 1000; i++) {
		snprintf(to, sizeof(to), "%s.aside-%d", rec, i);
		if (!fstatat(d->dir, to, &st, AT_SYMLINK_NOFOLLOW))
			continue;
		if (errno != ENOENT || renameat(d->dir, rec, d->dir, to))
			break;
		log_warn(d->log, LOG_NV, "%s/%s: set aside as %s", d->path, rec, to);
		d->aside++;
		return true;
	}
	fail(d, rec, "rename");
	return false;
}

void nvdir_damaged(void *nvdir, const char *rec, const char *what, const char *holds)
{
	struct nvdir *d = nvdir;

	log_error(d->log, LOG_NV, "%s/%s: this record %s%s; lost without it: %s", d->path,
		rec, what,
		d->repair ? ""
			  : ". Restore the file, remove it, or start once with "
			    "--state-repair, which sets it aside",
		holds);
	if (d->repair)
		set_aside(d, rec);
}

unsigned nvdir_aside(const void *nvdir)
{
	const struct nvdir *d = nvdir;

	return d->aside;
}

long nvdir_load(void *nvdir, const char *rec, void *buf, size_t max)
{
	struct nvdir *d = nvdir;
	char why[160], more;
	size_t len = 0;
	ssize_t n = 0;
	bool absent;
	int fd;

	if (!name_fits(d, rec))
		return NV_UNREADABLE;
	fd = open_regular(d, rec, O_RDONLY, &absent, why, sizeof(why));
	if (absent)
		return NV_ABSENT;
	if (fd < 0) {
		log_error(d->log, LOG_NV, "%s/%s: cannot read this record: %s", d->path,
			rec, why);
		return NV_UNREADABLE;
	}
	/* reads one byte more than fits, to see whether the file ends there */
	while (len < max && ((n = read(fd, (char *)buf + len, max - len)) > 0 ||
				    (n < 0 && errno == EINTR)))
		len += n > 0 ? (size_t)n : 0;
	if (n >= 0 && len == max && (n = read(fd, &more, 1)) > 0) {
		close(fd);
		return NV_TOO_LONG;
	}
	if (n < 0)
		log_error(d->log, LOG_NV,
			"%s/%s: cannot read this record: %s; check the disk and the "
			"file's permissions",
			d->path, rec, strerror(errno));
	close(fd);
	return n < 0 ? NV_UNREADABLE : (long)len;
}

static bool write_all(int fd, const char *p, size_t len)
{
	ssize_t n;

	while (len) {
		n = write(fd, p, len);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return false;
		p += n;
		len -= (size_t)n;
	}
	return true;
}

int nvdir_store(void *nvdir, const char *rec, const void *buf, size_t len)
{
	struct nvdir *d = nvdir;
	char aside[NAME_MAX_LEN + 8];
	bool ok;
	int fd;

	if (!name_fits(d, rec))
		return -1;
	if (!d->wrote)
		remove_leftovers(d);
	d->wrote = true;
	snprintf(aside, sizeof(aside), ".%s.tmp", rec);
	/* a leftover of a kill, or somebody else's file, is never written into */
	if (unlinkat(d->dir, aside, 0) && errno != ENOENT)
		return fail(d, rec, "write");
	fd = openat(d->dir, aside, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC,
		0666);
	if (fd < 0)
		return fail(d, rec, "write");
	ok = write_all(fd, buf, len) && (!d->sync || !fsync(fd));
	ok = !close(fd) && ok;
	ok = ok && !renameat(d->dir, aside, d->dir, rec);
	ok = ok && (!d->sync || !fsync(d->dir));
	if (ok)
		return 0;
	fail(d, rec, "write");
	unlinkat(d->dir, aside, 0);
	return -1;
}

int nvdir_erase(void *nvdir, const char *rec)
{
	const struct nvdir *d = nvdir;

	if (!name_fits(d, rec))
		return -1;
	if (unlinkat(d->dir, rec, 0) && errno != ENOENT)
		return fail(d, rec, "erase");
	return d->sync && fsync(d->dir) ? fail(d, rec, "erase") : 0;
}

int nvdir_clear(void *nvdir)
{
	struct nvdir *d = nvdir;
	int fd = openat(d->dir, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *list = fd < 0 ? NULL : fdopendir(fd);
	const struct dirent *e;
	int status = list ? 0 : fail(d, ".", "read");

	while (list && (e = readdir(list)))
		if (!strchr(e->d_name, '.') && nvdir_erase(d, e->d_name))
			status = -1;
	if (list)
		closedir(list);
	return status;
}
