/* fauxtrack ctl: its last action, so that `ctl ring ...; ctl wait event=call` misses
 * nothing. Lines "MODEM RUN ID"; a line of another start of the emulator is ignored. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "conf/must.h"
#include "host/ctl/ctl_int.h"

#define TRIES    100
#define LAST_MAX 65536 /* bytes of the file that are read */

/* Beside a socket there is a directory; for a TCP port it may have to be made, and an
 * emulator that ends may remove it again. */
static int open_at(const struct ctl *c, const char *path, int flags)
{
	bool make = flags & O_CREAT && c->server.addr.kind == CONTROL_TCP;
	char why[300];
	int i, fd = -1;

	for (i = 0; i < TRIES && fd < 0; i++) {
		if (!make || control_make_dir(why, sizeof(why)))
			fd = open(path, flags, 0600);
		if (!make || errno != ENOENT)
			break;
	}
	return fd;
}

/* Opens and locks the file; NULL: it does not exist, or it is not ours. A symbolic link
 * is not followed, since somebody else may have put it there. */
static FILE *open_last(const struct ctl *c, int flags)
{
	char path[256];
	struct stat st;
	int fd;

	if (!control_addr_last(&c->server.addr, path, sizeof(path))) {
		errno = ENAMETOOLONG;
		return NULL;
	}
	fd = open_at(c, path, flags | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
	if (fd < 0)
		return NULL;
	if (fstat(fd, &st) || !S_ISREG(st.st_mode) || st.st_uid != getuid() ||
		flock(fd, LOCK_EX)) {
		close(fd);
		errno = EPERM;
		return NULL;
	}
	return fdopen(fd, flags == O_RDONLY ? "r" : "r+");
}

/* Copies the lines of other modems of the same start. */
static void keep_others(const struct ctl *c, FILE *from, FILE *to)
{
	char id[16], run[40];
	long long last;

	while (ftell(from) < LAST_MAX &&
		fscanf(from, "%15s %39s %lld", id, run, &last) == 3)
		if (!strcmp(run, c->run) && strcmp(id, c->id) != 0)
			fprintf(to, "%s %s %lld\n", id, run, last);
}

void ctl_last_store(const struct ctl *c, long long events_from)
{
	FILE *f = open_last(c, O_RDWR | O_CREAT), *out;
	char *text, why[200];
	size_t len;

	if (!f) {
		snprintf(why, sizeof(why),
			"done, but the next wait cannot start from here: the file next "
			"to the socket cannot be written: %s; add since=%lld to the wait",
			strerror(errno), events_from);
		ctl_complain(CTL_DONE, why);
		return;
	}
	out = open_memstream(&text, &len);
	must(out);
	keep_others(c, f, out);
	fprintf(out, "%s %s %lld\n", c->id, c->run, events_from);
	fclose(out);
	rewind(f);
	if (!ftruncate(fileno(f), 0))
		fwrite(text, 1, len, f);
	fclose(f);
	free(text);
}

long long ctl_last_action(const struct ctl *c)
{
	FILE *f = open_last(c, O_RDONLY);
	char id[16], run[40];
	long long last = -1, one;

	while (f && ftell(f) < LAST_MAX &&
		fscanf(f, "%15s %39s %lld", id, run, &one) == 3)
		if (!strcmp(run, c->run) && !strcmp(id, c->id))
			last = one;
	if (f)
		fclose(f);
	return last;
}
