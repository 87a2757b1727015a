#include "host/net/resolve.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/socket.h>
#include <unistd.h>

#include "codec/dns.h"
#include "codec/ip.h"
#include "conf/must.h"
#include "host/loop.h"

#define TRIES    3
#define PATIENCE SEC(5)

struct resolve {
	void (*done)(void *ctx, const uint8_t *addr);
	void *ctx;
	int fd;
	struct loop_fd *watch;
	struct loop_timer *timer;
	char name[DNS_NAME];
	uint16_t id;
	uint8_t question[DNS_MAX];
	size_t len;
	unsigned tries;
};

bool resolve_machine_server(struct resolve_server *out)
{
	FILE *f = fopen("/etc/resolv.conf", "re");
	char line[512], addr[64];
	bool found = false;

	while (f && !found && fgets(line, sizeof(line), f))
		found = sscanf(line, "nameserver %63s", addr) == 1 &&
			ip_addr_read(addr, strlen(addr), out->addr);
	if (f)
		fclose(f);
	out->port = 53;
	return found;
}

static void ask(struct resolve *r)
{
	r->tries++;
	/* an error is a question that is lost */
	if (send(r->fd, r->question, r->len, MSG_DONTWAIT | MSG_NOSIGNAL) < 0)
		r->tries = TRIES;
	loop_timer_set(r->timer, PATIENCE);
}

static void on_time(void *ctx)
{
	struct resolve *r = ctx;

	if (r->tries < TRIES)
		ask(r);
	else
		r->done(r->ctx, NULL);
}

static void on_answer(void *ctx)
{
	struct resolve *r = ctx;
	uint8_t reply[DNS_MAX], addr[4];
	ssize_t n = recv(r->fd, reply, sizeof(reply), MSG_DONTWAIT);
	int code = -1;
	bool good = n > 0 && dns_ask_reply(reply, (size_t)n, r->id, r->name, addr, &code);

	if (!good && code < 0)
		return; /* the next try, or its end */
	loop_timer_set(r->timer, USEC_NEVER);
	r->done(r->ctx, good ? addr : NULL);
}

static bool open_socket(struct resolve *r, struct loop *l, const struct resolve_server *s)
{
	struct sockaddr_in to = { .sin_family = AF_INET, .sin_port = htons(s->port) };

	memcpy(&to.sin_addr, s->addr, 4);
	/* from a port of the kernel's choice: another one each time */
	r->fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (r->fd < 0 || connect(r->fd, (struct sockaddr *)&to, sizeof(to)))
		return false;
	r->watch = loop_fd_new(l, r->fd, on_answer, r);
	return r->watch;
}

struct resolve *resolve_new(struct loop *l, const struct resolve_server *server,
	const char *name, void (*done)(void *ctx, const uint8_t *addr), void *ctx)
{
	struct resolve *r = must(calloc(1, sizeof(*r)));

	*r = (struct resolve){ .done = done, .ctx = ctx, .fd = -1 };
	if (getrandom(&r->id, sizeof(r->id), 0) == sizeof(r->id))
		r->len = dns_ask(r->id, name, r->question);
	if (!r->len || !open_socket(r, l, server)) {
		resolve_free(r);
		return NULL;
	}
	strcpy(r->name, name);
	r->timer = loop_timer_new(l, on_time, r);
	ask(r);
	return r;
}

void resolve_free(struct resolve *r)
{
	if (!r)
		return;
	loop_fd_free(r->watch);
	loop_timer_free(r->timer);
	if (r->fd >= 0)
		close(r->fd);
	free(r);
}
