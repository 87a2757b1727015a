/* exec --lines: COMMAND starts under the filter of pty/supervisor.h, and its listener comes
 * here through a socket pair. Where the system refuses, COMMAND runs without lines. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/xattr.h>
#include <unistd.h>

#include "host/module.h"
#include "host/run/exec_int.h"
#include "supervisor.h"

/* For any of the modems. */
static bool is_wanted(const struct exec *e)
{
	size_t i;

	for (i = 0; i < e->r.n_groups; i++)
		if (e->r.groups[i].o.lines)
			return true;
	return false;
}

/* ---- programs that need their own privileges ---------------------------------------- */

static bool find_in(const char *folders, const char *name, char *path, size_t size)
{
	size_t len;

	for (; folders; folders = folders[len] ? folders + len + 1 : NULL) {
		len = strcspn(folders, ":");
		snprintf(path, size, "%.*s/%s", len ? (int)len : 1, len ? folders : ".",
			name);
		if (!access(path, X_OK))
			return true;
	}
	return false;
}

static bool has_privileges(const char *path)
{
	struct stat st;

	if (stat(path, &st))
		return false;
	return (st.st_mode & S_ISUID && st.st_uid != geteuid()) ||
	       getxattr(path, "security.capability", NULL, 0) > 0;
}

/* Under the filter a setuid program would start without its privileges and fail in some
 * way of its own. */
bool lines_allow(const struct exec *e)
{
	const char *name = e->command[0];
	char path[4096];

	if (!is_wanted(e) || !supervisor_takes_privileges())
		return true;
	if (strchr(name, '/'))
		snprintf(path, sizeof(path), "%s", name);
	else if (!find_in(getenv("PATH"), name, path, sizeof(path)))
		return true; /* exec says so */
	if (!has_privileges(path))
		return true;
	fprintf(stderr,
		"fauxtrack exec: --lines: %s is setuid or has capabilities, which it "
		"would "
		"lose under supervision; leave --lines out, or run exec as root\n",
		path);
	return false;
}

/* ---- the listener ------------------------------------------------------------------ */

union rights {
	struct cmsghdr head;
	char mem[CMSG_SPACE(sizeof(int))];
};

static struct msghdr message(struct iovec *byte, union rights *c)
{
	return (struct msghdr){
		.msg_iov = byte,
		.msg_iovlen = 1,
		.msg_control = c->mem,
		.msg_controllen = sizeof(c->mem),
	};
}

static void hand_over(int socket, int fd)
{
	char zero = 0;
	struct iovec byte = { &zero, 1 };
	union rights c = { .head = { .cmsg_len = CMSG_LEN(sizeof(int)),
				   .cmsg_level = SOL_SOCKET,
				   .cmsg_type = SCM_RIGHTS } };
	const struct msghdr m = message(&byte, &c);

	memcpy(CMSG_DATA(&c.head), &fd, sizeof(fd));
	(void)!sendmsg(socket, &m, MSG_NOSIGNAL);
}

static int receive(int socket)
{
	char zero;
	struct iovec byte = { &zero, 1 };
	union rights c = { .head = { .cmsg_len = 0 } };
	struct msghdr m = message(&byte, &c);
	int fd;

	if (recvmsg(socket, &m, MSG_DONTWAIT | MSG_CMSG_CLOEXEC) < 0 ||
		!CMSG_FIRSTHDR(&m))
		return -1;
	memcpy(&fd, CMSG_DATA(&c.head), sizeof(fd));
	return fd;
}

static void no_lines(const char *why)
{
	fprintf(stderr,
		"fauxtrack exec: --lines: %s; the command runs without modem lines\n",
		why);
}

bool lines_prepare(struct exec *e)
{
	char why[PATH_MAX + 200];

	e->lines[0] = e->lines[1] = -1;
	if (!is_wanted(e))
		return true;
	*(void **)&e->filter = module_open(
		SECCOMP_MODULE, SECCOMP_FILTER, SECCOMP_PACKAGE, why, sizeof(why));
	if (!e->filter)
		no_lines(why);
	return !e->filter ||
	       !socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, e->lines);
}

void lines_confine(const struct exec *e)
{
	char why[200];
	int listener;

	if (!e->filter)
		return;
	listener = supervisor_confine(e->filter, why, sizeof(why));
	if (listener >= 0)
		hand_over(e->lines[1], listener);
	else
		no_lines(why);
}

void lines_begin(struct exec *e)
{
	int listener = e->lines[0] < 0 ? -1 : receive(e->lines[0]);

	if (listener >= 0)
		e->supervisor = supervisor_new(e->r.hub, listener);
	if (e->lines[0] >= 0) {
		close(e->lines[0]);
		close(e->lines[1]);
	}
	e->lines[0] = e->lines[1] = -1;
}

void lines_end(struct exec *e)
{
	supervisor_free(e->supervisor);
	e->supervisor = NULL;
}
