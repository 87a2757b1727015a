/* Where programs of this machine reach servers of WIPsoft: --forward listen:. The ports
 * are opened at the start, so that one that is in use is an error then. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/log.h"
#include "codec/forward.h"

#define SOCKET_KERNEL (1 << 16) /* octets that the kernel holds for a socket */

struct loop;
struct listener;
struct listeners;

/* None so far. */
struct listeners *listeners_new(struct loop *l, const struct log *log);
void listeners_free(struct listeners *ls); /* NULL is allowed */

/* Opens the port of f for the modem with that number, from 1: its ports follow each other.
 * Returns the port, 0 with "what; remedy" in why. */
unsigned listeners_add(struct listeners *ls, const struct forward *f, unsigned number,
	char *why, size_t size);

/* The one for that port of the modem; NULL: nobody can reach it. ls: NULL is allowed. */
struct listener *listeners_find(const struct listeners *ls, bool udp, uint16_t port);

/* From now on ready() is called when a TCP client can be accepted, or (UDP) a datagram
 * has come; datagrams from before are dropped. NULL: nobody serves the port: clients are
 * reset. */
void listener_serve(struct listener *l, void (*ready)(void *ctx), void *ctx);
bool listener_is_served(const struct listener *l);

/* The one with that number, from 0, in the order in which they were added; NULL: no more. */
const struct listener *listeners_nth(const struct listeners *ls, unsigned n);

/* What it is: its address on this machine is in `to`. */
struct forward listener_forward(const struct listener *l);

/* Its socket, which does not block. */
int listener_fd(const struct listener *l);

/* ready() is called no more until it is called for again (UDP). */
void listener_wants(const struct listener *l, bool ready);

/* The next client of a TCP port; -1: none now. */
int listener_accept(struct listener *l);
