/* Both ends of a pty, and what can be seen and done of the client's end. One descriptor
 * of the slave stays open for ever: so the master never hangs up, and there is a handle
 * by which to undo what a client leaves behind. */
#pragma once

#include <asm/termbits.h>
#include <stdbool.h>

struct slave {
	int master, keep;      /* -1 when not open */
	char path[64];         /* "/dev/pts/5" */
	struct termios2 clean; /* raw, SLAVE_SPEED: what every client should find */
};

#define SLAVE_SPEED 115200 /* as the modem's +IPR at delivery */

struct slave_line {
	unsigned baud; /* 0: B0 */
	bool echo;     /* the client's tty sends back whatever it gets */
};

/* Opens a pair, raw, the master not blocking: 0 or -errno. */
int slave_open(struct slave *s);
void slave_close(struct slave *s);

/* Takes a new slave descriptor for one that was hung up (TIOCVHANGUP): 0 or -errno. */
int slave_reopen(struct slave *s);

/* The client's line settings as the master sees them: 0 or -errno. */
int slave_line(const struct slave *s, struct slave_line *line);

/* Switches the client's ECHO off. */
void slave_unecho(const struct slave *s);

/* Throws away what the client has not read, and lets its output go on if it was stopped:
 * 0, or -EIO when the slave was hung up. */
int slave_flush(const struct slave *s);

/* True if the settings are no longer as slave_open() made them; `now` has them. */
bool slave_is_spoilt(const struct slave *s, struct termios2 *now);

/* Makes them so again, unless they have been changed since. */
void slave_clean(const struct slave *s, const struct termios2 *was);

/* Exclusive mode (TIOCEXCL): whether it is on; ends it. */
bool slave_is_locked(const struct slave *s);
void slave_unlock(const struct slave *s);
