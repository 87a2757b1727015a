/* The pair of descriptors of a pty. Uses the kernel's structs (termios2), not the C
 * library's, because they have the speed as a number, whatever the client has chosen. */
#include "slave.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/tty.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#define REOPENS 5

static int open_peer(const struct slave *s)
{
	return ioctl(s->master, TIOCGPTPEER, O_RDWR | O_NOCTTY | O_CLOEXEC);
}

static int make_raw(struct slave *s)
{
	if (ioctl(s->keep, TCGETS2, &s->born))
		return -errno;
	s->clean = s->born;
	s->clean.c_iflag = 0;
	s->clean.c_oflag = 0;
	s->clean.c_lflag = 0;
	s->clean.c_cflag = CS8 | CREAD | CLOCAL | HUPCL | B115200 | (B115200 << IBSHIFT);
	s->clean.c_ispeed = s->clean.c_ospeed = SLAVE_SPEED;
	s->clean.c_cc[VMIN] = 1;
	s->clean.c_cc[VTIME] = 0;
	if (ioctl(s->keep, TCSETS2, &s->clean))
		return -errno;
	/* as the kernel keeps it, so that later comparisons work */
	return ioctl(s->keep, TCGETS2, &s->clean) ? -errno : 0;
}

static int open_pair(struct slave *s)
{
	int err;

	s->keep = -1;
	s->master = posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC | O_NONBLOCK);
	if (s->master < 0)
		return -errno;
	if (unlockpt(s->master) || ptsname_r(s->master, s->path, sizeof(s->path)) ||
		(s->keep = open_peer(s)) < 0) {
		err = -errno;
		slave_close(s);
		return err;
	}
	err = fstat(s->keep, &s->id) ? -errno : make_raw(s);
	if (err)
		slave_close(s);
	return err;
}

int slave_open(struct slave *s)
{
	int i, err = -EBUSY;

	/* A client that waits for this path may open it before we do: EBUSY if it has
	 * taken exclusive mode (TIOCEXCL), EIO if it has hung the tty up. */
	for (i = 0; i < REOPENS && (err == -EBUSY || err == -EIO); i++)
		err = open_pair(s);
	return err;
}

void slave_close(struct slave *s)
{
	if (s->keep >= 0)
		close(s->keep);
	if (s->master >= 0)
		close(s->master);
	s->keep = s->master = -1;
}

/* With keep -1: tries to open the slave again: 0 or -errno. */
static int slave_reopen(struct slave *s)
{
	int i;

	/* EIO for a moment while a hang-up is under way */
	for (i = 0; i < REOPENS && s->keep < 0; i++) {
		s->keep = open_peer(s);
		if (s->keep < 0 && errno != EIO && errno != EINTR && errno != EAGAIN)
			break;
	}
	if (s->keep < 0)
		return -errno;
	slave_unborn(s);
	return 0;
}

/* Settings can be read and set through the master, whatever became of our descriptor of
 * the slave and of its line discipline. */
void slave_unborn(const struct slave *s)
{
	struct termios2 now;

	if (!ioctl(s->master, TCGETS2, &now) && !memcmp(&now, &s->born, sizeof(now)))
		ioctl(s->master, TCSETS2, &s->clean);
}

void slave_restore(const struct slave *s, const struct termios2 *left)
{
	ioctl(s->master, TCSETS2, left);
}

bool slave_deserted(const struct slave *s)
{
	struct pollfd master = { .fd = s->master, .events = POLLIN };

	return poll(&master, 1, 0) > 0 && master.revents & POLLHUP;
}

int slave_probe(struct slave *s, bool *somebody)
{
	if (s->keep >= 0)
		close(s->keep);
	s->keep = -1;
	*somebody = !slave_deserted(s);
	return slave_reopen(s);
}

bool slave_is_hung_up(const struct slave *s)
{
	int on;

	return ioctl(s->keep, TIOCGEXCL, &on) && errno == EIO;
}

int slave_line(const struct slave *s, struct slave_line *line)
{
	struct termios2 t;

	if (ioctl(s->master, TCGETS2, &t))
		return -errno;
	line->baud = (t.c_cflag & CBAUD) == B0 ? 0 : t.c_ospeed;
	line->echo = t.c_lflag & ECHO;
	line->rts_cts = t.c_cflag & CRTSCTS;
	line->cflag = t.c_cflag;
	line->set = memcmp(&t, &s->clean, sizeof(t)) != 0;
	return 0;
}

bool slave_keeps_dtr(const struct slave *s)
{
	struct termios2 t;

	return !ioctl(s->master, TCGETS2, &t) && !(t.c_cflag & HUPCL);
}

void slave_unecho(const struct slave *s)
{
	struct termios2 t;

	if (ioctl(s->master, TCGETS2, &t))
		return;
	t.c_lflag &= ~(tcflag_t)ECHO;
	ioctl(s->master, TCSETS2, &t);
}

void slave_flush(const struct slave *s)
{
	ioctl(s->keep, TCFLSH, TCIFLUSH);
	ioctl(s->keep, TCXONC, TCOON);
}

bool slave_is_spoilt(const struct slave *s, struct termios2 *now)
{
	return !ioctl(s->master, TCGETS2, now) &&
	       memcmp(now, &s->clean, sizeof(*now)) != 0;
}

bool slave_clean(const struct slave *s, const struct termios2 *was)
{
	struct termios2 now;

	if (ioctl(s->master, TCGETS2, &now) || memcmp(&now, was, sizeof(now)) != 0)
		return true;
	ioctl(s->master, TCSETS2, &s->clean);
	return ioctl(s->master, TCGETS2, &now) || memcmp(&now, was, sizeof(now)) != 0;
}

bool slave_has_discipline(const struct slave *s)
{
	int disc = N_TTY;

	return !ioctl(s->keep, TIOCGETD, &disc) && disc != N_TTY;
}

void slave_undiscipline(const struct slave *s)
{
	int disc = N_TTY;

	ioctl(s->keep, TIOCSETD, &disc);
}

bool slave_is_locked(const struct slave *s)
{
	int on = 0;

	return !ioctl(s->keep, TIOCGEXCL, &on) && on;
}

void slave_unlock(const struct slave *s)
{
	ioctl(s->keep, TIOCNXCL);
}

void slave_lock(const struct slave *s)
{
	ioctl(s->keep, TIOCEXCL);
}
