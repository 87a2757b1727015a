/* Complaints about the host in one run: protocol mistakes that the modems noticed
 * (NOTICE_CLIENT), and polling. */
#pragma once

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "state/notice.h"

#define REPORT_ITEMS 128
#define REPORT_TEXT  160

struct report_item {
	unsigned modem; /* from 1 */
	unsigned port;  /* enum modem_port */
	int code;       /* enum client_fault; 0: a command */
	char text[REPORT_TEXT];
	usec_t first, last; /* virtual */
	unsigned times;
};

struct report {
	struct report_item item[REPORT_ITEMS], command[REPORT_ITEMS];
	size_t n, commands;
	unsigned more; /* findings that did not fit */
};

/* Empties the report. It covers one run, since virtual time starts at 0 in each run. */
void report_clear(struct report *r);

/* Counts a notice of that modem. */
void report_notice(struct report *r, unsigned modem, const struct notice *n);

/* Whether there is a finding that is not in `known` (NULL: an empty report). */
bool report_any(const struct report *r, const struct report *known);

/* Prints the findings that are not in `known`, one per line, each after `who` and ": ";
 * "no complaints" if there are none left. `named`: with the number of the modem. */
void report_print(const struct report *r, const struct report *known, const char *who,
	bool named, FILE *out);

/* The same as [ { modem, port, code, text, times, first, last } ], times in microseconds
 * of virtual time, port only where it is not uart1; the caller owns it. */
json_t *report_json(const struct report *r, const struct report *known);
