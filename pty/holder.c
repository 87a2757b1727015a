#include "holder.h"

#include <ctype.h>
#include <dirent.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>

static bool one_has(const char *pid, bool (*is)(const char *fd_path, const void *what),
	const void *what)
{
	char path[NAME_MAX + 32], fd[2 * NAME_MAX + 64];
	const struct dirent *e;
	bool found = false;
	DIR *list;

	snprintf(path, sizeof(path), "/proc/%s/fd", pid);
	list = opendir(path);
	while (list && !found && (e = readdir(list))) {
		snprintf(fd, sizeof(fd), "%s/%s", path, e->d_name);
		found = isdigit((unsigned char)e->d_name[0]) && is(fd, what);
	}
	if (list)
		closedir(list);
	return found;
}

int holder_find(bool (*is)(const char *fd_path, const void *what), const void *what)
{
	DIR *list = opendir("/proc");
	const struct dirent *e;
	int pid = 0;

	while (list && !pid && (e = readdir(list)))
		if (isdigit((unsigned char)e->d_name[0]) && one_has(e->d_name, is, what))
			pid = (int)strtol(e->d_name, NULL, 10);
	if (list)
		closedir(list);
	return pid;
}
