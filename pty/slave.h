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
	struct termios2
		born; /* the kernel's own: a hang-up (TIOCVHANGUP) brings it back */
};

#define SLAVE_SPEED 115200 /* as the modem's +IPR at delivery */

struct slave_line {
	unsigned baud; /* 0: B0 */
	bool echo;     /* the client's tty sends back whatever it gets */
	bool set;      /* a client has changed something: they are not `clean` */
};

/* Opens a pair, raw, the master not blocking: 0 or -errno. */
int slave_open(struct slave *s);
void slave_close(struct slave *s);

/* Whether anybody else has the slave open. Our descriptor is closed for a moment, for
 * only then does the master show it, and a new one is opened; it also replaces one that
 * was hung up (TIOCVHANGUP). Exclusive mode has to be off, else only root can open it
 * again. Returns 0, or -errno when there is no new descriptor: keep is -1 then, and
 * *somebody is valid all the same. */
int slave_probe(struct slave *s, bool *somebody);

/* With keep -1: tries to open it again: 0 or -errno. */
int slave_reopen(struct slave *s);

/* With keep -1: whether nobody at all has the slave open. */
bool slave_deserted(const struct slave *s);

/* True when our descriptor was hung up, and is good for nothing any more. */
bool slave_is_hung_up(const struct slave *s);

/* The client's line settings as the master sees them: 0 or -errno. */
int slave_line(const struct slave *s, struct slave_line *line);

/* Switches the client's ECHO off. */
void slave_unecho(const struct slave *s);

/* Throws away what the client has not read, and lets its output go on if it was stopped.
 */
void slave_flush(const struct slave *s);

/* Makes the settings clean if a hang-up has made them those of a tty just born, which
 * echoes and goes by lines. */
void slave_unborn(const struct slave *s);

/* Makes the settings those that slave_is_spoilt() has read. */
void slave_restore(const struct slave *s, const struct termios2 *left);

/* True if the settings are no longer as slave_open() made them; `now` has them. */
bool slave_is_spoilt(const struct slave *s, struct termios2 *now);

/* Makes them so again, unless they have been changed since. False when they do not stay
 * so: root has locked them (TIOCSLCKTRMIOS). */
bool slave_clean(const struct slave *s, const struct termios2 *was);

/* The line discipline (TIOCSETD): whether it is another one than N_TTY; puts that back.
 * With another one the slave has neither settings nor reads. */
bool slave_has_discipline(const struct slave *s);
void slave_undiscipline(const struct slave *s);

/* Exclusive mode (TIOCEXCL): whether it is on; ends it; begins it. */
bool slave_is_locked(const struct slave *s);
void slave_unlock(const struct slave *s);
void slave_lock(const struct slave *s);
