/* Ports that are pseudo-terminals. README.md describes what clients can rely on. */
#pragma once

#include <sys/types.h>

#include "base/log.h"
#include "port.h"

struct event_base;
struct pty_hub;

struct pty_options {
	const char *link; /* symbolic link to make, NULL for none */
	int mode;         /* permissions of the path (0660), -1 to leave them */
	gid_t group;      /* group of the path, (gid_t)-1 to leave it */
	bool lines;       /* clients may have modem lines: see modem_lines.h */
	bool line_socket; /* and reach them through a socket beside the pty */
};

/* What all ptys of a process share: one inotify instance, one slow poll of line settings.
 * The event base needs at least two priorities. NULL (logged) if the system refuses; log
 * must outlive the hub. */
struct pty_hub *pty_hub_new(struct event_base *base, const struct log *log);

/* Closes the ports that are still open. */
void pty_hub_free(struct pty_hub *h);

/* Opens a pty and publishes it: from then on clients may come. On an error returns NULL,
 * after logging the reason and the remedy. Options and events are copied. */
struct port *pty_open(struct pty_hub *h, const struct pty_options *options,
	const struct port_events *events);
