/* The commands that a modem has at this moment: those of the Open AT application that
 * runs, then those of its firmware. */
#pragma once

#include "at/at.h"

struct at_known {
	const struct at_set *own; /* the application's own commands; NULL: none */
	const struct at_set *firmware;
	unsigned
		provides; /* chapters the application brings: set of 1 << enum provides */
	int wip_version;  /* of its WIPsoft, in hundredths; 0: none */
};

struct at_known at_known_of(const struct modem *m);

/* The entry of that name (any case); NULL: there is no such command, or it belongs to an
 * application that does not run. It may be absent from this firmware (`absent`). */
const struct at_entry *at_known_find(
	const struct at_known *k, const char *name, size_t len);

/* The same for what the modem has now. */
const struct at_entry *at_find(const struct modem *m, const char *name, size_t len);

/* Whether an application that provides these chapters, in that version, has the row. */
bool at_provided(const struct at_cmd *cmd, unsigned provides, int wip_version);
