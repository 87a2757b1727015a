/* fauxtrack ctl: what it did last, so that `ctl ring ...; ctl wait event=call` misses
 * nothing. Lines "MODEM RUN ID"; one of another start of the emulator counts nothing. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "host/ctl/ctl_int.h"

#define LAST_MAX 65536 /* bytes of the file that are looked at */

/* Locked; NULL: there is none, or it is not ours. A link that somebody else has put there
 * is not followed. */
static FILE *open_last(const struct ctl *c, int flags)
{
	char path[256];
	struct stat st;
	int fd;

	if (!control_addr_last(&c->server.addr, path, sizeof(path))) {
		errno = ENAMETOOLONG;
		return NULL;
	}
	fd = open(path, flags | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC, 0600);
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

/* The lines of the same start that are of other modems. */
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
			"done, but a wait will not begin there: the file beside the "
			"socket "
			"cannot be written: %s; give it since=%lld",
			strerror(errno), events_from);
		ctl_complain(CTL_DONE, why);
		return;
	}
	out = open_memstream(&text, &len);
	if (!out)
		abort();
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
