/* A symbolic link that is never missing and never half there: made aside, then renamed.
 */
#include "symlink.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

int symlink_publish(const char *target, const char *link, const struct log *log)
{
	char aside[PATH_MAX];
	struct stat st;
	int err;

	if (!lstat(link, &st) && !S_ISLNK(st.st_mode)) {
		log_error(log, LOG_PTY,
			"--link %s: something else than a symbolic link is there "
			"already; "
			"remove it, or choose another name",
			link);
		return -EEXIST;
	}
	if (snprintf(aside, sizeof(aside), "%s.fauxtrack-%d", link, (int)getpid()) >=
		(int)sizeof(aside)) {
		log_error(
			log, LOG_PTY, "--link: the name is too long; give a shorter one");
		return -ENAMETOOLONG;
	}
	unlink(aside);
	if (symlink(target, aside) || rename(aside, link)) {
		err = -errno;
		unlink(aside);
		log_error(log, LOG_PTY,
			"--link %s: %s; its directory must exist and be yours to write",
			link, strerror(-err));
		return err;
	}
	return 0;
}

void symlink_retract(const char *target, const char *link)
{
	char now[PATH_MAX];
	ssize_t len = readlink(link, now, sizeof(now) - 1);

	if (len < 0)
		return;
	now[len] = '\0';
	if (!strcmp(now, target))
		unlink(link);
}
