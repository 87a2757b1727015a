#include "host/child.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/pidfd.h>
#include <sys/wait.h>
#include <unistd.h>

#include "host/exits.h"

#define PATIENCE 5000 /* ms from SIGTERM to SIGKILL */

/* A copy of arg with each {} replaced; the caller frees it. */
static char *replace(const char *arg, const char *path)
{
	size_t n = 0;
	const char *p;
	char *out, *q;

	for (p = arg; (p = strstr(p, "{}")); p += 2)
		n++;
	out = q = malloc(strlen(arg) + n * strlen(path) + 1);
	if (!out)
		return NULL;
	for (p = arg; *p;) {
		if (p[0] == '{' && p[1] == '}') {
			q = stpcpy(q, path);
			p += 2;
		} else {
			*q++ = *p++;
		}
	}
	*q = '\0';
	return out;
}

static void free_all(char **args)
{
	size_t i;

	for (i = 0; args && args[i]; i++)
		free(args[i]);
	free(args);
}

static char **replace_all(char *const *argv, const char *path)
{
	size_t i, n = 0;
	char **out;

	while (argv[n])
		n++;
	out = calloc(n + 1, sizeof(*out));
	for (i = 0; out && i < n; i++) {
		out[i] = replace(argv[i], path);
		if (!out[i]) {
			free_all(out);
			return NULL;
		}
	}
	return out;
}

/* Two pipes between exec and the child. The child waits for a byte on `go`, so that its
 * guard exists first, and reports on `error` why it cannot run the command. */
struct pipes {
	int go[2], error[2];
};

static void close_all(const struct pipes *p)
{
	close(p->go[0]);
	close(p->go[1]);
	close(p->error[0]);
	close(p->error[1]);
}

static bool open_pipes(struct pipes *p)
{
	if (pipe2(p->go, O_CLOEXEC))
		return false;
	if (!pipe2(p->error, O_CLOEXEC))
		return true;
	close(p->go[0]);
	close(p->go[1]);
	return false;
}

/* In the child: does not return. */
static void become(char *const *argv, const char *path, void (*restore)(const void *ctx),
	const void *ctx, const struct pipes *p)
{
	sigset_t none;
	ssize_t n;
	int error;
	char byte;

	close(p->go[1]);
	do {
		n = read(p->go[0], &byte, 1);
	} while (n < 0 && errno == EINTR);
	if (n != 1)
		_exit(EXITS_OWN); /* exec has been killed */
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	setenv("FAUXTRACK_TTY", path, 1);
	restore(ctx);
	execvp(argv[0], argv);
	error = errno;
	(void)!write(p->error[1], &error, sizeof(error));
	_exit(EXITS_NOT_RUN);
}

/* ---- the guard --------------------------------------------------------------------- */

/* Waits until the process of pidfd has ended; false if it still runs after `ms`. */
static bool ended(int pidfd, int ms)
{
	struct pollfd p = { .fd = pidfd, .events = POLLIN };
	int n;

	do {
		n = poll(&p, 1, ms);
	} while (n < 0 && errno == EINTR);
	return n > 0;
}

static void end(int pidfd)
{
	pidfd_send_signal(pidfd, SIGTERM, NULL, 0);
	if (!ended(pidfd, PATIENCE))
		pidfd_send_signal(pidfd, SIGKILL, NULL, 0);
}

/* In the guard: does not return. It holds none of exec's descriptors, so that ports,
 * pipes and terminals close when exec ends; and a signal to exec's process group does not
 * end it. */
static void guard(int pidfd, int alive)
{
	/* the standard streams are open, so neither descriptor is 0 or 1 yet */
	struct pollfd p[] = { { .fd = 1, .events = POLLIN }, { .fd = 0 } };
	sigset_t all;

	setsid();
	sigfillset(&all);
	sigprocmask(SIG_SETMASK, &all, NULL);
	if (dup2(pidfd, 1) < 0 || dup2(alive, 0) < 0)
		_exit(EXITS_OWN);
	close_range(2, ~0u, 0);
	while (poll(p, 2, -1) < 0 && errno == EINTR)
		;
	if (!p[0].revents)
		end(1);
	_exit(EXITS_DONE);
}

static void start_guard(struct child *c)
{
	int alive[2], pidfd = pidfd_open(c->pid, 0);

	if (pidfd < 0 || pipe2(alive, O_CLOEXEC)) {
		if (pidfd >= 0)
			close(pidfd);
		return; /* an old kernel: exec works without a guard */
	}
	c->guard = fork();
	if (c->guard == 0) {
		close(alive[1]);
		guard(pidfd, alive[0]);
	}
	close(pidfd);
	close(alive[0]);
	if (c->guard > 0) {
		c->alive = alive[1];
	} else {
		c->guard = 0;
		close(alive[1]);
	}
}

/* ---- start and end ----------------------------------------------------------------- */

/* Lets the child begin; returns 0 when the command runs, else errno. */
static int begin(const struct pipes *p)
{
	int error = 0;
	ssize_t n;

	(void)!write(p->go[1], "", 1);
	/* O_CLOEXEC closes the pipe when the command runs */
	do {
		n = read(p->error[0], &error, sizeof(error));
	} while (n < 0 && errno == EINTR);
	return n > 0 ? error : 0;
}

int child_start(struct child *c, char *const *argv, const char *path,
	void (*restore)(const void *ctx), const void *ctx)
{
	char **args = replace_all(argv, path);
	struct pipes p;
	int error;

	*c = (struct child){ .alive = -1 };
	if (!args || !open_pipes(&p)) {
		fprintf(stderr,
			"fauxtrack exec: cannot start \"%s\": %s; see ulimit -n\n",
			argv[0], strerror(errno));
		free_all(args);
		return EXITS_OWN;
	}
	c->pid = fork();
	if (c->pid == 0)
		become(args, path, restore, ctx, &p);
	free_all(args);
	if (c->pid < 0) {
		c->pid = 0;
		fprintf(stderr,
			"fauxtrack exec: cannot start \"%s\": %s; see ulimit -u\n",
			argv[0], strerror(errno));
		close_all(&p);
		return EXITS_OWN;
	}
	close(p.error[1]);
	p.error[1] = -1;
	start_guard(c);
	error = begin(&p);
	close_all(&p);
	if (!error)
		return 0;
	waitpid(c->pid, NULL, 0);
	c->pid = 0;
	fprintf(stderr, "fauxtrack exec: cannot start \"%s\": %s; %s\n", argv[0],
		strerror(error),
		error == ENOENT ? "is it installed, and in PATH?"
				: "check the file and its permissions");
	child_clear(c);
	return error == ENOENT ? EXITS_NOT_FOUND : EXITS_NOT_RUN;
}

void child_clear(struct child *c)
{
	/* the guard ends the command if it still runs, then itself */
	if (c->guard) {
		close(c->alive);
		waitpid(c->guard, NULL, 0);
	} else if (c->pid) {
		kill(c->pid, SIGTERM);
	}
	if (c->pid)
		waitpid(c->pid, NULL, 0);
	*c = (struct child){ .alive = -1 };
}
