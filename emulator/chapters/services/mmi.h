/* Key sequences of 02.30: *SC*SIA*SIB*SIC# with *, #, *#, ** or ## in front. Parsed here,
 * carried out by keypad_services.c. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "gsm/ss.h"

enum mmi_op {           /* the prefix */
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
	MMI_UNBLOCK, /* the same, but PUK, new, new again */
	MMI_IMEI,
};

#define MMI_PARTS 4

struct mmi {
	enum mmi_op op;
	enum mmi_service service;
	int code;
	struct {
		const char *text; /* points into the sequence; not NUL-terminated */
		size_t len;
	} part[MMI_PARTS]; /* the fields after the code */
	size_t parts;
	unsigned classes; /* of the basic service code; SS_ALL without one */
	int time;         /* seconds, 0: not given */
};

/* Returns false if the sequence is unknown or invalid. */
bool mmi_parse(const char *keys, size_t len, struct mmi *out);
