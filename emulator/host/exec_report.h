/* What a host did wrong, as the modem has noticed (NOTICE_CLIENT), and what it asked for
 * again and again. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "host/fault_tally.h"
#include "notice.h"

#define REPORT_ITEMS 128
#define REPORT_TEXT  160

struct report_item {
	int code; /* enum client_fault; 0: a command */
	char text[REPORT_TEXT];
	usec_t first, last; /* virtual */
	unsigned times;
};

struct report {
	struct report_item item[REPORT_ITEMS], command[REPORT_ITEMS];
	size_t n, commands;
	unsigned more; /* that found no place */
};

void report_notice(struct report *r, const struct notice *n);

/* Whether there is anything. */
bool report_any(const struct report *r);

/* For people; one line when there is nothing. */
void report_print(const struct report *r, FILE *out);

/* { "findings": [ { code, text, times, first, last } ], "more": N }, times in
 * microseconds of virtual time. False (said on standard error) when it cannot be written.
 */
bool report_write_json(
	const struct report *r, const struct fault_tally *rules, const char *path);
