/* Lines that a firmware or an application says without being asked: by name, when the
 * action `say` wants it, and at a stage of the boot. Plain data, filled from YAML by
 * conf/say_schema.c. */
#pragma once

#include <stddef.h>

#include "base/names.h"
#include "base/usec.h"

#define SAY_NAME   24
#define SAY_TEXT   200 /* bytes of a line, with its zero */
#define SAYS_MOST  32
#define BOOT_LINES 16

struct say_conf {
	char name[SAY_NAME];
	char text[SAY_TEXT];
};

enum boot_stage { /* in the order of their times */
	STAGE_POWER,
	STAGE_READY,
	STAGE_NETWORK,
	STAGE_FILES,
	BOOT_STAGES
};
extern const struct name boot_stage_names[];

struct boot_line {
	enum boot_stage at;
	usec_t after; /* counted from that stage */
	char text[SAY_TEXT];
};

struct says_conf {
	struct say_conf say[SAYS_MOST];
	size_t n;
	struct boot_line boot[BOOT_LINES];
	size_t boots;
};

/* The text of that name, NULL if there is none. */
const char *says_find(const struct says_conf *s, const char *name);
