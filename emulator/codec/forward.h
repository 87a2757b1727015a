/* What a host may reach through PPP: "tcp:NAME:PORT=ADDRESS:PORT", as --forward and
 * network.hosts write it. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define FORWARD_NAME 64 /* with its zero */
#define FORWARD_TEXT 96 /* the whole, with its zero */

struct forward {
	bool udp;                /* else TCP */
	char name[FORWARD_NAME]; /* in small letters; or an address */
	uint16_t port;
	uint8_t to[4]; /* in network order */
	uint16_t to_port;
};

/* Reads one. NULL, or what is wrong with it ("what; remedy"). */
const char *forward_read(const char *text, struct forward *out);

/* Whether the target is the loopback of the machine, as a YAML file may name it. */
bool forward_loops(const struct forward *f);
