/* A directory of records: written aside (".NAME.tmp"), renamed over the old one. */
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

#define LOCK         ".lock"
#define NAME_MAX_LEN 48

struct nvdir {
	const struct log *log;
	char *path;
	bool sync;
	int dir, lock;
};

static int fail(const struct nvdir *d, const char *rec, const char *what)
{
	log_error(d->log, LOG_NV,
		"%s/%s: cannot %s it: %s; check the permissions and the free space of "
		"the "
		"--state directory",
		d->path, rec, what, strerror(errno));
	return -1;
}

static bool name_fits(const struct nvdir *d, const char *rec)
{
	size_t len = strlen(rec);

	if (len && len <= NAME_MAX_LEN &&
		strspn(rec, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
			    "0123456789_-") == len)
		return true;
	log_error(d->log, LOG_NV, "\"%s\" is no name for a record", rec);
	return false;
}

static bool is_leftover(const char *name)
{
	size_t len = strlen(name);

	return name[0] == '.' && len > 4 && !strcmp(name + len - 4, ".tmp");
}

/* What a kill left between writing and renaming was never a record. */
static void remove_leftovers(const struct nvdir *d)
{
	int fd = openat(d->dir, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *list = fd < 0 ? NULL : fdopendir(fd);
	const struct dirent *e;

	while (list && (e = readdir(list)))
		if (is_leftover(e->d_name) && !unlinkat(d->dir, e->d_name, 0))
			log_note(d->log, LOG_NV,
				"%s: removed %s, which was never finished", d->path,
				e->d_name);
	if (list)
		closedir(list);
}

static bool take_lock(struct nvdir *d)
{
	char pid[24];
	ssize_t n;
	int len;

	d->lock = openat(d->dir, LOCK, O_RDWR | O_CREAT | O_CLOEXEC, 0666);
	if (d->lock < 0) {
		fail(d, LOCK, "open");
		return false;
	}
	if (flock(d->lock, LOCK_EX | LOCK_NB)) {
		n = read(d->lock, pid, sizeof(pid) - 1);
		pid[n > 0 ? n : 0] = '\0';
		pid[strcspn(pid, "\n")] = '\0';
		log_error(d->log, LOG_NV,
			"%s: another emulator (pid %s) uses this state; end it, or give "
			"--state another directory",
			d->path, pid[0] ? pid : "unknown");
		return false;
	}
	len = snprintf(pid, sizeof(pid), "%d\n", (int)getpid());
	if (ftruncate(d->lock, 0) || pwrite(d->lock, pid, (size_t)len, 0) != len)
		fail(d, LOCK, "write");
	return true;
}

struct nvdir *nvdir_open(const char *path, bool sync, const struct log *log)
{
	struct nvdir *d = calloc(1, sizeof(*d));

	if (!d || !(d->path = strdup(path)))
		abort();
	d->log = log;
	d->sync = sync;
	d->lock = -1;
	d->dir = -1;
	if (!mkdir(path, 0777) || errno == EEXIST)
		d->dir = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (d->dir < 0) {
		log_error(log, LOG_NV,
			"%s: %s; --state takes a directory, whose parent must exist and "
			"be "
			"yours to write",
			path, strerror(errno));
	} else if (take_lock(d)) {
		remove_leftovers(d);
		return d;
	}
	nvdir_close(d);
	return NULL;
}

void nvdir_close(struct nvdir *d)
{
	if (!d)
		return;
	if (d->lock >= 0)
		close(d->lock);
	if (d->dir >= 0)
		close(d->dir);
	free(d->path);
	free(d);
}

long nvdir_load(void *nvdir, const char *rec, void *buf, size_t max)
{
	const struct nvdir *d = nvdir;
	struct stat st;
	ssize_t n = -1;
	int fd;

	if (!name_fits(d, rec))
		return -1;
	fd = openat(d->dir, rec, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return errno == ENOENT ? -1 : fail(d, rec, "open");
	if (fstat(fd, &st)) {
		fail(d, rec, "read");
	} else if (st.st_size > (off_t)max) {
		errno = EFBIG;
		fail(d, rec, "read");
	} else {
		n = read(fd, buf, max);
		if (n < 0)
			fail(d, rec, "read");
	}
	close(fd);
	return n;
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
	const struct nvdir *d = nvdir;
	char aside[NAME_MAX_LEN + 8];
	bool ok;
	int fd;

	if (!name_fits(d, rec))
		return -1;
	snprintf(aside, sizeof(aside), ".%s.tmp", rec);
	fd = openat(d->dir, aside, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
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
		if (e->d_name[0] != '.' && nvdir_erase(d, e->d_name))
			status = -1;
	if (list)
		closedir(list);
	return status;
}
