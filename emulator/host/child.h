/* The COMMAND of `fauxtrack exec`: exec starts it with the port's path and waits for it.
 * It is ended even when exec itself is killed. */
#pragma once

#include <sys/types.h>

struct child {
	pid_t pid;   /* 0: not running */
	pid_t guard; /* a process that ends COMMAND when exec has died; 0: no guard */
	int alive;   /* a pipe that only exec holds open, for the guard; -1: no guard */
};

/* Starts argv (NULL-ended) with every "{}" in its arguments replaced by path, and with
 * $FAUXTRACK_TTY set. restore() is called in the child, to undo what only exec needs.
 * Returns 0, or the exit status of exec (EXITS_NOT_FOUND, EXITS_NOT_RUN or EXITS_OWN)
 * after reporting why the command cannot run. */
int child_start(struct child *c, char *const *argv, const char *path,
	void (*restore)(const void *ctx), const void *ctx);

/* Ends the command if it still runs: SIGTERM, then SIGKILL after 5 s. */
void child_clear(struct child *c);
