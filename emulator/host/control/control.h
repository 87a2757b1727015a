/* The control interface of a running emulator: its address, its server, its modems. */
#pragma once

#include <stdbool.h>

#include "host/control/api.h"
#include "host/control/control_addr.h"

struct control;
struct loop;
struct profile;

struct control_options {
	struct control_addr addr;
	int mode;                      /* permissions of a socket; -1: 0600 */
	gid_t group;                   /* group of a socket; (gid_t)-1: the default */
	bool panel;                    /* opens the panel too ... */
	unsigned panel_port;           /* ... at this port; 0: any free one */
	const struct profile *profile; /* of the first modem */
	const struct log *log;
};

/* Starts the server. *out is NULL if the address is "none" and no panel is wanted, or if the default address
 * cannot be used (logged). False, with a message on standard error, if an address that
 * the user chose cannot be used. Raises the limit of open files, because each client
 * needs one, and ignores SIGPIPE, because any client may disconnect. */
bool control_open(
	struct loop *l, const struct control_options *options, struct control **out);
void control_close(struct control *c); /* before its wires; NULL is allowed below too */

/* What arms field bugs: see api_set_bugs(). */
void control_bugs(struct control *c, const struct api_bugs *bugs);

/* Adds a modem: see api_add(). */
void control_add(struct control *c, const struct api_place *place);

/* Prints the address on standard error, and the URL of the panel if it is open. */
void control_announce(const struct control *c);

/* Sets $FAUXTRACK_CONTROL, and $FAUXTRACK_TOKEN if a token is needed. */
void control_export(const struct control *c);

/* In a child before exec: restores the limit of open files and SIGPIPE. */
void control_restore(const void *control);
