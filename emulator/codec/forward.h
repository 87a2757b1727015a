/* What a host may reach through the modem: "tcp:NAME:PORT=ADDRESS:PORT", as --forward and
 * network.hosts write it. And, of --forward only, where programs of this machine reach a
 * server of WIPsoft: "listen:tcp:PORT=ADDRESS:PORT", from the right to the left. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define FORWARD_NAME 64 /* with its zero */
#define FORWARD_TEXT 96 /* the whole, with its zero */

struct forward {
	bool udp;                /* else TCP */
	bool listens;            /* leads to a port of the modem, from loopback */
	char name[FORWARD_NAME]; /* in small letters; or an address; "": it listens */
	uint16_t port;
	uint8_t to[4];    /* in network order; where it listens */
	uint16_t to_port; /* 0: any free one, only where it listens */
};

/* Reads one. NULL, or what is wrong with it ("what; remedy"). */
const char *forward_read(const char *text, struct forward *out);

/* Whether the target is the loopback of the machine, as a YAML file may name it. */
bool forward_loops(const struct forward *f);
