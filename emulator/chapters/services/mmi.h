/* Sequences of keys as 02.30 has them: *SC*SIA*SIB*SIC# with *, #, *#, ** or ## in front.
 * The text alone is looked at; at/keypad.h carries them out. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "gsm/ss.h"

enum mmi_op {           /* what stands in front */
	MMI_ACTIVATE,   /* *   */
	MMI_DEACTIVATE, /* #   */
	MMI_QUERY,      /* *#  */
	MMI_REGISTER,   /* **  */
	MMI_ERASE,      /* ##  */
};

enum mmi_service {
	MMI_FORWARD,  /* code: ss_reason */
	MMI_BARRING,  /* code: ss_barring */
	MMI_PASSWORD, /* code: ss_barring; old, new, new again */
	MMI_WAITING,
	MMI_CLIP,
	MMI_CLIR,
	MMI_COLP,
	MMI_PIN,     /* code: 0 PIN, 1 PIN2; old, new, new again */
	MMI_UNBLOCK, /* the same with PUK, new, new again */
	MMI_IMEI,
};

#define MMI_PARTS 4

struct mmi {
	enum mmi_op op;
	enum mmi_service service;
	int code;
	struct {
		const char *text; /* into the sequence; not zero-ended */
		size_t len;
	} part[MMI_PARTS]; /* what follows the code, as far as it is there */
	size_t parts;
	unsigned classes; /* by the basic service code; SS_ALL without one */
	int time;         /* seconds, 0: not given */
};

/* False: not a sequence that is known. */
bool mmi_parse(const char *keys, size_t len, struct mmi *out);
