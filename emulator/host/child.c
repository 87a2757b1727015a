#include "host/child.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define NOT_FOUND 127 /* as shells have it */
#define NOT_RUN   126

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

/* In the child: does not come back. */
static void become(char *const *argv, const char *path, void (*restore)(const void *ctx),
	const void *ctx, int report)
{
	sigset_t none;
	int error;

	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	setenv("FAUXTRACK_TTY", path, 1);
	restore(ctx);
	execvp(argv[0], argv);
	error = errno;
	if (write(report, &error, sizeof(error)) < 0)
		_exit(NOT_RUN);
	_exit(error == ENOENT ? NOT_FOUND : NOT_RUN);
}

pid_t child_start(char *const *argv, const char *path, void (*restore)(const void *ctx),
	const void *ctx)
{
	char **args = replace_all(argv, path);
	int report[2], error;
	ssize_t n;
	pid_t pid;

	if (!args || pipe2(report, O_CLOEXEC) < 0) {
		fprintf(stderr, "fauxtrack exec: %s\n", strerror(errno));
		free_all(args);
		return -1;
	}
	pid = fork();
	if (pid == 0)
		become(args, path, restore, ctx, report[1]);
	free_all(args);
	close(report[1]);
	/* the pipe closes by itself when the command runs */
	do {
		n = read(report[0], &error, sizeof(error));
	} while (n < 0 && errno == EINTR);
	close(report[0]);
	if (pid > 0 && n == 0)
		return pid;
	if (pid > 0)
		waitpid(pid, NULL, 0);
	fprintf(stderr, "fauxtrack exec: cannot start \"%s\": %s%s\n", argv[0],
		strerror(pid > 0 ? error : errno),
		pid > 0 && error == ENOENT ? "; is it installed, and in PATH?" : "");
	return -1;
}

int child_status(int status)
{
	if (WIFSIGNALED(status))
		return 128 + WTERMSIG(status);
	return WEXITSTATUS(status);
}
