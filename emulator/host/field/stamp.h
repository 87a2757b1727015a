/* Time stamps in front of the lines of logs, of many programs. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "base/usec.h"

struct stamp {
	usec_t at;   /* since some day; only differences count */
	usec_t step; /* 1000000: whole seconds */
	size_t len;  /* octets of the line that it takes, with the separators after it */
};

/* Finds a time at the start of a line: "2008-07-02 16:47:10 ", "Wed 2023/11/29 08:46:57: ",
 * "Nov 18 19:29:35 ", "[14:02:06.123] ", "26/09/18 08:31:48 - ", "1617466396.497727 ",
 * "[    3.250] ". False: there is none. */
bool stamp_read(const char *p, size_t len, struct stamp *s);
