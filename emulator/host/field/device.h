/* A real modem, or any tty, as a host has it: bytes, speed, format, lines, break. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#include "state/ports.h"

struct device;

/* Reads a speed as the option --baud has it. False, with "what; remedy" in why. */
bool device_baud(const char *text, unsigned *baud, char *why, size_t size);

/* Opens the tty for this program alone (TIOCEXCL), raw, at `baud` (0: as it is), DTR and RTS
 * on. NULL, with "PATH: what; remedy" in why. */
struct device *device_open(const char *path, unsigned baud, char *why, size_t size);

/* Puts the settings back that it had, and closes it. */
void device_close(struct device *d); /* NULL is allowed */

int device_fd(const struct device *d); /* non-blocking; stays the device's */

/* As read() and write(): -1 with errno; 0 of read: it has gone. */
ssize_t device_read(struct device *d, void *buf, size_t size);
ssize_t device_write(struct device *d, const void *buf, size_t len);

/* Takes over what a host has set; what is 0 or unknown stays. False: the tty refuses the
 * speed or the format. */
bool device_set(struct device *d, const struct uart *u);

/* What only a tty with lines has; a pty has none, and then these do nothing. */
void device_dtr(struct device *d, bool on);
void device_rts(struct device *d, bool on);
void device_break(struct device *d, bool on); /* begins, ends */

/* The modem's outputs (v24_line set); false: it has none. */
bool device_lines(const struct device *d, unsigned *v24);
