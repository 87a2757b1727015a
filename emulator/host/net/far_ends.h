/* The far ends of a modem's data calls outside of it: files, and TCP connections in both
 * directions. Bytes wait where they are until the other side has room: nothing is lost
 * while a call is up. What the modem has sent still goes out after a call.
 *
 *   a number that is dialled      --connect-->  a server
 *   the modem rings and answers   <--accept---  a client of a listener
 *
 * far_kinds.c has what differs between the kinds. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "base/log.h"
#include "listen.h"
#include "modem.h"

struct far_ends;
struct loop;
struct trace;
struct wire;

/* None so far. log and trace (NULL: none) must outlive it. */
struct far_ends *far_ends_new(struct loop *l, const struct log *log, struct trace *trace);
void far_ends_free(struct far_ends *f); /* closes all at once; NULL is allowed */

/* For wire_options; and then the wire, which must outlive it. */
struct far_ports far_ends_ports(struct far_ends *f);
void far_ends_attach(struct far_ends *f, struct wire *w);

/* Lets calls come in: who connects to a (a TCP address; its port is filled in) calls from
 * `number`, "": withheld. False, with "what; remedy" in why. */
bool far_ends_listen(struct far_ends *f, const char *number, struct listen_addr *a,
	char *why, size_t size);
