/* The parts of the Common PCN Handset Specification (CPHS 4.2) that a SIM has; part of
 * its profile. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "base/names.h"

#define CPHS_LINES 4 /* line 1, line 2, data, fax */

struct cphs_conf {
	bool present;
	char name[25], short_name[11]; /* of the operator */
	struct cphs_mailbox {
		int line;
		char number[24], text[17];
	} mailboxes[CPHS_LINES];
	size_t n_mailboxes;
	bool mailboxes_fixed; /* cannot be written */
	bool information;     /* there is a list of information numbers */
	unsigned voice_mail;  /* sets of lines: a message waits, calls are forwarded */
	unsigned diverted;
	char services[45]; /* EF-CSP in hexadecimal, "" if absent */
};

/* Names by bit. */
extern const struct name cphs_line_names[];
