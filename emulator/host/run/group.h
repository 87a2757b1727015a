/* A group of modems with the same options: all modems of a process without --fleet, or an
 * entry of `groups:` in a fleet file. Loads what its modems share, and their profiles. */
#pragma once

#include <stdbool.h>

#include "conf/doc.h"
#include "host/play/scenario.h"
#include "host/run/options.h"
#include "host/run/units.h"
#include "state/image.h"
#include "state/profile.h"
#include "state/unit_numbers.h"

struct library;

struct group {
	const char *name; /* NULL: no fleet file */
	struct options o;
	const struct doc *written[2]; /* in the fleet file: this group, and the top */
	unsigned first;               /* number of its first modem in the process */
	struct scenario *bug;         /* NULL: no field bug */
	struct profile *profile;      /* of all units without their own --set */
	struct profile **profiles;    /* by index - 1: of units with their own --set */
	struct flash_image images[OPTIONS_IMAGES];
};

/* Loads profile, bug, images and the profiles of all units, and completes g->o with what
 * the bug says. Returns EXITS_DONE; else the exit status, with errors in e. */
int group_load(struct group *g, struct library *l, struct doc_errors *e);
void group_clear(struct group *g);

/* The profile of a modem, by its index in the group, from 1. */
const struct profile *group_profile(const struct group *g, unsigned index);

/* Its numbers: IMEI, IMSI and so on. */
struct unit_numbers group_numbers(const struct group *g, unsigned index);
