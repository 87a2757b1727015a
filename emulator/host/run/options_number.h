/* --number [NUMBER=]KIND: a far end of data calls (conf/far_conf.h), or listen:PORT. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "listen.h"

#define OPTIONS_NUMBERS 16

struct option_number {
	const char *number;        /* "": the caller withholds it */
	const char *far;           /* "tcp:127.0.0.1:4000" */
	struct listen_addr listen; /* of the first modem; LISTEN_NONE: it is dialled */
	char key[80];              /* the same as a key of the profile */
};

/* Who connects to it calls the modem. */
bool option_number_listens(const struct option_number *n);

/* For the table of options; ctx is struct options. */
bool take_number(void *ctx, char *arg, char *why, size_t size);
