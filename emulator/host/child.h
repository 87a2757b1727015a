/* The command of `fauxtrack exec`: started with the port's path, waited for, told of
 * signals. */
#pragma once

#include <sys/types.h>

/* Starts argv (NULL-ended) with every "{}" in its arguments replaced by path, and with
 * $FAUXTRACK_TTY; restore() is called in the child, to undo what is only ours. The pid,
 * or -1 after saying why it cannot be run. */
pid_t child_start(char *const *argv, const char *path, void (*restore)(const void *ctx),
	const void *ctx);

/* What the program's own exit status is for a status of waitpid(): the command's, or 128
 * and the number of the signal that ended it. */
int child_status(int status);
