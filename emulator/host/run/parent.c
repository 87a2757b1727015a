#include "host/run/parent.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "conf/must.h"
#include "host/loop.h"

struct parent {
	int fd;
	struct loop_fd *watch; /* NULL: the process had already ended */
	void (*gone)(void *ctx);
	void *ctx;
};

/* The descriptor stays readable, so it is watched only once. */
static void on_end(void *ctx)
{
	struct parent *p = ctx;

	loop_fd_free(p->watch);
	p->watch = NULL;
	p->gone(p->ctx);
}

static void on_ended(void *ctx)
{
	struct parent *p = ctx;

	p->gone(p->ctx);
}

static int open_process(pid_t pid)
{
	return (int)syscall(SYS_pidfd_open, pid, 0);
}

struct parent *parent_watch(struct loop *l, pid_t pid, void (*gone)(void *ctx), void *ctx,
	char *why, size_t size)
{
	struct parent *p = calloc(1, sizeof(*p));
	pid_t asked = pid ? pid : getppid();
	bool ended;

	must(p);
	p->gone = gone;
	p->ctx = ctx;
	p->fd = open_process(asked);
	/* the parent may have ended meanwhile, and another process have its pid */
	ended = (p->fd < 0 && errno == ESRCH) || (!pid && getppid() != asked);
	if (ended) {
		loop_later(l, 0, on_ended, p);
		return p;
	}
	if (p->fd >= 0)
		p->watch = loop_fd_new(l, p->fd, on_end, p);
	if (p->watch)
		return p;
	snprintf(why, size,
		"process %d cannot be watched: %s; this needs Linux 5.3, and a seccomp "
		"filter must allow pidfd_open",
		(int)asked, strerror(errno));
	parent_free(p);
	return NULL;
}

void parent_free(struct parent *p)
{
	if (!p)
		return;
	loop_fd_free(p->watch);
	if (p->fd >= 0)
		close(p->fd);
	free(p);
}
