/* The control interface of a running emulator: its address, its server, its modems. */
#pragma once

#include <stdbool.h>

#include "host/control/control_addr.h"

struct control;
struct loop;
struct profile;
struct wire;

struct control_options {
	struct control_addr addr;
	int mode;    /* access rights of a socket, -1: 0600 */
	gid_t group; /* (gid_t)-1: the system's */
	const struct profile *profile;
	const char *profile_name;
	const struct log *log;
};

/* Serves; on *out there is NULL where the address is "none", or where the default one
 * cannot be had (logged). False (said on standard error) when one that was asked for
 * cannot be served. Raises the limit of open files, since each client takes one, and has
 * SIGPIPE ignored, since each may go. */
bool control_open(
	struct loop *l, const struct control_options *options, struct control **out);
void control_close(struct control *c); /* before its wires; NULL is allowed below too */

/* Another modem, and the path of its port. */
void control_add(struct control *c, struct wire *w, const char *path);

/* Says on standard error where it is. */
void control_announce(const struct control *c);

/* Sets $FAUXTRACK_CONTROL, and $FAUXTRACK_TOKEN where one is needed. */
void control_export(const struct control *c);

/* In a child, before it becomes another program: the limit of open files and SIGPIPE as
 * they were. */
void control_restore(const void *control);
