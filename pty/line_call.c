#include "line_call.h"

#include <asm/termbits.h>
#include <linux/serial.h>
#include <stdio.h>
#include <sys/ioctl.h>
#include <sys/sysmacros.h>

#define FIRST_MAJOR 136 /* Unix98 slaves: Documentation/admin-guide/devices.txt */
#define LAST_MAJOR  143

static const size_t word = sizeof(int);

const struct line_request line_requests[] = {
	{ TIOCMGET, LINE_ARG_OUT, word },
	{ TIOCMSET, LINE_ARG_IN, word },
	{ TIOCMBIS, LINE_ARG_IN, word },
	{ TIOCMBIC, LINE_ARG_IN, word },
	{ TIOCMIWAIT, LINE_ARG_VALUE },
	{ TIOCGICOUNT, LINE_ARG_OUT, sizeof(struct serial_icounter_struct) },
	{ TIOCGSERIAL, LINE_ARG_OUT, sizeof(struct serial_struct) },
	{ TIOCSSERIAL, LINE_ARG_IN, sizeof(struct serial_struct) },
	{ TIOCSBRK, LINE_ARG_VALUE },
	{ TIOCCBRK, LINE_ARG_VALUE },
	{ TCSBRK, LINE_ARG_VALUE },
	{ TCSBRKP, LINE_ARG_VALUE },
	{ TCGETS, LINE_ARG_OUT, sizeof(struct termios), true },
	{ TCSETS, LINE_ARG_IN, sizeof(struct termios), true },
	{ TCSETSW, LINE_ARG_IN, sizeof(struct termios), true },
	{ TCSETSF, LINE_ARG_IN, sizeof(struct termios), true },
	{ TCGETS2, LINE_ARG_OUT, sizeof(struct termios2), true },
	{ TCSETS2, LINE_ARG_IN, sizeof(struct termios2), true },
	{ TCSETSW2, LINE_ARG_IN, sizeof(struct termios2), true },
	{ TCSETSF2, LINE_ARG_IN, sizeof(struct termios2), true },
	{ 0 },
};

_Static_assert(sizeof(struct serial_icounter_struct) <= LINE_CALL_DATA, "too small");
_Static_assert(sizeof(struct serial_struct) <= LINE_CALL_DATA, "too small");

const struct line_request *line_request_find(uint32_t number)
{
	const struct line_request *r;

	for (r = line_requests; r->number; r++)
		if (r->number == number)
			return r;
	return NULL;
}

void line_call_folder(char path[LINE_CALL_PATH], uid_t owner)
{
	snprintf(path, LINE_CALL_PATH, "/tmp/fauxtrack-lines-%u", owner);
}

/* Two mounts of devpts (containers) have the same numbers, so the mount's number is part
 * of the name. */
void line_call_path(char path[LINE_CALL_PATH], const struct stat *tty)
{
	snprintf(path, LINE_CALL_PATH, "/tmp/fauxtrack-lines-%u/%lx-%u", tty->st_uid,
		(unsigned long)tty->st_dev,
		minor(tty->st_rdev) + ((major(tty->st_rdev) - FIRST_MAJOR) << 20));
}

bool line_call_is_pty(const struct stat *tty)
{
	return S_ISCHR(tty->st_mode) && major(tty->st_rdev) >= FIRST_MAJOR &&
	       major(tty->st_rdev) <= LAST_MAJOR;
}
