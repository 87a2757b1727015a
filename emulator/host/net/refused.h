/* What a host was refused: each new destination is one line in the log, with the remedy. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/log.h"
#include "codec/forward.h"

#define TOLD 32 /* destinations and names that were logged */

/* All zero but for the log: nothing was refused yet. */
struct refusals {
	const struct log *log;
	struct told {
		uint8_t addr[4];
		uint16_t port;
		uint8_t protocol;        /* of IP */
		bool serves;             /* a port of the modem */
		char name[FORWARD_NAME]; /* of a question; "": a destination */
	} * told;                        /* TOLD, from the first one on */
	size_t n;
};

void refusals_clear(struct refusals *r);

/* A port that no name leads to; name: as the host knows it, NULL: by its address. */
void refusals_port(struct refusals *r, bool udp, const uint8_t addr[4], const char *name,
	uint16_t port);

/* A question for a name. */
void refusals_name(struct refusals *r, const char *name);

/* A port of the modem, at which nobody can reach it. */
void refusals_listener(struct refusals *r, bool udp, uint16_t port);

/* Something that only the address tells; true if it is new and is to be logged. */
bool refusals_remember(struct refusals *r, const struct told *t);
