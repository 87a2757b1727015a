/* libslirp has an Ethernet interface: a header of 14 octets before each packet, and ARP.
 * Its sockets are watched through one epoll descriptor.
 *
 * A door is one of libslirp's guest forwards, which let any number of connections through
 * even while all else is closed (restricted). libslirp itself connects such a connection
 * to a Unix socket, here to one that nobody serves; when it registers its end, our caller's
 * socket takes the place of that descriptor. So libslirp writes to and reads from the
 * target itself, and we have connected that socket without waiting. */
#include "host/net/slirp_module.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <slirp/libslirp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

#define ETHER        14
#define ETHER_MAC    6
#define ETHER_TYPE   12
#define TYPE_IP_HIGH 0x08
#define TYPE_IP_LOW  0x00
#define TYPE_ARP_LOW 0x06
#define ARP_LEN      28
#define MTU_MIN      576

static const uint8_t guest_mac[ETHER_MAC] = { 0x52, 0x55, 0x0a, 0x00, 0x02, 0x0f };
static const uint8_t everybody[ETHER_MAC] = { 0xff, 0xff, 0xff, 0xff, 0xff, 0xff };

struct slirp {
	Slirp *lib;
	struct slirp_setup o;
	int epoll;
	struct pollfd *fds; /* as libslirp has asked for them last */
	size_t n, room;
	struct pollfd *old; /* what epoll watches, unless its events are 0 */
	size_t n_old, old_room;
	uint32_t wait; /* ms; UINT32_MAX: never */
	bool serves;   /* the next descriptor that is registered may be a door's */
};

/* ---- the Unix socket that nobody serves ---------------------------------------------- */

static struct {
	int listens;
	char path[40]; /* of the socket, which has no name in the file system */
} nobody = { .listens = -1 };

/* A socket is reached through a descriptor of its file, which can be unlinked then. */
static bool make_nobody(char *why, size_t size)
{
	struct sockaddr_un addr = { .sun_family = AF_UNIX };
	const char *tmp = getenv("XDG_RUNTIME_DIR");
	char folder[80];
	int file = -1;

	if (nobody.listens >= 0)
		return true;
	if (!tmp || access(tmp, W_OK) || strlen(tmp) > 50)
		tmp = "/tmp";
	snprintf(folder, sizeof(folder), "%s/fauxtrack-XXXXXX", tmp);
	if (!mkdtemp(folder)) {
		snprintf(why, size, "%s: %s; check that folder", folder, strerror(errno));
		return false;
	}
	snprintf(addr.sun_path, sizeof(addr.sun_path), "%s/s", folder);
	nobody.listens = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (nobody.listens >= 0 &&
		!bind(nobody.listens, (struct sockaddr *)&addr, sizeof(addr)) &&
		!listen(nobody.listens, 16))
		file = open(addr.sun_path, O_PATH | O_CLOEXEC);
	snprintf(why, size, "a socket for connections: %s; see ulimit -n",
		strerror(errno));
	unlink(addr.sun_path);
	rmdir(folder);
	if (file >= 0) {
		snprintf(nobody.path, sizeof(nobody.path), "/proc/self/fd/%d", file);
		return true;
	}
	if (nobody.listens >= 0)
		close(nobody.listens);
	nobody.listens = -1;
	return false;
}

/* The end that libslirp does not have. */
static void drop_other_end(void)
{
	int fd = accept4(nobody.listens, NULL, NULL, SOCK_CLOEXEC);

	if (fd >= 0)
		close(fd);
}

/* ---- what libslirp calls ------------------------------------------------------------- */

static void send_frame(struct slirp *s, uint8_t type_low, const void *data, size_t len)
{
	uint8_t frame[ETHER + 1500];

	if (len > sizeof(frame) - ETHER)
		return;
	memcpy(frame, everybody, ETHER_MAC);
	memcpy(frame + ETHER_MAC, guest_mac, ETHER_MAC);
	frame[ETHER_TYPE] = TYPE_IP_HIGH;
	frame[ETHER_TYPE + 1] = type_low;
	memcpy(frame + ETHER, data, len);
	slirp_input(s->lib, frame, (int)(ETHER + len));
}

/* Where the guest is, to everybody or to one that has asked (RFC 826). */
static void send_arp(struct slirp *s, bool answer, const uint8_t *mac, const uint8_t *ip)
{
	uint8_t arp[ARP_LEN] = { 0, 1, 8, 0, 6, 4, 0, answer ? 2 : 1 };

	memcpy(arp + 8, guest_mac, ETHER_MAC);
	memcpy(arp + 14, s->o.guest, 4);
	memcpy(arp + 18, mac, ETHER_MAC);
	memcpy(arp + 24, ip, 4);
	send_frame(s, TYPE_ARP_LOW, arp, sizeof(arp));
}

static ssize_t on_packet(const void *buf, size_t len, void *ctx)
{
	struct slirp *s = ctx;
	const uint8_t *p = buf, *arp = p + ETHER;

	if (len <= ETHER || p[ETHER_TYPE] != TYPE_IP_HIGH)
		return (ssize_t)len;
	if (p[ETHER_TYPE + 1] == TYPE_IP_LOW)
		s->o.packet(s->o.ctx, p + ETHER, len - ETHER);
	else if (p[ETHER_TYPE + 1] == TYPE_ARP_LOW && len >= ETHER + ARP_LEN &&
		 arp[7] == 1 && !memcmp(arp + 24, s->o.guest, 4))
		send_arp(s, true, arp + 8, arp + 14);
	return (ssize_t)len;
}

static void on_guest_error(const char *text, void *ctx)
{
	(void)text;
	(void)ctx;
}

static int64_t on_clock(void *ctx)
{
	struct timespec t;

	(void)ctx;
	clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000000000 + t.tv_nsec;
}

/* Only IPv6, which is off, has timers. */
static void *on_timer_new(SlirpTimerCb cb, void *cb_ctx, void *ctx)
{
	(void)cb;
	(void)cb_ctx;
	return ctx;
}

static void on_timer_free(void *timer, void *ctx)
{
	(void)timer;
	(void)ctx;
}

static void on_timer_mod(void *timer, int64_t expire, void *ctx)
{
	(void)timer;
	(void)expire;
	(void)ctx;
}

/* A number that stands for another socket from now on. */
static void forget(struct slirp *s, int fd)
{
	size_t i;

	for (i = 0; i < s->n_old; i++) {
		if (s->old[i].fd != fd)
			continue;
		if (s->old[i].events)
			epoll_ctl(s->epoll, EPOLL_CTL_DEL, fd, NULL);
		s->old[i] = s->old[--s->n_old];
		return;
	}
}

static bool is_of_door(int fd)
{
	struct sockaddr_storage addr;
	socklen_t len = sizeof(addr);

	return !getsockname(fd, (struct sockaddr *)&addr, &len) &&
	       addr.ss_family == AF_UNIX;
}

static void on_register(int fd, void *ctx)
{
	struct slirp *s = ctx;
	int target;

	forget(s, fd);
	if (!s->serves || !is_of_door(fd))
		return;
	target = s->o.serve(s->o.ctx);
	if (target >= 0 && dup3(target, fd, O_CLOEXEC) < 0)
		shutdown(fd, SHUT_RDWR);
	if (target >= 0)
		close(target);
	drop_other_end();
}

static void on_unregister(int fd, void *ctx)
{
	forget(ctx, fd);
}

static void on_notify(void *ctx)
{
	(void)ctx;
}

static const SlirpCb callbacks = {
	.send_packet = on_packet,
	.guest_error = on_guest_error,
	.clock_get_ns = on_clock,
	.timer_new = on_timer_new,
	.timer_free = on_timer_free,
	.timer_mod = on_timer_mod,
	.register_poll_fd = on_register,
	.unregister_poll_fd = on_unregister,
	.notify = on_notify,
};

/* ---- its descriptors ----------------------------------------------------------------- */

static bool grow(struct pollfd **p, size_t *room)
{
	struct pollfd *more = realloc(*p, (*room + 32) * sizeof(**p));

	if (!more)
		return false;
	*p = more;
	*room += 32;
	return true;
}

static int on_add_poll(int fd, int events, void *ctx)
{
	struct slirp *s = ctx;
	short want = 0;

	if (s->n == s->room && !grow(&s->fds, &s->room))
		return -1;
	if (events & SLIRP_POLL_IN)
		want |= POLLIN;
	if (events & SLIRP_POLL_OUT)
		want |= POLLOUT;
	if (events & SLIRP_POLL_PRI)
		want |= POLLPRI;
	s->fds[s->n] = (struct pollfd){ .fd = fd, .events = want };
	return (int)s->n++;
}

static int on_revents(int i, void *ctx)
{
	const struct slirp *s = ctx;
	short got = i < 0 || (size_t)i >= s->n ? 0 : s->fds[i].revents;

	return (got & POLLIN ? SLIRP_POLL_IN : 0) | (got & POLLOUT ? SLIRP_POLL_OUT : 0) |
	       (got & POLLPRI ? SLIRP_POLL_PRI : 0) |
	       (got & POLLERR ? SLIRP_POLL_ERR : 0) |
	       (got & POLLHUP ? SLIRP_POLL_HUP : 0);
}

static const struct pollfd *watched(const struct slirp *s, int fd, size_t hint)
{
	size_t i;

	if (hint < s->n_old && s->old[hint].fd == fd)
		return &s->old[hint];
	for (i = 0; i < s->n_old; i++)
		if (s->old[i].fd == fd)
			return &s->old[i];
	return NULL;
}

static void watch(struct slirp *s, const struct pollfd *p, const struct pollfd *old)
{
	struct epoll_event e = { .data.fd = p->fd };

	/* nothing is asked for: even a hang-up, which epoll always reports, must wait */
	if (!p->events) {
		if (old && old->events)
			epoll_ctl(s->epoll, EPOLL_CTL_DEL, p->fd, NULL);
		return;
	}
	/* the bits of poll() and epoll are the same */
	e.events = (uint32_t)p->events;
	if (old && old->events == p->events)
		return;
	if (!old || !old->events || epoll_ctl(s->epoll, EPOLL_CTL_MOD, p->fd, &e))
		epoll_ctl(s->epoll, EPOLL_CTL_ADD, p->fd, &e);
}

/* Asks libslirp again what it waits for, and lets epoll wait for that. */
static void refill(struct slirp *s)
{
	size_t i, k;

	s->n = 0;
	s->wait = UINT32_MAX;
	slirp_pollfds_fill(s->lib, &s->wait, on_add_poll, s);
	/* it never asks for more than a second, even if nothing is under way */
	if (s->wait >= 1000)
		s->wait = UINT32_MAX;
	for (i = 0; i < s->n; i++)
		watch(s, &s->fds[i], watched(s, s->fds[i].fd, i));
	for (i = 0; i < s->n_old; i++) {
		for (k = 0; k < s->n && s->fds[k].fd != s->old[i].fd; k++)
			;
		if (k == s->n && s->old[i].events)
			epoll_ctl(s->epoll, EPOLL_CTL_DEL, s->old[i].fd, NULL);
	}
	while (s->old_room < s->n)
		if (!grow(&s->old, &s->old_room))
			return;
	if (s->n)
		memcpy(s->old, s->fds, s->n * sizeof(*s->fds));
	s->n_old = s->n;
}

/* ---- SIGPIPE ------------------------------------------------------------------------- */

static void on_pipe(int signo)
{
	(void)signo;
}

/* libslirp writes to sockets that a target has reset. A handler, unlike SIG_IGN, does not
 * reach programs that this one starts. */
static void outlive_resets(void)
{
	const struct sigaction now = { .sa_handler = on_pipe, .sa_flags = SA_RESTART };
	struct sigaction was;

	if (!sigaction(SIGPIPE, NULL, &was) && was.sa_handler == SIG_DFL)
		sigaction(SIGPIPE, &now, NULL);
}

/* ---- the operations ------------------------------------------------------------------ */

static struct in_addr addr_of(const void *octets)
{
	struct in_addr a;

	memcpy(&a, octets, 4);
	return a;
}

static void op_close(struct slirp *s)
{
	if (!s)
		return;
	if (s->lib)
		slirp_cleanup(s->lib);
	if (s->epoll >= 0)
		close(s->epoll);
	free(s->fds);
	free(s->old);
	free(s);
}

static bool add_doors(struct slirp *s, const struct slirp_setup *o)
{
	struct in_addr addr;
	size_t i;

	for (i = 0; i < o->doors; i++) {
		addr = addr_of(o->door[i].addr);
		if (slirp_add_unix(s->lib, nobody.path, &addr, o->door[i].port))
			return false;
	}
	return true;
}

static struct slirp *op_open(const struct slirp_setup *o, char *why, size_t size)
{
	const SlirpConfig config = {
		.version = 4,
		.restricted = !o->internet,
		.in_enabled = true,
		.vnetwork = addr_of(SLIRP_NET),
		.vnetmask = addr_of("\377\377\377\0"),
		.vhost = addr_of(SLIRP_GATEWAY),
		.vdhcp_start = addr_of("\012\000\002\017"),
		.vnameserver = addr_of(SLIRP_DNS),
		.if_mtu = o->mtu < MTU_MIN ? MTU_MIN
			  : o->mtu > 1500  ? 1500
					   : o->mtu,
		.if_mru = 1500,
		.disable_host_loopback = true,
		.disable_dns = !o->internet,
		.disable_dhcp = true,
	};
	struct slirp *s;

	if (!make_nobody(why, size) || !(s = calloc(1, sizeof(*s))))
		return NULL;
	outlive_resets();
	s->o = *o;
	s->o.door = NULL;
	s->wait = UINT32_MAX;
	s->epoll = epoll_create1(EPOLL_CLOEXEC);
	if (s->epoll >= 0)
		s->lib = slirp_new(&config, &callbacks, s);
	if (!s->lib || !add_doors(s, o)) {
		snprintf(why, size,
			"libslirp cannot be started: %s; see ulimit -n, and use libslirp "
			"4.7 or later",
			strerror(errno));
		op_close(s);
		return NULL;
	}
	send_arp(s, false, everybody, o->guest);
	refill(s);
	return s;
}

static void op_input(struct slirp *s, const void *packet, size_t len)
{
	s->serves = true;
	send_frame(s, TYPE_IP_LOW, packet, len);
	s->serves = false;
	refill(s);
	/* without this the answer to a packet waits for the next event */
	slirp_pollfds_poll(s->lib, 0, on_revents, s);
	refill(s);
}

static int op_fd(const struct slirp *s)
{
	return s->epoll;
}

static void op_poll(struct slirp *s)
{
	/* other descriptors have no news: their revents stay 0 */
	if (poll(s->fds, (nfds_t)s->n, 0) < 0) {
		size_t i;

		for (i = 0; i < s->n; i++)
			s->fds[i].revents = 0;
	}
	slirp_pollfds_poll(s->lib, 0, on_revents, s);
	refill(s);
}

static usec_t op_wait(const struct slirp *s)
{
	return s->wait == UINT32_MAX ? USEC_NEVER : MS(s->wait);
}

__attribute__((visibility("default"))) extern const struct slirp_ops slirp_module_ops;
const struct slirp_ops slirp_module_ops = { op_open, op_close, op_input, op_fd, op_poll,
	op_wait };
