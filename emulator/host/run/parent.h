/* --exit-with-parent: watches a process through a pidfd, which reports the end of the
 * whole process, never of a single thread. */
#pragma once

#include <stddef.h>
#include <sys/types.h>

struct loop;
struct parent;

/* Calls gone() from the loop once, when the process has ended; in the loop's first turn
 * if it has already ended. pid 0: the process that started us. NULL, with "what is wrong;
 * remedy" in why, when the system has no pidfds. */
struct parent *parent_watch(struct loop *l, pid_t pid, void (*gone)(void *ctx), void *ctx,
	char *why, size_t size);
void parent_free(struct parent *p); /* NULL is allowed */
