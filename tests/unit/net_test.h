/* Shared by the tests of host/net. */
#pragma once

#include "unit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "net_rig.h"

#define NAMED "10.0.2.100" /* the first name */

static struct net_rig r;

/* A listening target, which is "plc:80" for the host. */
static inline int start_with(bool internet, uint16_t *port)
{
	char tcp[FORWARD_TEXT];
	const char *const forwards[] = { tcp, NULL };
	int listens = net_rig_listen(port);

	snprintf(tcp, sizeof(tcp), "tcp:plc:80=127.0.0.1:%u", *port);
	net_rig_init(&r, forwards, internet);
	return listens;
}

static inline int start(uint16_t *port)
{
	return start_with(false, port);
}

static inline uint64_t refused(enum net_refusal why)
{
	struct net_counts c;

	net_count(r.net, &c);
	return c.refused[why];
}

static inline int client_of(int listens)
{
	int fd;

	assert_true(net_rig_readable(&r, listens));
	fd = accept4(listens, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);
	assert_true(fd >= 0);
	return fd;
}

static inline void expect(int fd, const char *text)
{
	char got[200];
	size_t len = 0;
	ssize_t n;

	while (len < strlen(text)) {
		assert_true(net_rig_readable(&r, fd));
		n = read(fd, got + len, sizeof(got) - len);
		assert_true(n > 0);
		len += (size_t)n;
	}
	assert_int_equal(len, strlen(text));
	assert_memory_equal(got, text, len);
}

/* Opens a connection of the host to a target; returns the target's end of it. */
static inline int connected(struct net_rig_tcp *t, int *listens)
{
	uint16_t port;

	*listens = start(&port);
	assert_true(net_rig_open(&r, t, NAMED, 80));
	return client_of(*listens);
}

static inline void disconnect(struct net_rig_tcp *t, int listens)
{
	net_rig_tcp_free(t);
	close(listens);
	net_rig_free(&r);
}
