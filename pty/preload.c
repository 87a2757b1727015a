/* LD_PRELOAD: modem lines for a program that was started elsewhere. Requests that a pty
 * does not know go to the line socket of the port, if it has one; everything else, and
 * everything where a socket is missing or is not to be trusted, goes to the kernel. Each
 * request has a connection of its own, so forks and threads need no care. */
#include <asm/termbits.h>
#include <dlfcn.h>
#include <errno.h>
#include <stdarg.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <unistd.h>

#include "line_call.h"

#define EXPORT __attribute__((visibility("default")))

/* The C library's struct termios has another layout than the kernel's, and its header
 * cannot be included beside it. Both begin with the four flags. */
struct libc_termios {
	tcflag_t c_iflag, c_oflag, c_cflag, c_lflag;
};

#define DRAIN_FIRST 1 /* TCSADRAIN; TCSAFLUSH is 2 */

EXPORT int ioctl(int fd, unsigned long number, ...);
EXPORT int tcgetattr(int fd, struct libc_termios *t);
EXPORT int tcsetattr(int fd, int when, const struct libc_termios *t);
EXPORT int tcdrain(int fd);
EXPORT int tcsendbreak(int fd, int duration);

/* ---- the socket -------------------------------------------------------------------- */

/* Anybody may make sockets in /tmp: the other end must be the owner of the tty, root or
 * this user. */
static bool is_trusted(int s, const struct stat *tty)
{
	struct ucred peer;
	socklen_t len = sizeof(peer);

	return !getsockopt(s, SOL_SOCKET, SO_PEERCRED, &peer, &len) &&
	       (peer.uid == tty->st_uid || !peer.uid || peer.uid == geteuid());
}

static int connect_to(const struct stat *tty)
{
	struct sockaddr_un at = { .sun_family = AF_UNIX };
	int s = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0);

	if (s < 0)
		return -1;
	line_call_path(at.sun_path, tty);
	if (!connect(s, (struct sockaddr *)&at, sizeof(at)) && is_trusted(s, tty))
		return s;
	close(s);
	return -1;
}

/* False: the kernel is to answer. A signal ends the wait as it would in the kernel. */
static bool ask(int fd, struct line_call *c)
{
	struct stat tty;
	int before = errno, s = -1;
	bool ok = false;

	c->version = LINE_CALL_VERSION;
	if (!fstat(fd, &tty) && line_call_is_pty(&tty))
		s = connect_to(&tty);
	if (s >= 0 && send(s, c, sizeof(*c), MSG_NOSIGNAL) == (ssize_t)sizeof(*c)) {
		ssize_t n = recv(s, c, sizeof(*c), 0);

		ok = n == (ssize_t)sizeof(*c);
		if (n < 0 && errno == EINTR) {
			ok = true;
			c->result = -EINTR;
		} else if (n == 0) { /* the port has gone */
			ok = true;
			c->result = -EIO;
		}
	}
	if (s >= 0)
		close(s);
	errno = before;
	return ok;
}

static int result(const struct line_call *c)
{
	if (c->result >= 0)
		return 0;
	errno = -c->result;
	return -1;
}

static bool ask_value(int fd, uint32_t request, uint32_t value, int *out)
{
	struct line_call c = { .request = request, .value = value };

	if (!ask(fd, &c))
		return false;
	*out = result(&c);
	return true;
}

/* ---- settings ---------------------------------------------------------------------- */

/* The kernel has all of them but the format, which the port keeps. */
static void get_format(int fd, tcflag_t *cflag)
{
	struct line_call c = { .request = LINE_CALL_GET_FORMAT };
	const tcflag_t format = CSIZE | PARENB | CREAD;

	if (ask(fd, &c) && !c.result)
		*cflag = (*cflag & ~format) | (c.value & format);
}

/* False: there is no such port. */
static bool drain_first(int fd, int *out)
{
	return ask_value(fd, TCSBRK, 1, out);
}

/* ---- what takes the place of the C library's ----------------------------------------- */

static void *next(const char *name)
{
	return dlsym(RTLD_NEXT, name);
}

static int kernel(int fd, unsigned long number, void *arg)
{
	static int (*real)(int fd, unsigned long number, ...);

	if (!real)
		*(void **)&real = next("ioctl");
	return real(fd, number, arg);
}

static int set_by_ioctl(int fd, unsigned long number, const void *arg)
{
	bool waits = number != TCSETS && number != TCSETS2;
	struct termios t;
	int out = 0;

	if (waits && drain_first(fd, &out) && out)
		return out;
	out = kernel(fd, number, (void *)arg);
	if (out)
		return out;
	memcpy(&t, arg, sizeof(t));
	ask_value(fd, LINE_CALL_SET_FORMAT, t.c_cflag, &out);
	return 0;
}

static int settings(int fd, unsigned long number, void *arg, const struct line_request *r)
{
	int out;

	if (r->arg == LINE_ARG_IN)
		return set_by_ioctl(fd, number, arg);
	out = kernel(fd, number, arg);
	if (!out)
		get_format(fd, &((struct termios *)arg)->c_cflag);
	return out;
}

int ioctl(int fd, unsigned long number, ...)
{
	const struct line_request *r = line_request_find((uint32_t)number);
	struct line_call c = { .request = (uint32_t)number };
	va_list args;
	void *arg;

	va_start(args, number);
	arg = va_arg(args, void *);
	va_end(args);
	if (!r || (r->arg != LINE_ARG_VALUE && !arg))
		return kernel(fd, number, arg);
	if (r->termios)
		return settings(fd, number, arg, r);
	if (r->arg == LINE_ARG_IN)
		memcpy(c.data, arg, r->size);
	else if (r->arg == LINE_ARG_VALUE)
		c.value = (uint32_t)(uintptr_t)arg;
	if (!ask(fd, &c))
		return kernel(fd, number, arg);
	if (r->arg == LINE_ARG_OUT && !c.result)
		memcpy(arg, c.data, r->size);
	return result(&c);
}

int tcgetattr(int fd, struct libc_termios *t)
{
	static int (*real)(int fd, struct libc_termios *t);
	int out;

	if (!real)
		*(void **)&real = next("tcgetattr");
	out = real(fd, t);
	if (!out)
		get_format(fd, &t->c_cflag);
	return out;
}

/* The C library reads settings back and reports EINVAL for a format that the pty has not
 * taken: so that error is none here, if the port keeps the format. */
int tcsetattr(int fd, int when, const struct libc_termios *t)
{
	static int (*real)(int fd, int when, const struct libc_termios *t);
	int out = 0, kept;

	if (!real)
		*(void **)&real = next("tcsetattr");
	if (when >= DRAIN_FIRST && drain_first(fd, &out) && out)
		return out;
	out = real(fd, when, t);
	if ((!out || errno == EINVAL) &&
		ask_value(fd, LINE_CALL_SET_FORMAT, t->c_cflag, &kept) && !kept)
		return 0;
	return out;
}

int tcdrain(int fd)
{
	static int (*real)(int fd);
	int out;

	if (ask_value(fd, TCSBRK, 1, &out))
		return out;
	if (!real)
		*(void **)&real = next("tcdrain");
	return real(fd);
}

int tcsendbreak(int fd, int duration)
{
	static int (*real)(int fd, int duration);
	int out;

	if (ask_value(fd, duration > 0 ? TCSBRKP : TCSBRK,
		    duration > 0 ? (uint32_t)(duration + 99) / 100 : 0, &out))
		return out;
	if (!real)
		*(void **)&real = next("tcsendbreak");
	return real(fd, duration);
}
