/* The command of `fauxtrack exec`: started with the port's path, waited for, and ended
 * when exec itself is killed. */
#pragma once

#include <sys/types.h>

struct child {
	pid_t pid;   /* 0: none */
	pid_t guard; /* a process that ends it after exec's death; 0: none */
	int alive;   /* a pipe that only exec holds open, for the guard; -1: none */
};

/* Starts argv (NULL-ended) with every "{}" in its arguments replaced by path, and with
 * $FAUXTRACK_TTY; restore() is called in the child, to undo what is only ours. 0; or the
 * exit status of exec after saying why the command cannot be run: EXITS_NOT_FOUND,
 * EXITS_NOT_RUN, or EXITS_OWN. */
int child_start(struct child *c, char *const *argv, const char *path,
	void (*restore)(const void *ctx), const void *ctx);

/* Ends the command where it is still there (SIGTERM, SIGKILL after 5 s), and forgets it.
 */
void child_clear(struct child *c);
