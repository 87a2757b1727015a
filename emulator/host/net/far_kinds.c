/* Files and sockets as far ends. */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include "host/net/far_int.h"

int far_always_ready(void)
{
	return eventfd(1, EFD_CLOEXEC | EFD_NONBLOCK);
}

/* ---- a file ----------------------------------------------------------------------- */

static void file_open(struct far *f, const struct far_end_conf *c)
{
	if (c->path[0]) {
		f->file = open(c->path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
		if (f->file < 0)
			f->error = errno;
	}
	f->fd = far_always_ready();
}

static int file_opened(struct far *f)
{
	return f->error;
}

static ssize_t file_read(struct far *f, void *buf, size_t len)
{
	return f->file < 0 ? 0 : read(f->file, buf, len);
}

static ssize_t file_write(struct far *f, const void *buf, size_t len)
{
	(void)f;
	(void)buf;
	return (ssize_t)len;
}

const struct far_kind_row far_file_kind = { file_open, file_opened, file_read, file_write,
	.speaks_last = true };

/* ---- TCP -------------------------------------------------------------------------- */

/* Becomes readable when the peer has ended, however many bytes are still to be read. */
static int watch_end(int fd)
{
	struct epoll_event e = { .events = EPOLLRDHUP };
	int end = epoll_create1(EPOLL_CLOEXEC);

	if (end >= 0 && !epoll_ctl(end, EPOLL_CTL_ADD, fd, &e))
		return end;
	if (end >= 0)
		close(end);
	return -1;
}

void far_tcp_take(struct far *f, int fd)
{
	static const struct {
		int level, name, value;
	} options[] = {
		{ IPPROTO_TCP, TCP_NODELAY, 1 },
		/* the kernel would hold megabytes, and the host would not be stopped */
		{ SOL_SOCKET, SO_SNDBUF, 1 << 16 },
		/* a peer that vanishes is noticed after 25 s */
		{ SOL_SOCKET, SO_KEEPALIVE, 1 },
		{ IPPROTO_TCP, TCP_KEEPIDLE, 10 },
		{ IPPROTO_TCP, TCP_KEEPINTVL, 5 },
		{ IPPROTO_TCP, TCP_KEEPCNT, 3 },
	};
	size_t i;

	for (i = 0; i < sizeof(options) / sizeof(options[0]); i++)
		setsockopt(fd, options[i].level, options[i].name, &options[i].value,
			sizeof(options[i].value));
	f->fd = fd;
	f->hangs = watch_end(fd);
}

static void tcp_open(struct far *f, const struct far_end_conf *c)
{
	union {
		struct sockaddr any;
		struct sockaddr_in v4;
		struct sockaddr_in6 v6;
	} a = { .v6 = { .sin6_family = AF_INET6 } };
	socklen_t len = sizeof(a.v6);
	int fd;

	if (inet_pton(AF_INET6, c->host, &a.v6.sin6_addr) == 1) {
		a.v6.sin6_port = htons((uint16_t)c->port);
	} else {
		a.v4 = (struct sockaddr_in){ .sin_family = AF_INET,
			.sin_port = htons((uint16_t)c->port) };
		inet_pton(AF_INET, c->host, &a.v4.sin_addr);
		len = sizeof(a.v4);
	}
	fd = socket(a.any.sa_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (fd >= 0 && (!connect(fd, &a.any, len) || errno == EINPROGRESS)) {
		f->fd = fd;
		return;
	}
	f->error = errno;
	if (fd >= 0)
		close(fd);
	f->fd = far_always_ready();
}

static int tcp_opened(struct far *f)
{
	socklen_t len = sizeof(f->error);

	if (!f->error && getsockopt(f->fd, SOL_SOCKET, SO_ERROR, &f->error, &len))
		f->error = errno;
	if (!f->error)
		far_tcp_take(f, f->fd);
	return f->error;
}

static ssize_t tcp_read(struct far *f, void *buf, size_t len)
{
	return recv(f->fd, buf, len, MSG_DONTWAIT);
}

static ssize_t tcp_write(struct far *f, const void *buf, size_t len)
{
	return send(f->fd, buf, len, MSG_DONTWAIT | MSG_NOSIGNAL);
}

const struct far_kind_row far_tcp_kind = { tcp_open, tcp_opened, tcp_read, tcp_write };
