/* Checks values of a state (describe.h) in conditions of a wait and expectations of a
 * scenario. */
#pragma once

#include <stdbool.h>

#include "conf/doc.h"

struct profile;

/* Whether the state at a path can ever have a value; false with an error that suggests a
 * path, or lists the values that the state can have. With profile NULL the values that
 * depend on the profile (names of firmwares) are not checked. Leading zeros of a number
 * are removed from value, as modem_state() prints none. */
bool state_possible(const char *path, char *value, const struct profile *profile,
	struct doc_place at, struct doc_errors *e);
