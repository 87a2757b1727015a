#include "host/control/control_addr.h"

#include <arpa/inet.h>
#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "unix_socket.h"

#define BACKLOG   1024
#define TRIES     100
#define ASIDE_AGE 60 /* an older one (in seconds) was abandoned */

bool control_addr_parse(
	const char *text, struct control_addr *out, char *why, size_t size)
{
	char *end;
	unsigned long port;

	*out = (struct control_addr){ .kind = CONTROL_PATH };
	if (!strcmp(text, "none")) {
		out->kind = CONTROL_NONE;
		return true;
	}
	if (!strncmp(text, "tcp:", 4)) {
		port = strtoul(text + 4, &end, 10);
		out->kind = CONTROL_TCP;
		out->port = (unsigned)port;
		if (isdigit((unsigned char)text[4]) && !*end && port <= 65535)
			return true;
		snprintf(why, size,
			"\"%s\" is not a port; give tcp:PORT, or tcp:0 for any free port",
			text);
		return false;
	}
	/* a mistyped keyword must not become the name of a socket */
	if (*text && !strpbrk(text, "/.")) {
		snprintf(why, size,
			"\"%s\" is not an address; give none, tcp:PORT (tcp:0 for any "
			"free port), or a PATH such as ./%s",
			text, text);
		return false;
	}
	if (!unix_socket_fits(text, why, size))
		return false;
	strcpy(out->path, text);
	return true;
}

void control_addr_print(const struct control_addr *a, char out[CONTROL_NAME])
{
	switch (a->kind) {
	case CONTROL_DEFAULT:
	case CONTROL_PATH:
		snprintf(out, CONTROL_NAME, "%s", a->path);
		break;
	case CONTROL_NONE:
		snprintf(out, CONTROL_NAME, "none");
		break;
	case CONTROL_TCP:
		snprintf(out, CONTROL_NAME, "tcp:%u", a->port);
		break;
	}
}

bool control_token(char out[CONTROL_TOKEN])
{
	unsigned char random[(CONTROL_TOKEN - 1) / 2];
	size_t i;

	if (getrandom(random, sizeof(random), 0) != sizeof(random))
		return false;
	for (i = 0; i < sizeof(random); i++)
		snprintf(out + 2 * i, 3, "%02x", random[i]);
	return true;
}

bool control_dir(char *out, size_t size)
{
	const char *run = getenv("XDG_RUNTIME_DIR");
	int n;

	if (run && run[0] == '/')
		n = snprintf(out, size, "%s/fauxtrack", run);
	else
		n = snprintf(out, size, "/tmp/fauxtrack-%u", (unsigned)getuid());
	return n > 0 && (size_t)n < size;
}

/* The directory must belong to this user, and no other user may have access. errno is
 * ENOENT if the last emulator has just taken it with it. */
static bool make_dir(const char *dir, char *why, size_t size)
{
	struct stat st;

	if ((mkdir(dir, 0700) && errno != EEXIST) || lstat(dir, &st)) {
		snprintf(why, size,
			"%s: %s; set $XDG_RUNTIME_DIR to a directory that you own, or "
			"use --control PATH",
			dir, strerror(errno));
		return false;
	}
	if (S_ISDIR(st.st_mode) && st.st_uid == getuid() && !(st.st_mode & 0077))
		return true;
	errno = EEXIST;
	snprintf(why, size,
		"%s is not a directory that you own with mode 0700; fix that, or use "
		"--control PATH",
		dir);
	return false;
}

bool control_make_dir(char *why, size_t size)
{
	char dir[sizeof(((struct control_addr *)NULL)->path)];

	return control_dir(dir, sizeof(dir)) && make_dir(dir, why, size);
}

static struct sockaddr_in tcp_addr(const struct control_addr *a)
{
	return (struct sockaddr_in){
		.sin_family = AF_INET,
		.sin_port = htons((uint16_t)a->port),
		.sin_addr = { htonl(INADDR_LOOPBACK) },
	};
}

int control_addr_connect(const struct control_addr *a)
{
	struct sockaddr_in in = tcp_addr(a);
	int fd, saved;

	if (a->kind != CONTROL_TCP)
		return unix_socket_connect(a->path);
	fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (fd < 0 || !connect(fd, (struct sockaddr *)&in, sizeof(in)))
		return fd;
	saved = errno;
	close(fd);
	errno = saved;
	return -1;
}

static bool has_end(const char *name, const char *end)
{
	size_t len = strlen(name), n = strlen(end);

	return len > n && !strcmp(name + len - n, end);
}

/* Removes the sockets that dead emulators left in the directory: those that refuse. A
 * fresh one with the suffix is kept: its server may be between bind and listen. */
static void sweep(const char *dir)
{
	struct control_addr a = { .kind = CONTROL_PATH };
	DIR *list = opendir(dir);
	char last[sizeof(a.path) + 24];
	const struct dirent *e;
	struct stat st;
	bool aside;

	while (list && (e = readdir(list))) {
		aside = has_end(e->d_name, ".sock" UNIX_SOCKET_ASIDE);
		if ((!aside && !has_end(e->d_name, ".sock")) ||
			snprintf(a.path, sizeof(a.path), "%s/%s", dir, e->d_name) >=
				(int)sizeof(a.path) ||
			lstat(a.path, &st) || !S_ISSOCK(st.st_mode) ||
			st.st_uid != getuid())
			continue;
		if ((aside && time(NULL) - st.st_mtime <= ASIDE_AGE) ||
			!unix_socket_is_dead(a.path))
			continue;
		unlink(a.path);
		if (control_addr_last(&a, last, sizeof(last)))
			unlink(last);
	}
	if (list)
		closedir(list);
}

static bool default_path(struct control_addr *a, char *why, size_t size)
{
	char dir[sizeof(a->path)];

	if (!control_dir(dir, sizeof(dir)) ||
		snprintf(a->path, sizeof(a->path), "%s/%d.sock", dir, (int)getpid()) >=
			(int)(sizeof(a->path) - sizeof(UNIX_SOCKET_ASIDE))) {
		snprintf(why, size,
			"the path in $XDG_RUNTIME_DIR is too long for a socket; use "
			"--control PATH");
		errno = ENAMETOOLONG;
		return false;
	}
	if (!make_dir(dir, why, size))
		return false;
	sweep(dir);
	return true;
}

static bool listen_tcp(int fd, struct control_addr *a, char *why, size_t size)
{
	struct sockaddr_in in = tcp_addr(a);
	socklen_t len = sizeof(in);
	int yes = 1;

	setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof(yes));
	if (!bind(fd, (struct sockaddr *)&in, sizeof(in)) && !listen(fd, BACKLOG) &&
		!getsockname(fd, (struct sockaddr *)&in, &len)) {
		a->port = ntohs(in.sin_port);
		return true;
	}
	snprintf(why, size, "port %u: %s; use another port, or tcp:0 for any free port",
		a->port, strerror(errno));
	return false;
}

/* Another emulator that ends takes the directory with it if it was the last there, maybe
 * between our mkdir() and bind(). */
static int listen_default(
	struct control_addr *a, int mode, gid_t group, char *why, size_t size)
{
	int i, fd = -1;

	for (i = 0; i < TRIES && fd < 0; i++) {
		if (default_path(a, why, size))
			fd = unix_socket_listen(
				a->path, mode, group, &a->file, why, size);
		if (fd < 0 && errno != ENOENT)
			break;
	}
	return fd;
}

int control_addr_listen(
	struct control_addr *a, int mode, gid_t group, char *why, size_t size)
{
	int fd;

	if (a->kind == CONTROL_DEFAULT)
		return listen_default(a, mode, group, why, size);
	if (a->kind != CONTROL_TCP)
		return unix_socket_listen(a->path, mode, group, &a->file, why, size);
	fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (fd < 0) {
		snprintf(why, size, "cannot make a socket: %s; see ulimit -n",
			strerror(errno));
		return -1;
	}
	if (listen_tcp(fd, a, why, size))
		return fd;
	close(fd);
	return -1;
}

bool control_addr_last(const struct control_addr *a, char *out, size_t size)
{
	char dir[sizeof(a->path)];
	int n = -1;

	if (a->kind == CONTROL_TCP && control_dir(dir, sizeof(dir)))
		n = snprintf(out, size, "%s/tcp-%u.last", dir, a->port);
	else if (a->kind == CONTROL_DEFAULT || a->kind == CONTROL_PATH)
		n = snprintf(out, size, "%s.last", a->path);
	return n > 0 && (size_t)n < size;
}

bool control_addr_page(const struct control_addr *a, char *out, size_t size)
{
	int n = -1;

	if (a->kind == CONTROL_DEFAULT || a->kind == CONTROL_PATH)
		n = snprintf(out, size, "%s.html", a->path);
	return n > 0 && (size_t)n < size;
}

void control_addr_remove(const struct control_addr *a)
{
	char last[sizeof(a->path) + 24], dir[sizeof(a->path)];

	if (a->kind != CONTROL_TCP && !unix_socket_remove(a->path, &a->file))
		return;
	if (control_addr_last(a, last, sizeof(last)))
		unlink(last);
	if (control_addr_page(a, last, sizeof(last)))
		unlink(last);
	if (a->kind != CONTROL_PATH && control_dir(dir, sizeof(dir)))
		rmdir(dir); /* unless there are others */
}
