/* A name that the machine's resolver is asked for, as PPP's questions are with --internet:
 * an A record from the first name server of /etc/resolv.conf, over UDP. Nothing waits. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

struct loop;
struct resolve;

/* Where to ask. */
struct resolve_server {
	uint8_t addr[4];
	uint16_t port;
};

/* That of the machine; false if it has none of IPv4. */
bool resolve_machine_server(struct resolve_server *out);

/* Asks three times, five seconds apart, then gives up. done() is called once, from the
 * loop: addr is NULL if there is no answer, or none with an address. It may call
 * resolve_free(). NULL, without a call, if the system refuses, or it is no name. */
struct resolve *resolve_new(struct loop *l, const struct resolve_server *server,
	const char *name, void (*done)(void *ctx, const uint8_t *addr), void *ctx);
void resolve_free(struct resolve *r); /* NULL is allowed; done() is not called any more */
