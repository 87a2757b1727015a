/* Stands between a host's port and a real modem: passes everything on, and writes it down. */
#pragma once

#include "base/log.h"
#include "host/field/device.h"
#include "host/trace/trace.h"

struct loop;
struct port;
struct port_events;
struct record;

struct record_options {
	struct device *device;  /* these must outlive the record */
	struct trace *trace[2]; /* NULL: none */
	const struct log *log;
	/* Called with what has passed, after it was passed on: '>' from the host, '<' from
	 * the modem. masked is what may be shown: as long, without digits of PINs and
	 * passwords. May be NULL. */
	void (*passed)(void *ctx, usec_t at, char side, const void *buf,
		const void *masked, size_t len);
	/* The device has gone, or cannot be used: what has happened. */
	void (*lost)(void *ctx, const char *what);
	void *ctx;
};

/* Passes nothing until a port is attached. */
struct record *record_new(struct loop *l, const struct record_options *o);

/* The events with which to open the port, and then the open port. */
struct port_events record_events(struct record *r);
void record_attach(struct record *r, struct port *p);

/* Octets passed from the host and from the modem. */
void record_count(const struct record *r, uint64_t out[2]);

/* Close the port first. NULL is allowed. */
void record_free(struct record *r);
