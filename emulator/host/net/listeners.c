#include "host/net/listeners.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "codec/ip.h"
#include "conf/must.h"
#include "host/loop.h"

#define BACKLOG 8

struct listener {
	struct listeners *home;
	struct listener *next;
	struct forward f; /* with the port that was chosen */
	int fd;
	struct loop_fd *watch;
	void (*ready)(void *ctx); /* NULL: nobody serves it */
	void *ctx;
};

struct listeners {
	struct loop *loop;
	const struct log *log;
	struct listener *first, **last;
};

struct listeners *listeners_new(struct loop *l, const struct log *log)
{
	struct listeners *ls = must(calloc(1, sizeof(*ls)));

	ls->loop = l;
	ls->log = log;
	ls->last = &ls->first;
	return ls;
}

static void listener_free(struct listener *l)
{
	loop_fd_free(l->watch);
	if (l->fd >= 0)
		close(l->fd);
	free(l);
}

void listeners_free(struct listeners *ls)
{
	struct listener *l;

	if (!ls)
		return;
	while ((l = ls->first)) {
		ls->first = l->next;
		listener_free(l);
	}
	free(ls);
}

/* ---- clients ------------------------------------------------------------------------- */

static void on_again(void *ctx)
{
	const struct listener *l = ctx;

	loop_fd_wants(l->watch, LOOP_READ);
}

int listener_accept(struct listener *l)
{
	int fd = accept4(l->fd, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);

	if (fd < 0 && (errno == EMFILE || errno == ENFILE)) {
		/* the client waits in the backlog */
		log_error(l->home->log, LOG_NET,
			"a client of port %u of the modem waits: %s; see ulimit -n",
			l->f.port, strerror(errno));
		loop_fd_wants(l->watch, 0);
		loop_later(l->home->loop, SEC(1), on_again, l);
	}
	return fd;
}

/* The modem has no such server. */
static void turn_away(struct listener *l)
{
	const struct linger reset = { .l_onoff = 1 };
	int fd = listener_accept(l);

	if (fd < 0)
		return;
	setsockopt(fd, SOL_SOCKET, SO_LINGER, &reset, sizeof(reset));
	close(fd);
	log_note(l->home->log, LOG_NET,
		"port %u: a client is reset, for the modem has no server there now",
		l->f.port);
}

static void on_ready(void *ctx)
{
	struct listener *l = ctx;

	if (l->ready)
		l->ready(l->ctx);
	else if (l->f.udp)
		loop_fd_wants(l->watch, 0);
	else
		turn_away(l);
}

void listener_serve(struct listener *l, void (*ready)(void *ctx), void *ctx)
{
	char one;

	if (l->f.udp && ready)
		while (recv(l->fd, &one, sizeof(one), MSG_DONTWAIT) >= 0)
			;
	l->ready = ready;
	l->ctx = ctx;
	loop_fd_wants(l->watch, l->f.udp && !ready ? 0 : LOOP_READ);
}

const struct listener *listeners_nth(const struct listeners *ls, unsigned n)
{
	const struct listener *l;

	for (l = ls ? ls->first : NULL; l && n; l = l->next)
		n--;
	return l;
}

struct forward listener_forward(const struct listener *l)
{
	return l->f;
}

bool listener_is_served(const struct listener *l)
{
	return l->ready;
}

int listener_fd(const struct listener *l)
{
	return l->fd;
}

void listener_wants(const struct listener *l, bool ready)
{
	loop_fd_wants(l->watch, ready ? LOOP_READ : 0);
}

/* ---- opening ------------------------------------------------------------------------- */

struct listener *listeners_find(const struct listeners *ls, bool udp, uint16_t port)
{
	struct listener *l;

	for (l = ls ? ls->first : NULL; l && (l->f.udp != udp || l->f.port != port);
		l = l->next)
		;
	return l;
}

static int open_socket(bool udp, struct sockaddr_in *a)
{
	socklen_t len = sizeof(*a);
	int type = (udp ? SOCK_DGRAM : SOCK_STREAM) | SOCK_CLOEXEC | SOCK_NONBLOCK;
	int fd = socket(AF_INET, type, 0), yes = 1, size = SOCKET_KERNEL, error;

	/* of TCP each client inherits it: its window is known when it connects */
	if (fd >= 0)
		setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &size, sizeof(size));
	/* connections of an earlier run that linger do no harm */
	if (fd >= 0 &&
		(udp || !setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof(yes))) &&
		!bind(fd, (struct sockaddr *)a, len) && (udp || !listen(fd, BACKLOG)) &&
		!getsockname(fd, (struct sockaddr *)a, &len))
		return fd;
	error = errno;
	if (fd >= 0)
		close(fd);
	errno = error;
	return -1;
}

unsigned listeners_add(struct listeners *ls, const struct forward *f, unsigned number,
	char *why, size_t size)
{
	unsigned port = f->to_port ? f->to_port + number - 1 : 0;
	struct sockaddr_in a = { .sin_family = AF_INET,
		.sin_port = htons((uint16_t)port) };
	char addr[IP_ADDR_TEXT];
	struct listener *l;

	if (port > 65535 || listeners_find(ls, f->udp, f->port)) {
		snprintf(why, size,
			port > 65535 ? "modem %u would have port %u, and 65535 is the "
				       "last; give a lower port"
				     : "modem %u has port %u twice; give it once",
			number, port > 65535 ? port : f->port);
		return 0;
	}
	memcpy(&a.sin_addr, f->to, 4);
	l = must(calloc(1, sizeof(*l)));
	*l = (struct listener){ .home = ls, .f = *f, .fd = open_socket(f->udp, &a) };
	if (l->fd >= 0)
		l->watch = loop_fd_new(ls->loop, l->fd, on_ready, l);
	if (l->watch) {
		*ls->last = l;
		ls->last = &l->next;
		if (f->udp)
			loop_fd_wants(l->watch, 0);
		return l->f.to_port = ntohs(a.sin_port);
	}
	snprintf(why, size, "%s port %u: %s; %s", ip_addr_text(f->to, addr), port,
		strerror(errno),
		errno == EADDRINUSE ? "give another port, or 0 for any free port"
		: errno == EACCES   ? "ports below 1024 are for root; give another port"
				    : "see ulimit -n");
	listener_free(l);
	return 0;
}
