#include "listen.h"

#include <arpa/inet.h>
#include <ctype.h>
#include <errno.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define BACKLOG  16
#define LOOPBACK "127.0.0.1"

union address {
	struct sockaddr any;
	struct sockaddr_in v4;
	struct sockaddr_in6 v6;
};

/* Returns the size, 0: it is no numeric address. */
static socklen_t address(const struct listen_addr *a, union address *out)
{
	*out = (union address){ .v6 = { .sin6_family = AF_INET6 } };
	if (inet_pton(AF_INET6, a->host, &out->v6.sin6_addr) == 1) {
		out->v6.sin6_port = htons((uint16_t)a->port);
		return sizeof(out->v6);
	}
	*out = (union address){ .v4 = { .sin_family = AF_INET } };
	out->v4.sin_port = htons((uint16_t)a->port);
	return inet_pton(AF_INET, a->host, &out->v4.sin_addr) == 1 ? sizeof(out->v4) : 0;
}

/* ---- text ------------------------------------------------------------------------- */

static const struct {
	const char *word, *scheme;
} kinds[] = {
	[LISTEN_TCP] = { "tcp:", "socket" }, /* a name that clients use */
	[LISTEN_RFC2217] = { "rfc2217:", "rfc2217" },
	[LISTEN_UNIX] = { "unix:", "" },
};

/* [ADDRESS:]PORT, where an IPv6 address is in brackets. */
static bool take_port(const char *text, struct listen_addr *out, char *why, size_t size)
{
	const char *colon = strrchr(text, ':'), *digits = colon ? colon + 1 : text;
	size_t len = colon ? (size_t)(colon - text) : 0;
	union address unused;
	char *end;
	bool v6 = len >= 2 && text[0] == '[' && text[len - 1] == ']';
	unsigned long port = strtoul(digits, &end, 10);

	if (!isdigit((unsigned char)*digits) || *end || port > 65535) {
		snprintf(why, size,
			"\"%s\" is not a port; give 1 to 65535, or 0 for any free port",
			digits);
		return false;
	}
	out->port = (unsigned)port;
	if (v6) {
		text++;
		len -= 2;
	}
	strcpy(out->host, LOOPBACK);
	if (!colon)
		return true;
	snprintf(out->host, sizeof(out->host), "%.*s", (int)len, text);
	if (len < sizeof(out->host) && address(out, &unused) &&
		v6 == !!strchr(out->host, ':'))
		return true;
	snprintf(why, size,
		"\"%.*s\" is not a numeric address; give one such as 192.168.1.5, "
		"0.0.0.0 for all of this machine, or [::1], or leave it out for this "
		"machine only",
		(int)len, text);
	return false;
}

bool listen_parse(const char *text, struct listen_addr *out, char *why, size_t size)
{
	enum listen_kind kind;
	size_t n = 0;

	for (kind = LISTEN_UNIX; kind; kind--) {
		n = strlen(kinds[kind].word);
		if (!strncmp(text, kinds[kind].word, n))
			break;
	}
	*out = (struct listen_addr){ .kind = kind };
	if (!kind) {
		snprintf(why, size,
			"\"%s\" is not an address to listen at; give rfc2217:PORT, "
			"tcp:PORT or unix:PATH",
			text);
		return false;
	}
	if (kind != LISTEN_UNIX)
		return take_port(text + n, out, why, size);
	if (!unix_socket_fits(text + n, why, size))
		return false;
	strcpy(out->path, text + n);
	return true;
}

bool listen_nth(const struct listen_addr *first, unsigned number, struct listen_addr *out,
	char *why, size_t size)
{
	*out = *first;
	if (first->port)
		out->port = first->port + number - 1;
	if (out->port <= 65535)
		return true;
	snprintf(why, size,
		"modem %u would need port %u, above 65535; give a lower first port",
		number, out->port);
	return false;
}

void listen_print(const struct listen_addr *a, char out[LISTEN_NAME])
{
	bool v6 = strchr(a->host, ':');

	if (a->kind == LISTEN_UNIX)
		snprintf(out, LISTEN_NAME, "%s", a->path);
	else
		snprintf(out, LISTEN_NAME, "%s://%s%s%s:%u", kinds[a->kind].scheme,
			v6 ? "[" : "", a->host, v6 ? "]" : "", a->port);
}

bool listen_is_public(const struct listen_addr *a)
{
	union address u;

	if (a->kind == LISTEN_UNIX || !address(a, &u))
		return false;
	if (u.any.sa_family == AF_INET6)
		return !IN6_IS_ADDR_LOOPBACK(&u.v6.sin6_addr);
	return ntohl(u.v4.sin_addr.s_addr) >> 24 != IN_LOOPBACKNET;
}

/* ---- the socket ------------------------------------------------------------------- */

static int listen_tcp(struct listen_addr *a, char *why, size_t size)
{
	union address u;
	socklen_t len = address(a, &u);
	int yes = 1, fd;

	fd = socket(u.any.sa_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (fd >= 0 && !setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof(yes)) &&
		!bind(fd, &u.any, len) && !listen(fd, BACKLOG) &&
		!getsockname(fd, &u.any, &len)) {
		a->port = ntohs(
			u.any.sa_family == AF_INET6 ? u.v6.sin6_port : u.v4.sin_port);
		return fd;
	}
	snprintf(why, size, "%s port %u: %s; %s", a->host, a->port, strerror(errno),
		errno == EADDRINUSE ? "give another port, or 0 for any free port"
		: errno == EACCES   ? "ports below 1024 are for root; give another port"
		: errno == EADDRNOTAVAIL
			? "give an address of this machine (ip address lists them)"
			: "see ulimit -n");
	if (fd >= 0)
		close(fd);
	return -1;
}

int listen_open(struct listen_addr *a, int mode, gid_t group, char *why, size_t size)
{
	if (a->kind == LISTEN_UNIX)
		return unix_socket_listen(a->path, mode, group, &a->file, why, size);
	return listen_tcp(a, why, size);
}

void listen_close(const struct listen_addr *a, int fd)
{
	if (fd < 0)
		return;
	close(fd);
	if (a->kind == LISTEN_UNIX)
		unix_socket_remove(a->path, &a->file);
}
