/* Both ends of a pty, and what can be seen and done at the client's end. One descriptor
 * of the slave always stays open: so the master never hangs up, and there is a handle to
 * undo what a client leaves. */
#pragma once

#include <asm/termbits.h>
#include <stdbool.h>
#include <sys/stat.h>

struct slave {
	int master, keep; /* -1 when not open */
	char path[64];    /* "/dev/pts/5" */
	struct stat id;   /* st_dev and st_rdev: which tty it is, whatever its path */
	struct termios2 clean; /* raw, SLAVE_SPEED: what every client should find */
	struct termios2
		born; /* the kernel's defaults: a hang-up (TIOCVHANGUP) restores them */
};

#define SLAVE_SPEED 115200 /* the modem's +IPR at delivery */

struct slave_line {
	unsigned baud; /* 0: B0 */
	bool rts_cts;  /* CRTSCTS */
	bool echo;     /* the client's tty sends back all that it gets */
	bool set; /* a client has changed something: the settings differ from `clean` */
	tcflag_t cflag; /* all of c_cflag; a pty always has CS8, CREAD and no PARENB */
};

/* Opens a raw pair with a non-blocking master: 0 or -errno. */
int slave_open(struct slave *s);
void slave_close(struct slave *s);

/* Finds out whether any other process has the slave open. Only with our descriptor closed
 * does the master show it; so it is closed for a moment, and a new one is opened, which
 * also replaces one that was hung up (TIOCVHANGUP). Exclusive mode must be off, else only
 * root can open the slave again. Returns 0, or -errno when there is no new descriptor:
 * then keep is -1, and *somebody is still valid. */
int slave_probe(struct slave *s, bool *somebody);

/* With keep -1: whether no process at all has the slave open. */
bool slave_deserted(const struct slave *s);

/* True when our descriptor was hung up and is useless. */
bool slave_is_hung_up(const struct slave *s);

/* The client has switched HUPCL off: DTR stays on when it closes. */
bool slave_keeps_dtr(const struct slave *s);

/* The client's line settings as the master sees them: 0 or -errno. */
int slave_line(const struct slave *s, struct slave_line *line);

/* Switches the client's ECHO off. */
void slave_unecho(const struct slave *s);

/* Discards what the client has not read, and restarts its output if it was stopped. */
void slave_flush(const struct slave *s);

/* Sets `clean` if a hang-up has restored the kernel's defaults, which echo and work by
 * lines. */
void slave_unborn(const struct slave *s);

/* Sets the settings that slave_is_spoilt() has read. */
void slave_restore(const struct slave *s, const struct termios2 *left);

/* True if the settings are no longer as slave_open() made them; they are in `now`. */
bool slave_is_spoilt(const struct slave *s, struct termios2 *now);

/* Restores them, unless they have been changed since. False when they do not stay so:
 * root has locked them (TIOCSLCKTRMIOS). */
bool slave_clean(const struct slave *s, const struct termios2 *was);

/* The line discipline (TIOCSETD): whether it differs from N_TTY; restores N_TTY. With
 * another discipline the slave has neither settings nor reads. */
bool slave_has_discipline(const struct slave *s);
void slave_undiscipline(const struct slave *s);

/* Exclusive mode (TIOCEXCL): whether it is on; end it; begin it. */
bool slave_is_locked(const struct slave *s);
void slave_unlock(const struct slave *s);
void slave_lock(const struct slave *s);
