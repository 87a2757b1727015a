/* Shared by the tests of WIPsoft's sockets. */
#pragma once

#include "unit.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include "host/net/sockets_int.h"
#include "socket_rig.h"

static struct socket_rig r;

/* A socket on loopback that listens, or (SOCK_DGRAM) hears; *port is its number. */
static inline int net_bind(int type, uint16_t *port)
{
	struct sockaddr_in a = { .sin_family = AF_INET };
	socklen_t len = sizeof(a);
	int fd = socket(AF_INET, type | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);

	a.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	assert_true(fd >= 0);
	assert_int_equal(bind(fd, (struct sockaddr *)&a, sizeof(a)), 0);
	assert_true(type == SOCK_DGRAM || !listen(fd, 16));
	assert_int_equal(getsockname(fd, (struct sockaddr *)&a, &len), 0);
	*port = ntohs(a.sin_port);
	return fd;
}

/* A listening target, which is "plc:80" for the modem. */
static inline int start_with(
	bool internet, const struct resolve_server *server, uint16_t *port)
{
	char tcp[FORWARD_TEXT], udp[FORWARD_TEXT];
	const char *const forwards[] = { tcp, udp, NULL };
	int listens = net_bind(SOCK_STREAM, port);

	snprintf(tcp, sizeof(tcp), "tcp:plc:80=127.0.0.1:%u", *port);
	snprintf(udp, sizeof(udp), "udp:plc:90=127.0.0.1:%u", *port);
	socket_rig_init(&r, forwards, internet, server);
	return listens;
}

static inline int start(uint16_t *port)
{
	return start_with(false, NULL, port);
}

static inline void finish(int fd)
{
	if (fd >= 0)
		close(fd);
	socket_rig_free(&r);
}

static inline int client_of(int listens)
{
	int fd;

	assert_true(socket_rig_readable(&r, listens));
	fd = accept4(listens, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);
	assert_true(fd >= 0);
	return fd;
}

/* Socket 3 of the modem is connected to the target; returns the target's end of it. */
static inline int connected(int *listens)
{
	uint16_t port;

	*listens = start(&port);
	assert_true(socket_rig_opened(&r, 3, SOCKET_TCP, "plc", 80, 0));
	return client_of(*listens);
}

static inline void expect_data(int fd, const char *want, size_t len)
{
	char *seen = malloc(len + 1);
	size_t at = 0;
	ssize_t n;

	assert_non_null(seen);
	while (at < len) {
		assert_true(socket_rig_readable(&r, fd));
		n = read(fd, seen + at, len - at);
		assert_true(n > 0);
		at += (size_t)n;
	}
	assert_memory_equal(seen, want, len);
	free(seen);
}

static inline void expect(int fd, const char *text)
{
	expect_data(fd, text, strlen(text));
}

/* The modem has got exactly these octets so far. */
static inline void got(unsigned id, const char *text)
{
	socket_rig_until_len(&r, &r.of[id].len, strlen(text));
	assert_int_equal(r.of[id].len, strlen(text));
	assert_memory_equal(r.of[id].got, text, strlen(text));
}

static inline void reset(int fd)
{
	const struct linger at_once = { .l_onoff = 1 };

	setsockopt(fd, SOL_SOCKET, SO_LINGER, &at_once, sizeof(at_once));
	close(fd);
}

static inline char *pattern(size_t len)
{
	char *data = malloc(len);
	size_t i;

	assert_non_null(data);
	for (i = 0; i < len; i++)
		data[i] = (char)(i * 7 + i / 251);
	return data;
}

/* Whether the kernel takes no more of it for a while. */
static inline bool held_up(int fd)
{
	struct pollfd p = { .fd = fd, .events = POLLOUT };

	socket_rig_run(&r, 20);
	return poll(&p, 1, 20) == 0;
}

/* The descriptor of a socket of the modem. */
static inline int socket_of(const struct socket_rig *rig, unsigned id)
{
	return rig->sockets->of[id]->fd;
}
