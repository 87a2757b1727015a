/* Ports that are pseudo-terminals. README.md says what holds for their clients. */
#pragma once

#include <sys/types.h>

#include "base/log.h"
#include "port.h"

struct event_base;
struct pty_hub;

struct pty_options {
	const char *link; /* symbolic link to make, NULL for none */
	int mode;         /* access rights of the path (0660), -1 to leave them */
	gid_t group;      /* its group, (gid_t)-1 to leave it */
};

/* What all ptys of a process share: one inotify, one slow poll of line settings. The base
 * has two priorities or more. NULL (logged) if the system refuses; log must outlive it.
 */
struct pty_hub *pty_hub_new(struct event_base *base, const struct log *log);

/* Closes the ports that are left. */
void pty_hub_free(struct pty_hub *h);

/* Opens a pty and publishes it: from then on clients may come. NULL when something is in
 * the way, after saying what and what to do about it. Options and events are copied. */
struct port *pty_open(struct pty_hub *h, const struct pty_options *options,
	const struct port_events *events);
