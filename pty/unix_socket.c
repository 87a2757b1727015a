#include "unix_socket.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "holder.h"

#define BACKLOG 1024

_Static_assert(sizeof(((struct sockaddr_un *)0)->sun_path) == UNIX_SOCKET_PATH, "un(7)");

static struct sockaddr_un address(const char *path)
{
	struct sockaddr_un u = { .sun_family = AF_UNIX };

	snprintf(u.sun_path, sizeof(u.sun_path), "%s", path);
	return u;
}

bool unix_socket_fits(const char *path, char *why, size_t size)
{
	size_t most = UNIX_SOCKET_PATH - sizeof(UNIX_SOCKET_ASIDE);

	if (*path && strlen(path) <= most)
		return true;
	snprintf(why, size, "the path of a socket must have 1 to %zu bytes; %s", most,
		*path ? "give a shorter one" : "give one, such as /tmp/modem.sock");
	return false;
}

static int connect_to(const char *path, int type)
{
	struct sockaddr_un u = address(path);
	int fd = socket(AF_UNIX, type | SOCK_CLOEXEC, 0), saved;

	if (fd < 0 || !connect(fd, (struct sockaddr *)&u, sizeof(u)))
		return fd;
	saved = errno;
	close(fd);
	errno = saved;
	return -1;
}

int unix_socket_connect(const char *path)
{
	return connect_to(path, SOCK_STREAM);
}

/* A datagram socket cannot connect to a stream: where a server listens that is
 * EPROTOTYPE, and the server, whose only client this would be, notices nothing. */
bool unix_socket_is_dead(const char *path)
{
	int fd = connect_to(path, SOCK_DGRAM | SOCK_NONBLOCK);

	if (fd >= 0)
		close(fd);
	return fd < 0 && errno == ECONNREFUSED;
}

/* ---- whose it is ------------------------------------------------------------------ */

static bool is_socket(const char *fd_path, const void *inode)
{
	struct stat st;

	return !stat(fd_path, &st) && S_ISSOCK(st.st_mode) &&
	       st.st_ino == *(const ino_t *)inode;
}

/* The process that listens at the path; 0: unknown. */
static int server_of(const char *path)
{
	char line[UNIX_SOCKET_PATH + 120], name[sizeof(line)];
	FILE *f = fopen("/proc/net/unix", "re");
	unsigned long inode;
	ino_t socket = 0;

	while (f && !socket && fgets(line, sizeof(line), f)) {
		line[strcspn(line, "\n")] = '\0';
		/* Num RefCount Protocol Flags Type St Inode Path */
		if (sscanf(line, "%*s %*s %*s %*s %*s %*s %lu %[^\n]", &inode, name) ==
				2 &&
			!strcmp(name, path))
			socket = (ino_t)inode;
	}
	if (f)
		fclose(f);
	return socket ? holder_find(is_socket, &socket) : 0;
}

/* Removes a socket that no program serves; refuses anything else at the path. */
static bool clear_way(const char *path, char *why, size_t size)
{
	char aside[UNIX_SOCKET_PATH + sizeof(UNIX_SOCKET_ASIDE)];
	struct stat st;
	int pid;

	if (lstat(path, &st))
		return true;
	if (!S_ISSOCK(st.st_mode)) {
		snprintf(why, size, "%s exists and is not a socket; use another path",
			path);
		return false;
	}
	if (st.st_uid != getuid()) {
		snprintf(why, size, "%s is a socket of user %u; use another path", path,
			(unsigned)st.st_uid);
		return false;
	}
	if (unix_socket_is_dead(path)) {
		unlink(path);
		return true;
	}
	/* the kernel keeps the name under which it was bound */
	snprintf(aside, sizeof(aside), "%s" UNIX_SOCKET_ASIDE, path);
	pid = server_of(aside);
	if (!pid)
		pid = server_of(path);
	if (pid)
		snprintf(why, size,
			"%s is served by the process with pid %d; end it, or use another "
			"path",
			path, pid);
	else
		snprintf(why, size, "%s is served by another program; use another path",
			path);
	return false;
}

/* ---- listening -------------------------------------------------------------------- */

/* Binds and listens under a temporary name, then renames the socket: so a socket with the
 * final name that refuses belongs to a dead server. */
static int publish(int fd, const char *path, const char *aside, int mode, gid_t group,
	struct stat *st)
{
	struct sockaddr_un u = address(aside);
	mode_t old;
	int status;

	unlink(aside);
	old = umask(0177);
	status = bind(fd, (struct sockaddr *)&u, sizeof(u));
	umask(old);
	if (!status && group != (gid_t)-1)
		status = chown(aside, (uid_t)-1, group);
	if (!status)
		status = chmod(aside, mode < 0 ? 0600 : (mode_t)mode);
	if (!status)
		status = listen(fd, BACKLOG);
	if (!status)
		status = lstat(aside, st);
	return status ? status : rename(aside, path);
}

int unix_socket_listen(const char *path, int mode, gid_t group,
	struct unix_socket_file *file, char *why, size_t size)
{
	char aside[UNIX_SOCKET_PATH];
	struct stat st;
	int fd, saved;

	errno = 0;
	if (!unix_socket_fits(path, why, size) || !clear_way(path, why, size))
		return -1;
	snprintf(aside, sizeof(aside), "%s" UNIX_SOCKET_ASIDE, path);
	fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (fd < 0) {
		snprintf(why, size, "cannot make a socket: %s; see ulimit -n",
			strerror(errno));
		return -1;
	}
	if (!publish(fd, path, aside, mode, group, &st)) {
		*file = (struct unix_socket_file){ st.st_dev, st.st_ino };
		return fd;
	}
	snprintf(why, size, "%s: %s; its directory must exist and be writable%s", path,
		strerror(errno),
		errno == EPERM ? ", and only root can set a group that the user is not a "
				 "member of"
			       : "");
	saved = errno;
	unlink(aside);
	close(fd);
	errno = saved;
	return -1;
}

bool unix_socket_remove(const char *path, const struct unix_socket_file *file)
{
	struct stat st;

	return !lstat(path, &st) && st.st_dev == file->dev && st.st_ino == file->inode &&
	       !unlink(path);
}
