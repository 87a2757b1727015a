/* --exit-with-parent: learns of the end of a process by a descriptor of it (pidfd), which
 * tells of the whole process and never of one of its threads. */
#pragma once

#include <stddef.h>
#include <sys/types.h>

struct loop;
struct parent;

/* Calls gone() from the loop once, when the process has ended; at the loop's first turn
 * if it has ended already. pid 0: the one that has started us. NULL, with "what; remedy"
 * in why, when the system has no such descriptors. */
struct parent *parent_watch(struct loop *l, pid_t pid, void (*gone)(void *ctx), void *ctx,
	char *why, size_t size);
void parent_free(struct parent *p); /* NULL is allowed */
