#include "line_socket.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "conf/must.h"
#include "modem_lines.h"

#define CALLERS 256 /* at the same time, of one port */
#define TRIES   100

struct line_socket {
	struct pty *pty;
	int fd;
	struct event *ready;
	char path[LINE_CALL_PATH];
	struct stat made;
	struct caller *callers;
	unsigned n;
	bool busy, closed;
};

struct caller {
	struct line_wait wait; /* first: the wait is the caller */
	struct caller *next;
	struct line_socket *socket;
	int fd;
	struct event *ready;
	bool waits;
	struct line_call call;
};

static void hang_up(struct caller *c)
{
	struct caller **at = &c->socket->callers;

	while (*at != c)
		at = &(*at)->next;
	*at = c->next;
	c->socket->n--;
	if (c->waits)
		lines_cancel(&c->wait);
	if (c->ready)
		event_free(c->ready);
	close(c->fd);
	free(c);
}

/* A caller that does not take its answer loses it. */
static void reply(struct caller *c, int result)
{
	c->call.result = result;
	(void)!send(c->fd, &c->call, sizeof(c->call), MSG_NOSIGNAL | MSG_DONTWAIT);
}

static void answer(struct line_wait *w, int result)
{
	struct caller *c = (struct caller *)w;

	c->waits = false;
	reply(c, result);
}

/* A message of any other size or version, or one before the last was answered, ends the
 * connection. */
static bool take(struct caller *c)
{
	char buf[sizeof(c->call) + 1];
	ssize_t n = recv(c->fd, buf, sizeof(buf), MSG_DONTWAIT);

	if (n < 0 && (errno == EAGAIN || errno == EINTR))
		return true;
	if (n != (ssize_t)sizeof(c->call) || c->waits)
		return false;
	memcpy(&c->call, buf, sizeof(c->call));
	if (c->call.version != LINE_CALL_VERSION)
		return false;
	c->waits = true;
	n = lines_call(c->socket->pty, &c->call, &c->wait);
	if (n == LINES_LATER)
		return true;
	c->waits = false;
	reply(c, (int)n);
	return true;
}

static void on_caller(evutil_socket_t fd, short what, void *caller)
{
	struct caller *c = caller;
	struct line_socket *s = c->socket;

	(void)fd;
	(void)what;
	s->busy = true; /* the device may go away in a call */
	if (!take(c))
		hang_up(c);
	s->busy = false;
	if (s->closed)
		line_socket_close(s);
}

/* Those that have closed and that the loop has not come to yet. */
static void drop_gone(struct line_socket *s)
{
	struct caller *c, *next;
	char byte;

	for (c = s->callers; c; c = next) {
		next = c->next;
		if (!recv(c->fd, &byte, sizeof(byte), MSG_PEEK | MSG_DONTWAIT))
			hang_up(c);
	}
}

static void welcome(struct line_socket *s, int fd)
{
	struct caller *c = calloc(1, sizeof(*c));

	must(c);
	if (s->n == CALLERS)
		drop_gone(s);
	c->wait.owner = s;
	c->wait.answer = answer;
	c->socket = s;
	c->fd = fd;
	c->next = s->callers;
	s->callers = c;
	s->n++;
	c->ready = event_new(s->pty->hub->base, fd, EV_READ | EV_PERSIST, on_caller, c);
	if (!c->ready || event_add(c->ready, NULL) || s->n > CALLERS)
		hang_up(c);
}

/* Edge-triggered, so that a lack of descriptors does not keep the loop busy. */
static void on_ready(evutil_socket_t fd, short what, void *socket)
{
	struct line_socket *s = socket;
	int caller;

	(void)what;
	while ((caller = accept4(fd, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC)) >= 0)
		welcome(s, caller);
}

/* ---- its place --------------------------------------------------------------------- */

/* Anybody may make this folder in /tmp before us. */
static bool folder_is_ours(const char *path)
{
	struct stat st;

	if (mkdir(path, LINE_CALL_MODE) && errno != EEXIST)
		return false;
	if (lstat(path, &st))
		return false;
	if (S_ISDIR(st.st_mode) && st.st_uid == geteuid() && !(st.st_mode & 022))
		return !chmod(path, LINE_CALL_MODE);
	errno = EEXIST;
	return false;
}

/* No other socket can be for this tty, so one that is there is dead. Nobody can connect
 * before listen(), when mode and group are those of the tty. */
static bool publish(struct line_socket *s, const struct stat *tty)
{
	struct sockaddr_un at = { .sun_family = AF_UNIX };

	memcpy(at.sun_path, s->path, sizeof(at.sun_path));
	if (unlink(s->path) && errno != ENOENT)
		return false;
	return !bind(s->fd, (struct sockaddr *)&at, sizeof(at)) &&
	       !chown(s->path, (uid_t)-1, tty->st_gid) &&
	       !chmod(s->path, tty->st_mode & 0777) && !lstat(s->path, &s->made) &&
	       !listen(s->fd, CALLERS);
}

static bool open_place(struct line_socket *s)
{
	char folder[LINE_CALL_PATH];
	struct stat tty;
	int i;

	if (stat(s->pty->s.path, &tty))
		return false;
	line_call_folder(folder, tty.st_uid);
	line_call_path(s->path, &tty);
	/* the last socket of another process may just be taking the folder with it */
	for (i = 0; i < TRIES; i++) {
		if (folder_is_ours(folder) && publish(s, &tty))
			return true;
		if (errno != ENOENT)
			return false;
	}
	return false;
}

struct line_socket *line_socket_open(struct pty *p)
{
	struct line_socket *s = calloc(1, sizeof(*s));

	must(s);
	s->pty = p;
	s->fd = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	if (s->fd >= 0 && open_place(s)) {
		s->ready = event_new(
			p->hub->base, s->fd, EV_READ | EV_PERSIST | EV_ET, on_ready, s);
		if (s->ready && !event_add(s->ready, NULL))
			return s;
		errno = ENOMEM;
	}
	log_error(p->hub->log, LOG_PTY,
		"--lines: cannot make the socket %s: %s; its folder must belong to the "
		"user of the tty, and nobody else may write there",
		s->path, strerror(errno));
	line_socket_close(s);
	return NULL;
}

static void retract(const struct line_socket *s)
{
	char folder[LINE_CALL_PATH];
	struct stat now;

	if (!s->made.st_ino || lstat(s->path, &now) || now.st_ino != s->made.st_ino ||
		now.st_dev != s->made.st_dev)
		return;
	unlink(s->path);
	line_call_folder(folder, geteuid());
	rmdir(folder); /* unless there are others */
}

void line_socket_close(struct line_socket *s)
{
	if (!s)
		return;
	s->closed = true;
	if (s->busy)
		return; /* its present caller does it */
	while (s->callers)
		hang_up(s->callers);
	retract(s);
	if (s->ready)
		event_free(s->ready);
	if (s->fd >= 0)
		close(s->fd);
	free(s);
}
