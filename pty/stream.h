/* Ports that listen for one client at a time, on TCP or at a path: bytes as they are, or
 * RFC 2217. README.md describes what clients can rely on. */
#pragma once

#include "base/log.h"
#include "listen.h"
#include "port.h"

struct event_base;

struct stream_options {
	struct listen_addr addr;
	int mode;    /* permissions of a path (0600), -1: the default */
	gid_t group; /* group of a path, (gid_t)-1: the user's */
	/* Whether a client may come now; NULL: always, while there is no other. `why`
	 * gets who is in its way. */
	bool (*admit)(void *ctx, char *why, size_t size);
	void *ctx; /* of admit() */
};

/* Listens: from then on clients may come. A warning says so where other machines reach
 * it. On an error returns NULL, after logging the reason and the remedy. Options and
 * events are copied; log must outlive the port. The event base needs at least two
 * priorities. */
struct port *stream_open(struct event_base *base, const struct log *log,
	const struct stream_options *options, const struct port_events *events);
