/* The kernel's structs (termios2), because hosts set any speed. */
#include "host/field/device.h"

#include <asm/termbits.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <asm/ioctls.h>

#include "conf/must.h"
#include "host/cli.h"

int ioctl(int fd, unsigned long request, ...); /* sys/ioctl.h has its own termios */

/* Numbers of linux/tiocm: the same on all architectures that Debian has. */
#define LINE_DTR 0x002
#define LINE_RTS 0x004
#define LINE_CTS 0x020
#define LINE_DCD 0x040
#define LINE_RI  0x080
#define LINE_DSR 0x100

struct device {
	int fd;
	struct termios2 before, now;
};

static bool refused(const char *path, const char *remedy, char *why, size_t size)
{
	snprintf(why, size, "%s: %s; %s", path, strerror(errno), remedy);
	return false;
}

/* A lock of root or another program, no right, no such file. */
static const char *remedy_of(int error)
{
	switch (error) {
	case EACCES:
		return "join the group that owns it (dialout), or become root";
	case EBUSY:
		return "another program has it; end that first (fuser -v shows which)";
	case ENOENT:
		return "is the modem plugged in? ls -l /dev/serial/by-id shows which are";
	}
	return "name the tty of a modem, such as /dev/ttyUSB0";
}

static bool begin(
	struct device *d, const char *path, unsigned baud, char *why, size_t size)
{
	const struct uart wanted = { .baud = baud };

	d->fd = open(path, O_RDWR | O_NOCTTY | O_NONBLOCK | O_CLOEXEC);
	if (d->fd < 0)
		return refused(path, remedy_of(errno), why, size);
	if (ioctl(d->fd, TCGETS2, &d->before) < 0)
		return refused(path, remedy_of(0), why, size);
	ioctl(d->fd, TIOCEXCL);
	d->now = d->before;
	d->now.c_iflag = IGNBRK;
	d->now.c_oflag = 0;
	d->now.c_lflag = 0;
	d->now.c_cflag |= CLOCAL | CREAD;
	d->now.c_cc[VMIN] = 1;
	d->now.c_cc[VTIME] = 0;
	if (ioctl(d->fd, TCSETS2, &d->now) < 0)
		return refused(path, "the tty cannot be made raw", why, size);
	if (device_set(d, &wanted))
		return true;
	snprintf(why, size, "%s: it has no speed of %u; choose another --baud", path,
		baud);
	return false;
}

bool device_baud(const char *text, unsigned *baud, char *why, size_t size)
{
	unsigned long long n;

	if (!cli_number(text, 4000000, &n) || !n) {
		snprintf(why, size, "\"%s\" is no speed; write something like 115200",
			text);
		return false;
	}
	*baud = (unsigned)n;
	return true;
}

struct device *device_open(const char *path, unsigned baud, char *why, size_t size)
{
	struct device *d = must(calloc(1, sizeof(*d)));

	if (begin(d, path, baud, why, size))
		return d;
	if (d->fd >= 0)
		close(d->fd);
	free(d);
	return NULL;
}

void device_close(struct device *d)
{
	if (!d)
		return;
	ioctl(d->fd, TCSETS2, &d->before);
	ioctl(d->fd, TIOCNXCL);
	close(d->fd);
	free(d);
}

int device_fd(const struct device *d)
{
	return d->fd;
}

ssize_t device_read(struct device *d, void *buf, size_t size)
{
	return read(d->fd, buf, size);
}

ssize_t device_write(struct device *d, const void *buf, size_t len)
{
	return write(d->fd, buf, len);
}

static tcflag_t format_of(const struct uart *u, tcflag_t old)
{
	tcflag_t flags = old & ~(tcflag_t)(CSIZE | CSTOPB | PARENB | PARODD);

	if (!u->data_bits)
		return old;
	flags |= u->data_bits == 5   ? CS5
		 : u->data_bits == 6 ? CS6
		 : u->data_bits == 7 ? CS7
				     : CS8;
	if (u->stop_bits == 2)
		flags |= CSTOPB;
	if (u->parity == UART_EVEN || u->parity == UART_ODD)
		flags |= PARENB;
	if (u->parity == UART_ODD)
		flags |= PARODD;
	return flags;
}

bool device_set(struct device *d, const struct uart *u)
{
	struct termios2 t = d->now;

	if (u->baud) {
		t.c_cflag = (t.c_cflag & ~(tcflag_t)CBAUD) | BOTHER;
		t.c_ispeed = t.c_ospeed = u->baud;
	}
	t.c_cflag = format_of(u, t.c_cflag);
	if (u->flow == UART_FLOW_RTS_CTS)
		t.c_cflag |= CRTSCTS;
	else if (u->flow == UART_FLOW_NONE)
		t.c_cflag &= ~(tcflag_t)CRTSCTS;
	if (!memcmp(&t, &d->now, sizeof(t)))
		return true;
	if (ioctl(d->fd, TCSETS2, &t) < 0)
		return false;
	d->now = t;
	return true;
}

static void set_line(const struct device *d, bool on, int line)
{
	ioctl(d->fd, on ? TIOCMBIS : TIOCMBIC, &line);
}

void device_dtr(struct device *d, bool on)
{
	set_line(d, on, LINE_DTR);
}

void device_rts(struct device *d, bool on)
{
	/* with flow control the kernel switches it */
	if (!(d->now.c_cflag & CRTSCTS))
		set_line(d, on, LINE_RTS);
}

void device_break(struct device *d, bool on)
{
	ioctl(d->fd, on ? TIOCSBRK : TIOCCBRK, 0);
}

bool device_lines(const struct device *d, unsigned *v24)
{
	int lines;

	if (ioctl(d->fd, TIOCMGET, &lines) < 0)
		return false;
	*v24 = (lines & LINE_DCD ? V24_DCD : 0) | (lines & LINE_DSR ? V24_DSR : 0) |
	       (lines & LINE_RI ? V24_RI : 0) | (lines & LINE_CTS ? V24_CTS : 0);
	return true;
}
